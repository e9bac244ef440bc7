"""Tasks as the faults of their plan are judged."""

from collections.abc import Iterable

from quantri.web.plans.faults import Work
from quantri.web.tasks.models import Evidence, Task


def works_of(tasks: Iterable[Task]) -> list[Work]:
    """Return tasks that came with their assignments as the plan's faults see them; one query for the evidence."""
    tasks = list(tasks)
    standing = Evidence.objects.filter(removed_at=None, progress__assignment__task__in=tasks)
    proven = set(standing.values_list("progress__assignment__task", flat=True)) if tasks else set()
    return [
        Work(
            subject=t.title, leads=t.leads, due_on=t.due_on, deliverable=t.deliverable, remark=t.remark,
            has_evidence=t.pk in proven,
        )
        for t in tasks
    ]  # fmt: skip
