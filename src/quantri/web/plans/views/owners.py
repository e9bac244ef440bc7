"""Which agencies answer for each content of a plan."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.once import once
from quantri.web.plans.actions import hand_over, set_owners
from quantri.web.plans.forms import OwnersForm
from quantri.web.plans.lines import Line, PlanSheet, sheet_of
from quantri.web.plans.models import ComponentOwner, Plan
from quantri.web.plans.views.editing import own_plan


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def owners(request: HttpRequest, pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    agencies = _agencies(request, plan)
    sheet, form, code = sheet_of(plan), OwnersForm(request.POST or None, agencies=agencies), request.POST.get("code")
    if request.method == "POST" and all(line.code != code for line in sheet.all):
        raise Http404
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        set_owners(
            plan, code, typed["agencies"], coordinating=typed["coordinating"], new_name=typed["new_name"],
            by=request.user,
        )  # fmt: skip
        messages.success(request, _("The owners of %(code)s are saved.") % {"code": code})
        return redirect(f"{request.path}#{code}")
    return _page(request, plan, sheet, form)


def _page(request: HttpRequest, plan: Plan, sheet: PlanSheet, form: OwnersForm) -> HttpResponse:
    code = request.POST.get("code", "")
    opened = _opened(sheet, code or request.GET.get("change", ""))
    chosen = {p: _chosen(sheet, p) for p in ComponentOwner.Part.values}
    context = {
        "plan": plan, "sheet": sheet, "agencies": _agencies(request, plan), "step": "owners",
        "today": timezone.localdate(), "opened": opened and opened.code,
        "part": opened if opened not in sheet.lines else None,
        "chosen": chosen["lead"], "coordinating": chosen["coordinating"],
    }  # fmt: skip
    if form.errors:
        for name, field in (("chosen", "agencies"), ("coordinating", "coordinating")):
            context[name][code] = {int(key) for key in request.POST.getlist(field) if key.isdecimal()}
        context["refused"], context["typed"] = code, request.POST.get("new_name", "")
    return render(request, "plans/owners.html", context, status=422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def take_over(request: HttpRequest, pk: int, owner_pk: int) -> HttpResponse:
    """Let another agency answer in the place of one that has ended."""
    plan = own_plan(request, pk)
    owners = ComponentOwner.objects.standing().select_related("plan", "agency")
    owner = get_object_or_404(owners, pk=owner_pk, plan=plan)
    asked = request.POST.get("agency", "")
    agency = _agencies(request, plan).filter(pk=asked if asked.isascii() and asked.isdigit() else 0).first()
    if agency is None:
        messages.error(request, _("Choose the agency that takes over from %(agency)s.") % {"agency": owner.agency})
    else:
        hand_over(owner, agency, by=request.user)
        messages.success(request, _("%(agency)s answers for %(code)s from today on.") % {
            "agency": agency, "code": owner.code,
        })  # fmt: skip
    return redirect(f"{reverse('plans:owners', args=[pk])}#{owner.code}")


def _agencies(request: HttpRequest, plan: Plan) -> object:
    return Agency.objects.visible_to(request.user).filter(province=plan.province).on(timezone.localdate())


def _chosen(sheet: PlanSheet, part: str) -> dict[str, set[int]]:
    return {line.code: {owner.agency_id for owner in line.owners if owner.part == part} for line in sheet.all}


def _opened(sheet: PlanSheet, code: str) -> Line | None:
    """Return the one whose form is open: a page with a form for each would list all agencies twenty times.

    It is the content or part that is asked for, else the first content that nobody answers for yet.
    """
    asked = next((line for line in sheet.all if line.code == code and line is not sheet.top), None)
    return asked or next((line for line in sheet.lines if not line.owners), None)
