"""Releases: what is known of each edition, where it comes from, and its files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from quantri.engine.comparability import Link
from quantri.engine.results import Archive
from quantri.web.core.frozen import frozen
from quantri.web.indices.archive import own_archive
from quantri.web.indices.documents import document_of
from quantri.web.indices.history import history_of
from quantri.web.indices.models import Release
from quantri.web.indices.rights import may_publish
from quantri.web.indices.views.state import figures

KINDS = {"results.csv": "results", "definition.toml": "definition", "indicators.csv": "indicators"}


@require_safe
@frozen(figures)
def releases(request: HttpRequest) -> HttpResponse:
    found = Release.objects.visible_to(request.user).current().defer("definition", "results", "indicators")
    context = {
        "releases": [(release, document_of(release)) for release in found],
        "may_publish": request.user.is_authenticated and may_publish(request.user),
    }
    return render(request, "indices/releases.html", context)


@require_safe
@frozen(figures)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a release as it is kept, be it superseded or not, and what stood before and after it."""
    found = get_object_or_404(Release.objects.visible_to(request.user), pk=pk)
    own = own_archive(found)
    edition = own.editions[-1]
    wide = [c for c in edition.definition if c.level != "sub_dimension"]
    context = {
        "release": found, "document": document_of(found), "edition": edition, "links": _broken_links(own), "wide": wide,
        "rows": [(unit, [edition.score(unit.key, c.code) for c in wide]) for unit in edition.units],
        "history": history_of(found, request.user),
    }  # fmt: skip
    return render(request, "indices/release.html", context)


def _broken_links(own: Archive) -> list[Link]:
    first, last = own.years[0], own.years[-1]
    links = [own.links.path(c.code, first, last) for c in own.editions[-1].definition] if first < last else []
    return [link for link in links if link.comparable != "yes"]


@require_safe
def release_file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    found = get_object_or_404(Release.objects.visible_to(request.user), pk=pk)
    if name not in KINDS:
        raise Http404
    answer = HttpResponse(getattr(found, KINDS[name]), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.name}-{name}"'
    return answer
