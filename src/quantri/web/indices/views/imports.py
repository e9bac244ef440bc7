"""How next year's results come in: a spreadsheet, its preview, and the confirmation."""

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quantri.errors import RuleViolation
from quantri.web.indices.actions import publish_draft
from quantri.web.indices.drafts import Draft
from quantri.web.indices.forms import ResultsForm
from quantri.web.indices.importing import preview_results
from quantri.web.indices.rights import for_publishers

SALT = "quantri.indices.import.compared"


@for_publishers
@require_http_methods(["GET", "HEAD", "POST"])
def import_results(request: HttpRequest) -> HttpResponse:
    form = ResultsForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "indices/import.html", {"form": form}, status=status)
    upload = form.cleaned_data["file"]
    preview = preview_results(upload.read(), upload.name, form.cleaned_data["year"])
    context = {"form": ResultsForm(initial={"year": form.cleaned_data["year"]}), "preview": preview}
    if not preview.faults:
        context["sealed"] = signing.dumps(preview.sealed(), salt=f"{SALT}{request.user.pk}", compress=True)
    return render(request, "indices/import.html", context, status=422 if preview.faults else 200)


@for_publishers
@require_POST
def confirm_import(request: HttpRequest) -> HttpResponse:
    """Publish what the preview showed; the browser carried it, sealed."""
    try:
        sealed = signing.loads(request.POST.get("sealed", ""), salt=f"{SALT}{request.user.pk}", max_age=24 * 3600)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old or was changed. Choose the file again."))
        return redirect("indices:import")
    draft = Draft(**sealed["draft"])
    try:
        published = publish_draft(draft, instead_of=sealed["instead_of"], by=request.user)
    except RuleViolation as problem:
        context = {"form": ResultsForm(initial={"year": draft.year}), "problem": problem}
        return render(request, "indices/import.html", context, status=409)
    messages.success(request, _("%(release)s is in. Every page shows it from now on.") % {"release": published})
    return redirect("indices:release", pk=published.pk)
