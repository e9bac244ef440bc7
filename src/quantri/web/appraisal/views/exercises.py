"""Exercises: the list, a new one, one table of all its agencies, and the decisions of the leader."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.choosing import agencies_to_choose
from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Role
from quantri.web.appraisal import exercises as actions
from quantri.web.appraisal.forms import ExerciseForm, TextForm
from quantri.web.appraisal.models import Entry, Exercise
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.appraisal.table import ORDERS, header, in_order, table_of
from quantri.web.core.once import once
from quantri.web.core.tables import xlsx_file

DECISIONS = {"confirm": actions.confirm, "publish": actions.publish, "withdraw": actions.withdraw}
PAGE = 50


@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    found = Exercise.objects.visible_to(request.user).select_related("province").defer("sheet_text")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    may_open = request.user.is_authenticated and request.user.seats(Role.COORDINATOR).exists()
    return render(request, "appraisal/list.html", {"page": page, "may_open": may_open})


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: HttpRequest) -> HttpResponse:
    province = request.user.seats(Role.COORDINATOR).first()
    agencies = Agency.objects.visible_to(request.user).filter(province=province).on(timezone.localdate())
    form = ExerciseForm(request.POST or None, request.FILES or None, agencies=agencies_to_choose(agencies))
    if request.method == "POST" and form.is_valid():
        chosen = list(agencies.filter(pk__in=form.chosen()))
        made = actions.open_exercise(province, form.draft(), chosen, by=request.user)
        messages.success(request, _("The exercise is open for %(n)s agencies.") % {"n": made.entries.count()})
        return redirect("appraisal:exercise", pk=made.pk)
    context = {"form": form, "chosen": {name: set(form[name].value() or ()) for name in ("groups", "agencies")}}
    return render(request, "appraisal/new.html", context, status=422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Give the worked example, to be changed into a sheet of one's own."""
    headers = {"Content-Disposition": 'attachment; filename="bang-cham-diem.toml"'}
    return HttpResponse(example_sheet(), content_type="application/toml; charset=utf-8", headers=headers)


@require_safe
def exercise(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Exercise.objects.visible_to(request.user).select_related("province"), pk=pk)
    order = request.GET.get("sort") if request.GET.get("sort") in ORDERS else "name"
    rows = in_order(table_of(found, _entries(request, found)), order)
    context = {
        "exercise": found, "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "order": order,
        "steers": _holds(request, found, Role.COORDINATOR), "leads": _holds(request, found, PROVINCE_LEADER),
        "decisions": found.decisions.all(), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "appraisal/exercise.html", context)


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Exercise.objects.visible_to(request.user).select_related("province"), pk=pk)
    rows = [row.cells for row in in_order(table_of(found, _entries(request, found)), "name")]
    notes = [found.title, f"{found.sheet.document}; sha256 {found.sheet_sha256}"]
    if found.sheet.demonstration:
        notes.append(_("The criteria of this sheet are for demonstration; they are not the decision's text."))
    return xlsx_file(f"classes-{found.year}", header(), rows, notes)


@for_roles(PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Exercise.objects.visible_to(request.user), pk=pk)
    if not _holds(request, found, PROVINCE_LEADER):
        raise PermissionDenied
    form, problem = TextForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid() and request.POST.get("kind") in DECISIONS:
        try:
            DECISIONS[request.POST["kind"]](found, reason=form.cleaned_data["text"], by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("appraisal:exercise", pk=pk)
    context = {"exercise": found, "form": form, "problem": problem, "next": _next(found)}
    return render(request, "appraisal/decide.html", context, status=409 if problem else 422 if form.errors else 200)


def _next(found: Exercise) -> str:
    """Name the decision that can come next."""
    if not found.is_confirmed:
        return "confirm"
    return "withdraw" if found.published_at else "publish"


def _holds(request: HttpRequest, found: Exercise, role: str) -> bool:
    return request.user.is_authenticated and request.user.holds(found.province_id, role)


def _entries(request: HttpRequest, found: Exercise) -> object:
    return Entry.objects.visible_to(request.user).standing().filter(exercise=found).select_related("agency")
