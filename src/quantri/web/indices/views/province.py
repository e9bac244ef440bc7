"""One province: on every component against all others; a merged province with its old series."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.engine.definition import Component
from quantri.engine.diagnosis import Diagnosis, Standing
from quantri.engine.results import Archive, EditionResults
from quantri.web.core.frozen import frozen
from quantri.web.core.tables import csv_file, xlsx_file
from quantri.web.core.templatetags.numbers import named
from quantri.web.indices.archive import standing
from quantri.web.indices.charts import History, Strip, bar, history, outline
from quantri.web.indices.lookup import edition_of, known
from quantri.web.indices.precision import as_printed, printed_digits
from quantri.web.indices.templatetags.standing import group_word
from quantri.web.indices.views.state import figures
from quantri.web.places.models import Province


@dataclass(frozen=True, kw_only=True)
class Line:
    """A component of one province on a page, with its parts."""

    standing: Standing
    bar: Strip | None
    parts: tuple["Line", ...] = ()


@dataclass(frozen=True, kw_only=True)
class RangeLine:
    """A component of a merged province: a score of each predecessor, and the range between them."""

    component: Component
    beside: tuple[tuple[Diagnosis, Standing], ...]
    low: float | None
    high: float | None
    bar: Strip | None


@require_safe
@frozen(figures, "year")
def province(request: HttpRequest, key: str) -> HttpResponse:
    place = get_object_or_404(Province.objects.visible_to(request.user).named(), key=key)
    papi = known()
    own = [e.definition.year for e in papi.editions if key in e]
    if own and (not place.predecessors.all() or request.GET.get("year", str(own[-1])) in map(str, own)):
        return _one(request, papi, place, own)
    return _merged(request, papi, place)


@require_safe
@frozen(figures, "year")
def export(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    """Give the province's figures of an edition as a file."""
    papi = known()
    edition = edition_of(request, papi)
    if key not in edition or ending not in ("csv", "xlsx"):
        raise Http404
    diagnosis = standing(settings.INDEX, key, edition.definition.year)
    digits = printed_digits(edition)
    header = [_("Code"), _("Name"), _("Score"), _("Derived"), _("Rank"), _("Of"), _("Group"), _("Typical move"),
              _("Provinces within it"), _("Gap to the next group")]  # fmt: skip
    rows = [
        [s.component.code, named(s.component), s.score, int(s.derived), s.rank, s.n, group_word(s.group),
         as_printed(s.typical_move, digits), s.n_within_typical_move, as_printed(s.gap_to_next_group, digits)]
        for s in diagnosis.standings
    ]  # fmt: skip
    name = f"papi-{edition.definition.year}-{key}"
    if ending == "csv":
        return csv_file(name, header, rows)
    notes = [
        f"{named(diagnosis.unit)}, PAPI {edition.definition.year}",
        _("Source: PAPI (UNDP, CECODES, RTA and partners), papi.org.vn. Interval not published."),
        _("Derived 1: added up by Quantri from the parts. An empty score was not published."),
    ]
    return xlsx_file(name, header, rows, notes)


def _one(request: HttpRequest, papi: Archive, place: Province, years: list[int]) -> HttpResponse:
    edition = edition_of(request, papi, years[-1])
    if place.key not in edition:
        raise Http404(_("This province has no results of that year."))
    year = edition.definition.year
    diagnosis = standing(settings.INDEX, place.key, year)
    lines = _lines(diagnosis, edition)
    context = {
        "place": place, "year": year, "years": years[::-1], "edition": edition, "diagnosis": diagnosis,
        "top": diagnosis.standings[0], "lines": lines, "n_low": sum(s.standing.group == "low" for s in lines),
        "lowest": _lowest(lines), "histories": _histories(papi, edition, [place.key]),
        "withheld": [line.standing.component.code for line in lines if line.standing.score is None],
        "shows_near": any(s.n_within_typical_move is not None for s in diagnosis.standings),
        "later": list(place.successors.all()), "unit": diagnosis.unit,
        "earlier": [s.before for s in place.predecessors.all()],
        "earlier_year": max((y for y in papi.years if y not in years), default=None),
    }  # fmt: skip
    return render(request, "indices/province.html", context)


def _lines(diagnosis: Diagnosis, edition: EditionResults) -> tuple[Line, ...]:
    def made(s: Standing) -> Line:
        parts = [p for p in diagnosis.standings if p.component.parent == s.component.code]
        return Line(
            standing=s, bar=bar(edition, s.component.code, [diagnosis.unit.key]), parts=tuple(made(p) for p in parts)
        )

    return made(diagnosis.standings[0]).parts


def _lowest(lines: tuple[Line, ...]) -> Line | None:
    """Return the dimension whose rank is worst among those with a score."""
    known_lines = [line for line in lines if line.standing.rank]
    return max(known_lines, key=lambda line: line.standing.rank / line.standing.n, default=None)


def _histories(papi: Archive, edition: EditionResults, keys: list[str]) -> list[tuple[Component, History]]:
    wide = [c for c in edition.definition if c.level in ("index", "dimension")]
    return [(c, history(papi, c.code, keys)) for c in wide]


def _merged(request: HttpRequest, papi: Archive, place: Province) -> HttpResponse:
    before = [s.before for s in place.predecessors.all()]
    keys = [p.key for p in before]
    years = [e.definition.year for e in papi.editions if any(k in e for k in keys)]
    if not years:
        raise Http404(_("There are no results of this province or of those that it was made from."))
    edition = edition_of(request, papi, years[-1])
    year = edition.definition.year
    found = [standing(settings.INDEX, key, year) for key in keys if key in edition]
    context = {
        "place": place, "before": before, "found": found, "year": year, "years": years[::-1], "edition": edition,
        "lines": merged_lines(edition, found), "histories": _histories(papi, edition, keys),
        "map": outline(edition.units, keys), "top": [d.standings[0] for d in found],
    }  # fmt: skip
    return render(request, "indices/merged.html", context)


def merged_lines(edition: EditionResults, found: list[Diagnosis]) -> list[RangeLine]:
    """Set the predecessors beside each other; their scores are never averaged."""
    lines = []
    for n, component in enumerate(edition.definition):
        if component.level not in ("index", "dimension"):
            continue
        scores = [d.standings[n] for d in found]
        known_scores = [s.score for s in scores if s.score is not None]
        whole = len(known_scores) == len(found) > 0
        line = RangeLine(
            component=component,
            beside=tuple(zip(found, scores, strict=True)),
            low=min(known_scores) if whole else None,
            high=max(known_scores) if whole else None,
            bar=bar(edition, component.code, [d.unit.key for d in found]),
        )
        lines.append(line)
    return lines
