"""TopoJSON as GeoJSON geometries: shared arcs, differences and holes are put together, within a bound."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from quantri.errors import RuleViolation

Ring = list[list[float]]
MOST_POINTS = 1_000_000


def features_of(world: dict[str, Any], layer: str = "") -> Iterator[dict[str, Any]]:
    """Give the areas of a layer as GeoJSON features; without a name, those of the layer that has most."""
    layers = world.get("objects")
    if not isinstance(layers, dict) or not layers:
        raise RuleViolation(_("The file is TopoJSON without a layer (objects)."))
    sized = {name: _geometries(each) for name, each in layers.items()}
    chosen = layer if layer in sized else max(sized, key=lambda name: len(sized[name]))
    arcs = _decoded(world)
    room = MOST_POINTS
    for each in sized[chosen]:
        geometry, room = _geometry(each, arcs, room)
        yield {"properties": each.get("properties"), "id": each.get("id"), "geometry": geometry}


def _geometries(layer: Any) -> list[dict[str, Any]]:
    if not isinstance(layer, dict):
        return []
    inner = layer.get("geometries") if layer.get("type") == "GeometryCollection" else [layer]
    return [each for each in inner if isinstance(each, dict)] if isinstance(inner, list) else []


def _decoded(world: dict[str, Any]) -> list[Ring]:
    """Undo the differences of quantised arcs."""
    arcs, transform = world.get("arcs"), world.get("transform")
    if not isinstance(arcs, list):
        raise RuleViolation(_("The file is TopoJSON without arcs."))
    if transform is None:
        return [[[float(x), float(y)] for x, y, *_rest in arc] for arc in arcs]
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    return [
        [
            [x * sx + tx, y * sy + ty]
            for x, y in zip(accumulate(p[0] for p in arc), accumulate(p[1] for p in arc), strict=True)
        ]
        for arc in arcs
    ]


def _geometry(each: dict[str, Any], arcs: list[Ring], room: int) -> tuple[dict[str, Any] | None, int]:
    if each.get("type") not in ("Polygon", "MultiPolygon"):
        return {"type": each.get("type")}, room
    is_single = each["type"] == "Polygon"
    polygons = []
    for polygon in [each["arcs"]] if is_single else each["arcs"]:
        rings = []
        for numbers in polygon:
            room -= sum(len(arcs[n if n >= 0 else ~n]) for n in numbers)
            if room < 0:
                sentence = _("The outlines have more than %(most)s points; simplify them and try again.")
                raise RuleViolation(sentence % {"most": MOST_POINTS})
            rings.append(_ring(numbers, arcs))
        polygons.append(rings)
    return {"type": each["type"], "coordinates": polygons[0] if is_single else polygons}, room


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Join arcs; each begins where the one before it ended, and that point counts once."""
    points: Ring = []
    for n in numbers:
        arc = arcs[n] if n >= 0 else arcs[~n][::-1]
        points.extend(arc[1:] if points and points[-1] == arc[0] else arc)
    return points
