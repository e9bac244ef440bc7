"""Measures: those of the package, and those that a province adds and ends."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.figures.forms import MeasureForm
from quantri.web.figures.measures import add_measure, end_measure
from quantri.web.figures.models import Measure


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """List what is measured, from which document, and beside what it may be read."""
    found = Measure.objects.visible_to(request.user).select_related("province")
    may_add = request.user.is_authenticated and request.user.seats(Role.COORDINATOR).exists()
    return render(request, "figures/measures.html", {"measures": found, "may_add": may_add})


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: HttpRequest) -> HttpResponse:
    form, problem = MeasureForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            add_measure(request.user.seats(Role.COORDINATOR).first(), form.typed(), by=request.user)
        except RuleViolation as refused:
            problem = refused
        else:
            messages.success(request, _("The measure is there; the template has its column."))
            return redirect("figures:measures")
    context = {"form": form, "problem": problem}
    return render(request, "figures/measure_new.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def end(request: HttpRequest, pk: int) -> HttpResponse:
    measure = get_object_or_404(Measure.objects.visible_to(request.user), pk=pk)
    end_measure(measure, by=request.user)
    messages.success(request, _("The measure has ended. Its figures stay."))
    return redirect("figures:measures")
