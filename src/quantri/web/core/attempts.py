"""Attempts that fail are counted in the database, which all workers share; the wait doubles with each one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from quantri.web.core.models import FailedAttempts

FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How many failures of one kind of key cost nothing, and how the wait grows after them."""

    kind: str
    free: int
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)

    def wait(self, failures: int) -> timedelta:
        """Wait after so many failures."""
        over = failures - self.free
        return min(self.first_wait * 2 ** min(over, 20), self.longest_wait) if over >= 0 else timedelta()

    def key(self, text: str) -> str:
        """Name what is counted without telling it: people type passwords into the wrong field."""
        return f"{self.kind} {salted_hmac('quantri.attempts', text, algorithm='sha256').hexdigest()[:40]}"


def locked_until(patience: Patience, text: str) -> datetime | None:
    """Return until when no attempt is taken; lock the row, so that two at once are taken one after the other."""
    row = FailedAttempts.objects.select_for_update().filter(key=patience.key(text)).first()
    if row is None:
        return None
    until = row.last_at + patience.wait(row.failures)
    return until if until > timezone.now() else None


def count(patience: Patience, text: str) -> None:
    """Count an attempt as failed, as long as it has not succeeded; forget what is old."""
    now = timezone.now()
    FailedAttempts.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    row, _is_new = FailedAttempts.objects.get_or_create(key=patience.key(text), defaults={"last_at": now})
    FailedAttempts.objects.filter(pk=row.pk).update(failures=models.F("failures") + 1, last_at=now)


def failed(patience: Patience, text: str) -> FailedAttempts:
    """Return what was counted for a key."""
    return FailedAttempts.objects.get(key=patience.key(text))


def take_back(patience: Patience, text: str) -> None:
    """Take back the last count: that attempt succeeded."""
    FailedAttempts.objects.filter(key=patience.key(text), failures__gt=0).update(failures=models.F("failures") - 1)


def forget(patience: Patience, text: str) -> None:
    """Forget all failures of a key."""
    FailedAttempts.objects.filter(key=patience.key(text)).delete()
