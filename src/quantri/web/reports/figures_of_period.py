"""The figures of a plan in a period, counted from the rows that report on it; every query of a synthesis is here.

All stands as on the period's last day, or today while it runs: what was given, handed over, extended or taken out
afterwards changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from quantri.web.accounts.models import Headship
from quantri.web.plans.chain import chain_of, line_of
from quantri.web.plans.models import ComponentOwner, Plan
from quantri.web.reports.as_of import AsOf
from quantri.web.tasks.due_then import amended_since, day_of, parts_then
from quantri.web.tasks.models import Assignment, Evidence, Progress, Task
from quantri.web.tasks.rates import OnTime, Piece, on_time

State = Literal["done", "done_late", "late", "open", "undated"]
HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)
WORDS = ("title", "components", "deliverable")
TASK = ("pk", "number_then", "title", "components", "due_on", "deliverable", "of")
PART = ("task", "closed_then", "part", "agency", "agency__name_vi")
REMARK = ("pk", *(f"assignment__{name}" for name in ("agency__name_vi", "task__title", "task__components")))


class TaskWords(NamedTuple):
    """What of a task is counted and named; of one that moved to a revision later with its number of before."""

    pk: int
    number: str
    title: str
    components: list[str]
    due_on: date | None
    deliverable: str
    of: str  # number of the plan before a revision, in which it was finished and stayed

    @property
    def name(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title


class PartFigure(NamedTuple):
    """What of an agency's part is counted and named."""

    key: int
    due_on: date | None
    is_due_known: bool  # False: it got a later day after the period, and the one before is not recorded
    task: int
    closed_on: date | None
    part: str
    agency_key: int
    agency: str


@dataclass(frozen=True, kw_only=True)
class TaskFigure:
    """A task at the end of a period."""

    task: TaskWords
    parts: list[PartFigure]
    leads: list[PartFigure]
    state: State
    due_on: date | None
    closed_on: date | None
    n_evidence: int

    @property
    def is_due_known(self) -> bool:
        return False not in [p.is_due_known for p in self.parts]

    @property
    def is_done(self) -> bool:
        return self.state in ("done", "done_late")


class Remark(NamedTuple):
    """A difficulty or a request that an agency reported in the period."""

    key: int
    agency: str
    task: str
    components: list[str]
    difficulty: str
    request: str


class Head(NamedTuple):
    """Who headed an agency."""

    key: int
    title: str
    name: str


def work_at(plan: Plan, as_of: AsOf) -> tuple[list[TaskFigure], list[TaskWords]]:
    """Judge the tasks of a plan in a period, and name what was finished before it was revised."""
    day = as_of.day
    evidence, parts, tasks = _evidence(plan, as_of.ends_on), _parts(plan, day), list(_tasks(plan, day))
    own = [_figure(task, parts[task.pk], as_of, evidence[task.pk]) for task in tasks if not task.of]
    return own, [task for task in tasks if task.of]


def parts_on_time(figures: Iterable[TaskFigure], as_of: AsOf) -> OnTime:
    """Count the parts of agencies: closed on time ÷ (closed + overdue and open), in a period."""
    pieces = [Piece(p.due_on or figure.task.due_on, p.closed_on) for figure in figures for p in figure.parts]
    return on_time(pieces, as_of.late_before)


def remarks_in(plan: Plan, starts_on: date, as_of: AsOf) -> list[Remark]:
    """Difficulties and requests of the reports that were handed in for periods that ended within these days."""
    reports = Progress.objects.filter(
        period__plan__in=chain_of(plan.pk), assignment__task__in=_keys(plan, as_of.day), state__in=HANDED_IN,
        period__ends_on__range=(starts_on, as_of.ends_on),
    ).exclude(difficulty="", request="")  # fmt: skip
    return [Remark(*words) for words in reports.order_by("pk").values_list(*REMARK, "difficulty", "request")]


def heads_at(plan: Plan, day: date) -> dict[int, Head]:
    """Who headed the agencies that lead on a day, by the agency's key; one without a recorded head is left out.

    The agencies are asked for, not listed: one task may be given to thousands.
    """
    lead = _standing(plan, day).filter(part=Assignment.Part.LEAD).order_by().values("agency")
    own = ComponentOwner.objects.on(day).filter(plan=plan).order_by().values("agency")
    found = Headship.objects.on(day).filter(agency__in=lead.union(own)).order_by("valid_from", "pk")
    rows = found.values_list("agency", "pk", "title", "full_name", "user__full_name")
    return {agency: Head(key, title, name or of_user or "") for agency, key, title, name, of_user in rows}


