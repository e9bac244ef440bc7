"""The one writer of the audit trail."""

from typing import Any, Protocol

from django.db.models import Model

from quantri.web.core.models import AuditEntry


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


def record(action: str, subject: Model, *, by: Actor, **details: Any) -> AuditEntry:
    """Write who did what to what; call it inside the action's transaction."""
    return AuditEntry.objects.create(
        actor_key=str(by.pk), actor_name=by.get_username(), action=action, subject=subject._meta.label_lower,
        subject_key=str(subject.pk), subject_name=str(subject)[:300], details=details,
    )  # fmt: skip


def keys_of(model: type[Model], action: str, *, by: Actor) -> list[str]:
    """Keys of the rows of a model that an actor did something to, as the trail tells."""
    told = AuditEntry.objects.filter(actor_key=str(by.pk), action=action, subject=model._meta.label_lower)
    return list(told.values_list("subject_key", flat=True))
