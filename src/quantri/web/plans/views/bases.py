"""Further indices and base provinces of a plan, and the targets of an index whose results are not here."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.indices.lookup import known
from quantri.web.places.models import Province
from quantri.web.plans.bases import add_basis, end_basis, set_typed_target
from quantri.web.plans.basis_forms import BasisForm, TypedTargetForm
from quantri.web.plans.models import Basis, Plan
from quantri.web.plans.views.editing import own_plan


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def bases(request: HttpRequest, pk: int) -> HttpResponse:
    """List where targets start from; add another index or base province."""
    plan = own_plan(request, pk)
    form = BasisForm(request.POST or None, units=base_units(plan.province), initial={"base_year": plan.base_year})
    if request.method == "POST" and form.is_valid():
        try:
            basis = _added(request, plan, form)
        except RuleViolation as refused:
            form.add_error(None, str(refused))
            return _page(request, plan, form, status=409)
        messages.success(request, _("%(basis)s is added.") % {"basis": basis})
        return redirect(address_of(basis))
    return _page(request, plan, form, status=422 if form.errors else 200)


def _added(request: HttpRequest, plan: Plan, form: BasisForm) -> Basis:
    typed = form.cleaned_data
    unit, year, papi = typed["base_unit"], typed["base_year"], known()
    has_results = year in papi.years and unit.key in papi.edition(year)
    if typed["index"] == settings.INDEX and not has_results:
        raise RuleViolation(_("This province has no results of that year."))
    return add_basis(plan, **typed, by=request.user)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def basis(request: HttpRequest, pk: int, basis_pk: int) -> HttpResponse:
    """Set targets of an index whose results are not here; one with results has the page of all targets."""
    plan = own_plan(request, pk)
    found = get_object_or_404(plan.bases.filter(ended_at=None).select_related("base_unit"), pk=basis_pk)
    if found.has_results:
        return redirect(address_of(found))
    form = TypedTargetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            target = set_typed_target(found, by=request.user, **form.cleaned_data)
        except RuleViolation as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The target of %(code)s is saved.") % {"code": target.code})
            return redirect("plans:basis", pk=pk, basis_pk=basis_pk)
    context = {"plan": plan, "basis": found, "form": form, "step": "targets", "targets": found.targets.all()}
    return render(request, "plans/basis.html", context, status=422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def end(request: HttpRequest, pk: int, basis_pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    found = get_object_or_404(plan.bases.filter(ended_at=None).select_related("base_unit"), pk=basis_pk)
    end_basis(found, by=request.user)
    messages.success(request, _("%(basis)s is taken out of the plan.") % {"basis": found})
    return redirect("plans:bases", pk=pk)


def base_units(province: Province) -> object:
    """Provinces whose results can be a base: the province and those that it was made from."""
    keys = [province.key, *province.predecessors.values_list("before__key", flat=True)]
    return Province.objects.filter(key__in=keys).prefetch_related("names")


def address_of(basis: Basis) -> str:
    """Address of the targets of a further basis."""
    if basis.has_results:
        return f"{reverse('plans:targets', args=[basis.plan_id])}?basis={basis.pk}"
    return reverse("plans:basis", args=[basis.plan_id, basis.pk])


def _page(request: HttpRequest, plan: Plan, form: BasisForm, *, status: int) -> HttpResponse:
    found = plan.bases.filter(ended_at=None).select_related("base_unit").prefetch_related("base_unit__names")
    rows = [(basis, address_of(basis)) for basis in found]
    context = {"plan": plan, "form": form, "rows": rows, "step": "targets"}
    return render(request, "plans/bases.html", context, status=status)
