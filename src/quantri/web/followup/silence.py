"""Agencies that did not report: how many reports they owe of which periods, counted in one question."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import get_language

from quantri.web.accounts.models import Agency
from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.followup.risks import FIRST, Filters, Risk
from quantri.web.followup.windows import DaysLeft, house_rules
from quantri.web.places.models import Province
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Progress, ReportingPeriod

NEAR = timedelta(days=60)  # wider than any window around a cut-off; the windows decide
TOGETHER = 100  # periods that one question asks: more than a province has under way
HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)
Row = tuple[int, str, str, str, int, int]
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
    """Periods in which reports could be handed in; what ended before its plan was issued asked for none.

    To a revision open periods move from the plan before, whose agencies were asked.
    """
    before = Q(plan__revises=None, plan__issued_on__gt=F("ends_on"))
    found = ReportingPeriod.objects.filter(plan__in=plans).exclude(before)
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
    """Count by agency and period the reports that are owed and were not handed in.

    Many periods are asked in one question, each by its own days: a database finds its parts by the plan then, where
    a join with all periods would walk through the tasks of a whole country.
    """
    by_key = {period.pk: period for period in periods}
    for row in _rows(by_key.values(), filters or Filters(), agency):
        yield _silence(row, by_key)


def _silence(row: Row, by_key: Mapping[int, ReportingPeriod]) -> Silence:
    key, name_vi, name_en, scope, period, n = row
    return Silence(agency=key, name_vi=name_vi, name_en=name_en, scope=scope, period=by_key[period], n=n)


def _rows(periods: Iterable[ReportingPeriod], filters: Filters, agency: Agency | None = None) -> Iterator[Row]:
    for some in _batched(periods, TOGETHER):
        first, *others = (_counted(period, filters, agency) for period in some)
        yield from first.union(*others, all=True)


def _counted(period: ReportingPeriod, filters: Filters, agency: Agency | None) -> QuerySet:
    told = Progress.objects.filter(assignment=OuterRef("pk"), period=period, state__in=HANDED_IN)
    owed = filters.narrowed(period.owed().filter(~Exists(told)))
    kept = owed if agency is None else owed.filter(agency=agency)
    named = kept.order_by().annotate(of=Value(period.pk)).values(*WORDS, "of")
    return named.annotate(n=Count("pk")).values_list(*WORDS, "of", "n")


def _batched(periods: Iterable[ReportingPeriod], n: int) -> Iterator[list[ReportingPeriod]]:
    left = iter(periods)
    while some := list(islice(left, n)):
        yield some


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
    """Ask which agencies are silent, in all periods that are told: those that owe most reports are shown."""
    by_key = {period.pk: period for period in told_periods(provinces, filters, today, calendar)}
    rows = list(_rows(by_key.values(), filters))
    owed: Counter[int] = Counter()
    for agency, *_words, n in rows:
        owed[agency] += n
    shown = {agency for agency, _n in owed.most_common(FIRST)}
    found = silent_agencies(_silence(row, by_key) for row in rows if row[0] in shown)
    return Risk(code="silent", count=len(owed), rows=found)
