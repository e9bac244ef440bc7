"""A coordinator makes a plan: base, priorities and targets, owners. It is saved as it goes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.engine.targets import parse_target
from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Agency, Role
from quantri.web.indices.lookup import known
from quantri.web.places.models import Province
from quantri.web.plans import actions
from quantri.web.plans.charts import forecast
from quantri.web.plans.forms import NewPlanForm, OwnersForm
from quantri.web.plans.lines import Line, sheet_of
from quantri.web.plans.models import ComponentOwner, Plan, Target
from quantri.web.plans.outlooks import check_spec, outlook_of
from quantri.web.plans.wording import typed_words


def own_plan(request: HttpRequest, pk: int) -> Plan:
    """Return a plan that the reader's province makes; 404 for others, 403 for a role that only reads."""
    owners = Prefetch("owners", ComponentOwner.objects.select_related("agency"))
    plans = Plan.objects.visible_to(request.user).select_related("base_unit", "province")
    plan = get_object_or_404(plans.prefetch_related("targets", owners, "base_unit__names", "province__names"), pk=pk)
    if not request.user.seats(Role.COORDINATOR).filter(pk=plan.province_id).exists():
        raise PermissionDenied
    return plan


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    province = request.user.seats(Role.COORDINATOR).prefetch_related("names").first()
    papi = known()
    keys = [province.key, *province.predecessors.values_list("before__key", flat=True)]
    with_results = {u.key for e in papi.editions for u in e.units}
    bases = Province.objects.filter(key__in=[k for k in keys if k in with_results]).prefetch_related("names")
    years = list(papi.years[::-1])
    initial = {"year": years[0] + 2, "base_year": years[0], "base_unit": _like_named(bases, province)}
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


def _like_named(bases: object, province: Province) -> int | None:
    return next((p.pk for p in bases if p.name_vi == province.name_vi), None)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all lines; the whole form can be sent at once where there are no scripts."""
    plan = own_plan(request, pk)
    problems: dict[str, str] = {}
    if request.method == "POST":
        codes = [code for code in known().edition(plan.base_year).definition if f"spec-{code.code}" in request.POST]
        for component in codes:
            problems |= _saved(request, plan, component.code)
        plan = own_plan(request, pk)
        if not problems:
            messages.success(request, _("Saved."))
            return redirect("plans:targets", pk=pk)
    context = {"plan": plan, "sheet": sheet_of(plan), "problems": problems, "typed": request.POST, "step": "targets",
               "priorities": Target.Priority.choices}  # fmt: skip
    return render(request, "plans/targets.html", context, status=422 if problems else 200)


@for_roles(Role.COORDINATOR)
@require_POST
def target(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Save one line as it is changed, and answer with it and the chance of all."""
    plan = own_plan(request, pk)
    if code not in known().edition(plan.base_year).definition:
        raise Http404
    status = 200
    try:
        problems = _saved(request, plan, code)
        status = 422 if problems else 200
    except RuleViolation as refused:
        if not request.htmx:
            raise
        problems, status = {code: str(refused)}, 409
    plan = own_plan(request, pk)
    sheet = sheet_of(plan)
    context = {"plan": plan, "sheet": sheet, "line": _line(sheet.all, code), "problems": problems,
               "typed": request.POST, "priorities": Target.Priority.choices, "alone": True}  # fmt: skip
    if not request.htmx:
        return redirect("plans:targets", pk=pk)
    return render(request, "plans/_target_answer.html", context, status=status)


def _saved(request: HttpRequest, plan: Plan, code: str) -> dict[str, str]:
    """Save what was typed for a component; return the problem by its code, or nothing."""
    priority = request.POST.get(f"priority-{code}", "")
    if priority not in Target.Priority.values:
        priority = ""
    try:
        spec = check_spec(plan, code, request.POST.get(f"spec-{code}", ""))
    except RuleViolation as problem:
        return {code: str(problem)}
    if priority or spec or any(t.code == code for t in plan.targets.all()):
        actions.set_target(plan, code, priority=priority, spec=spec, by=request.user)
    return {}


def _line(lines: tuple[Line, ...], code: str) -> Line:
    return next(line for line in lines if line.code == code)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def owners(request: HttpRequest, pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    agencies = Agency.objects.visible_to(request.user).filter(province=plan.province)
    sheet = sheet_of(plan)
    if request.method == "POST":
        code = request.POST.get("code", "")
        if all(line.code != code for line in sheet.all):
            raise Http404
        form = OwnersForm(request.POST, agencies=agencies)
        if form.is_valid():
            chosen = list(form.cleaned_data["agencies"])
            actions.set_owners(plan, code, chosen, new_name=form.cleaned_data["new_name"], by=request.user)
            messages.success(request, _("The owners of %(code)s are saved.") % {"code": code})
            return redirect(f"{request.path}#{code}")
        messages.error(request, _("Choose agencies from the list, or type a name of at most 200 letters."))
    chosen = {line.code: {o.agency_id for o in line.owners} for line in sheet.lines}
    context = {"plan": plan, "sheet": sheet, "agencies": agencies, "chosen": chosen, "step": "owners"}
    return render(request, "plans/owners.html", context)


@require_safe
def try_target(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Move a target and see the chance change; nothing is saved."""
    plans = Plan.objects.visible_to(request.user).select_related("base_unit", "province")
    plan = get_object_or_404(plans.prefetch_related("targets", "base_unit__names", "province__names"), pk=pk)
    if not plan.shows_chances and not _steers(request, plan):
        raise Http404
    edition = known().edition(plan.base_year)
    if code not in edition.definition:
        raise Http404
    kept = next((t.spec for t in plan.targets.all() if t.code == code), "")
    kept_words = typed_words(parse_target(kept)) if kept else ""
    typed, problem = request.GET.get("target", kept_words), ""
    try:
        spec = check_spec(plan, code, typed)
    except RuleViolation as refused:
        spec, problem = kept, str(refused)
    context = _tried(plan, code, spec) | {"typed": typed, "problem": problem, "kept": kept_words}
    page = "plans/_try.html" if request.htmx else "plans/try.html"
    return render(request, page, context, status=422 if problem else 200)


def _tried(plan: Plan, code: str, spec: str) -> dict[str, object]:
    found = outlook_of(plan, {code: spec})[code]
    drawn = forecast(found)
    low, high = found.component.bounds
    if drawn is not None:  # the slider moves where something may come
        low, high = max(low, round(drawn.low, 1)), min(high, round(drawn.high, 1))
    return {
        "chart": drawn, "plan": plan, "outlook": found, "component": found.component, "low": low, "high": high,
        "spec": spec, "value": found.target_value if found.target_value is not None else found.base,
    }  # fmt: skip


def _steers(request: HttpRequest, plan: Plan) -> bool:
    return request.user.is_authenticated and request.user.seats(*Role).filter(pk=plan.province_id).exists()
