"""What a revision in the making does to an open task of the plan before: changed, dropped, or taken over as it is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.once import once
from quantri.web.indices.lookup import known
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.models import Plan
from quantri.web.plans.views.editing import own_plan
from quantri.web.tasks import amending
from quantri.web.tasks.amended import (
    conflicts_of,
    draft_from,
    going_on,
    is_open,
    moving_tasks,
    wanted_of,
    whole_tasks,
)  # fmt: skip
from quantri.web.tasks.amending_forms import AmendmentForm, DropForm
from quantri.web.tasks.due_days import days_of, due_days
from quantri.web.tasks.forms import differences, initial_of
from quantri.web.tasks.models import Amendment, Task
from quantri.web.tasks.shifts import shifts_of


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def amend(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Write a task as the revision wants it; nothing is applied before the issue."""
    plan, task, kept = _place(request, pk, task_pk)
    form = _form(plan, task, kept, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, plan, task, kept, form=form, status=422 if form.errors else 200)
    draft, reason = form.draft(), form.cleaned_data["reason"]
    try:
        amending.amend_task(plan, task, draft, reason=reason, by=request.user, seen=request.POST.get("seen", ""))
    except ChangedMeanwhile as changed:
        clash = differences(form, draft_from(changed.theirs))
        plan, task, kept = _place(request, pk, task_pk)
        return _page(request, plan, task, kept, form=form, clash=clash, problem=str(changed), status=409)
    except RuleViolation as refused:
        return _page(request, plan, task, kept, form=form, problem=str(refused), status=409)
    messages.success(request, _("What the revision does to the task is kept; it takes effect when it is issued."))
    return redirect("tasks:list", pk=pk)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def drop(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Say that the revision does not take a task over, and why."""
    plan, task, kept = _place(request, pk, task_pk)
    form = DropForm(request.POST)
    if not form.is_valid():
        return _page(request, plan, task, kept, drop_form=form, status=422)
    try:
        amending.drop_task(
            plan, task, reason=form.cleaned_data["why"], by=request.user, seen=request.POST.get("seen", "")
        )
    except RuleViolation as refused:
        plan, task, kept = _place(request, pk, task_pk)
        return _page(request, plan, task, kept, drop_form=form, problem=str(refused), status=409)
    messages.success(request, _("The task is dropped when the revision is issued."))
    return redirect("tasks:list", pk=pk)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def undo(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Let a task move over as it is."""
    _plan, _task, kept = _place(request, pk, task_pk)
    if kept:
        amending.take_back(kept, by=request.user)
    messages.success(request, _("The task moves over as it is."))
    return redirect("tasks:list", pk=pk)


def _place(request: HttpRequest, pk: int, task_pk: int) -> tuple[Plan, Task, Amendment | None]:
    """Return a revision in the making, a task that moves to it, and what it does to the task so far."""
    plan = own_plan(request, pk)
    tasks = moving_tasks(plan, Task.objects.visible_to(request.user)).select_related("plan")
    task = get_object_or_404(tasks, pk=task_pk)
    kept = Amendment.objects.standing().select_related("plan").filter(plan=plan, task=task).first()
    return plan, whole_tasks(tasks.filter(pk=task.pk))[0], kept


def _form(plan: Plan, task: Task, kept: Amendment | None, data: QueryDict | None = None) -> AmendmentForm:
    return AmendmentForm(data, codes=_codes(plan), days=due_days(plan), initial=_initial(task, kept))


def _page(
    request: HttpRequest, plan: Plan, task: Task, kept: Amendment | None, *, status: int = 200, problem: str = "",
    **given: object,
) -> HttpResponse:  # fmt: skip
    form = given.get("form") or _form(plan, task, kept)
    drop_form = given.get("drop_form") or DropForm(initial={"why": kept.reason if kept and kept.is_dropped else ""})
    wanted = draft_from(wanted_of(task, kept))
    is_stale = bool(form.errors or drop_form.errors)
    agencies = Agency.objects.visible_to(request.user).filter(province=plan.province).on(timezone.localdate())
    context = {
        "plan": plan, "task": task, "kept": kept, "form": form, "drop_form": drop_form, "problem": problem,
        "step": "tasks", "agencies": agencies, "clash": given.get("clash", ()), "is_task_open": is_open(task),
        "shifts": shifts_of(kept.before, kept.after) if kept else (),
        "conflicts": conflicts_of(kept, task, going_on(plan, [kept])) if kept else (),
        "warnings": form.days.warnings((str(form.fields[name].label), day) for name, day in days_of(wanted)),
        "seen": request.POST.get("seen", "") if is_stale else amending.mark(task, kept),
        "own_days": sum(part.due_on is not None for part in task.assignments.all()),
    }  # fmt: skip
    return render(request, "tasks/amend.html", context, status=status)


def _initial(task: Task, kept: Amendment | None) -> dict[str, object]:
    facts = wanted_of(task, kept)
    reason = kept.reason if kept and not kept.is_dropped else ""
    return initial_of(draft_from(facts)) | {"source": facts["source"], "reason": reason}


def _codes(plan: Plan) -> frozenset[str]:
    return frozenset(c.code for c in known().edition(plan.base_year).definition)
