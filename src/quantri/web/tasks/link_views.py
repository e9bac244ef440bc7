"""The report form that a one-use link opens, without an account; and who has one says that somebody else used it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.core.once import once
from quantri.web.tasks import handing_in
from quantri.web.tasks.links import ByLink, find
from quantri.web.tasks.links import disown as disown_link
from quantri.web.tasks.models import OneUseLink, Progress
from quantri.web.tasks.models.task import CARRIERS
from quantri.web.tasks.report_forms import ReportForm
from quantri.web.tasks.work_views import sent


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, or why the link does not hold; looking at it does not use it up."""
    try:
        link = find(token, timezone.now())
    except RuleViolation as refused:
        return _private(render(request, "tasks/link_over.html", {"sentence": str(refused)}, status=410))
    progress = Progress.objects.filter(assignment=link.assignment_id, period=link.period_id).first()
    form = ReportForm(request.POST or None, request.FILES or None, part=link.assignment, progress=progress)
    answer = sent(
        request, form, lambda: handing_in.hand_in_by_link(token, link, form.delivery(), by=ByLink(link))
    )  # fmt: skip
    if answer.done:
        return _private(render(request, "tasks/link_done.html", {"part": link.assignment, "period": link.period}))
    context = {"period": link.period, "part": link.assignment, "progress": progress, "form": form,
               "problem": answer.problem, "theirs": answer.theirs, "by_link": True, "link": link}  # fmt: skip
    return _private(render(request, "tasks/report.html", context, status=answer.status))


@for_roles(*CARRIERS)
@require_POST
@once
def disown(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it was not the agency that used the link."""
    found = get_object_or_404(OneUseLink.objects.visible_to(request.user), pk=pk)
    try:
        disown_link(found, by=request.user)
    except RuleViolation as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is noted and told to the coordinator; other links of this part are withdrawn."))
    return redirect("work:part", pk=found.assignment_id)


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep the address out of caches, and of what other sites are told; the own form must say where it comes from."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer
