"""Small boundary files of our own making."""

import json
from typing import Any

AN_GIANG = [("30292", "Bình Đức"), ("30301", "Mỹ Thới"), ("30307", "Long Xuyên")]  # three wards of the new province


def square(x: float, y: float, side: float = 0.1) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def area(ring: list, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def three_wards() -> bytes:
    places = enumerate(AN_GIANG)
    return collection(*(area(square(105 + n * 0.1, 10.3), ma=code, ten=name) for n, (code, name) in places))


def topology() -> bytes:
    """Two squares that share an arc, quantised, codes without their leading zero, one layer of another name."""
    arcs = [[[10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10], [10, 0]], [[10, 0], [10, 0], [0, 10], [-10, 0]]]
    shapes = [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": 4, "name": "Ba Đình"}},
        {"type": "MultiPolygon", "arcs": [[[2, ~0]]], "properties": {"code": 8, "name": "Ngọc Hà"}},
    ]
    layer = {"type": "GeometryCollection", "geometries": shapes}
    transform = {"scale": [0.01, 0.01], "translate": [105.8, 21.0]}
    return json.dumps({"type": "Topology", "transform": transform, "arcs": arcs, "objects": {"wards": layer}}).encode()
