"""Unfinished tasks go on in the plan of the next year, and say where they come from."""

from collections.abc import Container, Iterable

from django.db import transaction
from django.utils import timezone

from quantri.web.accounts.models import Agency, User
from quantri.web.indices.archive import archive
from quantri.web.plans.models import Plan
from quantri.web.plans.next_year import start_next_year
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.milestones import undated_lines_of
from quantri.web.tasks.models import Task


@transaction.atomic
def continue_plan(plan: Plan, *, by: User) -> Plan:
    """Begin the plan of the next year with the owners, the targets and the unfinished tasks of this one."""
    made = start_next_year(plan, by=by)
    add_tasks(made, drafts_from(plan, made), by=by)
    return made


def drafts_from(before: Plan, after: Plan) -> list[TaskDraft]:
    """Write the open tasks of a plan anew: dates have passed and bodies have ended, so those are left out."""
    known = archive(after.index).edition(after.base_year).definition
    return [
        draft_anew(task, known, source=f"{before.number or before}: {task.number}")
        for task in Task.objects.open().with_assignments().with_milestones().filter(plan=before)
    ]


def draft_anew(task: Task, known: Container[str], *, source: str) -> TaskDraft:
    """Write a task of an earlier plan anew, without dates, bodies that ended and components that are not known."""
    return TaskDraft(
        title=task.title, components=tuple(c for c in task.components if c in known), leads=_going_on(task.leads),
        coordinating=_going_on(task.coordinating), deliverable=task.deliverable, rhythm=task.rhythm,
        milestones=undated_lines_of(task), source=source,
    )  # fmt: skip


def _going_on(agencies: Iterable[Agency]) -> tuple[str, ...]:
    today = timezone.localdate()
    return tuple(a.name_vi for a in agencies if a.valid_to is None or a.valid_to > today)
