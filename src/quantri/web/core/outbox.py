"""The outbox: a letter is written in the action's transaction, and carried later, once.

Every step is an update that asks for the state it starts from and for the claim of who carries the letter:

    waiting, failed → claimed → handing over → sent, failed, uncertain or given up

Until "handing over" is written the mail server has heard nothing, so a letter whose carrier died there goes back. Whose
carrier died after it may have arrived or not: it is uncertain, and a person decides.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.core.mail import Carrier, Refused, Unheard, Unknown
from quantri.web.core.models import Message
from quantri.web.core.models.outbox import LONGEST_WAIT
from quantri.web.core.sealed import Void, words_of

State = Message.State
LEASE = timedelta(minutes=10)  # a letter that one carrier has held for so long has lost it
FIRST_WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 40  # some nine days
BATCH = 500
A_WRITE = 500  # letters of one insert


class Addressee(Protocol):
    """Whom a message is for: an account, or anybody with a key and a name."""

    pk: Any


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as an action writes it; a notice too."""

    key: str
    recipient: Addressee
    subject: str
    body: str
    address: str = ""
    link: str = ""
    channel: str = Message.Channel.EMAIL
    not_before: datetime | None = None
    scope: str = ""
    sealed: str = ""

    def row(self, now: datetime) -> Message:
        """Return the row: a notice has arrived, and a letter without an address is given up, so that it shows."""
        is_notice = self.channel == Message.Channel.NOTICE
        lacks = not is_notice and not self.address
        state = State.SENT if is_notice else State.GIVEN_UP if lacks else State.WAITING
        return Message(
            key=self.key, channel=self.channel, recipient_key=str(self.recipient.pk), scope=self.scope,
            recipient_name=str(self.recipient)[:200], address=self.address, link=self.link, body=self.body,
            sealed=self.sealed, subject=" ".join(self.subject.split())[:300], not_before=self.not_before, state=state,
            sent_at=now if is_notice else None, error="no address" if lacks else "",
        )  # fmt: skip


def post(
    *, key: str, recipient: Addressee, subject: str, body: str, address: str = "", link: str = "",
    channel: str = Message.Channel.EMAIL, not_before: datetime | None = None, scope: str = "",
) -> Message:  # fmt: skip
    """Write a message once for a key; call it inside the action's transaction. A second call returns the first one."""
    letter = Letter(
        key=key, recipient=recipient, subject=subject, body=body, address=address, link=link, channel=channel,
        not_before=not_before, scope=scope,
    )  # fmt: skip
    post_all([letter])
    return Message.objects.get(key=key)


@transaction.atomic
def post_all(letters: Iterable[Letter]) -> None:
    """Write many messages at once, such as a day's digests; those whose key is there already stay as they are."""
    now, waiting = timezone.now(), iter(letters)
    while some := [letter.row(now) for letter in islice(waiting, A_WRITE)]:  # a country's are never in memory together
        Message.objects.bulk_create(some, ignore_conflicts=True)


