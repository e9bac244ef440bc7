"""The report form that a one-use link opens, without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from quantri.errors import RuleViolation
from quantri.web.tasks import handing_in
from quantri.web.tasks.links import ByLink, find
from quantri.web.tasks.models import Progress
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
    milestones = link.assignment.task.milestones.filter(ended_at=None)
    form = ReportForm(request.POST or None, request.FILES or None, milestones=milestones, progress=progress)
    answer = sent(
        request, form, lambda: handing_in.hand_in_by_link(token, link, form.delivery(), by=ByLink(link))
    )  # fmt: skip
    if answer.done:
        return _private(render(request, "tasks/link_done.html", {"part": link.assignment, "period": link.period}))
    context = {"period": link.period, "part": link.assignment, "progress": progress, "form": form,
               "problem": answer.problem, "theirs": answer.theirs, "by_link": True, "link": link}  # fmt: skip
    return _private(render(request, "tasks/report.html", context, status=answer.status))


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep the address out of caches, and of what other sites are told; the own form must say where it comes from."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer
