"""A revision beside the open tasks of the plan that it revises: what it changes, and what changed here meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.web.accounts.models import Agency
from quantri.web.plans.models import Plan
from quantri.web.tasks.actions import TaskDraft, draft_of
from quantri.web.tasks.models import Amendment, Assignment, Milestone, Task
from quantri.web.tasks.shifts import Shift, shifts_of

CARRYING = ("leads", "coordinating")
A_PAGE = 50
LISTS = (*CARRYING, "components", "milestones")


@dataclass(frozen=True, kw_only=True)
class Going:
    """A task that moves over, and what the revision does to it; with conflicts it has to be looked at again."""

    task: Task
    amendment: Amendment | None = None
    conflicts: Sequence[Shift] = ()


def is_coming(plan: Plan) -> bool:
    """Say whether a plan is a revision in the making."""
    return plan.revises_id is not None and plan.state in Plan.BEFORE_ISSUE


def moving_tasks(plan: Plan, tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Keep what moves over when the revision is issued, and what it amends although it was finished meanwhile."""
    if not is_coming(plan):
        return tasks.none()
    amended = Amendment.objects.standing().filter(plan=plan, task=OuterRef("pk"))
    is_open = Q(pk__in=Task.objects.open().filter(plan=plan.revises_id).values("pk"))
    return tasks.filter(is_open | Exists(amended), plan=plan.revises_id)


def moving_page(plan: Plan, tasks: QuerySet[Task], number: str | None, *, judges: bool = True) -> Page | None:
    """Give a page of what moves over to a revision in the making, with conflicts where a reader judges them."""
    if not is_coming(plan):
        return None
    page = Paginator(moving_tasks(plan, tasks).with_first_parts(), A_PAGE).get_page(number)
    page.object_list = going(plan, page.object_list, judges=judges)
    return page


def going(plan: Plan, tasks: Iterable[Task], *, judges: bool = True) -> list[Going]:
    """Bring to some tasks what the revision does to each."""
    shown = list(tasks)
    amendments = {a.task_id: a for a in Amendment.objects.standing().filter(plan=plan, task__in=shown)}
    found = [Going(task=task, amendment=amendments.get(task.pk)) for task in shown]
    return _judged(plan, found) if judges else found


def whole_tasks(tasks: QuerySet[Task]) -> list[Task]:
    """Read tasks with the parts and milestones that stand."""
    milestones = Prefetch("milestones", Milestone.objects.filter(ended_at=None))
    return list(tasks.with_named_parts().prefetch_related(milestones))


def facts_of(task: Task) -> dict[str, Any]:
    """Return a task as plain values."""
    plain = draft_of(task).plain | {"source": task.source}
    return {name: list(value) if name in LISTS else value for name, value in plain.items()}


def draft_from(facts: Mapping[str, Any]) -> TaskDraft:
    """Take a task back from plain values."""
    lists = {name: tuple(facts[name]) for name in LISTS}
    due_on = date.fromisoformat(facts["due_on"]) if facts["due_on"] else None
    return TaskDraft(**dict(facts) | lists | {"due_on": due_on})


def wanted_of(task: Task, amendment: Amendment | None) -> dict[str, Any]:
    """Return a task as the revision wants it; what it does not name stays as it is now."""
    return facts_of(task) | (amendment.after if amendment else {})


def grounds_of(task: Task, after: Mapping[str, Any], *, is_dropped: bool) -> dict[str, Any]:
    """Return what of the parts an amendment rests on: own days, and who has finished, of agencies that it concerns."""
    parts = _standing(task)
    losing = parts if is_dropped else [part for part in parts if loses(part, after)]
    dated = parts if is_dropped or "due_on" in after else losing
    return {
        "days": {p.agency.name_vi: p.due_on.isoformat() for p in dated if p.due_on},
        "finished": [p.agency.name_vi for p in losing if p.closed_on],
    }


def loses(part: Assignment, after: Mapping[str, Any]) -> bool:
    """Say whether an amendment takes a part away from its agency, or makes it another one."""
    name = "leads" if part.part == Assignment.Part.LEAD else "coordinating"
    return name in after and part.agency.name_vi not in after[name]


def is_open(task: Task) -> bool:
    """Say of a task that was read whole whether it is still to be carried out."""
    parts = _standing(task)
    return task.dropped_at is None and (not parts or any(part.closed_on is None for part in parts))


def going_on(plan: Plan, amendments: Iterable[Amendment]) -> frozenset[str]:
    """Names of the agencies that amendments bring in, as far as they have not ended."""
    names = {name for amendment in amendments for name in _brought(amendment)}
    found = Agency.objects.filter(province=plan.province_id, name_vi__in=names).on(timezone.localdate())
    return frozenset(found.values_list("name_vi", flat=True)) if names else frozenset()


def conflicts_of(amendment: Amendment, task: Task, known: frozenset[str]) -> list[Shift]:
    """Say what is no longer as it was when the amendment was written."""
    if not is_open(task):
        return [Shift(label=_("Task"), before=_("open"), after=_("finished"))]
    now = facts_of(task) | grounds_of(task, amendment.after, is_dropped=amendment.is_dropped)
    done = [name for name in amendment.after if now[name] == amendment.after[name]]
    kept = {name: now[name] for name in amendment.before if name not in done}
    ended = [name for name in _brought(amendment) if name not in known]
    gone = [Shift(label=_("Agency"), before=name, after=_("has ended")) for name in ended]
    return shifts_of(amendment.before, kept) + gone


def tasks_to_come(plan: Plan) -> list[dict[str, Any]]:
    """Write the tasks that a revision in the making takes over as it wants them, numbered as at its issue."""
    amendments = {a.task_id: a for a in Amendment.objects.standing().filter(plan=plan)}
    dropped = [key for key, amendment in amendments.items() if amendment.is_dropped]
    tasks = whole_tasks(moving_tasks(plan, Task.objects.current()).exclude(pk__in=dropped))
    first = last_number(plan) + 1
    return [
        wanted_of(task, amendments.get(task.pk)) | {"number": str(n)}
        for n, task in enumerate(filter(is_open, tasks), first)
    ]


def with_drops(tasks: Iterable[Task]) -> None:
    """Tell of each dropped task by which plan it was dropped, and why."""
    dropped = [task for task in tasks if task.dropped_at]
    found = Amendment.objects.applied().filter(is_dropped=True, task__in=dropped).select_related("plan")
    by_task = {amendment.task_id: amendment for amendment in found} if dropped else {}
    for task in dropped:
        task.drop = by_task.get(task.pk)


def last_number(plan: Plan) -> int:
    """Return the highest number that a task of the plan bears."""
    return max((int(n) for n in plan.tasks.values_list("number", flat=True) if n.isdecimal()), default=0)


def _judged(plan: Plan, found: list[Going]) -> list[Going]:
    """Tell of each task what changed since it was amended."""
    amendments = [each.amendment for each in found if each.amendment]
    whole = {task.pk: task for task in whole_tasks(Task.objects.filter(pk__in=[a.task_id for a in amendments]))}
    known = going_on(plan, amendments)
    return [
        replace(each, conflicts=conflicts_of(each.amendment, whole[each.task.pk], known)) if each.amendment else each
        for each in found
    ]


def _standing(task: Task) -> list[Assignment]:
    return [part for part in task.assignments.all() if part.valid_to is None]


def _brought(amendment: Amendment) -> list[str]:
    """Names of the agencies that an amendment brings in."""
    there = {name for field in CARRYING for name in amendment.before.get(field, ())}
    return [name for field in CARRYING for name in amendment.after.get(field, ()) if name not in there]