def message_id(key: str, host: str) -> str:
    """Name a letter for mail servers: one key gives one name, so that a double can be told."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def send_due(now: datetime, carrier: Carrier | None = None) -> int:
    """Carry the letters that are due; return how many were sent. Without a mail server they stay."""
    carrier = carrier or Carrier.configured()
    put_back(now)
    if carrier is None:
        return 0
    with carrier:
        keys = Message.objects.due(now).order_by("pk").values_list("pk", flat=True)
        return sum(carry(pk, carrier, now) for pk in list(keys[:BATCH]))


def put_back(now: datetime) -> None:
    """Free the letters of a carrier that is gone: untouched ones wait again, the others are uncertain."""
    gone = Message.objects.filter(Q(claimed_at__lt=now - LEASE) | Q(claimed_at__gt=now + LEASE))
    gone.filter(state=State.CLAIMED).update(state=State.WAITING, claim="")
    gone.filter(state=State.HANDING_OVER).update(
        state=State.UNCERTAIN, error="the program ended while the letter was handed over"
    )


def carry(pk: int, carrier: Carrier, now: datetime) -> bool:
    """Carry one letter through all its steps; False when another has it or it was not taken."""
    token = claim(pk, now)
    if not token:
        return False
    try:
        words = words_of(Message.objects.get(pk=pk))
        carrier.reach()
    except Void as fault:
        return _left(pk, token, State.GIVEN_UP, str(fault), begun=State.CLAIMED)
    except Unheard as fault:
        return _failed(pk, token, State.CLAIMED, str(fault), now)
    message = begin(pk, token)
    if message is None:
        return False
    message.body = words  # in this letter alone, never in its row
    try:
        answer = hand_over(message, carrier)
    except Unheard as fault:
        return _failed(pk, token, State.HANDING_OVER, str(fault), now)
    except Refused as fault:
        return _left(pk, token, State.GIVEN_UP, str(fault))
    except Unknown as fault:
        return _left(pk, token, State.UNCERTAIN, str(fault))
    return mark_sent(pk, token, answer)


def claim(pk: int, now: datetime) -> str:
    """Take a letter up; return the token of this carrier, or nothing when another was quicker."""
    token = secrets.token_hex(16)
    taken = Message.objects.due(now).filter(pk=pk).update(state=State.CLAIMED, claim=token, claimed_at=now)
    return token if taken else ""


def begin(pk: int, token: str) -> Message | None:
    """Write down that the letter goes out now; from here on it may have arrived."""
    mine = Message.objects.filter(pk=pk, claim=token, state=State.CLAIMED)
    return Message.objects.get(pk=pk) if mine.update(state=State.HANDING_OVER) else None


def hand_over(message: Message, carrier: Carrier) -> str:
    """Give the letter to the mail server; return what names it there."""
    return carrier.send(message, message_id(message.key, carrier.host))


def mark_sent(pk: int, token: str, answer: str) -> bool:
    """Write down that the server took it, also when it was thought uncertain meanwhile."""
    mine = Message.objects.filter(pk=pk, claim=token, state__in=(State.HANDING_OVER, State.UNCERTAIN))
    return bool(mine.update(state=State.SENT, sent_at=timezone.now(), provider_id=answer[:200], error=""))


def _failed(pk: int, token: str, state: str, error: str, now: datetime) -> bool:
    """Plan another attempt, each later than the one before; after some days give up."""
    message = Message.objects.get(pk=pk)
    attempts = message.attempts + 1
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 12), LONGEST_WAIT)
    left = State.FAILED if attempts < MOST_ATTEMPTS else State.GIVEN_UP
    Message.objects.filter(pk=pk, claim=token, state=state).update(
        state=left, attempts=attempts, error=error[:500], retry_at=now + wait
    )
    return False


def _left(pk: int, token: str, state: str, error: str, *, begun: str = State.HANDING_OVER) -> bool:
    mine = Message.objects.filter(pk=pk, claim=token, state=begun)
    mine.update(state=state, error=error[:500])
    return False


@transaction.atomic
def retry(message: Message, *, by: Actor) -> Message:
    """Send a letter again that failed, is uncertain or was given up; a person decides so."""
    return _decided(message, (State.FAILED, State.UNCERTAIN, State.GIVEN_UP), State.WAITING, by=by)


@transaction.atomic
def give_up(message: Message, *, by: Actor) -> Message:
    """Send a letter no more."""
    return _decided(message, (State.WAITING, State.FAILED, State.UNCERTAIN), State.GIVEN_UP, by=by)


@transaction.atomic
def mark_arrived(message: Message, *, by: Actor) -> Message:
    """Say of an uncertain letter that it has arrived."""
    return _decided(message, (State.UNCERTAIN,), State.SENT, by=by)


def mark_read(message: Message, now: datetime) -> None:
    """Remember that its person has seen a notice; the first time stays."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=now)


def mark_all_read(reader: Addressee, now: datetime) -> None:
    """Remember that a person has seen all notices that have reached them."""
    Message.objects.notices_of(reader, now).filter(read_at=None).update(read_at=now)


def _decided(message: Message, from_states: tuple[str, ...], state: str, *, by: Actor) -> Message:
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.channel != Message.Channel.EMAIL or message.state not in from_states:
        raise RuleViolation(_("This letter has moved on meanwhile; look at its state again."))
    before, message.state = message.state, state
    message.claim, message.retry_at, message.attempts = "", None, 0
    if state == State.SENT:
        message.sent_at = timezone.now()
    if state == State.WAITING and not message.address:
        raise RuleViolation(_("This letter has no address, so it cannot be sent."))
    message.save(update_fields=["state", "claim", "retry_at", "attempts", "sent_at"])
    audit.record("message.decided", message, by=by, before={"state": before}, after={"state": state})
    return message
