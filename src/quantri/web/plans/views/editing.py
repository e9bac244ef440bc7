"""A coordinator begins a plan, and withdraws a draft that is not wanted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.indices.lookup import known
from quantri.web.places.models import Province
from quantri.web.plans import actions
from quantri.web.plans.forms import NewPlanForm, ReasonForm
from quantri.web.plans.models import ComponentOwner, Plan


def own_plan(request: HttpRequest, pk: int) -> Plan:
    """Return a plan that the reader's province makes; 404 for others, 403 for a role that only reads."""
    owners = Prefetch("owners", ComponentOwner.objects.standing())
    plans = Plan.objects.visible_to(request.user).select_related("base_unit", "province")
    plan = get_object_or_404(plans.prefetch_related("targets", owners, "base_unit__names", "province__names"), pk=pk)
    if not request.user.holds(plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
    return plan


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: HttpRequest) -> HttpResponse:
    province = request.user.seats(Role.COORDINATOR).prefetch_related("names").first()
    papi = known()
    keys = [province.key, *province.predecessors.values_list("before__key", flat=True)]
    with_results = {u.key for e in papi.editions for u in e.units}
    bases = Province.objects.filter(key__in=[k for k in keys if k in with_results]).prefetch_related("names")
    years = list(papi.years[::-1])
    asked = request.GET.get("base_unit")
    initial = {"year": years[0] + 2, "base_year": years[0], "base_unit": _chosen(bases, asked, province)}
    if request.GET.get("base_year", "") in map(str, years):
        initial["base_year"] = int(request.GET["base_year"])
    form = NewPlanForm(request.POST or None, bases=bases, years=years, initial=initial)
    if request.method == "POST" and form.is_valid():
        base = form.cleaned_data["base_unit"]
        if base.key in papi.edition(form.cleaned_data["base_year"]):
            plan = actions.make_plan(province, index=papi.index, by=request.user, **form.cleaned_data)
            messages.success(request, _("The plan is begun. Everything you change is saved at once."))
            return redirect("plans:targets", pk=plan.pk)
        form.add_error("base_year", _("This province has no results of that year."))
    context = {"form": form, "province": province, "bases": bases}
    return render(request, "plans/new.html", context, status=422 if form.errors else 200)


def _chosen(bases: object, key: str | None, province: Province) -> int | None:
    """Begin with the province whose diagnosis led here, or with that of the same name."""
    asked = (p.pk for p in bases if p.key == key)
    return next(asked, None) or next((p.pk for p in bases if p.name_vi == province.name_vi), None)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a draft is withdrawn, and why."""
    plan = own_plan(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_plan(plan, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The draft is withdrawn. No page shows it any more; the audit trail keeps it."))
        return redirect("portal:plans")
    return render(request, "plans/end.html", {"plan": plan, "form": form}, status=422 if form.errors else 200)
