"""On which days work of a plan may be due: what is refused, and what is warned of and kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.web.deadlines import calendars
from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.deadlines.days_off import warning_of
from quantri.web.plans.models import Plan
from quantri.web.tasks.actions import TaskDraft
from quantri.web.tasks.milestones import read_line
from quantri.web.tasks.models import Milestone, Task

SHOWN = 10  # places that a warning names

Dated = tuple[str, date | None]  # where a day stands, and the day


@dataclass(frozen=True, kw_only=True)
class DayWarning:
    """What is said of one day or year, and where it stands."""

    said: str
    places: tuple[str, ...]

    @property
    def where(self) -> str:
        return ", ".join(self.places[:SHOWN]) + (" …" if len(self.places) > SHOWN else "")


@dataclass(frozen=True, kw_only=True)
class DueDays:
    """The days from which on work of a plan may be due, and the calendar that says which of them are off."""

    starts_on: date
    calendar: WorkingCalendar

    def refusal(self, day: date) -> str:
        """Say that a day lies before the plan begins; empty where it does not."""
        return refused_before(self.starts_on, day)

    def warnings(self, dated: Iterable[Dated]) -> list[DayWarning]:
        """Warn of days off and of years without a calendar, each once; a limit that ends on a day off runs on."""
        places: dict[date, list[str]] = {}
        for where, day in dated:
            if day is not None:
                places.setdefault(day, []).append(where)
        found: dict[str, dict[str, None]] = {}
        for day in sorted(places):
            said = warning_of(day, self.calendar)
            if said:
                found.setdefault(said, {}).update(dict.fromkeys(places[day]))
        return [DayWarning(said=said, places=tuple(where)) for said, where in found.items()]


def due_days(plan: Plan) -> DueDays:
    """Return the rule for a plan; one query."""
    return DueDays(starts_on=begin_of(plan), calendar=calendars.current())


def begin_of(plan: Plan) -> date:
    """Return the day on which a plan begins: that of its issue, and before it is issued the first of its year."""
    return plan.issued_on or date(plan.year, 1, 1)


def refused_before(start: date, day: date) -> str:
    """Say that a day lies before another on which a plan begins; empty where it does not."""
    if day >= start:
        return ""
    days = {"day": date_format(day), "start": date_format(start)}
    return _("%(day)s lies before the plan begins (%(start)s). Write that day or a later one.") % days


def days_of(draft: TaskDraft) -> Iterator[Dated]:
    """Give the days of a task and of its milestones, by field."""
    yield "due_on", draft.due_on
    for line in draft.milestones:
        yield "milestones", read_line(line).due_on


def days_in(plan: Plan) -> list[Dated]:
    """Give the days of all tasks of a plan and of their milestones, by the number of the task; one query."""
    tasks = Task.objects.current().filter(plan=plan)
    standing = Milestone.objects.filter(task__in=tasks, ended_at=None)
    own, of_parts = (rows.exclude(due_on=None).order_by() for rows in (tasks, standing))
    found = own.values_list("number", "due_on").union(of_parts.values_list("task__number", "due_on"), all=True)
    return [(_("Task") + f" {number}", day) for number, day in found]
