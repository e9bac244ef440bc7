"""The parts of a task, and the wording, day and deliverable of each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.deadlines.page import warn_of_day
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks.models import Assignment, Task
from quantri.web.tasks.ordering import narrow_page
from quantri.web.tasks.part_forms import TermsForm
from quantri.web.tasks.parts import change_part, is_dividable
from quantri.web.tasks.shifts import shifts_of
from quantri.web.tasks.terms import terms_of


@for_roles(Role.COORDINATOR)
@require_safe
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """List the parts of a task, leads first, each with what it is and by when."""
    task = get_object_or_404(Task.objects.visible_to(request.user).select_related("plan"), pk=pk)
    _coordinate(request, task)
    standing = Assignment.objects.filter(task=task, valid_to=None)
    in_order = standing.order_by("-part", "agency__name_vi", "pk")
    page = narrow_page(in_order, standing.select_related("agency", "task"), request.GET.get("page"))
    context = {"task": task, "page": page, "changes_parts": is_dividable(task.plan)}
    return render(request, "tasks/parts.html", context)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the wording, day and deliverable of one part."""
    found = Assignment.objects.visible_to(request.user).select_related("task__plan", "agency")
    part = get_object_or_404(found, pk=pk)
    _coordinate(request, part.task)
    now, conflict, problem = terms_of(part), [], ""
    form = TermsForm(request.POST or None, needs_reason=part.task.plan.is_in_force, initial=vars(now))
    if request.method == "POST" and form.is_valid():
        reason, seen = form.cleaned_data.get("reason", ""), request.POST.get("seen", "")
        try:
            change_part(part, form.terms(), reason=reason, by=request.user, seen=seen)
        except ChangedMeanwhile as changed:
            now = changed.theirs
            conflict, problem = shifts_of(now.plain, form.terms().plain), str(changed)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The part of %(agency)s is kept.") % {"agency": part.agency})
            warn_of_day(request, form.terms().due_on)
            return redirect("work:parts", pk=part.task_id)
    context = {
        "part": part, "form": form, "problem": problem, "conflict": conflict,
        "seen": request.POST.get("seen", "") if form.errors else now.mark,
    }  # fmt: skip
    return render(request, "tasks/part_change.html", context, status=409 if problem else 422 if form.errors else 200)


def _coordinate(request: HttpRequest, task: Task) -> None:
    if not request.user.holds(task.plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
