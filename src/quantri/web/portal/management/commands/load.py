"""Load everything that a site needs: places, results, and for a demonstration its plan and accounts."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quantri.errors import DataError
from quantri.web.core.audit import System
from quantri.web.indices.actions import load_package_releases, write_missing_files
from quantri.web.places.loading import home_province, load_places
from quantri.web.places.models import Province
from quantri.web.portal.demonstration import load_historic_plan
from quantri.web.portal.logins import LOGINS, end_logins, ensure_logins


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
        said = [(places, "rows of places"), (load_package_releases(by=system), "editions of results")]
        if settings.DEMO:
            said.append((int(load_historic_plan() is not None), "historic plan"))
        for n, what in said:
            if n or not quiet:
                self.stdout.write(f"{n} new {what}")
        try:
            write_missing_files()
            self._logins(home)
        except OSError as fault:
            raise CommandError(
                f"{fault.filename or settings.DATA_DIR} cannot be read or written ({fault.strerror}); check the rights "
                "and the free space of the data folder"
            ) from fault

    def _logins(self, home: Province) -> None:
        """Offer the demonstration's accounts; end them on a configured site."""
        if not settings.DEMO:
            if end_logins():
                self.stdout.write("the demonstration's logins are ended: this is a configured site")
            return
        words = ensure_logins(home)
        self.stdout.write("Demonstration logins (also in demo-logins.txt of the data folder):")
        for name, (role, _agency) in LOGINS.items():
            word = words.get(name, "(none: the name is a person's account)")
            self.stdout.write(f"  {role.value:12} {name:10} {word}")
