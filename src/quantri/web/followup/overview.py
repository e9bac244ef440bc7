"""What is at risk, gathered for a page: counts in full, the first rows of each list."""

from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.followup import risks
from quantri.web.followup.risks import Filters, Risk
from quantri.web.places.models import Province
from quantri.web.plans.models import ComponentOwner, Plan
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.rates import OnTime

FIRST = 8  # rows of a list that the page shows


def overview_of(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> list[Risk]:  # fmt: skip
    """Ask everything that may be at risk; what is nowhere is left out."""
    parts = risks.parts_of(provinces, filters)
    asked, handed = risks.requests(provinces)
    lists = {
        "overdue": risks.overdue(parts, today), "due-soon": risks.due_soon(parts, today, calendar),
        "waiting": risks.waiting(provinces), "returned": risks.returned(provinces), "extension": asked,
        "handover": handed, "ended": risks.of_ended_agencies(parts, today), "undated": risks.undated(parts),
        "nobody": risks.of_empty_agencies(parts, today),
    }  # fmt: skip
    found = [_risk(code, rows) for code, rows in lists.items()]
    for period in risks.periods_under_way(provinces, today)[:1]:
        found.append(_risk("silent", risks.silent(period, filters)))
    found += risks.others(provinces, today)
    return [risk for risk in found if risk.count]


def _risk(code: str, rows: QuerySet) -> Risk:
    first = list(rows[: FIRST + 1])
    return Risk(code=code, count=rows.count() if len(first) > FIRST else len(first), rows=first[:FIRST])


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
    rows = _grouped(parts, today, "agency_id", "agency__name_vi")
    found = [(key, name, OnTime(**dict(zip(NAMES, n, strict=True)))) for key, name, *n in rows]
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
