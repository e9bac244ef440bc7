"""How much of an agency's work of the year was on time: what an appraiser looks at beside the points.

It is context. No sheet turns it into points by itself, since a sheet's criteria are a decision's own.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from quantri.web.appraisal.models import Entry, Exercise
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.rates import OnTime


def on_time_of(exercise: Exercise, entries: Iterable[Entry], today: date) -> dict[int, OnTime]:
    """Count by agency the parts of the province's plans that fall due in the year, in one question.

    Closed on time ÷ (closed + overdue and open), as the year knew it: what was closed after it counts as open.
    """
    year, after = date(exercise.year, 1, 1), date(exercise.year + 1, 1, 1)
    closed, is_open = Q(closed_on__lt=after), Q(closed_on=None) | Q(closed_on__gte=after)
    parts = Assignment.objects.filter(
        valid_to=None, task__ended_at=None, task__dropped_at=None, task__plan__province=exercise.province_id,
        task__plan__ended_at=None, task__plan__issued_on__isnull=False,
        agency__in=[entry.agency_id for entry in entries],
    )  # fmt: skip
    dated = parts.with_due().filter(due__gte=year, due__lt=after)
    found = dated.order_by().values("agency").annotate(
        on_time=Count("pk", filter=closed & Q(closed_on__lte=F("due"))), closed=Count("pk", filter=closed),
        overdue_open=Count("pk", filter=is_open & Q(due__lt=min(today, after))),
    )  # fmt: skip
    return {row.pop("agency"): OnTime(without_date=0, **row) for row in found}


NOTHING = OnTime(on_time=0, closed=0, overdue_open=0, without_date=0)


def thawed(kept: dict[str, Any]) -> OnTime | None:
    """Give the numbers that were kept with a confirmed class; None where it was confirmed without them."""
    return OnTime(**kept["on_time"]) if "on_time" in kept else None
