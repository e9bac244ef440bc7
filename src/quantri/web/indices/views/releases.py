"""Releases: what is known of each edition, its files, and how next year's results come in."""

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.frozen import frozen
from quantri.web.indices.actions import publish_release
from quantri.web.indices.forms import ResultsForm
from quantri.web.indices.importing import Preview, preview_results
from quantri.web.indices.lookup import known
from quantri.web.indices.models import Release
from quantri.web.indices.views.state import figures

SALT = "quantri.indices.import"
KINDS = {"results.csv": "results", "definition.toml": "definition", "indicators.csv": "indicators"}


@require_safe
@frozen(figures)
def releases(request: HttpRequest) -> HttpResponse:
    return render(request, "indices/releases.html", {"releases": Release.objects.visible_to(request.user).current()})


@require_safe
@frozen(figures)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Release.objects.visible_to(request.user), pk=pk)
    papi = known()
    edition = papi.edition(found.year)
    links = [papi.links.path(c.code, papi.years[papi.years.index(found.year) - 1], found.year)
             for c in edition.definition] if found.year != papi.years[0] else []  # fmt: skip
    context = {"release": found, "edition": edition, "links": [k for k in links if k.comparable != "yes"]}
    return render(request, "indices/release.html", context)


@require_safe
def release_file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    found = get_object_or_404(Release.objects.visible_to(request.user), pk=pk)
    if name not in KINDS:
        raise Http404
    answer = HttpResponse(getattr(found, KINDS[name]), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.name}-{name}"'
    return answer


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def import_results(request: HttpRequest) -> HttpResponse:
    form = ResultsForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "indices/import.html", {"form": form}, status=status)
    upload = form.cleaned_data["file"]
    preview = preview_results(upload.read(), upload.name, form.cleaned_data["year"])
    context = {"form": ResultsForm(initial={"year": form.cleaned_data["year"]}), "preview": preview}
    if not preview.faults:
        context["sealed"] = signing.dumps(preview.sealed(), salt=f"{SALT}{request.user.pk}", compress=True)
    return render(request, "indices/import.html", context, status=422 if preview.faults else 200)


@for_roles(Role.COORDINATOR)
@require_POST
def confirm_import(request: HttpRequest) -> HttpResponse:
    """Publish what the preview showed; the browser carried it, sealed."""
    try:
        sealed = signing.loads(request.POST.get("sealed", ""), salt=f"{SALT}{request.user.pk}", max_age=24 * 3600)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old or was changed. Choose the file again."))
        return redirect("indices:import")
    published = publish_release(**Preview.unsealed(sealed), by=request.user)
    messages.success(request, _("%(release)s is in. Every page shows it from now on.") % {"release": published})
    return redirect("indices:release", pk=published.pk)
