"""A plan's way: sent for opinions, issued, revised, closed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.choosing import agencies_to_choose
from quantri.web.accounts.kinds import names_of_groups
from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Role
from quantri.web.core.once import once
from quantri.web.core.picking import Choice, choice_of, goes_on, with_chosen
from quantri.web.plans.changes import mark_of
from quantri.web.plans.consulting import answer_opinion, send_for_opinions
from quantri.web.plans.forms import ReasonForm
from quantri.web.plans.issuing import close_plan, issue_of
from quantri.web.plans.models import Opinion, Plan
from quantri.web.plans.revising import start_revision
from quantri.web.plans.state_forms import AnswerForm, IssueForm, SendForm
from quantri.web.plans.views.editing import own_plan

AGENCIES = 50  # on one page, for the number of the plan is typed below them


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the plan is and the next step; POST changes nothing and keeps what is ticked while one chooses."""
    return state_page(request, own_plan(request, pk))


@for_roles(Role.COORDINATOR)
@require_POST
@once
def send(request: HttpRequest, pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    form = SendForm(with_chosen(request.POST, _choice(request, plan)), agencies=_agencies(request, plan))
    if not form.is_valid():
        return state_page(request, plan, send_form=form, status=422)
    try:
        asked = send_for_opinions(plan, by=request.user, **form.cleaned_data)
    except RuleViolation as refused:
        form.add_error(None, str(refused))
        return state_page(request, plan, send_form=form, status=409)
    told = ngettext(
        "%(n)s agency is asked; its people now see the draft.",
        "%(n)s agencies are asked; their people now see the draft.", len(asked),
    )  # fmt: skip
    messages.success(request, told % {"n": len(asked)})
    return redirect("plans:state", pk=pk)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def answer(request: HttpRequest, pk: int, opinion_pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    opinion = get_object_or_404(Opinion.objects.select_related("agency", "plan"), pk=opinion_pk, plan=plan)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return state_page(request, plan, answer_form=form, answered=opinion, status=422)
    try:
        answer_opinion(opinion, by=request.user, **form.cleaned_data)
    except RuleViolation as refused:
        form.add_error("answer", str(refused))
        return state_page(request, plan, answer_form=form, answered=opinion, status=409)
    messages.success(request, _("The answer to %(agency)s is kept.") % {"agency": opinion.agency})
    return redirect("plans:state", pk=pk)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    revision = start_revision(own_plan(request, pk), by=request.user)
    messages.success(request, _("The revision is begun as a copy. The plan stays in force until it is issued."))
    return redirect("plans:targets", pk=revision.pk)


@for_roles(Role.COORDINATOR, PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a plan is closed, and why."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).select_related("base_unit"), pk=pk)
    if not request.user.holds(plan.province_id, Role.COORDINATOR, PROVINCE_LEADER):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        close_plan(plan, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The plan is closed. It stays readable; nothing in it changes any more."))
        return redirect("portal:plan", pk=pk)
    context = {"plan": plan, "form": form, "is_early": timezone.localdate().year <= plan.year}
    return render(request, "plans/close.html", context, status=422 if form.errors else 200)


def state_page(request: HttpRequest, plan: Plan, *, status: int = 200, **forms: object) -> HttpResponse:
    """Show the page of a plan's way, with the form that was refused as it was typed."""
    opinions = list(plan.opinions.select_related("agency", "followed_by__agency"))
    context = {
        "plan": plan, "step": "state", "opinions": opinions, "n_waiting": sum(o.is_waiting for o in opinions),
        "n_given": sum(o.given_on is not None for o in opinions), "verdicts": Opinion.Verdict.choices,
        "choice": _choice(request, plan) if plan.is_open else None,
        "send_form": forms.get("send_form") or _send_form(request),
        "issue_form": forms.get("issue_form") or IssueForm(), "issue_seen": mark_of(issue_of(plan)),
        "answer_form": forms.get("answer_form"), "answered": forms.get("answered"),
        "revision": plan.revisions.filter(ended_at=None).first(),
    }  # fmt: skip
    return render(request, "plans/state.html", context, status=status)


def _send_form(request: HttpRequest) -> SendForm:
    """Return the form as it was typed while somebody still chooses, else with today as the day of sending."""
    typed = request.POST.dict() if goes_on(request) else {"asked_on": timezone.localdate()}
    return SendForm(agencies=Agency.objects.none(), initial=typed)


def _choice(request: HttpRequest, plan: Plan) -> Choice:
    """Choose among the agencies that were not asked yet."""
    waiting = _agencies(request, plan).exclude(pk__in=plan.opinions.values("agency"))
    return choice_of(
        request, agencies_to_choose(waiting), field="agencies", names=names_of_groups(), a_page=AGENCIES
    )  # fmt: skip


def _agencies(request: HttpRequest, plan: Plan) -> QuerySet[Agency]:
    return Agency.objects.visible_to(request.user).filter(province=plan.province).on(timezone.localdate())
