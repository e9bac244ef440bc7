"""A task that is carried out, whole: its parts compared, its history, its file, and the task given to many agencies."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.choosing import agencies_to_choose
from quantri.web.accounts.kinds import names_of_groups
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.changes import changes_of, notes_of
from quantri.web.core.models import AuditEntry
from quantri.web.core.once import once
from quantri.web.core.paging import page_of
from quantri.web.core.picking import Choice, choice_of, goes_on, with_chosen
from quantri.web.core.tables import notes_of_demonstration, xlsx_file
from quantri.web.deadlines import calendars
from quantri.web.deadlines.page import warn_of_day
from quantri.web.tasks import bulk
from quantri.web.tasks.agenda import with_latest_reports
from quantri.web.tasks.bulk import PartDraft
from quantri.web.tasks.counted import sums
from quantri.web.tasks.models import Assignment, Progress, Task
from quantri.web.tasks.models.task import CARRIERS, SHOWN
from quantri.web.tasks.ordering import counts_by_state, page_of_rows, with_state
from quantri.web.tasks.past import rows_of_task
from quantri.web.tasks.report_forms import GiveForm
from quantri.web.tasks.table import ORDERS, header, rows_of

AGENCIES = 500  # on one page: those of a province are seen together
NAMED = 10  # agencies that a message names


@for_roles(*CARRIERS, Role.OVERSEER)
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task with all its parts compared in one table."""
    found = _task(request, pk)
    order = request.GET.get("sort") if request.GET.get("sort") in ORDERS else "agency"
    standing, today = found.assignments.filter(valid_to=None), timezone.localdate()
    readable = Progress.objects.visible_to(request.user).filter(assignment__task=found)
    parts = with_state(standing, readable)
    counts = counts_by_state(parts)
    context = {
        "task": found, "page": page_of_rows(parts, order=order, state="", page=request.GET.get("page")),
        "order": order, "counts": counts, "closed": standing.exclude(closed_on=None).count(),
        "n": sum(counts.values()), "late": standing.overdue(today).count(), "today": today,
        "steers": request.user.holds(found.plan.province_id, Role.COORDINATOR), "calendar": calendars.current(),
        "milestones": sums(found, readable), "past": rows_of_task(found), "moves": found.moves.select_related("after"),
        "whole": reverse("work:task-history", args=[pk]), "earlier": _earlier(found),
        "amendments": found.amendments.applied().select_related("plan"),
    }  # fmt: skip
    return render(request, "tasks/task.html", context)


@for_roles(Role.COORDINATOR, Role.LEADER)
@require_safe
def task_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that happened to a task and its parts, as far as the reader reads the trail."""
    found = _task(request, pk)
    entries = AuditEntry.objects.visible_to(request.user).of_kinds(*rows_of_task(found))
    page = page_of(request, entries, "number")
    context = {
        "task": found, "entries": [(e, changes_of(e), notes_of(e)) for e in page.rows], "older": page.older,
        "names_rows": True,
    }  # fmt: skip
    return render(request, "tasks/history.html", context)


@for_roles(*CARRIERS, Role.OVERSEER)
@require_safe
def task_file(request: HttpRequest, pk: int) -> HttpResponse:
    found = _task(request, pk)
    rows = [row.cells for row in rows_of(_latest(request, found), order="agency")]
    notes = [found.title, found.plan.number or str(found.plan), *notes_of_demonstration([found.plan])]
    return xlsx_file(f"task-{found.pk}", header(), rows, notes)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a task to many agencies at once; those that have a part already are skipped, and named."""
    found = _task(request, pk)
    there = set(found.assignments.filter(valid_to=None).values_list("agency", flat=True))
    agencies = Agency.objects.visible_to(request.user).filter(province=found.plan.province_id).on(timezone.localdate())
    items = agencies_to_choose(agencies, noted=there, note=_("has a part already"))
    choice = choice_of(request, items, field="agencies", names=names_of_groups(), a_page=AGENCIES)
    form, problem = _give_form(request, choice, agencies), ""
    if form.is_bound and form.is_valid():
        if "check" in request.POST:
            return render(request, "tasks/give_check.html", _before_giving(found, form, choice, there))
        typed = dict(form.cleaned_data)
        chosen = list(typed.pop("agencies"))
        try:
            n = bulk.give_to_all(found, chosen, PartDraft(**typed), by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            skipped = [agency for agency in chosen if agency.pk in there]
            messages.success(request, _("%(n)s agencies have received the task.") % {"n": n})
            warn_of_day(request, typed["due_on"])
            if skipped:
                messages.warning(request, _skipped(skipped))
            return redirect("work:parts" if skipped else "work:task", pk=pk)
    context = {"task": found, "form": form, "choice": choice, "problem": problem}
    return render(request, "tasks/give.html", context, status=409 if problem else 422 if form.errors else 200)


def _give_form(request: HttpRequest, choice: Choice, agencies: QuerySet[Agency]) -> GiveForm:
    """Return the form with what was typed; nothing is judged while somebody still chooses."""
    if request.method != "POST" or goes_on(request):
        return GiveForm(initial=request.POST.dict(), agencies=agencies)
    return GiveForm(with_chosen(request.POST, choice), agencies=agencies)


def _before_giving(found: Task, form: GiveForm, choice: Choice, there: set[int]) -> dict[str, object]:
    """Gather who would receive a task, who is skipped, and as what."""
    return {
        "task": found, "form": form, "choice": choice, "new": [i for i in choice.chosen if i.key not in there],
        "skipped": [i for i in choice.chosen if i.key in there],
        "part": Assignment.Part(form.cleaned_data["part"]).label,
    }  # fmt: skip


def _skipped(agencies: list[Agency]) -> str:
    """Say who was skipped, and why."""
    facts = {"n": len(agencies), "agencies": "; ".join(a.name for a in agencies[:NAMED]),
             "more": " …" if len(agencies) > NAMED else ""}  # fmt: skip
    return _("Skipped are %(n)s agencies that have a part in this task already and keep it: %(agencies)s%(more)s. "
             "Change their dates and deliverables here, one by one or together in Excel.") % facts  # fmt: skip


def _task(request: HttpRequest, pk: int) -> Task:
    return get_object_or_404(Task.objects.visible_to(request.user).select_related("plan"), pk=pk)


def _earlier(found: Task) -> QuerySet[Assignment]:
    """Parts that ended lately, each with the one in which it goes on."""
    ended = found.assignments.exclude(valid_to=None).select_related("agency", "continued_in__agency")
    return ended.order_by("-valid_to", "-pk")[:SHOWN]


def _latest(request: HttpRequest, found: Task) -> list[object]:
    """Parts of a task, each with the newest report that the person may read."""
    return with_latest_reports(found, Progress.objects.visible_to(request.user))
