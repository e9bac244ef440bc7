"""A revision beside the open tasks of the plan that it revises: what it changes, and what changed here meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import FilteredRelation, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.web.accounts.models import Agency
from quantri.web.plans.models import Plan
from quantri.web.tasks.actions import TaskDraft, draft_of
from quantri.web.tasks.models import Amendment, Assignment, Milestone, Task
from quantri.web.tasks.models.task import named_parts
from quantri.web.tasks.shifts import Shift, shifts_of

CARRYING = ("leads", "coordinating")
A_PAGE = 50
MOST_DIGITS = 6
LISTS = (*CARRYING, "components", "milestones")


@dataclass(frozen=True, kw_only=True)
class Going:
    """A task that moves over, and what the revision does to it; with conflicts it has to be looked at again."""

    task: Task
    amendment: Amendment | None = None
    conflicts: Sequence[Shift] = ()


@dataclass(frozen=True, kw_only=True)
class MovingPage:
    """Some of the tasks that move over."""

    rows: list[Going]
    number: int
    has_next: bool


def is_coming(plan: Plan) -> bool:
    """Say whether a plan is a revision in the making."""
    return plan.revises_id is not None and plan.state in Plan.BEFORE_ISSUE


def moving_tasks(plan: Plan, tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Keep what moves over when the revision is issued, and what it amends although it was finished meanwhile."""
    if not is_coming(plan):
        return tasks.none()
    standing = FilteredRelation("amendments", condition=Q(amendments__plan=plan, amendments__ended_at=None))
    is_open = Q(pk__in=Task.objects.open().filter(plan=plan.revises_id).values("pk"))
    found = tasks.annotate(amendment=standing).filter(is_open | Q(amendment__isnull=False), plan=plan.revises_id)
    return found.select_related("plan", "amendment")


def moving_page(
    plan: Plan, tasks: QuerySet[Task], number: str | None, *, known: Iterable[Agency] | None = None
) -> MovingPage:
    """Give a page of what moves over to a revision in the making; conflicts where the agencies that go on are told."""
    n = int(number) if number and number.isascii() and number.isdigit() and len(number) < MOST_DIGITS else 1
    first = max(n - 1, 0) * A_PAGE
    found = list(moving_tasks(plan, tasks)[first : first + A_PAGE + 1])
    shown = found[:A_PAGE]
    if known is not None:
        _make_whole([task for task in shown if amendment_of(task)])
    names = frozenset(agency.name_vi for agency in known or ())
    rows = [_going(task, names, judges=known is not None) for task in shown]
    return MovingPage(rows=rows, number=max(n, 1), has_next=len(found) > A_PAGE)


def amendment_of(task: Task) -> Amendment | None:
    """Return what the revision does to a task that `moving_tasks` found."""
    return getattr(task, "amendment", None)


def whole_tasks(tasks: QuerySet[Task]) -> list[Task]:
    """Read tasks with the parts and milestones that stand."""
    return list(tasks.with_named_parts().prefetch_related(_standing_milestones()))


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
    tasks = whole_tasks(moving_tasks(plan, Task.objects.current()))
    amended = [(task, amendment_of(task)) for task in tasks if is_open(task)]
    kept = [wanted_of(task, a) for task, a in amended if not (a and a.is_dropped)]
    return [facts | {"number": str(n)} for n, facts in enumerate(kept, last_number(plan) + 1)]


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


def _make_whole(tasks: list[Task]) -> None:
    """Bring to amended tasks what their conflicts are read from."""
    prefetch_related_objects(tasks, named_parts(), _standing_milestones())


def _going(task: Task, known: frozenset[str], *, judges: bool) -> Going:
    amendment = amendment_of(task)
    conflicts = conflicts_of(amendment, task, known) if amendment and judges else ()
    return Going(task=task, amendment=amendment, conflicts=conflicts)


def _standing_milestones() -> Prefetch:
    return Prefetch("milestones", Milestone.objects.filter(ended_at=None))


def _standing(task: Task) -> list[Assignment]:
    return [part for part in task.assignments.all() if part.valid_to is None]


def _brought(amendment: Amendment) -> list[str]:
    """Names of the agencies that an amendment brings in."""
    there = {name for field in CARRYING for name in amendment.before.get(field, ())}
    return [name for field in CARRYING for name in amendment.after.get(field, ()) if name not in there]
