"""The register of time limits that run: each explains itself, and who keeps it starts, pauses, extends and closes."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role, User
from quantri.web.core.once import once
from quantri.web.deadlines import calendars, exports, register
from quantri.web.deadlines.models import Clock
from quantri.web.deadlines.register_forms import CloseForm, ExtendForm, PauseForm, ResumeForm, StartForm

PAGE = 50  # rows
REGISTRARS = (Role.COORDINATOR, Role.LEADER, Role.OFFICER)
ORDER = (F("stopped_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
Act = Callable[[Clock, forms.Form, User], Clock]
ACTS: dict[str, tuple[str, type[forms.Form], Act]] = {
    "pause": (
        gettext_lazy("Let it stand still"), PauseForm,
        lambda clock, form, by: register.pause(clock, **form.cleaned_data, by=by),
    ),
    "resume": (
        gettext_lazy("Let it run again"), ResumeForm,
        lambda clock, form, by: register.resume(clock, **form.cleaned_data, by=by),
    ),
    "extend": (
        gettext_lazy("Extend it"), ExtendForm,
        lambda clock, form, by: register.extend(clock, **form.cleaned_data, by=by),
    ),
    "close": (
        gettext_lazy("Close it: done"), CloseForm,
        lambda clock, form, by: register.close(clock, **form.cleaned_data, by=by),
    ),
}  # fmt: skip


@login_required
@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """List the clocks that run, next day first; those without a day yet come last; the closed ones apart."""
    seen = Clock.objects.visible_to(request.user).select_related("rule", "agency").prefetch_related("pauses")
    if request.GET.get("format") == "xlsx":
        return exports.clocks_file(seen.prefetch_related("extensions").order_by(*ORDER))
    closed = request.GET.get("state") == "closed"
    found = seen.filter(stopped_on__isnull=False) if closed else seen.running()
    context = {
        "page": Paginator(found.order_by(*ORDER), PAGE).get_page(request.GET.get("page")), "closed": closed,
        "today": timezone.localdate(), "calendar": calendars.current(), "keeps": bool(request.user.held(*REGISTRARS)),
    }  # fmt: skip
    return render(request, "deadlines/clocks.html", context)


@login_required
@require_safe
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Explain a clock; who keeps it finds there what can be done with it."""
    found = _visible(request, pk)
    keeps = Clock.objects.kept_by(request.user).filter(pk=pk).exists()
    context = {
        "clock": found, "told": found.told, "today": timezone.localdate(), "calendar": calendars.current(),
        "acts": [(act, ACTS[act][0]) for act in register.acts_for(found)] if keeps else [],
    }  # fmt: skip
    return render(request, "deadlines/clock.html", context)


@for_roles(*REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def start(request: HttpRequest) -> HttpResponse:
    """Start a clock for an agency of one's own, or of the province that one coordinates."""
    agencies, problem = register.agencies_offered(request.user), ""
    form = StartForm(request.POST or None, rules=register.rules_offered(), agencies=agencies)
    if request.method == "POST" and form.is_valid():
        try:
            made = register.start(form.entry(), by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            _tell_day(request, made)
            return redirect("deadlines:clock", pk=made.pk)
    context = {"form": form, "problem": problem}
    return render(request, "deadlines/start.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(*REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Pause, resume, extend or close a clock."""
    if act not in ACTS:
        raise Http404
    found, problem = _visible(request, pk), ""
    if not Clock.objects.kept_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    heading, form_class, done = ACTS[act]
    form = form_class(request.POST or None, clock=found)
    if request.method == "POST" and form.is_valid():
        try:
            changed = done(found, form, request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            _tell_day(request, changed)
            return redirect("deadlines:clock", pk=pk)
    context = {"clock": found, "form": form, "problem": problem, "heading": heading, "act": act}
    return render(request, "deadlines/change.html", context, status=409 if problem else 422 if form.errors else 200)


def _visible(request: HttpRequest, pk: int) -> Clock:
    seen = Clock.objects.visible_to(request.user).select_related("rule", "agency")
    return get_object_or_404(seen.prefetch_related("pauses", "extensions"), pk=pk)


def _tell_day(request: HttpRequest, clock: Clock) -> None:
    """Say what came of it: the day, or that it is not known yet."""
    if clock.stopped_on:
        messages.success(request, _("Closed: done on %(day)s.") % {"day": date_format(clock.stopped_on)})
    elif clock.due_on is None:
        year = {"year": clock.missing_year}
        messages.warning(
            request, _("It runs; its last day is told once there is a working calendar of %(year)s.") % year
        )
    elif clock.pauses.filter(ends_on=None).exists():
        messages.success(request, _("The time limit stands still."))
    else:
        messages.success(request, _("The time limit runs until %(day)s.") % {"day": date_format(clock.due_on)})
