"""What the coordinator does with reports: periods, the table of a period, decisions, one-use links, requests."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.kinds import names_of_groups
from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Role
from quantri.web.core.once import once
from quantri.web.core.picking import choice_of, goes_on
from quantri.web.core.tables import notes_of_demonstration, xlsx_file
from quantri.web.deadlines import calendars
from quantri.web.plans.chain import chain_of
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.models import Plan
from quantri.web.tasks import asking, proof, reporting
from quantri.web.tasks.agenda import PartInPeriod, parts_in, with_reports_of
from quantri.web.tasks.choosing import parts_to_choose
from quantri.web.tasks.links import make_links, senders
from quantri.web.tasks.models import Assignment, Evidence, Extension, Handover, Progress, ReportingPeriod
from quantri.web.tasks.models.reporting import READERS
from quantri.web.tasks.ordering import PAGE, counts_by_state, page_of_rows, with_state
from quantri.web.tasks.periods import lock_period, open_periods, reopen_period
from quantri.web.tasks.qr import qr_of
from quantri.web.tasks.report_forms import AnswerHandoverForm, PeriodsForm, ReasonForm, ReopenForm
from quantri.web.tasks.table import header, rows_of

FOLLOWERS = (Role.COORDINATOR, PROVINCE_LEADER)
WAITING = ("silent", Progress.State.DRAFT, Progress.State.RETURNED)  # states of a report that is still to come


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def periods(request: HttpRequest, pk: int) -> HttpResponse:
    """List the periods of a plan, and open them."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), pk=pk)
    steers, form, problem = _holds(request, plan, Role.COORDINATOR), PeriodsForm(request.POST or None), ""
    if not steers and (request.method == "POST" or not _holds(request, plan, *READERS)):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            made = open_periods(plan, **form.cleaned_data, by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("%(n)s periods are open.") % {"n": len(made)})
            return redirect("work:periods", pk=pk)
    context = {"plan": plan, "periods": plan.periods.all(), "form": form, "problem": problem, "steers": steers,
               "today": timezone.localdate()}  # fmt: skip
    return render(request, "tasks/periods.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(*READERS)
@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every part of a period in one table, with what was handed in: a draft is for its own agency alone."""
    found = _period(request, pk, *READERS)
    parts = with_state(_owed(found), found.reports.exclude(state=Progress.State.DRAFT))
    state, order = request.GET.get("state", ""), request.GET.get("sort", "agency")
    context = {
        "period": found, "counts": counts_by_state(parts), "state": state,
        "steers": _holds(request, found.plan, Role.COORDINATOR), "follows": _holds(request, found.plan, *FOLLOWERS),
        "page": page_of_rows(parts, order=order, state=state, page=request.GET.get("page")),
        "today": timezone.localdate(), "order": order,
    }  # fmt: skip
    return render(request, "tasks/overview.html", context)


@for_roles(*FOLLOWERS)
@require_safe
def overview_file(request: HttpRequest, pk: int) -> HttpResponse:
    found = _followed(request, pk)
    rows = [row.cells for row in rows_of(map(_without_draft, _parts(found)), order="agency")]
    notes = [f"{found.plan.number or found.plan} · {found.name}", _("As of %(day)s") % {"day": timezone.localdate()}]
    notes += notes_of_demonstration([found.plan])
    return xlsx_file(f"reports-{found.kind}-{found.year}-{found.number}", header(), rows, notes)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    found = _followed(request, pk)
    try:
        lock_period(found, by=request.user)
    except RuleViolation as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The period is locked; its figures stay as they are."))
    return redirect("work:overview", pk=pk)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found, form, problem = _followed(request, pk), ReopenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            reopen_period(found, until=typed["until"], reason=typed["text"], by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The period is open again."))
            return redirect("work:overview", pk=pk)
    context = {"period": found, "form": form, "problem": problem}
    return render(request, "tasks/reopen.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one-use links for parts that wait; the list is shown once, so sending again makes others in their place."""
    found = _followed(request, pk)
    waiting = with_state(found.owed(), found.reports.all()).filter(state__in=WAITING)
    choice = choice_of(request, parts_to_choose(waiting), field="part", names=names_of_groups(), a_page=PAGE)
    made, problem = [], ""
    if request.method == "POST" and not goes_on(request):
        chosen = waiting.filter(pk__in=choice.keys).select_related("task__plan", "agency")
        try:
            made = make_links(found, chosen.order_by("agency__name_vi", "pk"), by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
    shown = [(m, address := request.build_absolute_uri(f"/r/{m.token}/"), qr_of(address)) for m in made]
    context = {"period": found, "choice": choice, "made": shown, "problem": problem,
               "senders": senders(found, request.user) if made else ()}  # fmt: skip
    answer = render(request, "tasks/links.html", context, status=409 if problem else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a report; the coordinator accepts it or returns it with a reason."""
    found = get_object_or_404(
        Progress.objects.visible_to(request.user).with_parts().select_related("period__plan"), pk=pk
    )
    form, problem = ReasonForm(request.POST if "give_back" in request.POST else None), ""
    if request.method == "POST" and ("accept" in request.POST or form.is_valid()):
        try:
            _decided(request, found, form)
        except (RuleViolation, ChangedMeanwhile) as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The decision is kept."))
            return redirect("work:overview", pk=found.period_id)
    context = {
        "report": found, "form": form, "problem": problem, "revisions": found.revisions.all(),
        "evidence": Evidence.objects.visible_to(request.user).standing().filter(progress=found),
        "milestones": [(m, found.counts.get(str(m.pk))) for m in found.assignment.task.milestones.all()],
        "steers": _holds(request, found.period.plan, Role.COORDINATOR),
        "reads_all": _holds(request, found.period.plan, *READERS),
    }  # fmt: skip
    return render(request, "tasks/decide.html", context, status=409 if problem else 422 if form.errors else 200)


def _decided(request: HttpRequest, found: Progress, form: ReasonForm) -> Progress:
    seen = request.POST.get("seen", "")
    mark = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
    if "accept" in request.POST:
        return reporting.accept(found, seen=mark, by=request.user)
    return reporting.give_back(found, reason=form.cleaned_data["text"], seen=mark, by=request.user)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def share_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("progress__period__plan"), pk=pk)
    proof.share(found, by=request.user)
    messages.success(request, _("Overseers of the province may read it now."))
    return redirect("work:decide", pk=found.progress_id)


@for_roles(*FOLLOWERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answer_extension(request: HttpRequest, pk: int) -> HttpResponse:
    found = Extension.objects.filter(assignment__in=_followed_parts(request))
    asked = get_object_or_404(found.select_related("assignment__task__plan"), pk=pk)
    act = asking.grant_extension if "grant" in request.POST else asking.refuse_extension
    return _answered(request, asked, ReasonForm(request.POST or None), lambda **typed: act(asked, **typed))


@for_roles(*FOLLOWERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answer_handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree that a part goes, and to whom, or let it stay."""
    found = Handover.objects.filter(assignment__in=_followed_parts(request))
    asked = get_object_or_404(found.select_related("assignment__task__plan", "after"), pk=pk)
    others = Agency.objects.visible_to(request.user).filter(province=asked.assignment.task.plan.province_id)
    others = others.on(timezone.localdate()).exclude(pk=asked.assignment.agency_id)
    form = AnswerHandoverForm(request.POST or None, agencies=others, initial={"after": asked.after_id})

    def act(*, after: Agency | None, **typed: object) -> Handover:
        if "grant" in request.POST:
            return asking.accept_handover(asked, after=after, **typed)
        return asking.refuse_handover(asked, **typed)

    return _answered(request, asked, form, act)


def _followed_parts(request: HttpRequest) -> QuerySet[Assignment]:
    """Keep the parts of provinces that the person coordinates or leads; a public plan is no reason to read requests."""
    provinces = request.user.seats(*FOLLOWERS)
    return Assignment.objects.visible_to(request.user).filter(task__plan__province__in=provinces)


def _answered(
    request: HttpRequest, asked: Extension | Handover, form: ReasonForm, act: Callable[..., object]
) -> HttpResponse:  # fmt: skip
    """Read a request; the coordinator answers it."""
    steers = _holds(request, asked.assignment.task.plan, Role.COORDINATOR)
    if request.method == "POST" and not steers:
        raise PermissionDenied
    problem = ""
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            act(answer=typed.pop("text"), by=request.user, **typed)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The request is answered."))
            return redirect("work:part", pk=asked.assignment_id)
    context = {"asked": asked, "part": asked.assignment, "form": form, "problem": problem,
               "is_extension": isinstance(asked, Extension), "answers": steers and not asked.answered_at,
               "calendar": calendars.current()}  # fmt: skip
    return render(request, "tasks/answer.html", context, status=409 if problem else 422 if form.errors else 200)


def _holds(request: HttpRequest, plan: Plan, *roles: str) -> bool:
    return request.user.holds(plan.province_id, *roles)


def _followed(request: HttpRequest, pk: int) -> ReportingPeriod:
    """Return a period of a province that the person coordinates or leads."""
    return _period(request, pk, *FOLLOWERS)


def _period(request: HttpRequest, pk: int, *roles: str) -> ReportingPeriod:
    """Return a period of a province in which the person holds one of the roles."""
    found = get_object_or_404(ReportingPeriod.objects.visible_to(request.user).select_related("plan"), pk=pk)
    if not _holds(request, found.plan, *roles):
        raise PermissionDenied
    return found


def _owed(found: ReportingPeriod) -> QuerySet[Assignment]:
    """Parts that owe a report in a period; of one that stays in a plan that was revised those that owed it then."""
    return found.owed_at_cut_off(chain_of(found.plan_id)) if found.plan.superseded_at else found.owed()


def _parts(found: ReportingPeriod) -> list[object]:
    return parts_in(found, with_reports_of(found, _owed(found)))


def _without_draft(found: PartInPeriod) -> PartInPeriod:
    """Leave out what an agency is still writing."""
    is_draft = found.report is not None and found.report.state == Progress.State.DRAFT
    return replace(found, report=None) if is_draft else found
