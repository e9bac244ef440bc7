"""Programmes of inspection: the list, a new one, its page, its team."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.once import once
from quantri.web.core.tables import xlsx_file
from quantri.web.deadlines import calendars
from quantri.web.inspections import programmes as actions
from quantri.web.inspections.forms import ProgrammeForm, TeamForm
from quantri.web.inspections.issuers import issuers_near
from quantri.web.inspections.models import Choice, Programme, TeamMember, Visit
from quantri.web.inspections.table import cells_of, header, rows_of
from quantri.web.inspections.views.acting import acted, pressed
from quantri.web.plans.models import Plan

PAGE = 50


def found(request: HttpRequest, pk: int) -> Programme:
    """Return a programme that the person may see, with its plan."""
    programmes = Programme.objects.visible_to(request.user).select_related("plan__province")
    return get_object_or_404(programmes, pk=pk)


def inspects(request: HttpRequest, programme: Programme) -> bool:
    return Programme.objects.inspected_by(request.user).filter(pk=programme.pk).exists()


def inspected(request: HttpRequest, pk: int) -> Programme:
    """Return a programme that the person inspects in; who only sees it is refused."""
    programme = found(request, pk)
    if not inspects(request, programme):
        raise PermissionDenied
    return programme


def coordinates(request: HttpRequest, programme: Programme) -> bool:
    return request.user.holds(programme.plan.province_id, Role.COORDINATOR)


@for_roles(*Role)
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    seen = Programme.objects.visible_to(request.user).select_related("plan")
    page = Paginator(seen, PAGE).get_page(request.GET.get("page"))
    may_make = request.user.seats(Role.COORDINATOR).exists()
    return render(request, "inspections/list.html", {"page": page, "may_make": may_make})


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: HttpRequest) -> HttpResponse:
    plans = Plan.objects.visible_to(request.user).in_force().filter(province__in=request.user.seats(Role.COORDINATOR))
    form, made = ProgrammeForm(request.POST or None, plans=plans), []

    def act() -> None:
        made.append(actions.make_programme(form.cleaned_data["plan"], form.draft(), by=request.user))

    return acted(
        request, form, act, done=_("The programme is there. Say now who inspects, and what is asked."),
        to=lambda: reverse("inspections:programme", args=[made[0].pk]), page="programme_form",
        context={"has_plans": plans.exists(), "issuers": issuers_near(request.user)},
    )  # fmt: skip


@for_roles(*Role)
@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    one, today = found(request, pk), timezone.localdate()
    visits = Visit.objects.visible_to(request.user).filter(programme=one)
    page = Paginator(visits, PAGE).get_page(request.GET.get("page"))
    inspector = inspects(request, one)
    context = {
        "programme": one, "page": page, "rows": rows_of(page.object_list, request.user, today), "today": today,
        "inspects": inspector, "coordinates": coordinates(request, one), "calendar": calendars.current(),
        "team": one.team.standing().select_related("agency", "user"),
        "choices": Choice.objects.visible_to(request.user).filter(programme=one).defer("candidates", "left_out")[:20],
        "n_questions": one.questions.standing().count(),
    }  # fmt: skip
    return render(request, "inspections/programme.html", context)


@for_roles(*Role)
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    visits = Visit.objects.visible_to(request.user).filter(programme=one)
    rows = [cells_of(row) for row in rows_of(visits, request.user, timezone.localdate())]
    return xlsx_file(f"inspections-{one.pk}", header(), rows, [one.title, one.plan.title])


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    form = ProgrammeForm(request.POST or None, programme=one)
    if not coordinates(request, one):
        raise PermissionDenied
    return acted(
        request, form, lambda: actions.change_programme(one, form.draft(), by=request.user), done=_("Saved."),
        to=reverse("inspections:programme", args=[pk]), page="programme_form",
        context={"programme": one, "issuers": issuers_near(request.user)},
    )  # fmt: skip


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def team(request: HttpRequest, pk: int) -> HttpResponse:
    one = inspected(request, pk)
    if request.method == "POST" and not coordinates(request, one):
        raise PermissionDenied
    agencies = Agency.objects.visible_to(request.user).filter(province=one.plan.province).on(timezone.localdate())
    form = TeamForm(request.POST or None, agencies=agencies)

    def act() -> None:
        typed = form.cleaned_data
        actions.add_to_team(one, typed["agency"], typed["user"], part=typed["part"], by=request.user)

    context = {
        "programme": one, "coordinates": coordinates(request, one),
        "team": one.team.select_related("agency", "user"),
    }  # fmt: skip
    return acted(
        request, form, act, done=_("The team has a new member."), to=reverse("inspections:team", args=[pk]),
        page="team", context=context,
    )  # fmt: skip


@for_roles(Role.COORDINATOR)
@require_POST
@once
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    seen = TeamMember.objects.filter(programme__in=Programme.objects.visible_to(request.user))
    member = get_object_or_404(seen.select_related("programme__plan"), pk=pk)
    return pressed(
        request, lambda: actions.take_from_team(member, by=request.user), done=_("The place in the team is ended."),
        to=reverse("inspections:team", args=[member.programme_id]),
    )  # fmt: skip
