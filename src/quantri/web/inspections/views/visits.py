"""A visit: planned, announced, prepared, its checklist filled in at the place, its findings sent."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.once import once
from quantri.web.deadlines import calendars
from quantri.web.deadlines.days_off import warning_of
from quantri.web.inspections import findings, visits
from quantri.web.inspections.forms import ReasonForm, VisitForm, WordsForm
from quantri.web.inspections.models import Choice, Finding, Question, Visit
from quantri.web.inspections.views.acting import acted, pressed
from quantri.web.inspections.views.programmes import inspects
from quantri.web.inspections.visit_forms import ChecklistForm
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks.models.task import CARRIERS


def found(request: HttpRequest, pk: int) -> Visit:
    """Return a visit that the person may see."""
    seen = Visit.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("programme__plan__province", "agency", "reinspects__visit"), pk=pk)


def inspected(request: HttpRequest, pk: int) -> Visit:
    """Return a visit that the person inspects; who only sees it is refused."""
    visit = found(request, pk)
    if not inspects(request, visit.programme):
        raise PermissionDenied
    return visit


def owns(request: HttpRequest, visit: Visit) -> bool:
    return request.user.agencies(*CARRIERS).filter(pk=visit.agency_id).exists()


@for_roles(*Role)
@require_safe
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    one, today, calendar = found(request, pk), timezone.localdate(), calendars.current()
    inspector = inspects(request, one.programme)
    seen = Finding.objects.visible_to(request.user).standing().filter(visit=one).select_related("visit", "question")
    context = {
        "visit": one, "programme": one.programme, "inspects": inspector, "owns": owns(request, one), "today": today,
        "checks": one.checks.select_related("question") if inspector or one.is_sent else [],
        "findings": seen.prefetch_related("answers", "attachments"), "calendar": calendar,
        "warning": warning_of(one.visit_on, calendar), "n_questions": one.programme.questions.standing().count(),
    }  # fmt: skip
    return render(request, "inspections/visit.html", context)


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def plan(request: HttpRequest, pk: int, agency: int) -> HttpResponse:
    choices = Choice.objects.visible_to(request.user).select_related("programme__plan")
    choice = get_object_or_404(choices, pk=pk)
    place = get_object_or_404(Agency.objects.visible_to(request.user), pk=agency)
    form, made = VisitForm(request.POST or None), []

    def act() -> None:
        made.append(visits.plan_visit(choice, place, form.draft(), by=request.user))

    return acted(
        request, form, act, done=_("The visit is planned."), page="visit_form",
        to=lambda: reverse("inspections:visit", args=[made[0].pk]),
        context={"programme": choice.programme, "place": place},
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: HttpRequest, pk: int) -> HttpResponse:
    one = inspected(request, pk)
    form = VisitForm(request.POST or None, initial=vars(one))
    return acted(
        request, form, lambda: visits.move_visit(one, form.draft(), by=request.user), done=_("The visit is changed."),
        to=reverse("inspections:visit", args=[pk]), page="visit_form",
        context={"programme": one.programme, "place": one.agency, "visit": one},
    )  # fmt: skip


@for_roles(*Role)
@require_POST
@once
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    one = inspected(request, pk)
    return pressed(
        request, lambda: visits.announce(one, by=request.user), done=_("The agency is told; it sees the visit now."),
        to=reverse("inspections:visit", args=[pk]),
    )  # fmt: skip


@for_roles(*CARRIERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def outline(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if not owns(request, one):
        raise PermissionDenied
    form = WordsForm(request.POST or None, initial={"text": one.outline_report})
    return acted(
        request, form, lambda: visits.report_beforehand(one, text=form.cleaned_data["text"], by=request.user),
        done=_("The report is handed in to the team."), to=reverse("inspections:visit", args=[pk]), page="say",
        context={
            "visit": one, "programme": one.programme, "heading": _("Report before the visit"), "asked": one.outline,
        },
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = inspected(request, pk), ReasonForm(request.POST or None)
    return acted(
        request, form, lambda: visits.cancel(one, reason=form.cleaned_data["text"], by=request.user),
        done=_("The visit is called off."), to=reverse("inspections:visit", args=[pk]), page="say",
        context={"visit": one, "programme": one.programme, "heading": _("Call the visit off")},
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill the checklist in at the place."""
    one = inspected(request, pk)
    checks = {c.question_id: c for c in one.checks.all()}
    asked = Question.objects.visible_to(request.user).standing().filter(programme=one.programme)
    form = ChecklistForm(request.POST or None, visit=one, questions=asked, checks=checks)
    theirs: dict[int, object] = {}

    def act() -> None:
        try:
            visits.record_checks(one, form.seen(), held_on=form.cleaned_data["held_on"], by=request.user)
        except ChangedMeanwhile as changed:
            theirs.update(changed.theirs)
            form.show_marks(changed.theirs)
            raise

    return acted(
        request, form, act, done=_("What was seen is kept."), to=reverse("inspections:visit", args=[pk]), page="check",
        context={"visit": one, "programme": one.programme, "theirs": theirs},
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Show once more what goes to the agency, then send it."""
    one, form = inspected(request, pk), forms.Form(request.POST if request.method == "POST" else None)
    return acted(
        request, form, lambda: findings.send_findings(one, by=request.user), done=_("The findings are sent."),
        to=reverse("inspections:visit", args=[pk]), page="send",
        context={"visit": one, "programme": one.programme, "found": one.findings.standing()},
    )  # fmt: skip
