"""Tasks as the faults of their plan are judged."""

from collections.abc import Iterable

from quantri.web.plans.faults import Work
from quantri.web.tasks.models import Evidence, Progress, Task

HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)


def works_of(tasks: Iterable[Task]) -> list[Work]:
    """Return tasks that came with their assignments as the plan's faults see them; evidence counts once handed in."""
    found = list(tasks)
    shown = Evidence.objects.filter(
        removed_at=None, progress__state__in=HANDED_IN, progress__assignment__task__in=[t.pk for t in found]
    )
    with_evidence = set(shown.values_list("progress__assignment__task", flat=True)) if found else set()
    return [
        Work(
            subject=t.title, leads=t.leads, due_on=t.due_on, deliverable=t.deliverable, remark=t.remark,
            has_evidence=t.pk in with_evidence,
        )
        for t in found
    ]  # fmt: skip
