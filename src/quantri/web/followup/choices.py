"""A person chooses whether digests come as letters too."""

from django.db import transaction

from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.followup.models import DigestChoice


@transaction.atomic
def choose_letters(user: User, *, by_email: bool) -> DigestChoice:
    """Keep a person's choice; escalations to a head come in any case."""
    choice, _is_new = DigestChoice.objects.update_or_create(user=user, defaults={"by_email": by_email})
    audit.record("digest.chosen", choice, by=user, by_email=by_email)
    return choice


def wants_letters(user: User) -> bool:
    """Say whether digests come as letters too; they do unless the person chose otherwise."""
    return not DigestChoice.objects.filter(user=user, by_email=False).exists()
