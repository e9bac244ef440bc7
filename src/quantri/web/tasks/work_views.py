"""The work of an agency: what is due, one screen a period, the report on a part, its evidence and requests."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import DataError, RuleViolation
from quantri.text import cut
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Agency, Role
from quantri.web.core import uploads
from quantri.web.core.from_above import rows_from
from quantri.web.core.once import once
from quantri.web.deadlines import calendars
from quantri.web.deadlines.page import warn_of_day
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks import asking, handing_in, proof
from quantri.web.tasks.agenda import awaited_period, open_parts, open_periods, parts_in, with_reports_of
from quantri.web.tasks.handing_in import Delivery
from quantri.web.tasks.models import (
    Assignment,
    Evidence,
    Extension,
    Handover,
    OneUseLink,
    Progress,
    ReportingPeriod,
)  # fmt: skip
from quantri.web.tasks.models.reporting import READERS
from quantri.web.tasks.models.task import CARRIERS
from quantri.web.tasks.ordering import narrow_page
from quantri.web.tasks.past import rows_of_part
from quantri.web.tasks.report_forms import ExtensionForm, HandoverForm, ReportForm
from quantri.web.tasks.reporting import NOTHING


@for_roles(*CARRIERS)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is due for my agencies."""
    today = timezone.localdate()
    parts = open_parts(request.user)
    page = narrow_page(parts, parts, request.GET.get("page"))
    context = {
        "page": page, "periods": open_periods(request.user, today), "today": today, "calendar": calendars.current(),
        "also_due": rows_from(settings.ALSO_DUE, request.user),
    }  # fmt: skip
    return render(request, "tasks/mine.html", context)


@for_roles(*CARRIERS)
@require_safe
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every part of my agencies in a period on one screen."""
    found = get_object_or_404(ReportingPeriod.objects.visible_to(request.user).select_related("plan"), pk=pk)
    owed = found.owed().in_force().carried_by(request.user).order_by("task__pk", "pk")
    page = narrow_page(owed, with_reports_of(found, Assignment.objects.all()), request.GET.get("page"))
    rows = parts_in(found, page)
    context = {
        "period": found, "page": page, "rows": rows, "waiting": sum(row.waits for row in rows),
        "today": timezone.localdate(), "calendar": calendars.current(),
    }  # fmt: skip
    return render(request, "tasks/period.html", context)


@for_roles(*CARRIERS)
@require_POST
@once
def nothing(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Hand in “nothing arose” in one touch."""
    found, assignment = _place(request, pk, part)
    seen = request.POST.get("seen", "0")
    sent = Delivery(typed=NOTHING, seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0)
    try:
        handing_in.hand_in(assignment, found, sent, by=request.user)
    except RuleViolation as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Reported: nothing arose. %(task)s") % {"task": cut(assignment.task.title, 80)})
    return redirect("work:period", pk=pk)


