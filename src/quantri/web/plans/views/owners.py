"""Which agencies answer for each content of a plan."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Agency, Role
from quantri.web.plans.actions import set_owners
from quantri.web.plans.forms import OwnersForm
from quantri.web.plans.lines import PlanSheet, sheet_of
from quantri.web.plans.views.editing import own_plan


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def owners(request: HttpRequest, pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    agencies = Agency.objects.visible_to(request.user).filter(province=plan.province).on(timezone.localdate())
    sheet, form, code = sheet_of(plan), OwnersForm(request.POST or None, agencies=agencies), request.POST.get("code")
    if request.method == "POST" and all(line.code != code for line in sheet.all):
        raise Http404
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["agencies"])
        set_owners(plan, code, chosen, new_name=form.cleaned_data["new_name"], by=request.user)
        messages.success(request, _("The owners of %(code)s are saved.") % {"code": code})
        return redirect(f"{request.path}#{code}")
    context = {
        "plan": plan, "sheet": sheet, "agencies": agencies, "chosen": _chosen(sheet), "step": "owners",
        "opened": code or _first_without(sheet),
    }  # fmt: skip
    if form.errors:
        context["chosen"][code] = {int(key) for key in request.POST.getlist("agencies") if key.isdecimal()}
        context["refused"], context["typed"] = code, request.POST.get("new_name", "")
    return render(request, "plans/owners.html", context, status=422 if form.errors else 200)


def _chosen(sheet: PlanSheet) -> dict[str, set[int]]:
    return {line.code: {owner.agency_id for owner in line.owners} for line in sheet.lines}


def _first_without(sheet: PlanSheet) -> str | None:
    """Name the first content that nobody answers for yet: its form is open."""
    return next((line.code for line in sheet.lines if not line.owners), None)
