"""Up to five provinces side by side."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quantri.engine.definition import Component
from quantri.engine.diagnosis import Standing
from quantri.engine.results import Unit
from quantri.text import fold
from quantri.web.core.frozen import frozen
from quantri.web.indices.archive import standing
from quantri.web.indices.charts import Strip, bar, history
from quantri.web.indices.lookup import edition_of, known
from quantri.web.indices.views.state import figures

MOST = 5


@dataclass(frozen=True, kw_only=True)
class Line:
    """A component with the compared provinces and their standings."""

    component: Component
    beside: tuple[tuple[Unit, Standing], ...]
    bar: Strip | None
    typical_move: float | None


@require_safe
@frozen(figures, "year", "unit")
def compare(request: HttpRequest) -> HttpResponse:
    papi = known()
    edition = edition_of(request, papi)
    year = edition.definition.year
    asked = list(dict.fromkeys(key for key in request.GET.getlist("unit") if key in edition))
    keys = asked[:MOST]
    found = [standing(settings.INDEX, key, year) for key in keys]
    lines = [
        Line(
            component=c,
            beside=tuple((d.unit, d.standings[n]) for d in found),
            bar=bar(edition, c.code, keys),
            typical_move=found[0].standings[n].typical_move,
        )
        for n, c in enumerate(edition.definition)
        if found and c.level in ("index", "dimension")
    ]
    context = {
        "edition": edition, "year": year, "years": papi.years[::-1], "found": found, "keys": keys, "lines": lines,
        "too_many": len(asked) > MOST, "most": MOST, "units": sorted(edition.units, key=lambda u: fold(u.name_vi)),
        "histories": [(line.component, history(papi, line.component.code, keys)) for line in lines],
        "slots": [keys[n] if n < len(keys) else "" for n in range(MOST)],
    }  # fmt: skip
    return render(request, "indices/compare.html", context)
