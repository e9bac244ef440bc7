"""One figure down to its row in the source and its definition."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from quantri.web.core.frozen import frozen
from quantri.web.indices.archive import standing
from quantri.web.indices.documents import document_of
from quantri.web.indices.lookup import component_of, known, unit_of
from quantri.web.indices.models import Release
from quantri.web.indices.sources import indicators_under, row_of
from quantri.web.indices.views.state import figures


@require_safe
@frozen(figures)
def figure(request: HttpRequest, year: int, key: str, code: str) -> HttpResponse:
    papi = known()
    release = get_object_or_404(Release.objects.visible_to(request.user).current(), index=settings.INDEX, year=year)
    edition = papi.edition(year)
    unit, component = unit_of(edition, key), component_of(edition, code)
    context = {
        "release": release, "document": document_of(release), "unit": unit, "component": component, "year": year,
        "standing": standing(settings.INDEX, key, year)[code], "row": row_of(release.results, key, code),
        "parts": [(c, edition.score(key, c.code)) for c in edition.definition.children(code)],
        "indicators": indicators_under(release.indicators, key, code),
    }  # fmt: skip
    return render(request, "indices/figure.html", context)
