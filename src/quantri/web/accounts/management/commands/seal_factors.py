"""Seal the secrets of the second factor with the key of today."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from quantri.errors import RuleViolation
from quantri.said import Said
from quantri.web.accounts.sealing import seal_again
from quantri.web.core.commands import SiteCommand
from quantri.words import say


class Command(SiteCommand):
    """`manage seal_factors`: afterwards an older key may go."""

    help = Said("Seal the secrets of the second factor with the first key, after which older keys may go.")

    def handle(self, **_options: object) -> None:
        language = settings.LANGUAGE_CODE
        try:
            with transaction.atomic():
                changed = seal_again(Authenticator.objects.select_for_update().order_by("pk"))
        except RuleViolation:
            raise CommandError(
                say("a second factor was sealed with a key that is not set; nothing was changed", language)
            ) from None
        self.stdout.write(say("{n} second factors sealed anew", language, n=changed))
