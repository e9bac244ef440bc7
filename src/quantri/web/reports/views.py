"""Documents of a plan, and the decision that lets the public see it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_safe

from quantri.errors import DataError
from quantri.text import fold
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import PROVINCE_LEADER, Role
from quantri.web.core.frozen import code_version
from quantri.web.core.tables import XLSX
from quantri.web.plans import decisions
from quantri.web.plans.faults import counted, faults_of
from quantri.web.plans.forms import DecisionForm
from quantri.web.plans.lines import sheet_of
from quantri.web.plans.models import Plan, PublicationDecision
from quantri.web.plans.views.editing import own_plan
from quantri.web.reports import actions
from quantri.web.reports.keeping import BeingMade, kept_file
from quantri.web.reports.models import Snapshot
from quantri.web.reports.rendering.annex import render_annex
from quantri.web.reports.rendering.document import render_document
from quantri.web.reports.rendering.pdf import pdf_available, to_pdf
from quantri.web.tasks.models import Task
from quantri.web.tasks.works import works_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Renderer = Callable[[dict], bytes]
WAIT = 10  # seconds after which to ask again for a file that is being made
FILES: dict[str, tuple[Renderer, str]] = {
    "docx": (render_document, DOCX),
    "xlsx": (render_annex, XLSX),
    "pdf": (lambda content: to_pdf(render_document(content)), "application/pdf"),
}


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is missing, and make the draft document of the plan as it is now."""
    plan = own_plan(request, pk)
    if request.method == "POST":
        actions.freeze_draft(plan, by=request.user)
        messages.success(request, _("The draft is made from the plan as it is now."))
        return redirect("reports:documents", pk=pk)
    works = works_of(Task.objects.visible_to(request.user).filter(plan=plan))
    faults = faults_of(plan, sheet_of(plan), works, today=timezone.localdate())
    context = {
        "plan": plan, "step": "document", "faults": counted(faults), "n_tasks": len(works),
        "snapshots": Snapshot.objects.visible_to(request.user).filter(plan=plan), "has_pdf": pdf_available(),
    }  # fmt: skip
    return render(request, "reports/documents.html", context)


def _etag(request: HttpRequest, pk: int, sha256: str, ending: str) -> str | None:
    if not Snapshot.objects.visible_to(request.user).filter(plan=pk, sha256=sha256).exists():
        return None  # a copy is confirmed only to who may see it
    return f'"{sha256[:16]}-{ending}-{code_version()}"'


@require_safe
@condition(etag_func=_etag)
def file(request: HttpRequest, pk: int, sha256: str, ending: str) -> HttpResponse:
    """Make a file from frozen content: the same content gives the same document at any time."""
    snapshots = Snapshot.objects.visible_to(request.user).filter(plan=pk, sha256=sha256)
    snapshot = snapshots.first()
    if snapshot is None or ending not in FILES:
        raise Http404
    renderer, kind = FILES[ending]
    try:
        content = kept_file(sha256, ending, lambda: renderer(snapshot.content))
    except BeingMade:
        return not_ready(request)
    except DataError as fault:
        return not_made(request, fault)
    name = "-".join(fold(f"ke hoach papi {snapshot.content['province']} {snapshot.content['year']}").split())
    headers = {"Content-Disposition": f'attachment; filename="{name}-{sha256[:8]}.{ending}"'}
    headers["Cache-Control"] = "no-cache" if snapshot.is_public else "private, no-store"
    return HttpResponse(content, content_type=kind, headers=headers)


def not_made(request: HttpRequest, fault: DataError) -> HttpResponse:
    """Say that the PDF cannot be made here, and what to take instead."""
    sentence = _("The PDF could not be made here. Take the Word file; LibreOffice or Word can save it as PDF.")
    context = {"title": _("No PDF"), "sentence": f"{sentence} ({fault})"}
    return render(request, "core/fault.html", context, status=503)


def not_ready(request: HttpRequest) -> HttpResponse:
    """Say that another request makes this file now, and when to ask again."""
    sentence = _("This file is being made at this moment. Try again in %(seconds)s seconds.") % {"seconds": WAIT}
    answer = render(request, "core/fault.html", {"title": _("Not ready yet"), "sentence": sentence}, status=503)
    answer["Retry-After"] = str(WAIT)
    return answer


@for_roles(PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a leader make a plan public, or take it back."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).prefetch_related("decisions"), pk=pk)
    if not request.user.holds(plan.province_id, PROVINCE_LEADER):
        raise PermissionDenied
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.cleaned_data["kind"] == PublicationDecision.Kind.WITHDRAW:
            decisions.withdraw_plan(plan, reason=reason, by=request.user)
            messages.success(request, _("The plan is withdrawn; only your province sees it now."))
        else:
            publish = actions.publish_with_chances if form.cleaned_data["with_chances"] else actions.publish
            publish(plan, reason=reason, by=request.user)
            messages.success(request, _("The plan is public."))
        return redirect("portal:plan", pk=plan.pk)
    return render(request, "reports/decide.html", {"plan": plan, "form": form}, status=422 if form.errors else 200)
