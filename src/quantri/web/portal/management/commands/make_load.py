"""Fill an empty site with made rows, to see how it behaves when it is full."""

from dataclasses import fields
from random import Random

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from quantri.said import Said
from quantri.web.core.audit import System
from quantri.web.core.commands import SiteCommand
from quantri.web.deadlines.actions import load_rules
from quantri.web.figures.measures import load_measures
from quantri.web.indices.actions import load_package_releases
from quantri.web.places.loading import load_places
from quantri.web.portal.loads.collecting import collecting_seldom
from quantri.web.portal.loads.filling import fill, is_empty
from quantri.web.portal.loads.sizes import Load, Sizes
from quantri.words import say

STEP = 20_000  # entries of the trail between two words about progress
OPTIONS = {"entries": "audit"}  # where the option has another name than the field


class Command(SiteCommand):
    """`manage make_load`: an empty database only; what it makes is marked as a demonstration."""

    help = Said(
        "Fill an empty database with made rows (marked as a demonstration), to measure the site when it is full."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seed", type=int, required=True, help=say("the same number makes the same rows", settings.LANGUAGE_CODE)
        )
        for each in fields(Sizes):
            parser.add_argument(
                f"--{OPTIONS.get(each.name, each.name)}", dest=each.name, type=int, default=each.default
            )

    def handle(self, *, seed: int, **options: object) -> None:
        language = settings.LANGUAGE_CODE
        if not is_empty():
            raise CommandError(say("this database has agencies, accounts or plans; choose an empty one", language))
        sizes = Sizes(**{each.name: options[each.name] for each in fields(Sizes)})
        if sizes.provinces < 1 or sizes.communes + sizes.departments < 1 or min(vars(sizes).values()) < 0:
            raise CommandError(say("there must be a province and an agency, and nothing below 0", language))
        load_places()
        load_package_releases(by=System("manage make_load"))
        load_rules(by=System("manage make_load"))
        load_measures(by=System("manage make_load"))
        load = Load(sizes=sizes, today=timezone.localdate(), draw=Random(seed))  # noqa: S311
        with collecting_seldom():
            for what, done, of in fill(load):
                if what == "provinces" or done % STEP == 0 or done == of:
                    told = {"what": say(what, language), "done": done, "of": of}
                    self.stdout.write(say("{what}: {done} of {of}", language, **told))
        self.stdout.write(say("{n} reports are made", language, n=load.reports))
