"""Tasks as the faults of their plan are judged."""

from collections.abc import Iterable

from quantri.web.plans.faults import Work
from quantri.web.tasks.models import Task


def works_of(tasks: Iterable[Task]) -> list[Work]:
    """Return tasks that came with their assignments as the plan's faults see them; evidence is not kept here yet."""
    return [
        Work(subject=t.title, leads=t.leads, due_on=t.due_on, deliverable=t.deliverable, remark=t.remark)
        for t in tasks
    ]  # fmt: skip
