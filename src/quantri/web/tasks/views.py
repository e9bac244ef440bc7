"""The tasks of a plan that is being made: typed, copied, taken from measures, or read from a spreadsheet."""

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import DataError
from quantri.text import cut
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.once import once
from quantri.web.core.tables import XLSX
from quantri.web.indices.lookup import known
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.measures import Measure, measures_for
from quantri.web.plans.models import Plan
from quantri.web.plans.views.editing import own_plan
from quantri.web.tasks import actions
from quantri.web.tasks.actions import TaskDraft, draft_of
from quantri.web.tasks.amended import moving_page, with_drops
from quantri.web.tasks.carrying import draft_anew
from quantri.web.tasks.due_days import days_in, days_of, due_days
from quantri.web.tasks.forms import SheetForm, TaskForm, differences, initial_of
from quantri.web.tasks.models import Task
from quantri.web.tasks.sheet import read_tasks, sealed, template, unsealed, warnings

SALT = "quantri.tasks.sheet"
A_PAGE = 50


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    form = _form(plan, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_tasks(plan, [form.draft()], by=request.user)
        messages.success(request, _("The task is added."))
        return redirect("tasks:list", pk=pk)
    return _page(request, plan, form=form, status=422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    task = get_object_or_404(Task.objects.visible_to(request.user).with_assignments(), pk=task_pk, plan=plan)
    now, conflict, status = draft_of(task), [], 200
    form = _form(plan, request.POST or None, initial=initial_of(now))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_task(task, form.draft(), by=request.user, seen=request.POST.get("seen", ""))
        except ChangedMeanwhile as changed:
            now = changed.theirs
            conflict, status = differences(form, now), 409
        else:
            messages.success(request, _("The task is changed."))
            return redirect("tasks:list", pk=pk)
    context = {
        "plan": plan, "form": form, "task": task, "agencies": _agencies(plan, request), "step": "tasks",
        "warnings": form.days.warnings((str(form.fields[name].label), day) for name, day in days_of(now)),
        "conflict": conflict, "seen": request.POST.get("seen", "") if form.errors else now.mark,
    }  # fmt: skip
    return render(request, "tasks/change.html", context, status=422 if form.errors else status)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def remove(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    plan = own_plan(request, pk)
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=task_pk, plan=plan)
    actions.remove_task(task, by=request.user)
    messages.success(request, _("The task “%(title)s” is taken out.") % {"title": cut(task.title, 80)})
    return redirect("tasks:list", pk=pk)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy the tasks of an earlier plan; dates have passed and bodies have ended, so those are left out."""
    plan = own_plan(request, pk)
    asked = request.POST.get("plan", "")
    earlier = get_object_or_404(_earlier(plan, request), pk=asked if asked.isascii() and asked.isdigit() else 0)
    codes = _codes(plan)
    seen = Task.objects.visible_to(request.user).filter(plan=earlier)
    drafts = [
        draft_anew(task, codes, source=earlier.number or str(earlier))
        for task in seen.with_assignments().with_milestones()
    ]
    actions.add_tasks(plan, drafts, by=request.user)
    messages.success(request, _("%(n)s tasks are copied; set their dates and owners.") % {"n": len(drafts)})
    return redirect("tasks:list", pk=pk)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Take measures of other provinces over as tasks; their agencies are not those of this province."""
    plan = own_plan(request, pk)
    offered = dict(_offered(plan))
    chosen = [offered[key] for key in request.POST.getlist("measure") if key in offered]
    codes = _codes(plan)
    drafts = [
        TaskDraft(
            title=m.task,
            components=tuple(c for c in m.components if c in codes),
            deliverable=m.deliverable,
            source=f"{m.province} {m.year}",
        )
        for m in chosen
    ]
    actions.add_tasks(plan, drafts, by=request.user)
    messages.success(request, _("%(n)s measures are taken over; name their owners and dates.") % {"n": len(drafts)})
    return redirect("tasks:list", pk=pk)


@for_roles(Role.COORDINATOR)
@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a spreadsheet holds, with the faults of each row; nothing is kept yet."""
    plan = own_plan(request, pk)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, plan, sheet_form=form, status=422)
    days = due_days(plan)
    try:
        rows = read_tasks(form.cleaned_data["file"].read(), _codes(plan), days)
    except DataError as fault:
        form.add_error("file", str(fault))
        return _page(request, plan, sheet_form=form, status=422)
    faulty = sum(bool(r.faults) for r in rows)
    context = {"plan": plan, "rows": rows, "n_faulty": faulty, "step": "tasks", "warnings": warnings(rows, days)}
    if not faulty:
        context["sealed"] = signing.dumps(sealed(rows), salt=f"{SALT}{plan.pk}.{request.user.pk}", compress=True)
    return render(request, "tasks/preview.html", context, status=422 if faulty else 200)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the rows that the preview showed."""
    plan = own_plan(request, pk)
    try:
        values = signing.loads(
            request.POST.get("sealed", ""), salt=f"{SALT}{plan.pk}.{request.user.pk}", max_age=24 * 3600
        )
    except signing.BadSignature:
        messages.error(request, _("The preview is too old or was changed. Choose the file again."))
        return redirect("tasks:list", pk=pk)
    made = actions.add_tasks(plan, unsealed(values), by=request.user)
    messages.success(request, _("%(n)s tasks are added.") % {"n": len(made)})
    return redirect("tasks:list", pk=pk)


@for_roles(Role.COORDINATOR)
@require_safe
def sheet_template(request: HttpRequest) -> HttpResponse:
    name = "nhiem-vu.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(template(), content_type=XLSX, headers=headers)


def _page(request: HttpRequest, plan: Plan, *, status: int = 200, **forms: object) -> HttpResponse:
    visible, agencies = Task.objects.visible_to(request.user), list(_agencies(plan, request))
    form, tasks = forms.get("form") or _form(plan), visible.filter(plan=plan)
    context = {
        "plan": plan, "step": "tasks", "form": form,
        "warnings": form.days.warnings(days_in(plan)) if plan.is_open else [],
        "sheet_form": forms.get("sheet_form") or SheetForm(),
        "page": Paginator(tasks.with_first_parts(), A_PAGE).get_page(request.GET.get("page")),
        "agencies": agencies, "earlier": _earlier(plan, request), "offered": _offered(plan),
        "moving": moving_page(plan, visible, request.GET.get("moving"), known=agencies),
    }  # fmt: skip
    with_drops(context["page"])
    return render(request, "tasks/list.html", context, status=status)


def _form(plan: Plan, data: object = None, **kwargs: object) -> TaskForm:
    return TaskForm(data, codes=_codes(plan), days=due_days(plan), **kwargs)


def _codes(plan: Plan) -> frozenset[str]:
    return frozenset(c.code for c in known().edition(plan.base_year).definition)


def _agencies(plan: Plan, request: HttpRequest) -> object:
    return Agency.objects.visible_to(request.user).filter(province=plan.province).on(timezone.localdate())


def _earlier(plan: Plan, request: HttpRequest) -> object:
    return Plan.objects.visible_to(request.user).filter(
        province=plan.province, tasks__in=Task.objects.current()
    ).exclude(pk=plan.pk).distinct()  # fmt: skip


def _offered(plan: Plan) -> list[tuple[str, Measure]]:
    """Measures for what the plan wants to improve or raise, each with a key."""
    wanted = [t.code for t in plan.targets.all() if t.priority in ("improve", "raise")]
    found = {m: None for code in wanted for m in measures_for(code)}
    return [(f"{m.province}-{m.year}-{n}", m) for n, m in enumerate(found)]
