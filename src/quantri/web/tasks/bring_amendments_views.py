"""The open tasks that move to a revision go out as Excel and come back as amendments, which wait for the issue."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.core.tables import xlsx_file
from quantri.web.indices.lookup import known
from quantri.web.plans.models import Plan
from quantri.web.plans.views.editing import own_plan
from quantri.web.tasks import amending_rows
from quantri.web.tasks.amended import is_coming
from quantri.web.tasks.bring_views import confirmed, notes_on, preview


@for_roles(Role.COORDINATOR)
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the tasks out as the revision wants them so far, each row with its mark."""
    plan = _revision(request, pk)
    how = _("Change the cells; leave the column “Mark of the row” as it is. Rows are neither added nor needed.")
    rows = amending_rows.rows_of(plan)
    return xlsx_file(f"dieu-chinh-{plan.year}", amending_rows.header(), rows, notes_on(str(plan), how))


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file would amend; nothing is kept yet."""
    plan = _revision(request, pk)
    codes = frozenset(c.code for c in known().edition(plan.base_year).definition)
    context = {
        "about": str(plan), "is_open": plan.is_open, "file_url": reverse("tasks:export-amendments", args=[pk]),
        "confirm_url": reverse("tasks:bring-amendments-confirm", args=[pk]), "back_url": _tab(pk),
        "heading": _("Tasks that move over out to Excel and in again"), "act": _("Amend these tasks"),
    }  # fmt: skip
    return preview(request, context, lambda content: amending_rows.compare(plan, content, codes))


@for_roles(Role.COORDINATOR)
@require_POST
@once
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the amendments that the preview showed; they take effect when the revision is issued."""
    plan = _revision(request, pk)

    def act(sealed: list[dict[str, Any]]) -> int:
        return amending_rows.bring_in(plan, sealed, request.POST, by=request.user)

    return confirmed(request, act, reverse("tasks:bring-amendments", args=[pk]), _tab(pk))


def _revision(request: HttpRequest, pk: int) -> Plan:
    """Return a revision in the making; 404 for another plan."""
    plan = own_plan(request, pk)
    if not is_coming(plan):
        raise Http404
    return plan


def _tab(pk: int) -> str:
    return reverse("tasks:list", args=[pk])
