"""One agency in an exercise: its own points, the appraisal beside them, the appeal and the result."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.appraisal import actions
from quantri.web.appraisal.actions import Given
from quantri.web.appraisal.forms import ExtensionForm, FactsForm, PointsForm, TextForm
from quantri.web.appraisal.models import SCORERS, Appeal, Entry, Proof
from quantri.web.appraisal.on_time import NOTHING, on_time_of, thawed
from quantri.web.appraisal.scoring import appraised_result, rows_of, self_result
from quantri.web.core.once import once
from quantri.web.tasks.rates import OnTime


def found(request: HttpRequest, pk: int) -> Entry:
    entries = Entry.objects.visible_to(request.user).select_related("exercise", "agency", "followed_by__agency")
    return get_object_or_404(entries.prefetch_related("lines", "appeals"), pk=pk)


def steers(request: HttpRequest, entry: Entry) -> bool:
    user = request.user
    return user.is_authenticated and user.holds(entry.exercise.province_id, Role.COORDINATOR)


def owns(request: HttpRequest, entry: Entry) -> bool:
    user = request.user
    return user.is_authenticated and user.agencies(*SCORERS).filter(pk=entry.agency_id).exists()


def proofs_of(request: HttpRequest, one: Entry) -> dict[str, list[Proof]]:
    """Files that the person may see, by the line they stand beside."""
    by_code: dict[str, list[Proof]] = {}
    for proof in Proof.objects.visible_to(request.user).standing().filter(entry=one):
        by_code.setdefault(proof.code, []).append(proof)
    return by_code


def rate_of(one: Entry) -> OnTime | None:
    """How much of the agency's work was on time: as it was confirmed, or as it is today."""
    if one.result is not None:
        return thawed(one.result)
    return on_time_of(one.exercise, [one], timezone.localdate()).get(one.agency_id, NOTHING)


@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    sheet = one.exercise.sheet
    context = {
        "entry": one, "exercise": one.exercise, "sheet": sheet, "rows": rows_of(one, sheet, proofs_of(request, one)),
        "on_time": rate_of(one),
        "own": self_result(one, sheet) if one.is_handed_in else None,
        "result": appraised_result(one, sheet) if one.is_appraised or one.exercise.is_confirmed else None,
        "steers": steers(request, one), "owns": owns(request, one), "today": timezone.localdate(),
        "form": TextForm(), "follows": one.follows.select_related("agency"),
    }  # fmt: skip
    return render(request, "appraisal/entry.html", context)


@for_roles(*SCORERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def score(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if not owns(request, one):
        raise PermissionDenied
    initial = {line.code: Given(points=line.self_points, words=line.evidence) for line in one.lines.all()}
    words = _("Evidence (document number, link)")
    form = PointsForm(request.POST or None, sheet=one.exercise.sheet, words=words, initial=initial)
    act = actions.hand_in if "hand_in" in request.POST else actions.save_self_scores
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            act(one, form.given(), by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("Handed in.") if "hand_in" in request.POST else _("Kept; not handed in yet."))
            return redirect("appraisal:entry", pk=pk)
    context = {"entry": one, "exercise": one.exercise, "form": form, "problem": problem, "own": True}
    context |= {"on_time": rate_of(one), "proofs": proofs_of(request, one)}
    return render(request, "appraisal/points.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def appraise(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if not steers(request, one):
        raise PermissionDenied
    form = PointsForm(
        request.POST or None, sheet=one.exercise.sheet, words=_("Explanation of the difference"), initial=_begun(one)
    )
    facts = FactsForm(request.POST or None, entry=one)
    problem = ""
    if request.method == "POST" and form.is_valid() and facts.is_valid():
        try:
            actions.appraise(
                one, form.given(), facts=facts.cleaned_data["facts"], seen=request.POST.get("seen", ""), by=request.user
            )
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The appraisal is kept."))
            return redirect("appraisal:entry", pk=pk)
    context = {
        "entry": one, "exercise": one.exercise, "form": form, "facts": facts, "problem": problem, "own": False,
        "seen": actions.mark(one), "lines": {line.code: line for line in one.lines.all()},
        "on_time": rate_of(one), "proofs": proofs_of(request, one),
    }  # fmt: skip
    return render(request, "appraisal/points.html", context, status=409 if problem else 422 if form.errors else 200)


def _begun(one: Entry) -> dict[str, Given]:
    """Begin with the points of the last appraisal, or with the agency's own."""
    return {
        line.code: Given(points=line.self_points if line.points is None else line.points, words=line.explanation)
        for line in one.lines.all()
    }


def _said(request: HttpRequest, one: Entry, form: TextForm, act: Callable[[], object], done: str) -> HttpResponse:
    """Act on a typed text; refused, it is shown again with what was typed."""
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, done)
            return redirect("appraisal:entry", pk=one.pk)
    context = {
        "entry": one,
        "exercise": one.exercise,
        "form": form,
        "problem": problem,
        "heading": request.resolver_match.url_name,
    }
    return render(request, "appraisal/say.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = found(request, pk), TextForm(request.POST or None)

    def act() -> object:
        return actions.give_back(one, reason=form.cleaned_data["text"], by=request.user)

    return _said(request, one, form, act, _("It is given back to the agency."))


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = found(request, pk), ExtensionForm(request.POST or None)

    def act() -> object:
        return actions.extend(
            one, until=form.cleaned_data["until"], reason=form.cleaned_data["text"], by=request.user
        )  # fmt: skip

    return _said(request, one, form, act, _("The agency may hand in until the new day."))


@for_roles(*SCORERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = found(request, pk), TextForm(request.POST or None)

    def act() -> object:
        return actions.appeal(one, reason=form.cleaned_data["text"], by=request.user)

    return _said(request, one, form, act, _("The appeal is made; the coordinator answers it."))


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(Appeal.objects.filter(entry__in=Entry.objects.visible_to(request.user)), pk=pk)
    one, form = found(request, made.entry_id), TextForm(request.POST or None)

    def act() -> object:
        return actions.answer_appeal(made, answer=form.cleaned_data["text"], by=request.user)

    return _said(request, one, form, act, _("The appeal is answered."))
