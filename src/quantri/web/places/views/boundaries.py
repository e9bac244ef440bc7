"""How an authority brings its own boundaries: a file, its preview, the confirmation; and what was kept."""

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import RuleViolation
from quantri.text import nfc
from quantri.web.core.frozen import frozen
from quantri.web.core.once import once
from quantri.web.places import actions
from quantri.web.places.boundaries import preview_boundaries, unsealed
from quantri.web.places.drawing import whole_drawn
from quantri.web.places.forms import BoundariesForm
from quantri.web.places.models import BoundarySet, Province
from quantri.web.places.rights import for_keepers, may_keep_boundaries
from quantri.web.places.views.units import state

SALT = "quantri.places.boundaries.compared"
PAGE = 50
MOST_DRAWN = 1000  # units on one map


@require_safe
@frozen(state, "page")
def boundary_sets(request: HttpRequest) -> HttpResponse:
    """List what was kept, with its source; the newest first."""
    kept = BoundarySet.objects.visible_to(request.user)
    page = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    return render(request, "places/boundary_sets.html", {"page": page, "may_keep": may_keep_boundaries(request.user)})


@require_safe
@frozen(state)
def boundary_set(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(BoundarySet.objects.visible_to(request.user), pk=pk)
    return render(request, "places/boundary_set.html", _shown(request, kept))


def _shown(request: HttpRequest, kept: BoundarySet) -> dict[str, object]:
    """Draw a set whole, or lead to the provinces of one that is too large for a page."""
    n = kept.boundaries.count()
    provinces = Province.objects.filter(children__unit__boundaries__boundary_set=kept).distinct()
    return {
        "kept": kept, "n": n, "drawn": whole_drawn(kept) if n <= MOST_DRAWN else None,
        "provinces": provinces.prefetch_related("names") if n > MOST_DRAWN else [],
        "may_keep": may_keep_boundaries(request.user),
    }  # fmt: skip


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def import_boundaries(request: HttpRequest) -> HttpResponse:
    """Show what a file holds; nothing is kept before it is confirmed."""
    form = BoundariesForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "places/import.html", {"form": form}, status=status)
    typed = {name: form.cleaned_data[name] for name in ("level", "valid_from", "source")}
    upload = form.cleaned_data["file"]
    try:
        preview = preview_boundaries(upload.read(), file_name=nfc(upload.name), **typed)
    except RuleViolation as problem:
        return render(request, "places/import.html", {"form": form, "problem": problem}, status=422)
    context = {"form": form, "preview": preview}
    if preview.may_be_kept:
        salt = f"{SALT}{request.user.pk}"
        context["sealed"] = signing.dumps(preview.draft.sealed(), salt=salt, compress=True)
    return render(request, "places/import.html", context, status=200 if preview.may_be_kept else 422)


@for_keepers
@require_POST
@once
def confirm_boundaries(request: HttpRequest) -> HttpResponse:
    """Keep what the preview showed; the browser carried it, sealed."""
    try:
        salt = f"{SALT}{request.user.pk}"
        values = signing.loads(request.POST.get("sealed", ""), salt=salt, max_age=24 * 3600)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old or was changed. Choose the file again."))
        return redirect("places:import-boundaries")
    try:
        kept = actions.keep_boundaries(unsealed(values), by=request.user)
    except RuleViolation as problem:
        return render(request, "places/import.html", {"form": BoundariesForm(), "problem": problem}, status=409)
    messages.success(request, _("The boundaries are kept. The maps show them from now on."))
    return redirect("places:boundary-set", pk=kept.pk)


@for_keepers
@require_POST
@once
def withdraw_boundaries(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(BoundarySet.objects.visible_to(request.user), pk=pk)
    try:
        actions.withdraw_boundaries(kept, by=request.user)
    except RuleViolation as problem:
        messages.error(request, str(problem))
        return render(request, "places/boundary_set.html", _shown(request, kept), status=409)
    messages.success(request, _("The boundaries are withdrawn; no map shows them any more."))
    return redirect("places:boundary-sets")
