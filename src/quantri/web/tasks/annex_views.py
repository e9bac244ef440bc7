"""A plan is filled from a spreadsheet annex: the template, the preview with its faults by cell, and keeping it."""

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import DataError
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.core.tables import XLSX
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.views.editing import own_plan
from quantri.web.tasks.annex import annex_from, annex_template, keep_annex, read_annex
from quantri.web.tasks.forms import SheetForm

SALT = "quantri.plans.annex"
DAY = 24 * 3600


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def annex(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a workbook holds and what it would change; nothing is kept yet."""
    plan = own_plan(request, pk)
    form = SheetForm(request.POST or None, request.FILES or None)
    context = {"plan": plan, "form": form, "step": "targets"}
    if request.method != "POST" or not form.is_valid():
        return render(request, "tasks/annex.html", context, status=422 if form.errors else 200)
    try:
        found = read_annex(plan, form.cleaned_data["file"].read())
    except DataError as fault:
        form.add_error("file", str(fault))
        return render(request, "tasks/annex.html", context, status=422)
    context["annex"] = found
    if not found.faults:
        context["sealed"] = signing.dumps(found.plain, salt=f"{SALT}{plan.pk}.{request.user.pk}", compress=True)
    return render(request, "tasks/annex.html", context, status=422 if found.faults else 200)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the preview showed."""
    plan, salt = own_plan(request, pk), f"{SALT}{pk}.{request.user.pk}"
    try:
        plain = signing.loads(request.POST.get("sealed", ""), salt=salt, max_age=DAY)
        keep_annex(plan, annex_from(plain), by=request.user)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old or was changed. Choose the file again."))
        return redirect("tasks:annex", pk=pk)
    except ChangedMeanwhile:
        messages.error(request, _("Somebody changed targets of the plan meanwhile. Choose the file again and look."))
        return redirect("tasks:annex", pk=pk)
    messages.success(request, _("The annex is in the plan."))
    return redirect("plans:targets", pk=pk)


@for_roles(Role.COORDINATOR)
@require_safe
def template(request: HttpRequest, pk: int) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="phu-luc-ke-hoach.xlsx"'}
    return HttpResponse(annex_template(own_plan(request, pk)), content_type=XLSX, headers=headers)
