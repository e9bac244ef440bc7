"""The figures of a plan in a period, counted from the rows that report on it; every query of a synthesis is here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from quantri.web.accounts.models import Agency, Headship
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Evidence, Progress, Task
from quantri.web.tasks.rates import OnTime, Piece, on_time

State = Literal["done", "done_late", "late", "open", "undated"]
HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)


@dataclass(frozen=True, kw_only=True)
class TaskFigure:
    """A task at the end of a period."""

    task: Task
    state: State
    due_on: date | None
    closed_on: date | None
    n_evidence: int

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
    evidence = _evidence(plan, until)
    tasks = Task.objects.current().filter(plan=plan).with_named_parts()
    return [_figure(task, until, evidence[task.pk]) for task in tasks]


def parts_on_time(figures: Iterable[TaskFigure], until: date) -> OnTime:
    """Count the parts of agencies: closed on time ÷ (closed + overdue and open), on the last day of a period."""
    parts = [a for figure in figures for a in figure.task.assignments.all() if a.valid_to is None]
    return on_time((Piece(due=p.last_day, closed_on=_by(p.closed_on, until)) for p in parts), _day_after(until))


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


def heads_at(agencies: Iterable[int], day: date) -> dict[int, Headship]:
    """Who headed agencies on a day, by the agency's key; one without a recorded head is left out."""
    found = Headship.objects.on(day).filter(agency__in=set(agencies)).select_related("user", "agency")
    return {head.agency_id: head for head in found.order_by("valid_from", "pk")}


def _evidence(plan: Plan, until: date) -> dict[int, int]:
    found = Evidence.objects.filter(
        removed_at=None, progress__state__in=HANDED_IN, progress__period__plan=plan,
        progress__period__ends_on__lte=until,
    )  # fmt: skip
    counts: dict[int, int] = defaultdict(int)
    for task in found.values_list("progress__assignment__task", flat=True):
        counts[task] += 1
    return counts


def _figure(task: Task, until: date, n_evidence: int) -> TaskFigure:
    parts = [a for a in task.assignments.all() if a.valid_to is None]
    closed = [_by(a.closed_on, until) for a in parts]
    closed_on = max(filter(None, closed), default=None) if parts and all(closed) else None
    due = max(filter(None, [task.due_on, *(a.due_on for a in parts)]), default=None)
    return TaskFigure(
        task=task, state=_state(due, closed_on, until), due_on=due, closed_on=closed_on, n_evidence=n_evidence
    )


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
