"""Django's `flush`, which ends with a plain sentence where the database guards the audit trail."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import flush
from django.db import DEFAULT_DB_ALIAS, connections

from quantri.said import Said
from quantri.web.core.commands import SiteCommand
from quantri.web.core.guard import GUARDS, missing_guards
from quantri.words import say, told

REFUSED = Said(
    "this database is not emptied: it keeps the audit trail, which is only added to. Keep it, and begin anew with "
    "another: name an empty database in QUANTRI_DATABASE_URL, or another folder in QUANTRI_DATA_DIR, and run serve"
)


class Command(SiteCommand, flush.Command):
    """`manage flush`: refused before anything is asked or emptied."""

    help = Said("Refuse to empty a database that keeps an audit trail; say how to begin anew.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the options of Django's own, which it also sends itself."""
        language = settings.LANGUAGE_CODE
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help=say("ask nothing", language)
        )
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help=say("the database", language)
        )

    def handle(self, **options: Any) -> None:
        if not GUARDS.issubset(missing_guards()):
            raise CommandError(told(REFUSED, settings.LANGUAGE_CODE))
        super().handle(**options)
