"""Reading a boundary file that anybody may have written."""

import json
import time

import pytest
from django.utils import translation

from boundary_files import area, collection, square, three_wards, topology
from quantri.errors import RuleViolation
from quantri.web.places import topology as decoding
from quantri.web.places.outlines import read_outlines

SOUND = square(105, 10)


def test_sound_areas_are_read_with_their_properties():
    sheet = read_outlines(three_wards())
    assert [o.properties["ten"] for o in sheet.outlines] == ["Bình Đức", "Mỹ Thới", "Long Xuyên"]
    assert not any(o.fault or o.hint for o in sheet.outlines) and sheet.n_points == 15


def test_a_byte_order_mark_does_no_harm():
    assert len(read_outlines(b"\xef\xbb\xbf" + three_wards()).outlines) == 3


def test_shared_arcs_differences_and_reversed_arcs_are_put_together():
    first, second = read_outlines(topology()).outlines
    corners = [(round(x, 6), round(y, 6)) for x, y in first.polygons[0][0]]
    assert corners == [(105.9, 21.0), (105.9, 21.1), (105.8, 21.1), (105.8, 21.0), (105.9, 21.0)]
    assert second.polygons[0][0][0] == second.polygons[0][0][-1] == first.polygons[0][0][0]
    assert not first.fault and not second.fault


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        (SOUND[:3], "a ring of fewer than four points"),
        (SOUND[:4], "a ring that is not closed"),
        ([[10.0, 105.0], [10.1, 105.0], [10.1, 105.1], [10.0, 105.0]], "longitude and latitude are exchanged"),
        (square(574000, 1150000, 100), "coordinates in metres; export longitude and latitude (WGS 84)"),
        (square(2.3, 48.8), "a point outside Viet Nam"),
        (square(float("inf"), 10), "a coordinate that is no number"),
        ([], "no area (Polygon or MultiPolygon)"),
    ],
)
def test_a_broken_ring_is_named_and_left_out(ring, said):
    content = collection(area(SOUND), area(ring)).replace(b"Infinity", b"1e999")
    with translation.override("en"):
        sound, broken = read_outlines(content).outlines
    assert (broken.fault, broken.polygons, sound.fault) == (said, [], "")


def test_an_outline_that_crosses_itself_is_kept_with_a_hint():
    bow = [[105, 10], [105.2, 10.2], [105.2, 10], [105, 10.2], [105, 10]]
    (outline,) = read_outlines(collection(area(bow))).outlines
    assert "Self-intersection" in outline.hint and outline.polygons


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe\x00", b"[]", b"null", b"{}", b'{"type":"Feature"}', b'{"type":"FeatureCollection"}',
        b'{"type":"FeatureCollection","features":[]}', b'{"type":"FeatureCollection","features":{"a":1}}',
        b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":5}}]}',
        b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":[[["a","b"]]]}}]}',
        b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":[[[NaN,1]]]}}]}',
        b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":[[[1]]]}}]}',
        b'{"type":"Topology"}', b'{"type":"Topology","objects":{}}', b'{"type":"Topology","objects":{"a":{}}}',
        b'{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[7]]}},"arcs":[]}',
        b'{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[0]]}},"arcs":[[[0,0]]],"transform":{"scale":[1]}}',
        b"[" * 200_000, b'{"type":' * 50_000,
        b'{"type":"FeatureCollection","features":[' + b"1" * 6000 + b"]}",
    ],
)  # fmt: skip
def test_a_file_that_is_no_boundary_file_is_refused_with_a_sentence(content):
    with pytest.raises(RuleViolation):
        read_outlines(content)


def test_a_huge_number_is_a_fault_and_no_breakdown():
    number = "9" * 4000
    content = b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":[[[%s,1]]]}}]}'
    with pytest.raises(RuleViolation):
        read_outlines(content % number.encode())


def test_arcs_that_are_used_again_and_again_do_not_fill_the_memory():
    """A small file can ask for 10⁹ points."""
    arc = [[i % 10, i % 7] for i in range(1000)]
    shapes = [{"type": "Polygon", "arcs": [[0] * 1000]} for _ in range(1000)]
    world = {"type": "Topology", "arcs": [arc], "objects": {"a": {"type": "GeometryCollection", "geometries": shapes}}}
    started = time.monotonic()
    with pytest.raises(RuleViolation, match=str(decoding.MOST_POINTS)):
        read_outlines(json.dumps(world).encode())
    assert time.monotonic() - started < 20


def test_many_areas_and_many_points_have_a_bound(monkeypatch):
    monkeypatch.setattr("quantri.web.places.outlines.MOST_FEATURES", 2)
    with pytest.raises(RuleViolation):
        read_outlines(three_wards())
    monkeypatch.setattr("quantri.web.places.outlines.MOST_FEATURES", 10)
    monkeypatch.setattr("quantri.web.places.outlines.MOST_POINTS", 14)
    with pytest.raises(RuleViolation):
        read_outlines(three_wards())


def test_the_archipelagos_are_looked_for():
    assert read_outlines(three_wards()).archipelagos == []
    islands = collection(area(square(112, 16)), area(square(114, 9)))
    assert read_outlines(islands).archipelagos == ["Hoàng Sa", "Trường Sa"]