@for_roles(*CARRIERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def report(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Write the report on one part; it is kept, or handed in."""
    found, assignment = _place(request, pk, part)
    progress = Progress.objects.visible_to(request.user).filter(assignment=assignment, period=found).first()
    form = ReportForm(request.POST or None, request.FILES or None, part=assignment, progress=progress)
    act = handing_in.keep if "keep" in request.POST else handing_in.hand_in
    answer = sent(request, form, lambda: act(assignment, found, form.delivery(), by=request.user))
    if answer.done:
        messages.success(request, _("Kept; not handed in yet.") if "keep" in request.POST else _("Handed in."))
        return redirect("work:period", pk=pk)
    context = {"period": found, "part": assignment, "progress": progress, "form": form, "problem": answer.problem,
               "theirs": answer.theirs, "by_link": False}  # fmt: skip
    return render(request, "tasks/report.html", context, status=answer.status)


class Answer:
    """What came of a form that was sent: done, or why not, with what somebody else wrote meanwhile."""

    def __init__(self, *, done: bool = False, status: int = 200, problem: str = "", theirs: Progress | None = None):
        self.done, self.status, self.problem, self.theirs = done, status, problem, theirs


def sent(request: HttpRequest, form: ReportForm, act: Callable[[], object]) -> Answer:
    """Act on a form that holds; what was typed stays in it when the act is refused."""
    if request.method != "POST":
        return Answer()
    if not form.is_valid():
        return Answer(status=422)
    try:
        act()
    except ChangedMeanwhile as changed:
        form.data = form.data.copy()
        form.data["seen"] = str(changed.theirs.mark)  # who saves again has seen it now
        return Answer(status=409, problem=str(changed), theirs=changed.theirs)
    except RuleViolation as refused:
        return Answer(status=409, problem=str(refused))
    except DataError as fault:
        form.add_error("files", str(fault))
        return Answer(status=422)
    return Answer(done=True)


@for_roles(*CARRIERS, Role.OVERSEER)
@require_safe
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a part with its reports, evidence and requests."""
    assignment = _visible_part(request, pk)
    reports = Progress.objects.visible_to(request.user).filter(assignment=assignment).select_related("period")
    seen = Evidence.objects.visible_to(request.user).filter(progress__assignment=assignment)
    context = {
        "part": assignment, "reports": reports.prefetch_related("revisions"), "today": timezone.localdate(),
        "shown": set(seen.values_list("pk", flat=True)), "evidence": list(seen), "calendar": calendars.current(),
        "extensions": Extension.objects.visible_to(request.user).filter(assignment=assignment),
        "handovers": Handover.objects.visible_to(request.user).filter(assignment=assignment).select_related("after"),
        "links": _used_links(request, assignment), "past": rows_of_part(assignment),
        "taken_over": assignment.continues.select_related("agency"),
        "owns": request.user.agencies(*CARRIERS).filter(pk=assignment.agency_id).exists(),
        "writes": Assignment.objects.held_by(request.user).filter(pk=assignment.pk).exists(),
        "awaited": awaited_period(request.user, assignment, timezone.localdate()),
        "reads": bool(request.user.held(*READERS)), "carries": bool(request.user.held(*CARRIERS)),
        "steers": request.user.holds(assignment.task.plan.province_id, Role.COORDINATOR),
    }  # fmt: skip
    return render(request, "tasks/part.html", context)


@for_roles(*CARRIERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for more time."""
    assignment, form = _own_part(request, pk), ExtensionForm(request.POST or None)

    def act() -> object:
        typed = form.cleaned_data
        asked = asking.ask_extension(assignment, until=typed["until"], reason=typed["text"], by=request.user)
        warn_of_day(request, asked.asked_until)
        return asked

    return _asked(request, assignment, form, act, _("The request is sent to the coordinator."))


@for_roles(*CARRIERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that another agency carries the part, or refuse it."""
    assignment = _own_part(request, pk)
    others = Agency.objects.visible_to(request.user).filter(province=assignment.agency.province_id)
    others = others.on(timezone.localdate()).exclude(pk=assignment.agency_id)
    form = HandoverForm(request.POST or None, agencies=others)

    def act() -> object:
        typed = form.cleaned_data
        return asking.ask_handover(assignment, after=typed["after"], reason=typed["text"], by=request.user)

    return _asked(request, assignment, form, act, _("The request is sent to the coordinator."))


@for_roles(*CARRIERS, Role.OVERSEER)
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out a file that the person may see."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user).standing(), pk=pk)
    return uploads.download(found) if found.sha256 else redirect(found.link)


@for_roles(*CARRIERS)
@require_POST
@once
def remove_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("progress__period"), pk=pk)
    try:
        proof.remove(found, by=request.user)
    except RuleViolation as refused:
        messages.error(request, str(refused))
    return redirect("work:report", pk=found.progress.period_id, part=found.progress.assignment_id)


def _asked(
    request: HttpRequest, assignment: Assignment, form: object, act: Callable[[], object], done: str
) -> HttpResponse:  # fmt: skip
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, done)
            return redirect("work:part", pk=assignment.pk)
    context = {"part": assignment, "form": form, "problem": problem, "heading": request.resolver_match.url_name}
    return render(request, "tasks/ask.html", context, status=409 if problem else 422 if form.errors else 200)


def _place(request: HttpRequest, pk: int, part: int) -> tuple[ReportingPeriod, Assignment]:
    """Return a period and a part of the person's agencies in it; 404 for others."""
    found = get_object_or_404(ReportingPeriod.objects.visible_to(request.user).select_related("plan"), pk=pk)
    held = Assignment.objects.held_by(request.user).select_related("task__plan", "agency")
    return found, get_object_or_404(held.filter(task__plan=found.plan), pk=part)


def _used_links(request: HttpRequest, assignment: Assignment) -> QuerySet[OneUseLink]:
    found = OneUseLink.objects.visible_to(request.user).filter(assignment=assignment, used_at__isnull=False)
    return found.select_related("period", "revision").order_by("-used_at", "-pk")


def _visible_part(request: HttpRequest, pk: int) -> Assignment:
    parts = Assignment.objects.visible_to(request.user)
    parts = parts.select_related("task__plan", "agency", "continued_in__agency")
    return get_object_or_404(parts, pk=pk)


def _own_part(request: HttpRequest, pk: int) -> Assignment:
    assignment = _visible_part(request, pk)
    if not request.user.agencies(*CARRIERS).filter(pk=assignment.agency_id).exists():
        raise PermissionDenied
    return assignment
