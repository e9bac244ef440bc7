"""The figures of a plan in a period, counted from the rows that report on it; every query of a synthesis is here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import QuerySet

from quantri.web.accounts.models import Agency, Headship
from quantri.web.plans.models import ComponentOwner, Plan
from quantri.web.tasks.models import Assignment, Evidence, Progress, Task
from quantri.web.tasks.rates import OnTime, Piece, on_time

State = Literal["done", "done_late", "late", "open", "undated"]
HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class PartFigure:
    """What of an agency's part that stands is counted and named."""

    part: str
    due_on: date | None
    closed_on: date | None
    agency_key: int
    agency: str


@dataclass(frozen=True, kw_only=True)
class TaskFigure:
    """A task at the end of a period."""

    task: Task
    parts: tuple[PartFigure, ...]
    state: State
    due_on: date | None
    closed_on: date | None
    n_evidence: int

    def agencies(self, part: str) -> list[str]:
        """Names of the agencies with such a part."""
        return [p.agency for p in self.parts if p.part == part]

    def agency_keys(self, part: str) -> list[int]:
        """Keys of the same agencies, in the same order."""
        return [p.agency_key for p in self.parts if p.part == part]

    @property
    def is_done(self) -> bool:
        return self.state in ("done", "done_late")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A difficulty or a request that an agency reported in the period."""

    progress: Progress
    agency: Agency
    task: Task
    difficulty: str
    request: str


def tasks_at(plan: Plan, until: date) -> list[TaskFigure]:
    """Judge the tasks of a plan as they stood on the last day of a period."""
    evidence, parts = _evidence(plan, until), _parts(plan)
    tasks = Task.objects.current().filter(plan=plan)
    return [_figure(task, tuple(parts[task.pk]), until, evidence[task.pk]) for task in tasks]


def parts_on_time(figures: Iterable[TaskFigure], until: date) -> OnTime:
    """Count the parts of agencies: closed on time ÷ (closed + overdue and open), on the last day of a period."""
    parts = ((p.due_on or figure.task.due_on, p.closed_on) for figure in figures for p in figure.parts)
    return on_time((Piece(due=due, closed_on=_by(closed, until)) for due, closed in parts), _day_after(until))


def remarks_in(plan: Plan, starts_on: date, ends_on: date) -> list[Remark]:
    """Difficulties and requests of the reports that were handed in for periods that ended within these days."""
    reports = Progress.objects.filter(
        period__plan=plan, period__ends_on__range=(starts_on, ends_on), state__in=HANDED_IN
    ).exclude(difficulty="", request="")  # fmt: skip
    return [
        Remark(
            progress=p, agency=p.assignment.agency, task=p.assignment.task, difficulty=p.difficulty, request=p.request
        )
        for p in reports.with_parts()
    ]


def heads_at(plan: Plan, day: date) -> dict[int, Headship]:
    """Who headed the agencies of a plan on a day, by the agency's key; one without a recorded head is left out.

    The agencies are asked for, not listed: one task may be given to thousands.
    """
    carry = _standing(plan).order_by().values("agency")
    own = ComponentOwner.objects.filter(plan=plan, valid_to=None).order_by().values("agency")
    found = Headship.objects.on(day).filter(agency__in=carry.union(own)).select_related("user", "agency")
    return {head.agency_id: head for head in found.order_by("valid_from", "pk")}


def _standing(plan: Plan) -> QuerySet[Assignment]:
    return Assignment.objects.filter(task__plan=plan, task__ended_at=None, valid_to=None)


def _parts(plan: Plan) -> dict[int, list[PartFigure]]:
    """Read the parts that stand by task, as words and days: a plan of a country has tens of thousands."""
    found: dict[int, list[PartFigure]] = defaultdict(list)
    for task, *words in _standing(plan).values_list("task", "part", "due_on", "closed_on", "agency", "agency__name_vi"):
        found[task].append(PartFigure(*words))
    return found


def _evidence(plan: Plan, until: date) -> dict[int, int]:
    found = Evidence.objects.filter(
        removed_at=None, progress__state__in=HANDED_IN, progress__period__plan=plan,
        progress__period__ends_on__lte=until,
    )  # fmt: skip
    counts: dict[int, int] = defaultdict(int)
    for task in found.values_list("progress__assignment__task", flat=True):
        counts[task] += 1
    return counts


def _figure(task: Task, parts: tuple[PartFigure, ...], until: date, n_evidence: int) -> TaskFigure:
    closed = [_by(a.closed_on, until) for a in parts]
    closed_on = max(filter(None, closed), default=None) if parts and all(closed) else None
    due = max(filter(None, [task.due_on, *(a.due_on for a in parts)]), default=None)
    return TaskFigure(
        task=task, parts=parts, state=_state(due, closed_on, until), due_on=due, closed_on=closed_on,
        n_evidence=n_evidence,
    )  # fmt: skip


def _state(due: date | None, closed_on: date | None, until: date) -> State:
    if closed_on is not None:
        return "done_late" if due is not None and closed_on > due else "done"
    if due is None:
        return "undated"
    return "late" if due <= until else "open"


def _by(day: date | None, until: date) -> date | None:
    """Keep a day only when the period knew it already."""
    return day if day is not None and day <= until else None


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def of_component(figures: Iterable[TaskFigure], code: str) -> list[TaskFigure]:
    """Keep the tasks of a content, or of one of its parts."""
    return [f for f in figures if any(c == code or c.startswith(f"{code}.") for c in f.task.components)]
