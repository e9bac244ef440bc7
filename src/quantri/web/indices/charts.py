"""What the charts of published scores show: strips with quartile bands, histories with breaks, the map."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from quantri.engine.comparability import Link
from quantri.engine.diagnosis import UnitStanding
from quantri.engine.groups import GROUPS, cuts, group
from quantri.engine.loading import DATA
from quantri.engine.results import Archive, EditionResults, Unit
from quantri.web.core.charts import Scale, area, line, scale_over, stacked


@dataclass(frozen=True, kw_only=True)
class Band:
    """A quartile group on the scale."""

    group: str
    x: float
    width: float


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One province on a strip."""

    unit: Unit
    score: float
    group: str
    x: float
    y: float
    chosen: int  # 0: not; 1, 2 …: its place among the chosen


@dataclass(frozen=True, kw_only=True)
class Strip:
    """All provinces on one component, with the bands of the groups behind; or only the chosen ones (a bar)."""

    height: int
    bands: tuple[Band, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, float], ...]
    span: tuple[float, float] | None = None  # between the chosen ones, when they belong to one merged province


LEFT, RIGHT = 3, 97  # percent of the width
DOT, NARROWEST = 9, 300  # pixels: dots are stacked so that a phone shows them apart


def strip(edition: EditionResults, code: str, chosen: Sequence[str] = ()) -> Strip:
    """Place every province that has the score."""
    known = [(u, s) for u in edition.units if (s := edition.score(u.key, code)) is not None]
    scale = scale_over((s for _, s in known), LEFT, RIGHT)
    cut = cuts(edition.column(code))
    rows = stacked([scale(s) * NARROWEST / 100 for _, s in known], DOT)
    deep = max(map(abs, rows), default=0)
    middle = 16.0 + deep * DOT
    dots = [
        Dot(unit=u, score=s, group=group(s, cut), x=scale(s), y=middle + row * DOT, chosen=_place(u.key, chosen))
        for (u, s), row in zip(known, rows, strict=True)
    ]
    return Strip(
        height=int(2 * middle + 22), bands=_bands(scale, cut),
        dots=tuple(sorted(dots, key=lambda d: d.chosen)), ticks=tuple((scale(t), t) for t in scale.ticks(5)),
    )  # fmt: skip


def bar(edition: EditionResults, code: str, chosen: Sequence[str]) -> Strip | None:
    """Make a small strip for a table row: bands, and the chosen provinces only; None when no one has the score."""
    scores = edition.column(code)
    if np.isnan(scores).all():
        return None
    scale = scale_over(scores[~np.isnan(scores)].tolist(), LEFT, RIGHT)
    cut = cuts(scores)
    dots = [
        Dot(unit=edition.units[edition.row(key)], score=s, group=group(s, cut), x=scale(s), y=11, chosen=n)
        for n, key in enumerate(chosen, 1)
        if (s := edition.score(key, code)) is not None
    ]
    xs = [d.x for d in dots]
    return Strip(
        height=22, bands=_bands(scale, cut), dots=tuple(dots), ticks=(),
        span=(min(xs), max(xs) - min(xs)) if len(xs) > 1 else None,
    )  # fmt: skip


def _place(key: str, chosen: Sequence[str]) -> int:
    return list(chosen).index(key) + 1 if key in chosen else 0


def _bands(scale: Scale, cut: Iterable[float]) -> tuple[Band, ...]:
    edges = [scale.start, *(scale(float(c)) for c in cut), scale.end]
    return tuple(
        Band(group=name, x=a, width=round(b - a, 1)) for name, (a, b) in zip(GROUPS, pairwise(edges), strict=True)
    )


@dataclass(frozen=True, kw_only=True)
class Point:
    """One score in a history."""

    year: int
    score: float
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Series:
    """One province through the years: whole lines where years compare, dashed ones where that is doubtful."""

    unit: Unit
    number: int
    solid: tuple[str, ...]
    dashed: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class Break:
    """A step between two editions that is not plainly comparable."""

    link: Link
    x: float


@dataclass(frozen=True, kw_only=True)
class History:
    """A component through the editions, with the middle half of all provinces behind."""

    code: str
    height: int
    left: float
    floor: float
    series: tuple[Series, ...]
    ribbons: tuple[str, ...]
    medians: tuple[str, ...]
    breaks: tuple[Break, ...]
    quartiles: tuple[tuple[int, tuple[float, ...]], ...]  # by year, newest first: the twin of band and median
    years: tuple[tuple[float, int], ...]
    ticks: tuple[tuple[float, float], ...]

    @property
    def table(self) -> list[tuple[int, list[float | None]]]:
        """Scores by year, newest first: the chart's twin."""
        by_unit = [{p.year: p.score for p in one.points} for one in self.series]
        years = sorted({year for scores in by_unit for year in scores}, reverse=True)
        return [(year, [scores.get(year) for scores in by_unit]) for year in years]


