"""One component: where all provinces lie, how it moved, and who was low how often."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quantri.web.core.frozen import frozen
from quantri.web.indices.archive import standings
from quantri.web.indices.charts import history, strip
from quantri.web.indices.lookup import component_of, edition_of, known
from quantri.web.indices.views.state import figures


@require_safe
@frozen(figures, "year", "unit")
def component(request: HttpRequest, code: str) -> HttpResponse:
    papi = known()
    years = [e.definition.year for e in papi.editions if code in e.definition]
    edition = edition_of(request, papi, years[-1] if years else None)
    here = component_of(edition, code)
    year = edition.definition.year
    league = standings(settings.INDEX, code, year)
    chosen = [key for key in request.GET.getlist("unit")[:5] if key in edition]
    context = {
        "component": here, "year": year, "years": years[::-1], "edition": edition, "league": league,
        "parent": edition.definition[here.parent] if here.parent else None,
        "parts": edition.definition.children(code), "strip": strip(edition, code, chosen),
        "history": history(papi, code, chosen, left=12, height=260), "chosen": chosen,
        "chosen_units": [edition.units[edition.row(k)] for k in chosen],
        "n": sum(u.standing.score is not None for u in league),
        "cuts": next((u.standing.cuts for u in league if u.standing.cuts), None),
        "typical_move": league[0].standing.typical_move, "shows_near": league[0].standing.typical_move is not None,
    }  # fmt: skip
    return render(request, "indices/component.html", context)
