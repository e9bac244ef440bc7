"""What is at risk, gathered for a page: counts in full, the first rows of each list."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.followup import risks
from quantri.web.followup.risks import FIRST, Counts, Filters, Risk, listed
from quantri.web.places.models import Province
from quantri.web.plans.models import ComponentOwner, Plan
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.rates import OnTime

MANY = 60  # rows of several lists that are read together


def overview_of(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> tuple[Counts, list[Risk]]:
    """Ask everything that may be at risk; what is nowhere is left out."""
    parts = risks.parts_of(provinces, filters)
    counts = risks.counts(parts, today, calendar)
    found = [*_of_parts(parts, counts, today, calendar), *_of_reports(provinces), *_of_requests(provinces)]
    for period in risks.periods_under_way(provinces, today)[:1]:
        found.append(listed("silent", risks.silent(period, filters)))
    found += risks.others(provinces, filters, today, calendar)
    return counts, [risk for risk in found if risk.count]


def _of_parts(
    parts: QuerySet[Assignment], counts: Counts, today: date, calendar: WorkingCalendar
) -> Iterator[Risk]:  # fmt: skip
    late, soon = counts.rate.overdue_open, counts.due_soon
    yield Risk(code="overdue", count=late, rows=list(risks.overdue(parts, today)[:FIRST]) if late else [])
    yield Risk(code="due-soon", count=soon, rows=list(risks.due_soon(parts, today, calendar)[:FIRST]) if soon else [])
    faults = {"ended": counts.ended, "undated": counts.undated, "nobody": counts.nobodys}
    rows = list(risks.faulty(parts, today, MANY)) if any(faults.values()) else []
    flags = {"ended": "is_ended", "undated": "is_undated", "nobody": "is_nobodys"}
    for code, count in faults.items():
        yield Risk(code=code, count=count, rows=[row for row in rows if getattr(row, flags[code])][:FIRST])


def _of_reports(provinces: QuerySet[Province]) -> Iterator[Risk]:
    undecided = risks.undecided(provinces)
    counts = dict(undecided.order_by().values_list("state").annotate(n=Count("pk")))
    rows = list(undecided[:MANY]) if counts else []
    for code, state in (("waiting", "submitted"), ("returned", "returned")):
        yield Risk(code=code, count=counts.get(state, 0), rows=[row for row in rows if row.state == state][:FIRST])


def _of_requests(provinces: QuerySet[Province]) -> Iterator[Risk]:
    asked, handed = risks.requests(provinces)
    yield listed("extension", asked)
    yield listed("handover", handed)


def by_component(parts: QuerySet[Assignment], today: date) -> list[tuple[str, OnTime]]:
    """On time by component; a part for several counts in each, and whole plans are left out."""
    counts: dict[str, list[int]] = {}
    for components, *numbers in _grouped(parts, today, "task__components"):
        for code in components or ():
            kept = counts.setdefault(code, [0, 0, 0, 0])
            counts[code] = [a + b for a, b in zip(kept, numbers, strict=True)]
    return [(code, OnTime(**dict(zip(NAMES, found, strict=True)))) for code, found in sorted(counts.items())]


def by_agency(parts: QuerySet[Assignment], today: date) -> list[tuple[int, str, OnTime]]:
    """Agencies with the most overdue parts first."""
    rows = _grouped(parts, today, "agency_id", "agency__name_vi", "agency__name_en")
    in_english = get_language() == "en"
    found = [
        (key, name_en if in_english and name_en else name_vi, OnTime(**dict(zip(NAMES, n, strict=True))))
        for key, name_vi, name_en, *n in rows
    ]
    return sorted((f for f in found if f[2].overdue_open), key=lambda f: (-f[2].overdue_open, f[1]))[:FIRST]


NAMES = ("on_time", "closed", "overdue_open", "without_date")


def _grouped(parts: QuerySet[Assignment], today: date, *fields: str) -> QuerySet:
    return (
        parts.select_related(None).order_by().annotate(due=Coalesce("due_on", "task__due_on")).values(*fields)
        .annotate(
            on_time=Count("pk", filter=Q(closed_on__lte=F("due"))),
            closed=Count("pk", filter=Q(closed_on__isnull=False, due__isnull=False)),
            overdue_open=Count("pk", filter=Q(closed_on=None, due__lt=today)),
            without_date=Count("pk", filter=Q(due=None)),
        ).values_list(*fields, *NAMES)
    )  # fmt: skip


def of_plans(provinces: QuerySet[Province]) -> list[tuple[Plan, int]]:
    """Plans in force, each with how many components have a lead that stands."""
    plans = Plan.objects.in_force().filter(province__in=provinces)
    led = ComponentOwner.objects.standing().filter(plan__in=plans, part=ComponentOwner.Part.LEAD)
    owned = dict(led.order_by().values("plan").annotate(n=Count("code", distinct=True)).values_list("plan", "n"))
    return [(plan, owned.get(plan.pk, 0)) for plan in plans]
