"""Anyone who may see a plan's chances moves a target and sees its chance change; nothing is saved."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from quantri.engine.targets import parse_target
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role
from quantri.web.indices.lookup import known
from quantri.web.plans.charts import forecast
from quantri.web.plans.models import Plan
from quantri.web.plans.outlooks import check_spec, outlook_of
from quantri.web.plans.wording import typed_words


@require_safe
def try_target(request: HttpRequest, pk: int, code: str) -> HttpResponse:
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
    return request.user.is_authenticated and request.user.holds(plan.province_id, *Role)
