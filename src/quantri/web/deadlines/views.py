"""The calendar of a year, its report periods, and the rules with a time limit."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import DataError, RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.core.once import once
from quantri.web.deadlines import actions, calendars, cutoffs, exports
from quantri.web.deadlines.forms import CalendarForm, OverrideForm, SendingForm
from quantri.web.deadlines.models import CalendarYear, DayOverride, LegalRule
from quantri.web.deadlines.months import months_of
from quantri.web.deadlines.periods import model_sending, reporting_rule
from quantri.web.deadlines.reading import calendar_of
from quantri.words import said

PAGE = 50  # rows


@require_safe
def this_year(request: HttpRequest) -> HttpResponse:
    return redirect("deadlines:year", year=timezone.localdate().year)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Show a year to everyone; who keeps the calendar sets single days apart."""
    keeps = actions.keeps_calendar(request.user)
    form, problem = OverrideForm(request.POST or None), ""
    if request.method == "POST":
        if not keeps:
            raise PermissionDenied
        if form.is_valid():
            try:
                row = _override(form, request)
            except RuleViolation as refused:
                problem = str(refused)
            else:
                messages.success(request, _("The day is set apart; open clocks are counted again."))
                return redirect("deadlines:year", year=row.date.year)
    if request.GET.get("format") == "xlsx":
        return exports.calendar_file(year, _year(year)["days"])
    context = _year(year) | {"form": form, "keeps": keeps, "problem": problem}
    return render(request, "deadlines/year.html", context, status=409 if problem else 422 if form.errors else 200)


def _override(form: OverrideForm, request: HttpRequest) -> DayOverride:
    typed = form.cleaned_data
    return actions.override_day(
        typed["date"], is_off=typed["is_off"], name=typed["name"], document=typed["document"], by=request.user
    )


def _year(year: int) -> dict[str, object]:
    """Gather what is known of a year; 404 for one that is none."""
    _of_our_age(year)
    held, files = calendars.current(), calendars.years()
    return {
        "year": year, "known": held.knows(year), "months": list(months_of(year, held)) if held.knows(year) else [],
        "days": sorted((d for d in held.days.values() if d.date.year == year), key=lambda d: d.date),
        "file": files.get(year), "years": sorted(held.years), "overrides": calendars.overrides(),
    }  # fmt: skip


def _of_our_age(year: int) -> None:
    if not 2000 <= year <= 2100:
        raise Http404


@for_roles(*actions.KEEPERS)
@require_POST
@once
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    row = actions.retract_override(get_object_or_404(DayOverride, pk=pk), by=request.user)
    messages.success(request, _("The calendar holds again for that day."))
    return redirect("deadlines:year", year=row.date.year)


@for_roles(*actions.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def upload(request: HttpRequest) -> HttpResponse:
    if not actions.keeps_calendar(request.user):
        raise PermissionDenied
    form = CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, text = form.cleaned_data["file"]
        try:
            row = actions.upload_calendar(text, name, by=request.user)
        except DataError as fault:
            for each in fault.faults:
                form.add_error("file", said(each, get_language() or "vi"))
        else:
            return redirect("deadlines:draft", pk=row.pk)
    drafts = CalendarYear.objects.filter(state=CalendarYear.State.DRAFT).defer("text")[:PAGE]
    return render(
        request, "deadlines/upload.html", {"form": form, "drafts": drafts}, status=422 if form.errors else 200
    )


@for_roles(*actions.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an uploaded calendar would change, and let it hold."""
    row = get_object_or_404(CalendarYear, pk=pk)
    if not actions.keeps_calendar(request.user):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.lock_calendar(row, by=request.user)
        except RuleViolation as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The calendar holds now; open clocks are counted again."))
        return redirect("deadlines:year", year=row.year)
    held, new = calendars.years().get(row.year), calendar_of(row.text, str(row.year))
    before = {(d.date, d.is_off): d for d in (held.days if held else ())}
    after = {(d.date, d.is_off): d for d in new.days}
    context = {
        "row": row, "new": new, "is_new": held is None,
        "added": [after[key] for key in sorted(after.keys() - before.keys())],
        "gone": [before[key] for key in sorted(before.keys() - after.keys())],
    }  # fmt: skip
    return render(request, "deadlines/draft.html", context)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List every version of every rule; law is public."""
    found = LegalRule.objects.all()
    if request.GET.get("format") == "xlsx":
        return exports.rules_file(found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "deadlines/rules.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def periods(request: HttpRequest, year: int) -> HttpResponse:
    """Show the report periods of a year to everyone; who keeps the calendar sets the days of sending."""
    _of_our_age(year)
    keeps = actions.keeps_calendar(request.user)
    form, problem = SendingForm(request.POST or None), ""
    if request.method == "POST":
        if not keeps:
            raise PermissionDenied
        if form.is_valid():
            try:
                cutoffs.set_sending_days(**form.cleaned_data, by=request.user)
            except RuleViolation as refused:
                problem = str(refused)
            else:
                return redirect("deadlines:periods", year=year)
    found, note = cutoffs.all_periods(year), _sending_note()
    if request.GET.get("format") == "xlsx":
        return exports.periods_file(year, found, note)
    context = {"year": year, "periods": found, "note": note, "rule": reporting_rule(), "form": form, "keeps": keeps,
               "problem": problem}  # fmt: skip
    return render(request, "deadlines/periods.html", context, status=409 if problem else 422 if form.errors else 200)


def _sending_note() -> str:
    """Say where the days of sending come from."""
    own = cutoffs.sendings()
    if own:
        words = {"documents": "; ".join(f"{date_format(s.valid_from)}: {s.document}" for s in own)}
        return _("The days of sending are set by the province: %(documents)s.") % words
    words = {"document": model_sending().document}
    return (
        _("The days of sending are the model of %(document)s, not a rule for PAPI plans. The province sets its own.")
        % words
    )
