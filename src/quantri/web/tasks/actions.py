"""Tasks are written into a plan, copied, changed and taken out, while the plan can still be changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans.actions import writable
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Task


@dataclass(frozen=True, kw_only=True)
class TaskDraft:
    """A task as it was typed, copied or read from a sheet; agencies by name."""

    title: str
    components: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    due_on: date | None = None
    deliverable: str = ""
    source: str = ""
    number: str = field(default="")


@transaction.atomic
def add_tasks(plan: Plan, drafts: Iterable[TaskDraft], *, by: User) -> list[Task]:
    """Write tasks into a plan; agencies that are not known yet are made."""
    plan = writable(plan, by=by)
    taken = max((int(n) for n in plan.tasks.values_list("number", flat=True) if n.isdecimal()), default=0)
    made = []
    for n, draft in enumerate(drafts, taken + 1):
        task = Task.objects.create(
            plan=plan, number=draft.number or str(n), title=draft.title, components=list(draft.components),
            due_on=draft.due_on, deliverable=draft.deliverable, source=draft.source,
        )  # fmt: skip
        _assign(task, draft, by=by)
        audit.record("task.added", task, by=by)
        made.append(task)
    return made


@transaction.atomic
def change_task(task: Task, draft: TaskDraft, *, by: User) -> Task:
    """Write a task anew."""
    writable(task.plan, by=by)
    task = Task.objects.select_for_update().get(pk=task.pk)
    before = {"title": task.title, "due_on": str(task.due_on), "deliverable": task.deliverable}
    task.title, task.components, task.due_on = draft.title, list(draft.components), draft.due_on
    task.deliverable = draft.deliverable
    task.save(update_fields=["title", "components", "due_on", "deliverable"])
    task.assignments.all().delete()
    _assign(task, draft, by=by)
    audit.record("task.changed", task, by=by, before=before)
    return task


@transaction.atomic
def remove_task(task: Task, *, by: User) -> None:
    """Take a task out of a plan that is being made; the audit trail keeps its words."""
    writable(task.plan, by=by)
    audit.record("task.removed", task, by=by, title=task.title)
    task.delete()


def _assign(task: Task, draft: TaskDraft, *, by: User) -> None:
    parts = [(name, Assignment.Part.LEAD) for name in draft.leads]
    parts += [(name, Assignment.Part.COORDINATING) for name in draft.coordinating if name not in draft.leads]
    for name, part in dict(parts).items():
        agency = ensure_agency(task.plan.province, name, by=by)
        Assignment.objects.create(task=task, agency=agency, part=part)