def by_component(figures: Iterable[TaskFigure]) -> dict[str, list[TaskFigure]]:
    """Sort tasks by the contents that they belong to: a task of a part belongs to the whole, too."""
    found: dict[str, list[TaskFigure]] = defaultdict(list)
    for figure in figures:
        for whole in {whole for code in figure.task.components for whole in _with_wholes(code)}:
            found[whole].append(figure)
    return found


# ---- rows as of a day


def _tasks(plan: Plan, day: date) -> Iterable[TaskWords]:
    """Read the tasks that stood in a plan, also those that were taken out, or moved to its revision, afterwards."""
    rows = [
        _stayed(plan, day).annotate(number_then=F("number"), of=Value("")),
        _moved(plan, day).annotate(number_then=F("moves__number_before"), of=Value("")),
    ]
    if plan.revises_id:
        rows.append(_finished_before(plan, day).annotate(number_then=F("number"), of=F("plan__number")))
    first, *others = (found.order_by().values_list(*TASK) for found in rows)
    changed = amended_since(_keys(plan, day), day)
    tasks = map(TaskWords._make, first.union(*others, all=True).order_by("pk"))
    return (_before(task, changed[task.pk]) if task.pk in changed else task for task in tasks)


def _before(task: TaskWords, changed: Mapping[str, Any]) -> TaskWords:
    """Give a task as it was before a revision amended it."""
    words = {name: changed[name] for name in WORDS if name in changed}
    due_on = day_of(changed["due_on"]) if "due_on" in changed else task.due_on
    return task._replace(**words, due_on=due_on)


def _keys(plan: Plan, day: date) -> QuerySet[Any]:
    """Ask for the keys of the same tasks."""
    return _stayed(plan, day).order_by().values("pk").union(_moved(plan, day).order_by().values("pk"), all=True)


def _stayed(plan: Plan, day: date) -> QuerySet[Task]:
    return Task.objects.on(day).filter(plan=plan)


def _moved(plan: Plan, day: date) -> QuerySet[Task]:
    return Task.objects.on(day).filter(moves__before=plan, moves__moved_at__date__gt=day)


def _finished_before(plan: Plan, day: date) -> QuerySet[Task]:
    """Ask for what was finished by a day in the plans that a plan revises; it stays there."""
    standing = Assignment.objects.on(day).filter(task=OuterRef("pk"))
    is_done = Exists(standing) & ~Exists(standing.exclude(closed_on__lte=day))
    return Task.objects.on(day).filter(is_done, plan__in=line_of(plan.pk).exclude(pk=plan.pk))


def _standing(plan: Plan, day: date) -> QuerySet[Assignment]:
    return Assignment.objects.on(day).filter(task__in=_keys(plan, day))


def _parts(plan: Plan, day: date) -> dict[int, list[PartFigure]]:
    """Read the parts that stood by task, as words and days: a plan of a country has tens of thousands."""
    found: dict[int, list[PartFigure]] = defaultdict(list)
    standing = _standing(plan, day).annotate(closed_then=Case(When(closed_on__lte=day, then="closed_on")))
    for part in map(PartFigure._make, parts_then(standing, day, *PART)):
        found[part.task].append(part)
    return found


def _evidence(plan: Plan, ends_on: date) -> Mapping[int, int]:
    """Count what was handed in by task, in whichever plan of the chain: a period that is open moves to a revision."""
    found = Evidence.objects.standing().filter(
        progress__period__plan__in=chain_of(plan.pk), progress__state__in=HANDED_IN,
        progress__period__ends_on__lte=ends_on,
    )  # fmt: skip
    counts: dict[int, int] = defaultdict(int)
    for task in found.order_by().values_list("progress__assignment__task", flat=True):
        counts[task] += 1
    return counts


# ---- judging


def _figure(task: TaskWords, parts: list[PartFigure], as_of: AsOf, n_evidence: int) -> TaskFigure:
    closed = [p.closed_on for p in parts]
    closed_on = max(closed) if closed and None not in closed else None
    due = max([day for day in [task.due_on, *[p.due_on for p in parts]] if day], default=None)
    return TaskFigure(
        task=task, parts=parts, leads=[p for p in parts if p.part == Assignment.Part.LEAD],
        state=_state(due, closed_on, as_of), due_on=due, closed_on=closed_on, n_evidence=n_evidence,
    )  # fmt: skip


def _state(due: date | None, closed_on: date | None, as_of: AsOf) -> State:
    if closed_on is not None:
        return "done_late" if due is not None and closed_on > due else "done"
    if due is None:
        return "undated"
    return "late" if as_of.is_late(due) else "open"


def _with_wholes(code: str) -> list[str]:
    """Give a code and those of the contents that it is a part of.

    Examples
    --------
    >>> _with_wholes("D1.2")
    ['D1', 'D1.2']
    """
    parts = code.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
