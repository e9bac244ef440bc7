"""Parts with their reports, counted, sorted and cut into pages by the database, however many there are."""

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from quantri.web.tasks.models import Assignment, Progress
from quantri.web.tasks.table import STATES, Row

PAGE = 50
NONE_LAST = {"nulls_last": True}


def with_state(parts: QuerySet[Assignment], reports: QuerySet[Progress]) -> QuerySet[Assignment]:
    """Tell of each part the newest of some reports, its state (silent without one) and its value."""
    newest = reports.filter(assignment=OuterRef("pk")).order_by("-period__ends_on", "-pk")
    return parts.annotate(
        report_pk=Subquery(newest.values("pk")[:1]),
        state=Coalesce(Subquery(newest.values("state")[:1]), Value("silent")),
        value=Subquery(newest.values("value")[:1]),
    )


def counts_by_state(parts: QuerySet[Assignment]) -> dict[str, int]:
    """How many parts are in each state."""
    found = dict(parts.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in STATES}


def page_of_rows(parts: QuerySet[Assignment], *, order: str, state: str, page: str | None) -> Page:
    """Give one page of rows in an order, of one state where that is asked."""
    kept = parts.filter(state=state) if state in STATES else parts
    found = narrow_page(_in_order(kept, order), parts.select_related("task__plan", "agency"), page)
    shown = found.object_list
    reports = Progress.objects.select_related("period").in_bulk([p.report_pk for p in shown if p.report_pk])
    found.object_list = [Row(part=part, report=reports.get(part.report_pk)) for part in shown]
    return found


def narrow_page(sorted_rows: QuerySet[Assignment], whole: QuerySet[Assignment], page: str | None) -> Page:
    """Sort and cut the keys alone, then read whole rows of one page: thousands of wide rows are slow to sort.

    What the reader may see is chosen with the keys; where `whole` chose again, it would cost as much again.
    """
    found = Paginator(sorted_rows.values_list("pk", flat=True), PAGE).get_page(page)
    keys = list(found.object_list)
    by_key = {row.pk: row for row in whole.filter(pk__in=keys).order_by()}
    found.object_list = [by_key[key] for key in keys if key in by_key]
    return found


def _in_order(parts: QuerySet[Assignment], order: str) -> QuerySet[Assignment]:
    if order == "state":
        places = [When(state=state, then=Value(n)) for n, state in enumerate(STATES)]
        return parts.order_by(Case(*places, output_field=IntegerField()), "pk")
    if order == "value":
        return parts.order_by(F("value").desc(**NONE_LAST), "pk")
    if order == "due":
        return parts.with_due().order_by(F("due").asc(**NONE_LAST), "pk")
    return parts.order_by("task", "pk") if order == "task" else parts.order_by("agency__name_vi", "pk")
