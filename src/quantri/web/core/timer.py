"""Regular work: the functions of settings.TICKS, each idempotent, in their order; one pass at a time."""

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from quantri.web.core.models import Tick
from quantri.web.core.outbox import send_due

PASS = "pass"  # noqa: S105 - the name of the row of the whole pass, which is also the lock
LEASE = timedelta(minutes=15)
log = logging.getLogger(__name__)


def tick() -> bool:
    """Do one pass; False when another is under way. A fault is written down and does not stop what follows."""
    token = _take()
    if not token:
        return False
    for name in settings.TICKS:
        if not Tick.objects.filter(name=PASS, token=token).update(started_at=timezone.now()):
            return False  # this pass took too long, and another has begun
        _run(name)
    Tick.objects.filter(name=PASS, token=token).update(token="", ended_at=timezone.now())
    return True


def send_letters(now: datetime) -> None:
    """Carry the letters of the outbox: a piece of regular work."""
    send_due(now)


def _take() -> str:
    """Take the lock; one that was held too long, or from a time that has not come, is free."""
    now, token = timezone.now(), secrets.token_hex(16)
    row, _is_new = Tick.objects.get_or_create(name=PASS)
    stale = Q(started_at__lt=now - LEASE) | Q(started_at__gt=now + LEASE)
    free = Tick.objects.filter(Q(token="") | stale, pk=row.pk)
    return token if free.update(token=token, started_at=now) else ""


def _run(name: str) -> None:
    row, _is_new = Tick.objects.get_or_create(name=name)
    Tick.objects.filter(pk=row.pk).update(started_at=timezone.now())
    fault = ""
    try:
        import_string(name)(timezone.now())
    except Exception as raised:  # whatever it is, the others go on, and the fault is shown
        log.exception("regular work %s", name)
        fault = f"{type(raised).__name__}: {raised}"[:500]
        if not connection.in_atomic_block:  # what broke may be the database; the next piece has a new connection
            close_old_connections()
    Tick.objects.filter(pk=row.pk).update(ended_at=timezone.now(), fault=fault)
