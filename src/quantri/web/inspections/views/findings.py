"""Findings and their answers, from the photo at the place to the visit that looks again."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core import uploads
from quantri.web.core.once import once
from quantri.web.deadlines import calendars
from quantri.web.inspections import findings as actions
from quantri.web.inspections import visits
from quantri.web.inspections.forms import VisitForm
from quantri.web.inspections.models import Answer, Attachment, Finding, Question, Visit
from quantri.web.inspections.views.acting import acted, pressed
from quantri.web.inspections.views.programmes import inspects
from quantri.web.inspections.views.visits import inspected as inspected_visit
from quantri.web.inspections.visit_forms import AnswerForm, FindingForm, VerdictForm
from quantri.web.tasks.models.task import CARRIERS

WITH_VISIT = ("visit__programme__plan__province", "visit__agency", "agency", "question")


def found(request: HttpRequest, pk: int) -> Finding:
    """Return a finding that the person may see."""
    seen = Finding.objects.visible_to(request.user).standing().select_related(*WITH_VISIT)
    return get_object_or_404(seen.prefetch_related("answers__attachments", "attachments"), pk=pk)


def inspected(request: HttpRequest, pk: int) -> Finding:
    """Return a finding of a visit that the person inspects; who only sees it is refused."""
    finding = found(request, pk)
    if not inspects(request, finding.visit.programme):
        raise PermissionDenied
    return finding


def owes(request: HttpRequest, finding: Finding) -> bool:
    """Say whether the person is of the agency that answers."""
    return request.user.agencies(*CARRIERS).filter(pk=finding.agency_id).exists()


@for_roles(*Role)
@require_safe
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    one, today = found(request, pk), timezone.localdate()
    again = Visit.objects.visible_to(request.user).standing().filter(reinspects=one)
    inspector, answers = inspects(request, one.visit.programme), list(one.answers.all())
    waits = any(a.decided_at is None for a in answers)
    context = {
        "finding": one, "visit": one.visit, "programme": one.visit.programme, "today": today, "again": again,
        "inspects": inspector, "answers": answers, "is_late": one.is_late(today), "calendar": calendars.current(),
        "may_answer": one.due_on and not one.settled_on and not waits and owes(request, one),
    }  # fmt: skip
    return render(request, "inspections/finding.html", context)


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: HttpRequest, pk: int) -> HttpResponse:
    visit = inspected_visit(request, pk)
    begun = {"question": request.GET.get("question"), "needs_answer": True}
    form = FindingForm(request.POST or None, request.FILES or None, questions=_questions(request, visit), initial=begun)
    return acted(
        request, form, lambda: actions.add_finding(visit, form.draft(), form.cleaned_data["files"], by=request.user),
        done=_("The finding is kept; the agency does not see it yet."), to=reverse("inspections:visit", args=[pk]),
        page="finding_form", context={"visit": visit, "programme": visit.programme},
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: HttpRequest, pk: int) -> HttpResponse:
    one = inspected(request, pk)
    questions = _questions(request, one.visit)
    form = FindingForm(request.POST or None, request.FILES or None, questions=questions, finding=one)
    return acted(
        request, form, lambda: actions.change_finding(one, form.draft(), form.cleaned_data["files"], by=request.user),
        done=_("The finding is changed."), to=reverse("inspections:finding", args=[pk]), page="finding_form",
        context={"visit": one.visit, "programme": one.visit.programme, "finding": one},
    )  # fmt: skip


@for_roles(*Role)
@require_POST
@once
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    one = inspected(request, pk)
    return pressed(
        request, lambda: actions.take_back(one, by=request.user), done=_("The finding is taken back."),
        to=reverse("inspections:visit", args=[one.visit_id]),
    )  # fmt: skip


@for_roles(*CARRIERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if not owes(request, one):
        raise PermissionDenied
    form = AnswerForm(request.POST or None, request.FILES or None)

    def act() -> object:
        return actions.answer(one, text=form.cleaned_data["text"], files=form.cleaned_data["files"], by=request.user)

    return acted(
        request, form, act, done=_("The answer is handed in to the team."), page="answer",
        to=reverse("inspections:finding", args=[pk]),
        context={"finding": one, "visit": one.visit, "programme": one.visit.programme, "today": timezone.localdate(),
                 "calendar": calendars.current()},
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(Answer.objects.visible_to(request.user).prefetch_related("attachments"), pk=pk)
    one, form = inspected(request, made.finding_id), VerdictForm(request.POST or None)

    def act() -> object:
        is_accepted = form.cleaned_data["verdict"] == Answer.Verdict.ACCEPTED
        decision = actions.accept_answer if is_accepted else actions.give_answer_back
        return decision(made, reason=form.cleaned_data["reason"], by=request.user)

    return acted(
        request, form, act, done=_("The decision is recorded."), page="decide",
        to=reverse("inspections:finding", args=[one.pk]),
        context={"finding": one, "answer": made, "visit": one.visit, "programme": one.visit.programme},
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a visit that looks again."""
    one, form, made = inspected(request, pk), VisitForm(request.POST or None), []

    def act() -> None:
        made.append(visits.plan_reinspection(one, form.draft(), by=request.user))

    return acted(
        request, form, act, done=_("The visit is planned."), page="visit_form",
        to=lambda: reverse("inspections:visit", args=[made[0].pk]),
        context={"programme": one.visit.programme, "place": one.agency, "finding": one},
    )  # fmt: skip


@for_roles(*Role)
@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out a file that the person may see."""
    one = get_object_or_404(Attachment.objects.visible_to(request.user).standing(), pk=pk)
    return uploads.download(one)


@for_roles(*Role)
@require_POST
@once
def remove_attachment(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Attachment.objects.visible_to(request.user).standing().filter(finding__isnull=False)
    one = get_object_or_404(seen.select_related("finding__visit__programme"), pk=pk)
    inspected(request, one.finding_id)
    return pressed(
        request, lambda: actions.remove_attachment(one, by=request.user), done=_("The file is taken away."),
        to=reverse("inspections:finding", args=[one.finding_id]),
    )  # fmt: skip


def _questions(request: HttpRequest, visit: Visit) -> object:
    return Question.objects.visible_to(request.user).standing().filter(programme=visit.programme)
