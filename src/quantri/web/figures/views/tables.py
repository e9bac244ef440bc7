"""The table of a period, the page of a commune, and what stands beside a component."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.web.accounts.models import Role
from quantri.web.core.tables import xlsx_file
from quantri.web.figures.history import beside, series_of
from quantri.web.figures.models import OF_A_PLACE, READERS, FigureSheet
from quantri.web.figures.periods import before, period_of
from quantri.web.figures.table import Table, fitting, in_order, table_of
from quantri.web.places.models import Province, Unit, UnitName

PAGE = 50
KINDS = (UnitName.Kind.COMMUNE, UnitName.Kind.WARD, UnitName.Kind.SPECIAL_ZONE)


@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    """List the sheets that are there by period, the newest first."""
    found = FigureSheet.objects.visible_to(request.user).current().select_related("measure", "province")
    found = found.prefetch_related("province__names")
    page = Paginator(found.order_by("-ends_on", "kind", "measure"), PAGE).get_page(request.GET.get("page"))
    return render(request, "figures/list.html", {"page": page, **_rights(request)})


@require_safe
def table(request: HttpRequest, province: str, key: str) -> HttpResponse:
    whole = _table(request, province, key)
    page = Paginator(whole.rows, PAGE).get_page(request.GET.get("page"))
    past = before(whole.period)
    context = {
        "table": whole, "period": whole.period, "page": page, "province": whole.province, "kinds": KINDS,
        "key": key, "earlier": past, "chosen": request.GET, "sources": [c.sheet for c in whole.columns],
        **_rights(request),
    }  # fmt: skip
    return render(request, "figures/table.html", context)


@require_safe
def export(request: HttpRequest, province: str, key: str) -> HttpResponse:
    whole = _table(request, province, key)
    notes = [_("Context beside the components of PAPI; not PAPI, and never summed with its scores.")]
    notes.append(whole.period.name_vi)
    for sheet in (column.sheet for column in whole.columns):
        measure = f"{sheet.measure.name} ({sheet.measure.get_unit_display()})"
        notes.append(f"{measure}: {sheet.source}; sha256 {sheet.sha256}")
    if any(column.sheet.is_demonstration for column in whole.columns):
        notes.append(_("Demonstration: what is marked so in this file is made up."))
    return xlsx_file(f"figures-{province}-{key}", whole.header(), whole.cells(), notes)


@require_safe
def commune(request: HttpRequest, key: str) -> HttpResponse:
    """Show a commune's figures over the periods; those of before a merger are on the pages of the units of then."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user).filter(level=Unit.Level.COMMUNE).named(), key=key)
    series = series_of(unit, request.user)
    if not series and not _looks_after(request, unit):
        raise Http404
    earlier = [s.before for s in unit.predecessors.all()]
    later = [s.after for s in unit.successors.all() if s.after]
    context = {"unit": unit, "series": series, "earlier": earlier, "later": later}
    return render(request, "figures/commune.html", context)


@require_safe
def component(request: HttpRequest, code: str) -> HttpResponse:
    found = beside(code, request.user)
    return render(request, "figures/component.html", {"code": code, "found": found, **_rights(request)})


def _table(request: HttpRequest, province: str, key: str) -> Table:
    """Make the table with what the address asks for; 404 where the reader sees no sheet of the period."""
    of = get_object_or_404(Province.objects.prefetch_related("names"), key=province)
    whole = table_of(of, period_of(key), request.user)
    if not whole.columns:
        raise Http404
    codes = [column.code for column in whole.columns]
    order = request.GET.get("sort", "name")
    known = {"name", *codes, *(f"change.{code}" for code in codes)}
    asked = {name: request.GET.get(name, "")[:100] for name in ("q", "kind")}
    lacking = codes if request.GET.get("only") == "missing" else []
    rows = fitting(whole.rows, asked["q"], asked["kind"], lacking)
    rows = in_order(rows, order if order.removeprefix("~") in known else "name")
    return replace(whole, rows=rows)


def _looks_after(request: HttpRequest, unit: Unit) -> bool:
    """Tell whether an empty page is for the reader: the staff of the commune, or of the province that it lies in."""
    if not request.user.is_authenticated:
        return False
    seats = request.user.seats(*READERS)
    lies_in = unit.parents.filter(parent__in=seats).exists()
    return lies_in or request.user.agencies(*OF_A_PLACE).filter(unit=unit).exists()


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {"may_bring": request.user.is_authenticated and request.user.seats(Role.COORDINATOR).exists()}
