"""Remove what the demonstration made: its plans, exercises, accounts and agencies."""

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from quantri.said import Said
from quantri.text import bare
from quantri.web.core.audit import System
from quantri.web.core.commands import SiteCommand
from quantri.web.portal.removal import Demonstration, found_demonstration, remove_demonstration
from quantri.words import say

YES = ("yes", "co")  # có, as `bare` writes it


class Command(SiteCommand):
    """`manage remove_demonstration_data`: a second run finds nothing."""

    help = Said("Remove plans, exercises, time limits, accounts and agencies of the demonstration; asks before.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help=say("do not ask", settings.LANGUAGE_CODE))

    def handle(self, **options: object) -> None:
        language = settings.LANGUAGE_CODE
        found = found_demonstration()
        if not found:
            self.stdout.write(say("There is nothing of a demonstration here.", language))
            return
        if not options["yes"]:
            self._ask(found)
        gone = remove_demonstration(by=System("manage remove_demonstration_data"))
        self.stdout.write(say("Removed:", language))
        self._list(gone)
        for name in gone.kept:
            self.stdout.write("  " + say("kept, as other rows name it: {name}", language, name=name))
        if settings.DEMO:
            self.stdout.write(say("QUANTRI_DEMO is on, so the next start makes the demonstration again.", language))

    def _ask(self, found: Demonstration) -> None:
        language = settings.LANGUAGE_CODE
        self.stdout.write(say("This is of the demonstration:", language))
        self._list(found)
        question = say(
            "Remove all of it, with its targets, tasks and documents? It cannot be undone. [yes/no] ", language
        )
        try:
            answer = input(question)
        except EOFError:
            answer = ""
        if bare(answer.strip()) not in YES:
            raise CommandError(say("nothing was removed; answer yes, or give --yes", language))

    def _list(self, those: Demonstration) -> None:
        language = settings.LANGUAGE_CODE
        found = {
            say("plan", language): those.plans, say("exercise", language): those.exercises,
            say("time limit", language): those.limits, say("round", language): those.rounds,
            say("account", language): those.accounts, say("agency", language): those.agencies,
        }  # fmt: skip
        width = max(map(len, found))
        for word, names in found.items():
            for name in names:
                self.stdout.write(f"  {word:{width}} {name}")
