"""The one writer of the audit trail."""

import json
import secrets
from collections.abc import Iterable
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from quantri.web.core.chain import HASHED, hash_of, plain
from quantri.web.core.models import AuditEntry, AuditHead


class Actor(Protocol):
    """Whoever acts: a person's account, or the system by name."""

    pk: Any

    def get_username(self) -> str: ...


class System:
    """The system itself, as actor of a command."""

    def __init__(self, name: str) -> None:
        self.pk = f"system:{name}"
        self.name = name

    def get_username(self) -> str:
        return self.name

    def __str__(self) -> str:
        return f"Quantri ({self.name})"


@transaction.atomic
def record(action: str, subject: Model, *, by: Actor, **details: Any) -> AuditEntry:
    """Write who did what to what; call it inside the action's transaction, after the rows are locked.

    Who may read it later is the subject's `audit_scope`, the key of a province; without one the site's administrators.
    A bulk action writes one entry, with `rows=listed(rows)`.
    """
    entry = AuditEntry(
        key=secrets.token_hex(16), at=timezone.now(), actor_key=str(by.pk), actor_name=by.get_username(),
        action=action, subject=subject._meta.label_lower, subject_key=str(subject.pk), subject_name=str(subject)[:300],
        scope=getattr(subject, "audit_scope", ""), details=plain(json.loads(json.dumps(details))),
    )  # fmt: skip
    append([entry])
    return entry


@transaction.atomic
def append(entries: list[AuditEntry]) -> None:
    """Bind entries to the end of the chain; who comes second waits for the head."""
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    for entry in entries:
        entry.number, entry.previous_hash = head.number + 1, head.hash
        entry.hash = hash_of({name: getattr(entry, name) for name in HASHED})
        head.number, head.hash = entry.number, entry.hash
    AuditEntry.objects.bulk_create(entries, batch_size=1000)
    head.save()


def listed(rows: Iterable[Model]) -> list[list[str]]:
    """Name the rows of a bulk action, for its one entry."""
    return [[row._meta.label_lower, str(row.pk), str(row)[:300]] for row in rows]


def keys_of(model: type[Model], action: str, *, by: Actor) -> list[str]:
    """Keys of the rows of a model that an actor did something to, as the trail tells."""
    told = AuditEntry.objects.filter(actor_key=str(by.pk), action=action, subject=model._meta.label_lower)
    return list(told.values_list("subject_key", flat=True))
