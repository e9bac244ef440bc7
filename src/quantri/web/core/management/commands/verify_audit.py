"""Check that nobody changed, removed or put in an entry of the audit trail."""

import sys

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from quantri.said import Said
from quantri.web.core.chain import HASHED, Break, Head, first_break
from quantri.web.core.commands import SiteCommand
from quantri.web.core.guard import missing_guards
from quantri.web.core.models import AuditEntry, AuditHead
from quantri.words import say

CHUNK = 2000  # entries held in memory


class Command(SiteCommand):
    """`manage verify_audit`: 0 and the head to keep, or 1 and the first break."""

    help = Said("Check the chain of the audit trail; print its head, to be kept on paper.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from-backup", metavar="HEAD", help=say("a head printed earlier, NUMBER:HASH", settings.LANGUAGE_CODE)
        )

    def handle(self, *, from_backup: str | None, **_options: object) -> None:
        language = settings.LANGUAGE_CODE
        kept = self._head(from_backup) if from_backup else None
        entries = AuditEntry.objects.order_by("number").values(*HASHED, "hash").iterator(chunk_size=CHUNK)
        end = first_break(entries, kept)
        written = AuditHead.objects.filter(pk=1).first()
        if isinstance(end, Head) and str(end) != str(written or Head(number=0, hash="")):
            end = Break(number=end.number + 1, reason="the end of the trail is missing or was added to")
        if isinstance(end, Break):
            self.stderr.write(
                say("the trail breaks at entry {number}: {reason}", language,
                    number=end.number, reason=say(end.reason, language))
            )  # fmt: skip
            sys.exit(1)
        missing = missing_guards()
        if missing:
            self.stderr.write(
                say("the database does not guard the trail: {names} missing", language, names=", ".join(missing))
            )
        self.stdout.write(say("{n} entries, no break; keep this head: {head}", language, n=end.number, head=str(end)))

    def _head(self, text: str) -> Head:
        number, _colon, digest = text.partition(":")
        if not (number.isascii() and number.isdigit() and len(digest) in (0, 64)):
            raise CommandError(say("a head is NUMBER:HASH, as this command prints it", settings.LANGUAGE_CODE))
        return Head(number=int(number), hash=digest)
