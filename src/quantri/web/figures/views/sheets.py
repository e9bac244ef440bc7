"""A sheet of figures: where it comes from, what it replaced, and the decision of a leader on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import PROVINCE_LEADER
from quantri.web.core.once import once
from quantri.web.figures import actions
from quantri.web.figures.forms import ReasonForm
from quantri.web.figures.models import Figure, FigureSheet
from quantri.web.figures.table import middle_of

PAGE = 50
DECISIONS = {"publish": actions.publish, "withdraw": actions.withdraw}


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sheet as it was brought, a superseded one too."""
    found = _sheet(request, pk)
    figures = Figure.objects.visible_to(request.user).filter(sheet=found).order_by("recorded_code", "recorded_name")
    earlier = FigureSheet.objects.visible_to(request.user).filter(
        province=found.province, measure=found.measure, kind=found.kind, year=found.year, number=found.number
    ).exclude(pk=found.pk)  # fmt: skip
    context = {
        "sheet": found,
        "page": Paginator(figures, PAGE).get_page(request.GET.get("page")),
        "others": earlier,
        "leads": _leads(request, found),
        "middle": middle_of(list(found.figures.values_list("value", flat=True))),
        "decisions": found.decisions.all(),
    }
    return render(request, "figures/sheet.html", context)


@for_roles(PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the figures public, or take them back, with the reason."""
    found = _sheet(request, pk)
    if not _leads(request, found):
        raise PermissionDenied
    form, problem = ReasonForm(request.POST or None), None
    if request.method == "POST" and form.is_valid() and request.POST.get("kind") in DECISIONS:
        try:
            DECISIONS[request.POST["kind"]](found, reason=form.cleaned_data["text"], by=request.user)
        except RuleViolation as refused:
            problem = refused
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("figures:sheet", pk=pk)
    context = {"sheet": found, "form": form, "problem": problem}
    return render(request, "figures/decide.html", context, status=409 if problem else 422 if form.errors else 200)


def _sheet(request: HttpRequest, pk: int) -> FigureSheet:
    return get_object_or_404(FigureSheet.objects.visible_to(request.user).select_related("measure", "province"), pk=pk)


def _leads(request: HttpRequest, found: FigureSheet) -> bool:
    return request.user.is_authenticated and request.user.holds(found.province_id, PROVINCE_LEADER)
