"""Load everything that a site needs: places, results, and for a demonstration its plan and accounts."""

import os

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone, translation

from quantri.errors import DataError, RuleViolation
from quantri.said import Said
from quantri.web.core.audit import System
from quantri.web.core.commands import SiteCommand
from quantri.web.deadlines.actions import load_rules
from quantri.web.figures.measures import load_measures
from quantri.web.indices.actions import load_package_releases
from quantri.web.indices.files import write_missing_files
from quantri.web.places.loading import home_province, load_places
from quantri.web.places.models import Province
from quantri.web.portal.demonstration import load_historic_plan
from quantri.web.portal.example import load_example, load_example_agencies
from quantri.web.portal.logins import LOGINS, end_logins, ensure_logins
from quantri.web.surveys.actions import load_synthetic_rounds
from quantri.words import language_of, said, say


class Command(SiteCommand):
    """`manage load`: a second run changes nothing."""

    help = Said("Load provinces and published results; for a demonstration also the plan of 2019 and accounts.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help=say("say only what is new", settings.LANGUAGE_CODE))
        parser.add_argument(
            "--synthetic-rounds",
            action="store_true",
            help=say("also the synthetic survey rounds, marked as such", settings.LANGUAGE_CODE),
        )

    def handle(self, *, quiet: bool, synthetic_rounds: bool = False, **_options: object) -> None:
        system = System("manage load")
        places = load_places()
        try:
            home = home_province(timezone.localdate())
        except DataError as fault:
            raise CommandError(f"QUANTRI_HOME_PROVINCE: {said(fault, language_of(os.environ))}") from None
        try:
            editions = load_package_releases(by=system)
        except RuleViolation as fault:
            raise CommandError(str(fault)) from None
        rules = load_rules(by=system)
        measures = load_measures(by=system)
        plans = int(settings.DEMO and load_historic_plan() is not None)
        rounds = load_synthetic_rounds(by=system) if settings.DEMO or synthetic_rounds else 0
        language = language_of(os.environ)
        if places or not quiet:
            self.stdout.write(say("{n} new rows of places", language, n=places))
        if editions or not quiet:
            self.stdout.write(say("{n} new editions of results", language, n=editions))
        if rules or not quiet:
            self.stdout.write(say("{n} new rules with a time limit", language, n=rules))
        if measures or not quiet:
            self.stdout.write(say("{n} new measures of figures", language, n=measures))
        if plans or not quiet:
            self.stdout.write(say("{n} new historic plan", language, n=plans))
        if rounds or not quiet:
            self.stdout.write(say("{n} new synthetic survey rounds", language, n=rounds))
        try:
            write_missing_files()
            self._logins(home)
        except OSError as fault:
            sentence = (
                "{file} cannot be read or written ({reason}); check the rights and the free space of the data folder"
            )
            facts = {"file": fault.filename or settings.DATA_DIR, "reason": DataError(fault.strerror or "")}
            raise CommandError(say(sentence, language, **facts)) from fault

    def _logins(self, home: Province) -> None:
        """Offer the demonstration's accounts; end them on a configured site."""
        language = language_of(os.environ)
        if not settings.DEMO:
            if end_logins():
                self.stdout.write(say("the demonstration's logins are ended: this is a configured site", language))
            return
        today = timezone.localdate()
        load_example_agencies(home, today)
        words = ensure_logins(home)
        if load_example(home, today) is not None:
            self.stdout.write(say("{n} filled-in example of a plan that is carried out", language, n=1))
        self.stdout.write(say("Demonstration logins (also in demo-logins.txt of the data folder):", language))
        for name, (role, _agency) in LOGINS.items():
            word = words.get(name) or say("(none: the name is a person's account)", language)
            with translation.override(language):
                self.stdout.write(f"  {role.label!s:18} {name:10} {word}")
