"""Remove what the demonstration made: its plans, exercises, accounts and agencies."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from quantri.web.core.audit import System
from quantri.web.portal.removal import Demonstration, found_demonstration, remove_demonstration


class Command(BaseCommand):
    """`manage remove_demonstration_data`: a second run finds nothing."""

    help = "Remove plans, exercises, time limits, accounts and agencies of the demonstration; asks before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, **options: object) -> None:
        found = found_demonstration()
        if not found:
            self.stdout.write("There is nothing of a demonstration here.")
            return
        if not options["yes"]:
            self._ask(found)
        gone = remove_demonstration(by=System("manage remove_demonstration_data"))
        self.stdout.write("Removed:")
        self._list(gone)
        for name in gone.kept:
            self.stdout.write(f"  kept, as other rows name it: {name}")
        if settings.DEMO:
            self.stdout.write("QUANTRI_DEMO is on, so the next start makes the demonstration again.")

    def _ask(self, found: Demonstration) -> None:
        self.stdout.write("This is of the demonstration:")
        self._list(found)
        try:
            answer = input("Remove all of it, with its targets, tasks and documents? It cannot be undone. [yes/no] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("yes", "có"):
            raise CommandError("nothing was removed; answer yes, or give --yes")

    def _list(self, those: Demonstration) -> None:
        found = {
            "plan": those.plans, "exercise": those.exercises, "limit": those.limits, "round": those.rounds,
            "account": those.accounts, "agency": those.agencies,
        }  # fmt: skip
        for word, names in found.items():
            for name in names:
                self.stdout.write(f"  {word:8} {name}")
