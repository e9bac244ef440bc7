"""Load everything that a site needs: places, results, and for a demonstration its plan and accounts."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quantri.errors import DataError, RuleViolation
from quantri.web.core.audit import System
from quantri.web.indices.actions import load_package_releases
from quantri.web.places.loading import home_province, load_places
from quantri.web.portal.demonstration import LOGINS, end_logins, ensure_logins, load_historic_plan


class Command(BaseCommand):
    """`manage load`: a second run changes nothing."""

    help = "Load provinces and published results; for a demonstration also the plan of 2019 and accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say only what is new")

    def handle(self, *, quiet: bool, **_options: object) -> None:
        system = System("manage load")
        places = load_places()
        try:
            home = home_province(timezone.localdate())
        except DataError as fault:
            raise CommandError(f"QUANTRI_HOME_PROVINCE: {fault}") from None
        try:
            releases = load_package_releases(by=system)
        except RuleViolation as fault:
            raise CommandError(str(fault)) from None
        said = [(places, "rows of places"), (releases, "releases of results")]
        if settings.DEMO:
            said.append((int(load_historic_plan() is not None), "historic plan"))
        for n, what in said:
            if n or not quiet:
                self.stdout.write(f"{n} new {what}")
        if settings.DEMO:
            words = ensure_logins(home)
            self.stdout.write("Demonstration logins (also in demo-logins.txt of the data folder):")
            for name, word in words.items():
                self.stdout.write(f"  {LOGINS[name][0].value:12} {name:10} {word}")
        elif end_logins():
            self.stdout.write("the demonstration's logins are ended: this is a configured site")
