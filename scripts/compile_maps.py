"""Outlines of provinces as SVG paths, from the public-domain TopoJSON that lies beside them."""

import json
import math
from itertools import pairwise
from pathlib import Path

WIDTH = 800  # of the drawing; its height follows
MIDDLE = math.radians(16)  # where the equal-area projection keeps shapes true


def outlines(topology: Path) -> dict[str, object]:
    """Return drawing size, paths of the 63 and the 34 by unit key, and the two archipelagos."""
    world = json.loads(topology.read_text(encoding="utf-8"))
    arcs = [_projected(arc, world["transform"]) for arc in world["arcs"]]
    xs, ys = zip(*(point for arc in arcs for point in arc), strict=True)
    scale = WIDTH / (max(xs) - min(xs))
    placed = [[((x - min(xs)) * scale, (max(ys) - y) * scale) for x, y in arc] for arc in arcs]
    layers = {name: layer["geometries"] for name, layer in world["objects"].items()}
    units = {f"vn63-{g['properties']['code']}": _path(g, placed) for g in layers["provinces63"]}
    units |= {f"vn34-{g['properties']['code']}": _path(g, placed) for g in layers["provinces34"]}
    return {
        "width": WIDTH,
        "height": math.ceil((max(ys) - min(ys)) * scale),
        "units": dict(sorted(units.items())),
        "archipelagos": [_archipelago(g, placed) for g in layers["archipelagos"]],
    }


def _projected(arc: list[list[int]], transform: dict[str, list[float]]) -> list[tuple[float, float]]:
    """Undo TopoJSON's differences, then project onto Lambert's equal-area cylinder."""
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        longitude = math.radians(x * transform["scale"][0] + transform["translate"][0])
        latitude = math.radians(y * transform["scale"][1] + transform["translate"][1])
        points.append((longitude * math.cos(MIDDLE), math.sin(latitude) / math.cos(MIDDLE)))
    return points


def _path(geometry: dict[str, object], arcs: list[list[tuple[float, float]]]) -> str:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return "".join(_ring(ring, arcs) for polygon in polygons for ring in polygon)


def _ring(ring: list[int], arcs: list[list[tuple[float, float]]]) -> str:
    points: list[tuple[float, float]] = []
    for n in ring:
        points += arcs[n] if n >= 0 else arcs[~n][::-1]
    whole = [(round(x), round(y)) for x, y in points]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(whole)]
    drawn = " ".join(f"{dx},{dy}" for dx, dy in steps[:-1] if (dx, dy) != (0, 0))
    return f"M{whole[0][0]},{whole[0][1]}l{drawn or '1,1'}z"  # an islet smaller than a step is drawn as a speck


def _archipelago(geometry: dict[str, object], arcs: list[list[tuple[float, float]]]) -> dict[str, object]:
    points = [point for polygon in geometry["arcs"] for ring in polygon for n in ring for point in arcs[n]]
    xs, ys = zip(*points, strict=True)
    name = geometry["properties"]["name"]
    english = {"Quần đảo Hoàng Sa": "Hoang Sa archipelago", "Quần đảo Trường Sa": "Truong Sa archipelago"}
    return {
        "name_vi": name,
        "name_en": english[name],
        "path": _path(geometry, arcs),
        "box": [round(v) for v in (min(xs), min(ys), max(xs), max(ys))],
    }
