"""How a round of microdata comes in: upload, job with progress, draft, release."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import RuleViolation
from quantri.web.core import jobs
from quantri.web.core.models import Job
from quantri.web.core.once import once
from quantri.web.indices.rights import for_publishers
from quantri.web.surveys import actions
from quantri.web.surveys.jobs import KIND
from quantri.web.surveys.lookup import round_of
from quantri.web.surveys.rights import for_scorers
from quantri.web.surveys.uploads import RoundForm, ending_of


@for_scorers
@require_http_methods(["GET", "HEAD", "POST"])
@once
def upload(request: HttpRequest) -> HttpResponse:
    form = RoundForm(request.POST or None, request.FILES or None)
    own = Job.objects.visible_to(request.user).filter(kind=KIND)
    context = {"form": form, "jobs": own.order_by("-pk")[:5], "open": own.open().first()}
    if request.method != "POST" or not form.is_valid():
        return render(request, "surveys/upload.html", context, status=422 if request.method == "POST" else 200)
    data = form.cleaned_data["data"]
    name = jobs.keep_file(data.chunks(), ending_of(data))
    try:
        job = jobs.put(KIND, form.arguments, file=name, by=request.user)
    except RuleViolation as problem:
        return render(request, "surveys/upload.html", context | {"problem": problem}, status=409)
    return redirect("surveys:job", pk=job.pk)


@for_scorers
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a job is; asked again and again by the page itself where scripts run."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind=KIND)
    fault = found.faults.get(get_language() or "vi", "")
    page = "surveys/_job.html" if request.htmx else "surveys/job.html"
    return render(request, page, {"job": found, "fault": fault})


@for_scorers
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind=KIND)
    jobs.cancel(found, by=request.user)
    return redirect("surveys:job", pk=pk)


@for_publishers
@require_POST
def freeze(request: HttpRequest, key: str) -> HttpResponse:
    row = actions.freeze_round(round_of(request, key), by=request.user)
    messages.success(request, _("%(round)s is frozen. Everyone can read it from now on.") % {"round": row})
    return redirect("surveys:round", key=row.key)
