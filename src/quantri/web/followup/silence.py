"""Agencies that did not report: how many reports they owe of which periods, counted in one question."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from quantri.web.accounts.models import Agency
from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.followup.risks import FIRST, Filters, Risk
from quantri.web.followup.windows import DaysLeft, house_rules
from quantri.web.places.models import Province
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod
from quantri.web.tasks.models.reporting import owed_when

NEAR = timedelta(days=60)  # wider than any window around a cut-off; the windows decide
OF = "task__plan__periods"
HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)
WORDS = ("agency", "agency__name_vi", "agency__name_en", "agency__province__key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Reports of one period that an agency did not hand in."""

    agency: int
    name_vi: str
    name_en: str
    scope: str
    period: ReportingPeriod
    n: int

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentAgency:
    """An agency with all the periods of which it owes reports."""

    agency: int
    name: str
    silences: list[Silence]

    @property
    def n(self) -> int:
        return sum(each.n for each in self.silences)


def periods_of(plans: QuerySet[Plan]) -> QuerySet[ReportingPeriod]:
    """Periods in which reports could be handed in; what ended before its plan was issued asked for none."""
    found = ReportingPeriod.objects.filter(plan__in=plans).exclude(plan__issued_on__gt=F("ends_on"))
    return found.select_related("plan")


def told_periods(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> list[ReportingPeriod]:  # fmt: skip
    """Periods whose silence is told: those that are over and open, and those that were locked not long ago."""
    plans = filters.of_plans(Plan.objects.in_force().filter(province__in=provinces))
    waits = Q(locked_at=None, ends_on__lte=today)
    locked = Q(locked_at__isnull=False, starts_on__lte=today, cut_off_on__gte=today - NEAR)
    days, rules = DaysLeft(today, calendar), house_rules()
    found = periods_of(plans).filter(waits | locked)
    return [each for each in found if not each.is_locked or not rules.is_history(days.to(each.cut_off_on))]


def silences(
    periods: Iterable[ReportingPeriod], filters: Filters | None = None, *, agency: Agency | None = None
) -> Iterator[Silence]:  # fmt: skip
    """Count by agency and period the reports that are owed and were not handed in."""
    by_key = {period.pk: period for period in periods}
    if not by_key:
        return
    told = Progress.objects.filter(assignment=OuterRef("pk"), period=OuterRef(OF), state__in=HANDED_IN)
    is_main = Q(**{f"{OF}__is_main": True})
    owed = owed_when(F(f"{OF}__kind"), is_main, F(f"{OF}__starts_on"), F(f"{OF}__cut_off_on"))
    parts = Assignment.objects.filter(owed, ~Exists(told), **{f"{OF}__in": list(by_key)})
    parts = (filters or Filters()).narrowed(parts if agency is None else parts.filter(agency=agency))
    rows = parts.order_by().values_list(*WORDS, OF).annotate(n=Count("pk"))
    for key, name_vi, name_en, scope, period, n in rows.iterator(chunk_size=2000):
        yield Silence(agency=key, name_vi=name_vi, name_en=name_en, scope=scope, period=by_key[period], n=n)


def silent_agencies(found: Iterable[Silence]) -> list[SilentAgency]:
    """Put the periods of each agency together; who owes most reports comes first."""
    by_agency: dict[int, list[Silence]] = {}
    for each in found:
        by_agency.setdefault(each.agency, []).append(each)
    made = [SilentAgency(agency=key, name=of[0].name, silences=of) for key, of in by_agency.items()]
    return sorted(made, key=lambda each: (-each.n, each.name, each.agency))


def at_risk(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> Risk:  # fmt: skip
    """Ask which agencies are silent, in all periods that are told."""
    found = silent_agencies(silences(told_periods(provinces, filters, today, calendar), filters))
    return Risk(code="silent", count=len(found), rows=found[:FIRST])
