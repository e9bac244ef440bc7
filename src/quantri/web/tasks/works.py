"""Tasks as the faults of their plan are judged."""

from django.db.models import Exists, OuterRef, QuerySet

from quantri.web.plans.faults import Work
from quantri.web.tasks.models import Assignment, Evidence, Progress, Task

HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)


def works_of(tasks: QuerySet[Task]) -> list[Work]:
    """Return tasks as the plan's faults see them; evidence counts once handed in.

    A plan may have a thousand tasks: only what is judged is read, without rows of tasks, parts and agencies.
    """
    leads = _lead_kinds(tasks)
    shown = Evidence.objects.standing().filter(
        progress__state__in=HANDED_IN, progress__assignment__task=OuterRef("pk")
    )  # fmt: skip
    rows = tasks.annotate(has_evidence=Exists(shown))
    return [
        Work(
            subject=title, lead_kinds=leads.get(pk, []), due_on=due_on, deliverable=deliverable, remark=remark,
            has_evidence=has_evidence,
        )
        for pk, title, due_on, deliverable, remark, has_evidence in rows.values_list(
            "pk", "title", "due_on", "deliverable", "remark", "has_evidence"
        )
    ]  # fmt: skip


def _lead_kinds(tasks: QuerySet[Task]) -> dict[int, list[str]]:
    led = Assignment.objects.filter(task__in=tasks, part=Assignment.Part.LEAD, valid_to=None).order_by()
    found: dict[int, list[str]] = {}
    for task, kind in led.values_list("task", "agency__kind"):
        found.setdefault(task, []).append(kind)
    return found
