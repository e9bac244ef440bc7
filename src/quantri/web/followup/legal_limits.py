"""Time limits of the law that are late or end soon: a risk beside those of parts and of answers."""

from datetime import date

from django.db.models import BooleanField, Case, Count, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.deadlines.models import Clock
from quantri.web.followup.risks import FIRST, Filters, Risk, soon
from quantri.web.places.models import Province


def owed_in(provinces: QuerySet[Province], filters: Filters) -> QuerySet[Clock]:
    """Keep clocks of agencies of the provinces, the nearest day first; they are of no plan and of no component."""
    found = Clock.objects.owed().filter(agency__province__in=provinces)
    if filters.plan_key is not None or filters.component:
        return found.none()
    if filters.kind:
        found = found.filter(agency__kind=filters.kind)
    return found.select_related("rule", "agency").order_by("due_on", "pk")


def at_risk(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> list[Risk]:  # fmt: skip
    """Ask which time limits have ended, and which end soon: counted in full and listed in part in one question."""
    is_late = Case(When(due_on__lt=today, then=Value(True)), default=Value(False), output_field=BooleanField())
    near = owed_in(provinces, filters).filter(due_on__lte=soon(today, calendar)).annotate(is_late=is_late)
    counted = near.annotate(
        among=Window(Count("pk"), partition_by="is_late"),
        place=Window(RowNumber(), partition_by="is_late", order_by=("due_on", "pk")),
    )  # fmt: skip
    rows = list(counted.filter(place__lte=FIRST))
    return [_risk(code, [c for c in rows if c.is_late is late]) for code, late in CODES.items()]


CODES = {"clocks-overdue": True, "clocks-due-soon": False}


def _risk(code: str, rows: list[Clock]) -> Risk:
    return Risk(code=code, count=rows[0].among if rows else 0, rows=rows)
