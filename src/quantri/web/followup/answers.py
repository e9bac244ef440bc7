"""Answers to findings of inspections that are late or due soon: a risk beside those of parts."""

from datetime import date

from django.db.models import Q, QuerySet

from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.followup.risks import Filters, Risk, late_on, listed_apart, soon
from quantri.web.inspections.models import Finding
from quantri.web.places.models import Province


def awaited_of(provinces: QuerySet[Province], filters: Filters) -> QuerySet[Finding]:
    """Keep findings of inspections in the provinces whose answer has not come, the longest awaited first."""
    found = Finding.objects.awaited().filter(visit__programme__plan__province__in=provinces)
    if filters.plan_key is not None:
        found = found.filter(visit__programme__plan=filters.plan_key)
    if filters.component:
        of_task = Q(question__task__components__icontains=f'"{filters.component}"')
        found = found.filter(Q(question__component=filters.component) | of_task)
    return filters.of_agencies(found).select_related("visit__programme__plan", "agency").order_by("due_on", "pk")


def at_risk(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> list[Risk]:  # fmt: skip
    """Ask whose answers are late, and whose are due soon."""
    near = awaited_of(provinces, filters).filter(due_on__lte=soon(today, calendar))
    return listed_apart(near.annotate(is_late=late_on(today)), "is_late", CODES)


CODES = {True: "answers-overdue", False: "answers-due-soon"}
