"""Parts counted by agency and by component: one question each, from which pages take rates, faults and the worst."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from quantri.web.accounts.models import Agency, Membership
from quantri.web.followup.risks import FIRST
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.models.task import CARRIERS
from quantri.web.tasks.rates import OnTime

RATE = ("on_time", "closed", "overdue_open", "without_date")


class Tally(NamedTuple):
    """What the parts of an agency come to, by its key."""

    agency: int
    province: int  # of the agency
    valid_to: date | None  # of the agency: nobody carries its parts from then on
    on_time: int
    closed: int
    overdue_open: int
    without_date: int
    open: int
    due_soon: int
    undated: int  # and open

    def is_ended(self, today: date) -> bool:
        return self.valid_to is not None and self.valid_to <= today


def tallies(parts: QuerySet[Assignment], today: date, soon: date) -> list[Tally]:
    """Count the parts of each agency: names are looked up later, for the few that a page shows."""
    is_open = Q(closed_on=None)
    more = {
        "open": Count("pk", filter=is_open), "due_soon": Count("pk", filter=is_open & Q(due__range=(today, soon))),
        "undated": Count("pk", filter=is_open & Q(due=None)),
    }  # fmt: skip
    return [Tally(*row) for row in _counted(parts, today, "agency", "agency__province", "agency__valid_to", **more)]


def with_people(found: Iterable[Tally], today: date) -> set[int]:
    """Agencies where somebody who carries out work has an account; an overseer's account reports nothing.

    It is asked of the provinces of those with open parts: thousands of keys take longer to send than to answer.
    """
    people = Membership.objects.on(today).filter(role__in=CARRIERS, user__is_active=True)
    asked = people.filter(agency__province__in={each.province for each in found if each.open})
    return set(asked.order_by().values_list("agency", flat=True))


def worst(found: Iterable[Tally]) -> list[tuple[int, str, int]]:
    """Agencies with the most overdue parts, by key and name, and how many."""
    late = sorted((-each.overdue_open, each.agency) for each in found if each.overdue_open)[:FIRST]
    named = Agency.objects.in_bulk([key for _n, key in late])
    return sorted(((key, named[key].name, -n) for n, key in late), key=lambda each: (-each[2], each[1]))


def by_component(parts: QuerySet[Assignment], today: date) -> list[tuple[str, OnTime]]:
    """On time by component; a part for several counts in each, and whole plans are left out."""
    found: dict[str, list[OnTime]] = {}
    for components, *numbers in _counted(parts, today, "task__components"):
        for code in components or ():
            found.setdefault(code, []).append(OnTime(**dict(zip(RATE, numbers, strict=True))))
    return [(code, total(rates)) for code, rates in sorted(found.items())]


def total(found: Iterable[OnTime | Tally]) -> OnTime:
    """Put counts together."""
    kept = list(found)
    return OnTime(**{name: sum(getattr(each, name) for each in kept) for name in RATE})


def _counted(parts: QuerySet[Assignment], today: date, *fields: str, **more: Count) -> QuerySet:
    dated = parts.select_related(None).order_by().annotate(due=Coalesce("due_on", "task__due_on"))
    counts = {
        "on_time": Count("pk", filter=Q(closed_on__lte=F("due"))),
        "closed": Count("pk", filter=Q(closed_on__isnull=False, due__isnull=False)),
        "overdue_open": Count("pk", filter=Q(closed_on=None, due__lt=today)),
        "without_date": Count("pk", filter=Q(due=None)),
    } | more
    return dated.values(*fields).annotate(**counts).values_list(*fields, *counts)
