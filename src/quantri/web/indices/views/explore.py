"""All provinces on one component: table, strip, map and files."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.engine.definition import LEVELS, Component
from quantri.engine.diagnosis import UnitStanding
from quantri.engine.results import EditionResults
from quantri.text import fold
from quantri.web.core.frozen import frozen
from quantri.web.core.tables import csv_file, xlsx_file
from quantri.web.core.templatetags.numbers import named
from quantri.web.indices.archive import standings
from quantri.web.indices.charts import choropleth, strip
from quantri.web.indices.lookup import edition_of, known, level_of
from quantri.web.indices.templatetags.standing import REGIONS, group_word, region_word
from quantri.web.indices.views.state import figures


@dataclass(frozen=True, kw_only=True)
class Row:
    """A province in the explorer; `others` are score and derived mark of the other components of the level."""

    found: UnitStanding
    others: tuple[tuple[float | None, bool], ...]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What the explorer shows, as the address asks."""

    edition: EditionResults
    level: str
    component: Component
    siblings: tuple[Component, ...]
    region: str
    sort: str
    rows: tuple[Row, ...]

    @property
    def year(self) -> int:
        return self.edition.definition.year


@require_safe
@frozen(figures, "year", "level", "code", "region", "sort")
def explore(request: HttpRequest) -> HttpResponse:
    papi = known()
    chosen = _selection(request)
    league = standings(settings.INDEX, chosen.component.code, chosen.year)
    context = {
        "chosen": chosen, "years": papi.years[::-1], "year": chosen.year, "regions": REGIONS,
        "levels": [level for level in LEVELS if any(c.level == level for c in chosen.edition.definition)],
        "strip": strip(chosen.edition, chosen.component.code), "map": choropleth(league, chosen.region),
        "counts": _counts(league), "n": sum(u.standing.score is not None for u in league),
        "cuts": next((u.standing.cuts for u in league if u.standing.cuts), None),
        "shows_near": any(u.standing.n_within_typical_move is not None for u in league),
    }  # fmt: skip
    return render(request, "indices/explore.html", context)


@require_safe
@frozen(figures, "year", "level", "code", "region", "sort")
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the table that is seen as a file."""
    chosen = _selection(request)
    header = [
        _("Province"),
        _("Code"),
        _("Region"),
        chosen.component.code,
        _("Rank"),
        _("Of"),
        _("Group"),
        _("Derived"),
    ]
    header += [name for c in chosen.siblings for name in (c.code, f"{c.code}: {_('Derived')}")]
    rows = [
        [named(r.found.unit), r.found.unit.code, region_word(r.found.unit.region), r.found.standing.score,
         r.found.standing.rank, r.found.standing.n, group_word(r.found.standing.group),
         int(r.found.standing.derived), *(cell for score, derived in r.others for cell in (score, int(derived)))]
        for r in chosen.rows
    ]  # fmt: skip
    name = f"papi-{chosen.year}-{chosen.component.code}"
    if ending == "csv":
        return csv_file(name, header, rows)
    if ending == "xlsx":
        notes = [
            _("PAPI %(year)s, %(code)s %(name)s") % {
                "year": chosen.year, "code": chosen.component.code, "name": named(chosen.component),
            },
            _("Source: PAPI (UNDP, CECODES, RTA and partners), papi.org.vn. Interval not published."),
            _("Derived 1: added up by Quantri from the parts. An empty score was not published."),
        ]  # fmt: skip
        return xlsx_file(name, header, rows, notes)
    raise Http404


def _selection(request: HttpRequest) -> Selection:
    edition = edition_of(request, known())
    level = level_of(request, edition)
    siblings = tuple(c for c in edition.definition if c.level == level)
    asked = request.GET.get("code", "")
    component = next((c for c in siblings if c.code == asked), siblings[0])
    others = tuple(c for c in siblings if c.code != component.code)
    region = request.GET.get("region", "")
    sort = request.GET.get("sort", "rank")
    league = standings(settings.INDEX, component.code, edition.definition.year)
    rows = [
        Row(found=u, others=tuple(_marked(edition, u.unit.key, c.code) for c in others))
        for u in league if not region or u.unit.region == region
    ]  # fmt: skip
    return Selection(
        edition=edition, level=level, component=component, siblings=others, region=region, sort=sort,
        rows=_sorted(rows, sort, others),
    )  # fmt: skip


def _marked(edition: EditionResults, key: str, code: str) -> tuple[float | None, bool]:
    derived = edition.derived[edition.row(key), edition.definition.column(code)]
    return edition.score(key, code), bool(derived)


def _sorted(rows: list[Row], sort: str, others: tuple[Component, ...]) -> tuple[Row, ...]:
    if sort == "name":
        return tuple(sorted(rows, key=lambda r: fold(r.found.unit.name_vi)))
    codes = [c.code for c in others]
    if sort in codes:
        n = codes.index(sort)
        return tuple(sorted(rows, key=lambda r: (r.others[n][0] is None, -(r.others[n][0] or 0))))
    return tuple(rows if sort != "lowest" else [*reversed([r for r in rows if r.found.standing.rank]),
                                                *(r for r in rows if not r.found.standing.rank)])  # fmt: skip


def _counts(league: tuple[UnitStanding, ...]) -> dict[str, int]:
    groups = [u.standing.group for u in league]
    return {name: groups.count(name) for name in ("high", "mid_high", "mid_low", "low")}
