"""The parts of a plan's tasks, or of one task, go out as Excel and come back with their days and deliverables."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.core.tables import xlsx_file
from quantri.web.plans.models import Plan
from quantri.web.plans.views.editing import own_plan
from quantri.web.tasks import many_parts, part_rows
from quantri.web.tasks.bring_views import confirmed, notes_on, preview
from quantri.web.tasks.models import Task
from quantri.web.tasks.parts import is_dividable


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose parts a page takes: those of all tasks of a plan, or of one."""

    plan: Plan
    tasks: QuerySet[Task]
    task: Task | None

    @property
    def about(self) -> str:
        return f"{self.plan}: {self.task}" if self.task else str(self.plan)

    @property
    def back_url(self) -> str:
        return reverse("work:parts", args=[self.task.pk]) if self.task else reverse("tasks:list", args=[self.plan.pk])

    def url(self, plans: str, tasks: str) -> str:
        """Return the address of a page of the plan, or of the same page of the task."""
        return reverse(tasks, args=[self.plan.pk, self.task.pk]) if self.task else reverse(plans, args=[self.plan.pk])


@for_roles(Role.COORDINATOR)
@require_safe
def file(request: HttpRequest, pk: int, task_pk: int | None = None) -> HttpResponse:
    """Give the open parts out, each row with its mark."""
    place = _place(request, pk, task_pk)
    plan = place.plan
    how = [_("Change the cells; leave the column “Mark of the row” as it is. Rows are neither added nor needed.")]
    if plan.is_in_force:
        how.append(_("Write the reason into each row that you change; its agency reads it."))
    name = f"phan-viec-{plan.year}" + (f"-{task_pk}" if task_pk else "")
    rows = part_rows.rows_of(plan, place.tasks)
    return xlsx_file(name, part_rows.header(plan), rows, notes_on(place.about, *how))


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, pk: int, task_pk: int | None = None) -> HttpResponse:
    """Show what a file of parts would change; nothing is kept yet."""
    place = _place(request, pk, task_pk)
    context = {
        "about": place.about, "is_open": is_dividable(place.plan), "back_url": place.back_url,
        "file_url": place.url("tasks:export-parts", "tasks:export-task-parts"),
        "confirm_url": place.url("tasks:bring-parts-confirm", "tasks:bring-task-parts-confirm"),
        "heading": _("Parts of the tasks out to Excel and in again"), "act": _("Keep these parts"),
    }  # fmt: skip
    return preview(request, context, lambda content: part_rows.compare(place.plan, place.tasks, content))


@for_roles(Role.COORDINATOR)
@require_POST
@once
def confirm(request: HttpRequest, pk: int, task_pk: int | None = None) -> HttpResponse:
    """Keep the parts that the preview showed."""
    place = _place(request, pk, task_pk)

    def act(sealed: list[dict[str, Any]]) -> int:
        return many_parts.change_rows(place.plan, place.tasks, sealed, request.POST, by=request.user)

    return confirmed(request, act, place.url("tasks:bring-parts", "tasks:bring-task-parts"), place.back_url)


def _place(request: HttpRequest, pk: int, task_pk: int | None) -> Place:
    """Return a plan of the reader's province, and its task where one is named; 404 for others."""
    plan = own_plan(request, pk)
    tasks = Task.objects.current().filter(plan=plan)
    if task_pk is None:
        return Place(plan=plan, tasks=tasks, task=None)
    task = get_object_or_404(tasks, pk=task_pk)
    return Place(plan=plan, tasks=tasks.filter(pk=task.pk), task=task)
