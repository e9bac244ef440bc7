"""What is at risk in a province: questions whose answers are counted in full and listed in part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from quantri.web.accounts.models import Agency, Membership, Role
from quantri.web.deadlines.counting import CalendarMissing, WorkingCalendar
from quantri.web.followup.windows import house_rules
from quantri.web.places.models import Province
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Extension, Handover, Progress, ReportingPeriod
from quantri.web.tasks.rates import OnTime


@dataclass(frozen=True, kw_only=True)
class Risk:
    """One question about what is at risk: how many there are, the first of them, and where the rest is."""

    code: str
    count: int
    rows: list[object]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader wants to see alone."""

    plan: str = ""
    kind: str = ""
    component: str = ""

    def of_parts(self, parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
        if self.plan.isascii() and self.plan.isdigit() and len(self.plan) < 10:
            parts = parts.filter(task__plan=int(self.plan))
        if self.kind in Agency.Kind.values:
            parts = parts.filter(agency__kind=self.kind)
        if self.component:
            parts = parts.filter(task__components__icontains=f'"{self.component}"')
        return parts


def parts_of(provinces: QuerySet[Province], filters: Filters) -> QuerySet[Assignment]:
    """Open and closed parts that stand in plans of the provinces that are carried out."""
    parts = Assignment.objects.in_force().filter(task__plan__province__in=provinces)
    return filters.of_parts(parts).select_related("task__plan", "agency")


def soon(today: date, calendar: WorkingCalendar) -> date:
    """Last day that counts as soon; in calendar days where no calendar is known."""
    try:
        return calendar.add_working_days(today, house_rules().due_soon)
    except CalendarMissing:
        return today + timedelta(days=house_rules().due_soon + 2)


def overdue(parts: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    return parts.overdue(today).order_by("due", "pk")


def due_soon(parts: QuerySet[Assignment], today: date, calendar: WorkingCalendar) -> QuerySet[Assignment]:
    return parts.with_due().open().filter(due__gte=today, due__lte=soon(today, calendar)).order_by("due", "pk")


def undated(parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return parts.with_due().open().filter(due=None).order_by("pk")


def of_ended_agencies(parts: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    """Open parts whose agency has ended: nobody carries them until another agency takes over."""
    return parts.open().filter(agency__valid_to__lte=today).order_by("agency__name_vi", "pk")


def of_empty_agencies(parts: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    """Open parts of agencies for which nobody has an account, so that no reminder arrives."""
    people = Membership.objects.on(today).filter(
        agency=OuterRef("agency"), role__in=(Role.OFFICER, Role.LEADER, Role.COORDINATOR), user__is_active=True
    )  # fmt: skip
    return parts.open().filter(~Exists(people)).order_by("agency__name_vi", "pk")


def periods_under_way(provinces: QuerySet[Province], today: date) -> list[ReportingPeriod]:
    plans = Plan.objects.in_force().filter(province__in=provinces)
    found = ReportingPeriod.objects.open().filter(plan__in=plans, ends_on__lte=today).select_related("plan")
    return list(found[:6])


def silent(period: ReportingPeriod, filters: Filters) -> QuerySet[Assignment]:
    """Parts that report in a period and did not yet."""
    handed_in = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)
    told = Progress.objects.filter(assignment=OuterRef("pk"), period=period, state__in=handed_in)
    owed = filters.of_parts(period.owed().filter(~Exists(told)))
    return owed.select_related("task__plan", "agency").order_by("agency__name_vi", "pk")


def returned(provinces: QuerySet[Province]) -> QuerySet[Progress]:
    """Keep reports that were returned and not handed in again."""
    found = Progress.objects.filter(state=Progress.State.RETURNED, period__plan__province__in=provinces)
    return found.with_parts().order_by("decided_at", "pk")


def waiting(provinces: QuerySet[Province]) -> QuerySet[Progress]:
    """Keep reports that wait for the coordinator."""
    found = Progress.objects.filter(state=Progress.State.SUBMITTED, period__plan__province__in=provinces)
    return found.with_parts().order_by("submitted_at", "pk")


def requests(provinces: QuerySet[Province]) -> tuple[QuerySet[Extension], QuerySet[Handover]]:
    """Keep requests of agencies that wait for an answer."""
    own = Q(assignment__task__plan__province__in=provinces)
    asked = Extension.objects.filter(own, is_granted=None).select_related("assignment__task", "assignment__agency")
    handed = Handover.objects.filter(own, state=Handover.State.ASKED)
    return asked, handed.select_related("assignment__task", "assignment__agency", "after")


def on_time(parts: QuerySet[Assignment], today: date) -> OnTime:
    """Count what was on time in one question; the rule is that of `tasks.rates`."""
    due = Coalesce("due_on", "task__due_on")
    found = parts.order_by().annotate(due=due).aggregate(
        on_time=Count("pk", filter=Q(closed_on__lte=F("due"))),
        closed=Count("pk", filter=Q(closed_on__isnull=False, due__isnull=False)),
        overdue_open=Count("pk", filter=Q(closed_on=None, due__lt=today)),
        without_date=Count("pk", filter=Q(due=None)),
    )  # fmt: skip
    return OnTime(**found)


def others(provinces: QuerySet[Province], today: date) -> Iterable[Risk]:
    """Ask other apps what they call a risk, by the functions that settings.RISKS names."""
    return [risk for name in settings.RISKS for risk in import_string(name)(provinces, today)]
