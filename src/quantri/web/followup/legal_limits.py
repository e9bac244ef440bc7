"""Time limits of the law that are late or end soon: a risk beside those of parts and of answers."""

from datetime import date

from django.db.models import QuerySet

from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.deadlines.models import Clock
from quantri.web.followup.risks import Filters, Risk, late_on, listed_apart, soon
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
    """Ask which time limits have ended, and which end soon."""
    near = owed_in(provinces, filters).filter(due_on__lte=soon(today, calendar))
    return listed_apart(near.annotate(is_late=late_on(today)), "is_late", CODES)


CODES = {True: "clocks-overdue", False: "clocks-due-soon"}
