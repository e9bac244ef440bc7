"""A file of boundaries into sound outlines: GeoJSON or TopoJSON, whoever sent it, within bounds of size and time."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.text import nfc
from quantri.web.places.topology import MOST_POINTS, features_of

Polygon = list[list[tuple[float, float]]]
MOST_FEATURES = 10_000
WEST, SOUTH, EAST, NORTH = 102.0, 6.0, 118.0, 24.0  # degrees: the mainland, the sea, Hoàng Sa and Trường Sa
ARCHIPELAGOS = {"Hoàng Sa": (111.0, 15.4, 113.2, 17.4), "Trường Sa": (111.2, 6.3, 117.6, 12.2)}


@dataclass(frozen=True)
class Outline:
    """One area of the file: its place in it, its properties, its polygons; or why it cannot be drawn."""

    number: int
    properties: dict[str, str]
    polygons: list[Polygon]
    fault: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Sheet:
    """All areas of a file, in its order."""

    outlines: list[Outline]
    layout: str
    n_points: int
    archipelagos: list[str] = field(default_factory=list)


def read_outlines(content: bytes) -> Sheet:
    """Read a file that anybody may have written; RuleViolation says what is wrong with the whole of it."""
    world = _parsed(content)
    layout = world.get("type")
    try:
        if layout == "Topology":
            features = list(features_of(world))
        elif layout == "FeatureCollection":
            features = world.get("features")
        else:
            raise RuleViolation(_("The file is neither GeoJSON (FeatureCollection) nor TopoJSON (Topology)."))
        return _sheet(features, str(layout))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError) as fault:
        raise RuleViolation(_("The file is not built as GeoJSON or TopoJSON says. Export it anew.")) from fault


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        world = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise RuleViolation(_("The file is not JSON, is nested too deeply, or holds numbers such as NaN.")) from fault
    if not isinstance(world, dict):
        raise RuleViolation(_("The file is neither GeoJSON (FeatureCollection) nor TopoJSON (Topology)."))
    return world


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _sheet(features: Any, layout: str) -> Sheet:
    if not isinstance(features, list) or not features:
        raise RuleViolation(_("The file holds no areas."))
    if len(features) > MOST_FEATURES:
        raise RuleViolation(_("The file holds more than %(most)s areas.") % {"most": MOST_FEATURES})
    outlines, n_points = [], 0
    for number, feature in enumerate(features, 1):
        outline = _outline(number, feature if isinstance(feature, dict) else {})
        n_points += sum(len(ring) for polygon in outline.polygons for ring in polygon)
        if n_points > MOST_POINTS:
            sentence = _("The outlines have more than %(most)s points; simplify them and try again.")
            raise RuleViolation(sentence % {"most": MOST_POINTS})
        outlines.append(outline)
    return Sheet(outlines, layout, n_points, [name for name, box in ARCHIPELAGOS.items() if _touches(outlines, box)])


def _outline(number: int, feature: dict[str, Any]) -> Outline:
    properties = feature.get("properties")
    told = {"id": feature.get("id"), **(properties if isinstance(properties, dict) else {})}
    words = {nfc(str(k))[:60]: nfc(str(v))[:120] for k, v in list(told.items())[:20] if isinstance(v, str | int)}
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return Outline(number, words, [], fault=_("no area (Polygon or MultiPolygon)"))
    raw = [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]
    polygons = [[[(float(p[0]), float(p[1])) for p in ring] for ring in polygon] for polygon in raw]
    fault = next(_faults(polygons), "")
    return Outline(number, words, [] if fault else polygons, fault=fault, hint="" if fault else _hint(polygons))


def _faults(polygons: list[Polygon]) -> Iterator[str]:
    if not any(polygon and polygon[0] for polygon in polygons):
        yield _("no area (Polygon or MultiPolygon)")
    for polygon in polygons:
        for ring in polygon:
            if len(ring) < 4:
                yield _("a ring of fewer than four points")
            elif ring[0] != ring[-1]:
                yield _("a ring that is not closed")
            yield from _misplaced(ring)


def _misplaced(ring: list[tuple[float, float]]) -> Iterator[str]:
    wrong = next((p for p in ring if not (WEST <= p[0] <= EAST and SOUTH <= p[1] <= NORTH)), None)
    if wrong is None:
        return
    if not all(map(math.isfinite, wrong)):
        yield _("a coordinate that is no number")
    elif SOUTH <= wrong[0] <= NORTH and WEST <= wrong[1] <= EAST:
        yield _("longitude and latitude are exchanged")
    elif max(map(abs, wrong)) > 360:
        yield _("coordinates in metres; export longitude and latitude (WGS 84)")
    else:
        yield _("a point outside Viet Nam")


def _hint(polygons: list[Polygon]) -> str:
    """Say where an outline crosses itself; it can be drawn all the same."""
    reason = shapely.is_valid_reason(multi(polygons))
    return "" if reason == "Valid Geometry" else str(reason)[:120]


def multi(polygons: list[Polygon]) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([(polygon[0], polygon[1:]) for polygon in polygons if polygon])


def _touches(outlines: list[Outline], box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return any(
        west <= x <= east and south <= y <= north
        for outline in outlines for polygon in outline.polygons for x, y in polygon[0]
    )  # fmt: skip
