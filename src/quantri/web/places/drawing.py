"""Boundaries as SVG: an equal-area map of the units near each other, and a map of its own for far islands."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from quantri.web.places.models import Boundary, BoundarySet, Province, Unit

WIDTH = 800
FAR = 2.0  # degrees from the middle: what lies farther gets a frame of its own, so that both can be seen
SHADES = {"ward": "mid_high", "special_zone": "high"}
Polygons = list[list[list[list[float]]]]


@dataclass(frozen=True)
class Shape:
    """A unit's outline as a path; `shade` tells the kind, and so do the title and the list beside it."""

    unit: Unit
    path: str
    shade: str


@dataclass(frozen=True)
class Panel:
    """One map with its size."""

    height: int
    shapes: tuple[Shape, ...]
    width: int = WIDTH


@dataclass(frozen=True)
class Drawn:
    """A set as it is drawn: the panels, the nearest first, and what the set is."""

    boundary_set: BoundarySet
    panels: tuple[Panel, ...]

    @property
    def n(self) -> int:
        return sum(len(panel.shapes) for panel in self.panels)


def communes_drawn(province: Province, day: date) -> Drawn | None:
    """Draw the communes of a province from the set kept last that has any of them; None when nothing was brought."""
    kept = BoundarySet.objects.on(day).filter(
        level=Unit.Level.COMMUNE, boundaries__unit__parents__parent=province.pk
    ).first()  # fmt: skip
    if kept is None:
        return None
    rows = kept.boundaries.filter(unit__parents__parent=province.pk)
    return _drawn(kept, list(rows.select_related("unit").prefetch_related("unit__names")))


def whole_drawn(kept: BoundarySet) -> Drawn:
    """Draw all units of a set."""
    return _drawn(kept, list(kept.boundaries.select_related("unit").prefetch_related("unit__names")))


def _drawn(kept: BoundarySet, rows: list[Boundary]) -> Drawn:
    middle = [_middle(row.polygons) for row in rows]
    centre = (median(x for x, _y in middle), median(y for _x, y in middle))
    reach = FAR if kept.level == Unit.Level.COMMUNE and len(rows) < 1000 else math.inf
    near = [r for r, m in zip(rows, middle, strict=True) if math.dist(m, centre) <= reach]
    far = [r for r in rows if r not in near] if len(near) < len(rows) else []
    return Drawn(kept, tuple(_panel(each) for each in (near, far) if each))


def _middle(polygons: Polygons) -> tuple[float, float]:
    xs, ys = zip(*(point for polygon in polygons for point in polygon[0]), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _panel(rows: Sequence[Boundary]) -> Panel:
    latitudes = [y for row in rows for polygon in row.polygons for _x, y in polygon[0]]
    middle = math.radians((min(latitudes) + max(latitudes)) / 2)  # where the projection keeps shapes true
    placed = [
        [[[_projected(x, y, middle) for x, y in ring] for ring in polygon] for polygon in row.polygons] for row in rows
    ]
    points = [point for polygons in placed for polygon in polygons for ring in polygon for point in ring]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    scale = WIDTH / max(east - west, (north - south) * 0.8, 1e-6)

    def path(polygons: list[list[list[tuple[float, float]]]]) -> str:
        rings = (ring for polygon in polygons for ring in polygon)
        return "".join(_ring([(round((x - west) * scale), round((north - y) * scale)) for x, y in r]) for r in rings)

    shapes = tuple(
        Shape(row.unit, path(polygons), SHADES.get(row.unit.latest.kind, "none"))
        for row, polygons in zip(rows, placed, strict=True)
    )
    return Panel(math.ceil((north - south) * scale), shapes, math.ceil((east - west) * scale))


def _projected(x: float, y: float, middle: float) -> tuple[float, float]:
    """Project onto Lambert's equal-area cylinder."""
    return math.radians(x) * math.cos(middle), math.sin(math.radians(y)) / math.cos(middle)


def _ring(points: list[tuple[int, int]]) -> str:
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
    drawn = " ".join(f"{dx},{dy}" for dx, dy in steps[:-1] if (dx, dy) != (0, 0))
    return f"M{points[0][0]},{points[0][1]}l{drawn or '1,1'}z"  # an islet smaller than a step is drawn as a speck
