"""Django's `flush`, which ends with a plain sentence where the database guards the audit trail."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import flush

from quantri.said import Said
from quantri.web.core.commands import SiteCommand
from quantri.web.core.guard import GUARDS, missing_guards
from quantri.words import say

REFUSED = (
    "this database is not emptied: it keeps the audit trail, which is only added to. Keep it, and begin anew with "
    "another: name an empty database in QUANTRI_DATABASE_URL, or another folder in QUANTRI_DATA_DIR, and run serve"
)


class Command(SiteCommand, flush.Command):
    """`manage flush`: refused before anything is asked or emptied."""

    help = Said("Refuse to empty a database that keeps an audit trail; say how to begin anew.")

    def handle(self, **options: Any) -> None:
        if not GUARDS.issubset(missing_guards()):
            raise CommandError(say(REFUSED, settings.LANGUAGE_CODE))
        super().handle(**options)
