"""Tasks and due dates as they stood on a day: what was extended, changed or amended afterwards changes nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from quantri.web.tasks.models import Amendment, Assignment

LATER = ("later__answered_at", "later__due_before", "change__changed_at", "change__before")


def parts_then(parts: QuerySet[Assignment], day: date, *names: str) -> list[tuple[Any, ...]]:
    """Give of each part its key, its own due date as it stood on a day, whether that is known, and further values.

    It is not known of an extension that was granted afterwards without the day before it; then the later one is given.
    """
    found = parts.annotate(
        later=FilteredRelation(
            "extensions", condition=Q(extensions__is_granted=True, extensions__answered_at__date__gt=day)
        ),
        change=FilteredRelation("changes", condition=Q(changes__changed_at__date__gt=day)),
    )
    ordered = found.order_by("part", "pk", F("later__pk").desc(), F("change__pk").desc())
    rows = ordered.values_list("pk", "due_on", *LATER, *names)
    first = {row[0]: row for row in rows}  # of several extensions and changes the first ones after the day stay
    return [(row[0], *_due(*row[1:6]), *row[6:]) for row in first.values()]


def amended_since(tasks: QuerySet[Any], day: date) -> Mapping[int, Mapping[str, Any]]:
    """Give what revisions changed of tasks after a day, by the task's key: the fields as they were before."""
    applied = Amendment.objects.applied().filter(task__in=tasks, applied_at__date__gt=day, is_dropped=False)
    rows = applied.order_by("-applied_at").values_list("task", "before", "after")
    found: dict[int, dict[str, Any]] = {}
    for task, before, after in rows:  # the first after the day is read last, and stays
        found.setdefault(task, {}).update({name: before[name] for name in after})
    return found


def day_of(told: str | None) -> date | None:
    """Read a day that was kept as text."""
    return date.fromisoformat(told) if told else None


def _due(
    own: date | None, extended_at: datetime | None, due_before: date | None, changed_at: datetime | None,
    before: Mapping[str, Any] | None,
) -> tuple[date | None, bool]:  # fmt: skip
    if before is not None and changed_at is not None and (extended_at is None or changed_at < extended_at):
        return day_of(before["due_on"]), True
    if extended_at is not None:
        return due_before or own, due_before is not None
    return own, True