def history(archive: Archive, code: str, keys: Sequence[str], *, left: float = 16, height: int = 180) -> History:
    """Draw a component of some provinces; years that do not compare are never joined."""
    editions = [e for e in archive.editions if code in e.definition]
    years = [e.definition.year for e in editions]
    x = Scale(low=archive.years[0], high=max(archive.years[-1], archive.years[0] + 1), start=left, end=93)
    quartiles = {e.definition.year: cuts(e.column(code)) for e in editions}
    scores = {key: {e.definition.year: s for e in editions if (s := e.score(key, code)) is not None} for key in keys}
    seen = [s for row in scores.values() for s in row.values()]
    seen += [float(v) for q in quartiles.values() for v in q[[0, 2]] if v == v]
    y = scale_over(seen, height - 26, 10)
    links = [archive.links.path(code, a, b) for a, b in pairwise(years)]
    runs = _runs(years, [link for link in links if link.comparable == "no"])
    units = {u.key: u for e in editions for u in e.units}
    return History(
        code=code, height=height, left=left, floor=height - 26,
        series=tuple(
            _series(units[key], n, scores[key], archive, code, (x, y)) for n, key in enumerate(keys, 1) if key in units
        ),
        ribbons=tuple(
            area([(x(v), y(quartiles[v][2])) for v in run], [(x(v), y(quartiles[v][0])) for v in run])
            for run in runs if len(run) > 1
        ),
        medians=tuple(line([(x(v), y(quartiles[v][1])) for v in run]) for run in runs if len(run) > 1),
        breaks=tuple(
            Break(link=link, x=round((x(link.from_year) + x(link.to_year)) / 2, 1))
            for link in links if link.comparable != "yes"
        ),
        quartiles=tuple((v, tuple(map(float, quartiles[v]))) for v in reversed(years)),
        years=tuple((x(v), v) for v in years if (v - years[-1]) % 3 == 0),
        ticks=tuple((y(t), t) for t in y.ticks(4)),
    )  # fmt: skip


def _runs(years: Sequence[int], broken: Sequence[Link]) -> list[list[int]]:
    ends = {(link.from_year, link.to_year) for link in broken}
    runs: list[list[int]] = [[]]
    for n, year in enumerate(years):
        if n and (years[n - 1], year) in ends:
            runs.append([])
        runs[-1].append(year)
    return runs


def _series(
    unit: Unit, number: int, scores: dict[int, float], archive: Archive, code: str, scales: tuple[Scale, Scale]
) -> Series:
    x, y = scales
    steps = list(pairwise(sorted(scores)))
    kinds = {step: archive.links.path(code, *step).comparable for step in steps}

    def paths(comparable: str) -> tuple[str, ...]:
        return tuple(line([(x(v), y(scores[v])) for v in step]) for step in steps if kinds[step] == comparable)

    points = tuple(Point(year=v, score=s, x=x(v), y=y(s)) for v, s in sorted(scores.items()))
    return Series(unit=unit, number=number, solid=paths("yes"), dashed=paths("doubtful"), points=points)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A province on the map."""

    key: str
    path: str
    group: str | None
    name_vi: str
    name_en: str
    score: float | None
    faint: bool


@dataclass(frozen=True, kw_only=True)
class Map:
    """The country with both archipelagos."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    archipelagos: tuple[dict[str, object], ...]


def choropleth(league: Iterable[UnitStanding], region: str = "") -> Map:
    """Colour the provinces of an edition by their group; the others of a chosen region's map are faint."""
    drawing = _drawing()
    shapes = tuple(
        Shape(
            key=u.unit.key, path=drawing["units"][u.unit.key], group=u.standing.group, name_vi=u.unit.name_vi,
            name_en=u.unit.name_en, score=u.standing.score, faint=bool(region) and u.unit.region != region,
        )
        for u in league if u.unit.key in drawing["units"]
    )  # fmt: skip
    return _map(shapes)


def outline(units: Iterable[Unit], chosen: Sequence[str] = ()) -> Map:
    """Draw provinces without scores, some of them marked."""
    drawing = _drawing()
    shapes = tuple(
        Shape(
            key=u.key, path=drawing["units"][u.key], group="chosen" if u.key in chosen else None, name_vi=u.name_vi,
            name_en=u.name_en, score=None, faint=False,
        )
        for u in units if u.key in drawing["units"]
    )  # fmt: skip
    return _map(shapes)


def _map(shapes: tuple[Shape, ...]) -> Map:
    drawing = _drawing()
    return Map(
        width=drawing["width"], height=drawing["height"], shapes=shapes,
        archipelagos=tuple(_framed(a) for a in drawing["archipelagos"]),
    )  # fmt: skip


def _framed(archipelago: dict[str, object]) -> dict[str, object]:
    left, top, right, bottom = archipelago["box"]
    frame = {"x": left - 12, "y": top - 12, "width": right - left + 24, "height": bottom - top + 24}
    return archipelago | {"frame": frame, "label_x": right + 12, "label_y": top - 20}


@cache
def _drawing() -> dict:
    return json.loads((DATA / "maps" / "vn-provinces.json").read_text(encoding="utf-8"))
