"""Tasks and reports go out as Excel and come back: the file, the preview of what it would change, and keeping it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import DataError, RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.core.tables import xlsx_file
from quantri.web.indices.lookup import known
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.views.editing import own_plan
from quantri.web.tasks import many_reports, report_rows, task_rows
from quantri.web.tasks.bringing import Preview
from quantri.web.tasks.forms import WorkbookForm
from quantri.web.tasks.models import ReportingPeriod
from quantri.web.tasks.models.task import CARRIERS

SALT = "quantri.tasks.bringing"
DAY = 24 * 3600


@for_roles(Role.COORDINATOR)
@require_safe
def tasks_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the tasks of a plan out, each row with its mark."""
    plan = own_plan(request, pk)
    how = _("Change cells and add rows; leave the column “Mark of the row” as it is. A row without a mark is new.")
    return xlsx_file(f"nhiem-vu-{plan.year}", task_rows.header(), task_rows.rows_of(plan), notes_on(str(plan), how))


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file of tasks would change; nothing is kept yet."""
    plan = own_plan(request, pk)
    codes = frozenset(c.code for c in known().edition(plan.base_year).definition)
    context = {
        "about": str(plan), "is_open": plan.is_open, "file_url": reverse("tasks:export", args=[pk]),
        "confirm_url": reverse("tasks:bring-confirm", args=[pk]), "back_url": reverse("tasks:list", args=[pk]),
        "heading": _("Tasks out to Excel and in again"), "act": _("Take these changes into the plan"),
    }  # fmt: skip
    return preview(request, context, lambda content: task_rows.compare(plan, content, codes))


@for_roles(Role.COORDINATOR)
@require_POST
@once
def confirm_tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the tasks that the preview showed."""
    plan = own_plan(request, pk)

    def act(sealed: list[dict[str, Any]]) -> int:
        return task_rows.bring_in(plan, sealed, request.POST, by=request.user)

    return confirmed(request, act, reverse("tasks:bring", args=[pk]), reverse("tasks:list", args=[pk]))


@for_roles(*CARRIERS)
@require_safe
def reports_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the reports of a period out that the person may write, each row with its mark."""
    period = _period(request, pk)
    rows = report_rows.cells_of(report_rows.places_in(period, request.user).values())
    name = f"bao-cao-{period.kind}-{period.year}-{period.number}"
    how = _("Change the cells; leave the column “Mark of the row” as it is. Rows are neither added nor needed.")
    return xlsx_file(name, report_rows.header(), rows, notes_on(f"{period.plan}: {period.name}", how))


@for_roles(*CARRIERS)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file of reports would hand in; nothing is kept yet."""
    period = _period(request, pk)
    places = report_rows.places_in(period, request.user)
    context = {
        "about": f"{period.plan}: {period.name}", "is_open": not period.is_locked,
        "file_url": reverse("work:rows-file", args=[pk]), "confirm_url": reverse("work:bring-confirm", args=[pk]),
        "back_url": reverse("work:period", args=[pk]), "heading": _("Reports out to Excel and in again"),
        "act": _("Hand these reports in"), "from_paper": any(not place.is_own for place in places.values()),
    }  # fmt: skip
    return preview(request, context, lambda content: report_rows.compare(places, content))


@for_roles(*CARRIERS)
@require_POST
@once
def confirm_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the reports that the preview showed."""
    period = _period(request, pk)

    def act(sealed: list[dict[str, Any]]) -> int:
        return many_reports.hand_in_rows(period, sealed, request.POST, by=request.user)

    return confirmed(request, act, reverse("work:bring", args=[pk]), reverse("work:period", args=[pk]))


def preview(request: HttpRequest, context: dict[str, Any], compare: Callable[[bytes], Preview]) -> HttpResponse:
    """Answer with the page that takes a file, and shows what it would change."""
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context["form"] = form
    if request.method == "POST" and context["is_open"] and form.is_valid():
        try:
            found = compare(form.cleaned_data["file"].read())
        except DataError as fault:
            form.add_error("file", str(fault))
        else:
            context["preview"] = found
            if found.has_work:
                context["sealed"] = signing.dumps(found.sealed, salt=_salt(request), compress=True)
    is_faulty = form.errors or ("preview" in context and context["preview"].faults)
    status = 422 if is_faulty else 409 if request.method == "POST" and not context["is_open"] else 200
    return render(request, "tasks/bring.html", context, status=status)


def confirmed(
    request: HttpRequest, act: Callable[[list[dict[str, Any]]], int], again: str, done: str
) -> HttpResponse:  # fmt: skip
    """Keep what a preview sealed, and lead to the page of what is done, or again to that of the file."""
    try:
        n = act(signing.loads(request.POST.get("sealed", ""), salt=_salt(request), max_age=DAY))
    except signing.BadSignature:
        messages.error(request, _("The preview is too old or was changed. Choose the file again."))
    except ChangedMeanwhile:
        messages.error(request, _("Somebody changed one of these rows meanwhile; nothing was kept. Choose the file "
                                  "again and look."))  # fmt: skip
    except RuleViolation as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(n)s rows of the file are kept.") % {"n": n})
        return redirect(done)
    return redirect(again)


def _salt(request: HttpRequest) -> str:
    """Bind a preview to its page, its plan, task or period, and its reader."""
    match = request.resolver_match
    about = ".".join(f"{name}-{key}" for name, key in match.kwargs.items())
    return f"{SALT}.{match.url_name.removesuffix('-confirm')}.{match.namespace}.{about}.{request.user.pk}"


def notes_on(about: str, *how: str) -> list[str]:
    """Say what a file holds, of which day, and how to fill it in."""
    return [about, _("As of %(day)s") % {"day": timezone.localdate()}, *how]


def _period(request: HttpRequest, pk: int) -> ReportingPeriod:
    return get_object_or_404(ReportingPeriod.objects.visible_to(request.user).select_related("plan"), pk=pk)
