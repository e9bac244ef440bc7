"""What is due for the agencies of a person: open parts by their day, and the periods that wait for reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from quantri.web.accounts.models import Reader
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod, Task
from quantri.web.tasks.models.reporting import owed_when

SHOWN = 12  # periods that the page of one's own work names
HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)
PERIODS = "task__plan__periods"


@dataclass(frozen=True, kw_only=True)
class OpenPeriod:
    """A period in which agencies of a person report: how many of their parts still wait."""

    period: ReportingPeriod
    owed: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class PartInPeriod:
    """A part and the report on it in a period, if there is one."""

    part: Assignment
    report: Progress | None

    @property
    def waits(self) -> bool:
        return self.report is None or not self.report.is_handed_in

    @property
    def mark(self) -> int:
        return self.report.mark if self.report else 0


def open_parts(user: Reader) -> QuerySet[Assignment]:
    """Open parts of the person's agencies, the nearest day first, those without a day last."""
    parts = Assignment.objects.held_by(user).open().with_due().select_related("task__plan", "agency")
    return parts.order_by("due", "pk")


def open_periods(user: Reader, today: date) -> list[OpenPeriod]:
    """Periods that began and are not locked, in which the person's agencies have parts."""
    counts = _counts_by_period(user, today)
    found = ReportingPeriod.objects.visible_to(user).filter(pk__in=counts)[:SHOWN]
    return [_open(period, *counts[period.pk]) for period in found]


def _open(period: ReportingPeriod, owed: int, done: int) -> OpenPeriod:
    return OpenPeriod(period=period, owed=owed, waiting=owed - done)


def _counts_by_period(user: Reader, today: date) -> dict[int, list[int]]:
    """Count by period the parts that are owed and those of them that were reported, in one question.

    It goes from the person's parts to the periods: the other way round each task of a plan is asked for each agency.
    """
    rows = Assignment.objects.held_by(user).filter(*_running(today)).order_by().values_list(PERIODS)
    told = Exists(_told())
    return {period: counts for period, *counts in rows.annotate(n=Count("pk"), done=Count("pk", filter=told))}


def _running(today: date) -> tuple[Q, Q]:
    """Join parts with the periods that began, are not locked, and in which they report."""
    begun = Q(**{f"{PERIODS}__locked_at": None, f"{PERIODS}__starts_on__lte": today})
    is_main = Q(**{f"{PERIODS}__is_main": True})
    starts_on, cut_off_on = F(f"{PERIODS}__starts_on"), F(f"{PERIODS}__cut_off_on")
    return begun, owed_when(F(f"{PERIODS}__kind"), is_main, starts_on, cut_off_on)


def _told() -> QuerySet[Progress]:
    """Look for reports that were handed in on a part in the period that was joined."""
    return Progress.objects.filter(assignment=OuterRef("pk"), period=OuterRef(PERIODS), state__in=HANDED_IN)


def awaited_period(user: Reader, part: Assignment, today: date) -> ReportingPeriod | None:
    """Return the first period that runs and waits for the report on a part of the person's agencies."""
    waits = Assignment.objects.held_by(user).filter(*_running(today), ~Exists(_told()), pk=part.pk)
    found = ReportingPeriod.objects.visible_to(user).filter(pk__in=waits.values(PERIODS))
    return found.order_by("cut_off_on", "pk").first()


def parts_in(period: ReportingPeriod, parts: Iterable[Assignment]) -> list[PartInPeriod]:
    """Parts with their reports in a period; parts come with their reports of it as `in_period`."""
    return [PartInPeriod(part=part, report=next(iter(part.in_period), None)) for part in parts]


def with_reports_of(period: ReportingPeriod, parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Bring the reports of one period and their evidence along."""
    reports = Progress.objects.filter(period=period).prefetch_related("evidence")
    return parts.select_related("task__plan", "agency").prefetch_related(
        Prefetch("reports", reports, to_attr="in_period")
    )


def with_latest_reports(task: Task, reports: QuerySet[Progress]) -> list[PartInPeriod]:
    """Parts of a task that stand, each with the newest of some reports."""
    parts = task.assignments.filter(valid_to=None).select_related("agency", "task__plan")
    newest = reports.filter(assignment__task=task).select_related("period").prefetch_related("evidence")
    by_part = {report.assignment_id: report for report in newest.order_by("period__ends_on")}
    return [PartInPeriod(part=part, report=by_part.get(part.pk)) for part in parts]
