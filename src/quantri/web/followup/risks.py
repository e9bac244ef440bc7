"""What is at risk in a province: questions whose answers are counted in full and listed in part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from quantri.web.accounts.models import Agency, Membership, Role
from quantri.web.deadlines.counting import CalendarMissing, WorkingCalendar
from quantri.web.followup.windows import house_rules
from quantri.web.places.models import Province
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Extension, Handover, Progress, ReportingPeriod
from quantri.web.tasks.rates import OnTime

FIRST = 8  # rows of a list that a page shows


@dataclass(frozen=True, kw_only=True)
class Risk:
    """One question about what is at risk: how many there are, the first of them, and where the rest is."""

    code: str
    count: int
    rows: list[object]


def listed(code: str, rows: QuerySet) -> Risk:
    """Count a list in full and give its first rows."""
    first = list(rows[: FIRST + 1])
    return Risk(code=code, count=rows.count() if len(first) > FIRST else len(first), rows=first[:FIRST])


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader wants to see alone."""

    plan: str = ""
    kind: str = ""
    component: str = ""

    @property
    def plan_key(self) -> int | None:
        """Key of the plan that was asked for; None for all plans, or for what is no key."""
        return int(self.plan) if self.plan.isascii() and self.plan.isdigit() and len(self.plan) < 10 else None

    def of_parts(self, parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
        if self.plan_key is not None:
            parts = parts.filter(task__plan=self.plan_key)
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


def with_faults(parts: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    """Tell of each part whether it has no date, whether its agency has ended, and whether its people have accounts.

    People are those who carry out work: an overseer's account reports nothing. Without a date nothing is ever late;
    nobody carries the part of an agency that has ended; and where nobody has an account no reminder arrives.
    """
    people = Membership.objects.on(today).filter(
        agency=OuterRef("agency"), role__in=(Role.OFFICER, Role.LEADER, Role.COORDINATOR), user__is_active=True
    )  # fmt: skip
    return parts.with_due().annotate(
        is_undated=Q(due=None), is_ended=Q(agency__valid_to__isnull=False, agency__valid_to__lte=today),
        is_nobodys=~Exists(people),
    )  # fmt: skip


def faulty(parts: QuerySet[Assignment], today: date, n: int) -> QuerySet[Assignment]:
    """Keep the first open parts with any of these faults: found by their keys, and only then told in full."""
    order = ("agency__name_vi", "pk")
    found = with_faults(parts, today).open().filter(Q(is_undated=True) | Q(is_ended=True) | Q(is_nobodys=True))
    first = Assignment.objects.filter(pk__in=found.order_by(*order).values("pk")[:n])
    return with_faults(first.select_related("task__plan", "agency"), today).order_by(*order)


def undated(parts: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    return with_faults(parts, today).open().filter(is_undated=True).order_by("pk")


def of_ended_agencies(parts: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    return with_faults(parts, today).open().filter(is_ended=True).order_by("agency__name_vi", "pk")


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


def undecided(provinces: QuerySet[Province]) -> QuerySet[Progress]:
    """Keep reports that wait for the coordinator, and those that were returned and not handed in again."""
    found = Progress.objects.filter(
        state__in=(Progress.State.SUBMITTED, Progress.State.RETURNED), period__plan__province__in=provinces
    )  # fmt: skip
    return found.with_parts().order_by("-state", "submitted_at", "pk")


def requests(provinces: QuerySet[Province]) -> tuple[QuerySet[Extension], QuerySet[Handover]]:
    """Keep requests of agencies that wait for an answer."""
    own = Q(assignment__task__plan__province__in=provinces)
    asked = Extension.objects.filter(own, is_granted=None).select_related("assignment__task", "assignment__agency")
    handed = Handover.objects.filter(own, state=Handover.State.ASKED)
    return asked, handed.select_related("assignment__task", "assignment__agency", "after")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Everything that is counted about parts in one question; the rate is that of `tasks.rates`."""

    rate: OnTime
    due_soon: int
    undated: int
    ended: int
    nobodys: int


def counts(parts: QuerySet[Assignment], today: date, calendar: WorkingCalendar) -> Counts:
    """Count parts in one question."""
    is_open = Q(closed_on=None)
    found = with_faults(parts, today).order_by().aggregate(
        on_time=Count("pk", filter=Q(closed_on__lte=F("due"))),
        closed=Count("pk", filter=Q(closed_on__isnull=False, due__isnull=False)),
        overdue_open=Count("pk", filter=is_open & Q(due__lt=today)),
        without_date=Count("pk", filter=Q(due=None)),
        due_soon=Count("pk", filter=is_open & Q(due__gte=today, due__lte=soon(today, calendar))),
        undated=Count("pk", filter=is_open & Q(is_undated=True)),
        ended=Count("pk", filter=is_open & Q(is_ended=True)),
        nobodys=Count("pk", filter=is_open & Q(is_nobodys=True)),
    )  # fmt: skip
    others = {name: found.pop(name) for name in ("due_soon", "undated", "ended", "nobodys")}
    return Counts(rate=OnTime(**found), **others)


def others(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> Iterable[Risk]:  # fmt: skip
    """Ask what else is a risk, by the functions that settings.RISKS names."""
    asked = [import_string(name) for name in settings.RISKS]
    return [risk for of in asked for risk in of(provinces, filters, today, calendar)]
