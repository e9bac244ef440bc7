"""The letter of an invitation: it lies in the outbox without its code, which is put in when the letter is carried."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.web.accounts.models import Invitation
from quantri.web.accounts.models.concerning import INVITED
from quantri.web.core.codes import code_of
from quantri.web.core.mail import on_the_web
from quantri.web.core.models import Message
from quantri.web.core.outbox import Letter, post_all
from quantri.web.core.sealed import Void


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Somebody who is invited and has no account yet, as the outbox knows a recipient."""

    pk: str
    name: str

    def __str__(self) -> str:
        return self.name


def post_letter(invitation: Invitation) -> None:
    """Write the letter of an invitation once; it names the agency alone, not the person and not the role."""
    key = f"{INVITED}:{invitation.pk}"
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"agency": invitation.agency.name_vi, "day": date_format(timezone.localdate(invitation.expires_at))}
        letter = Letter(
            key=key, recipient=Invitee(pk=key, name=invitation.full_name or invitation.email), body=_body(facts),
            sealed=key, address=invitation.email, subject=_("Invitation to Quantri"),
            scope=invitation.agency.audit_scope,
        )  # fmt: skip
        post_all([letter])


def _body(facts: dict[str, str]) -> str:
    invited = _(
        "You are invited to work for %(agency)s in Quantri. Open the address below and choose an account name and a "
        "password. It works once, until %(day)s; whoever has it comes in, so keep it to yourself. If you expect no "
        "invitation, throw this letter away."
    )
    return invited % facts


def link_for(key: str) -> str:
    """Give the address with the code, for the letter as it is carried; Void when the code opens nothing any more."""
    found = Invitation.objects.open_at(timezone.now()).filter(pk=key, renews=None).select_related("agency").first()
    if found is None or not found.agency.is_open_on(timezone.localdate()):
        raise Void("the invitation was used, taken back or is too old")
    with translation.override(settings.LANGUAGE_CODE):
        return on_the_web(reverse("accounts:invitation", args=[code_of(found.seed, INVITED)]))


def letters_of(invitations: Iterable[Invitation]) -> dict[int, Message]:
    """Find the letters of invitations, by the invitation's key; those without an address have none."""
    by_key = {f"{INVITED}:{each.pk}": each.pk for each in invitations}
    return {by_key[letter.key]: letter for letter in Message.objects.filter(key__in=by_key)}
