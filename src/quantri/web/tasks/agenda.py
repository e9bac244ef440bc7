"""What is due for the agencies of a person: open parts by their day, and the periods that wait for reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Prefetch, QuerySet, Value

from quantri.web.accounts.models import Reader
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod, Task
from quantri.web.tasks.models.task import CARRIERS


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
    mine = Assignment.objects.held_by(user)
    begun = ReportingPeriod.objects.visible_to(user).open().filter(starts_on__lte=today)
    begun = begun.filter(plan__in=Plan.objects.in_force())
    periods = begun.filter(Exists(mine.filter(task__plan=OuterRef("plan"))))[:12]
    agencies = user.agencies(*CARRIERS)
    counted = [_counted(period, period.owed().filter(agency__in=agencies)) for period in periods]
    counts = {pk: (owed, done) for pk, owed, done in counted[0].union(*counted[1:], all=True)} if counted else {}
    found = [(period, *counts.get(period.pk, (0, 0))) for period in periods]
    return [OpenPeriod(period=period, owed=owed, waiting=owed - done) for period, owed, done in found if owed]


def _counted(period: ReportingPeriod, owed: QuerySet[Assignment]) -> QuerySet:
    """Count the parts that are owed in a period, and those of them that were reported; one row."""
    handed_in = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)
    told = Progress.objects.filter(assignment=OuterRef("pk"), period=period, state__in=handed_in)
    row = owed.order_by().values(in_period=Value(period.pk, BigIntegerField()))
    return row.annotate(n=Count("pk"), done=Count("pk", filter=Exists(told))).values_list("in_period", "n", "done")


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
