"""Before the visits: the questions of the checklist, and the choice of places."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.core.tables import xlsx_file
from quantri.web.indices.lookup import known
from quantri.web.inspections import checklist, places
from quantri.web.inspections.forms import PlacesForm, QuestionForm
from quantri.web.inspections.models import Choice, Programme, Question, Visit
from quantri.web.inspections.table import choice_cells, choice_header, choice_notes
from quantri.web.inspections.views.acting import acted, pressed
from quantri.web.inspections.views.programmes import inspected

PAGE = 50


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    programme = inspected(request, pk)
    form = QuestionForm(request.POST or None, codes=_codes(programme))
    standing = programme.questions.standing().select_related("task")
    page = Paginator(standing, PAGE).get_page(request.GET.get("page"))
    return acted(
        request, form, lambda: checklist.add_question(programme, **form.cleaned_data, by=request.user),
        done=_("The question is added at the end."), to=reverse("inspections:questions", args=[pk]), page="questions",
        context={"programme": programme, "page": page},
    )  # fmt: skip


@for_roles(*Role)
@require_POST
@once
def take_from_plan(request: HttpRequest, pk: int) -> HttpResponse:
    programme = inspected(request, pk)
    return pressed(
        request, lambda: checklist.take_from_plan(programme, by=request.user),
        done=_("The checklist asks for the components and tasks of the plan."),
        to=reverse("inspections:questions", args=[pk]),
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def question(request: HttpRequest, pk: int) -> HttpResponse:
    one = _question(request, pk)
    begun = {"text": one.text, "component": one.component}
    form = QuestionForm(request.POST or None, initial=begun, codes=_codes(one.programme))
    return acted(
        request, form, lambda: checklist.change_question(one, **form.cleaned_data, by=request.user),
        done=_("The question is changed; what was seen at the old one stays with it."),
        to=reverse("inspections:questions", args=[one.programme_id]), page="question",
        context={"programme": one.programme, "question": one},
    )  # fmt: skip


@for_roles(*Role)
@require_POST
@once
def end_question(request: HttpRequest, pk: int) -> HttpResponse:
    one = _question(request, pk)
    return pressed(
        request, lambda: checklist.end_question(one, by=request.user), done=_("The question is asked no more."),
        to=reverse("inspections:questions", args=[one.programme_id]),
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    programme, made = inspected(request, pk), []
    form = PlacesForm(request.POST or None)

    def act() -> None:
        made.append(places.choose_places(programme, **form.cleaned_data, by=request.user))

    return acted(
        request, form, act, done=_("The places are chosen; the list shows how."),
        to=lambda: reverse("inspections:choice", args=[made[0].pk]), page="choose", context={"programme": programme},
    )  # fmt: skip


@for_roles(*Role)
@require_safe
def choice(request: HttpRequest, pk: int) -> HttpResponse:
    one = _choice(request, pk)
    visits = Visit.objects.visible_to(request.user).standing().filter(choice=one)
    context = {
        "choice": one, "programme": one.programme, "visits": dict(visits.values_list("agency", "pk")),
        "taken": [c for c in one.candidates if c["taken"]],
        "page": Paginator(one.candidates, PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "inspections/choice.html", context)


@for_roles(*Role)
@require_safe
def choice_file(request: HttpRequest, pk: int) -> HttpResponse:
    one = _choice(request, pk)
    return xlsx_file(f"places-{one.pk}", choice_header(), map(choice_cells, one.candidates), choice_notes(one))


def _choice(request: HttpRequest, pk: int) -> Choice:
    return get_object_or_404(Choice.objects.visible_to(request.user).select_related("programme__plan"), pk=pk)


def _question(request: HttpRequest, pk: int) -> Question:
    seen = Question.objects.visible_to(request.user).standing().select_related("programme__plan", "task")
    return get_object_or_404(seen, pk=pk)


def _codes(programme: Programme) -> frozenset[str]:
    return frozenset(c.code for c in known().edition(programme.plan.base_year).definition)
