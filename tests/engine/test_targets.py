import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantri.engine.definition import Component
from quantri.engine.targets import check_target, parse_target
from quantri.errors import DataError

ALL = np.array([8.0, 6.0, 5.0, 4.0, np.nan])
D1 = Component(code="D1", level="dimension", name_vi="T", name_en="T", bounds=(1, 10))


@pytest.mark.parametrize(
    ("text", "kind", "points"),
    [
        ("5.40", "score", 5.4), ("5,40", "score", 5.4), ("+0.20", "delta", 5.2), ("keep", "keep", 5.0),
        ("better", "better", 5.0), ("group:mid_high", "group", None), ("rank:+3", "rank", None),
        ("rank:+5/year", "rank_per_year", None),
    ],
)  # fmt: skip
def test_each_form_of_a_target_is_understood(text, kind, points):
    spec = parse_target(text)
    assert spec.kind == kind
    assert spec.points(5.0) == points


@pytest.mark.parametrize(
    "text",
    [
        "", "5.4.1", "-0.2", "group:low", "group:", "rank:3", "rank:+0", "rank:+0/year", "rank:5/year",
        "rank:+5/month", "1e3", "nan", "∞", "=5", "9" * 40,
    ],
)  # fmt: skip
def test_what_is_no_target_is_refused_with_the_forms_that_are(text):
    with pytest.raises(DataError, match=r"write 5\.40"):
        parse_target(text)


@given(st.text())
def test_no_text_breaks_the_reader(text):
    try:
        parse_target(text)
    except DataError as fault:
        assert "not understood" in str(fault)


def test_a_target_outside_the_scale_is_refused():
    with pytest.raises(DataError, match="D1: a target of 11 lies outside 1 to 10"):
        check_target(parse_target("11"), D1, 5.0, ALL)
    with pytest.raises(DataError, match="outside"):
        check_target(parse_target("+6"), D1, 5.0, ALL)


@pytest.mark.parametrize(
    ("places", "base", "said"),
    [
        (3, 5.0, "D1: rank 3 of 4 cannot rise 3 places; ask for 2 at most"),
        (63, 5.0, "D1: rank 3 of 4 cannot rise 63 places"),
        (1, 8.0, "D1: rank 1 of 4 cannot rise 1 places; ask to keep it"),
        (62, None, "D1: nobody can rise 62 places among 4"),
    ],
)
def test_more_places_than_there_are_above_are_refused(places, base, said):
    with pytest.raises(DataError, match=said):
        check_target(parse_target(f"rank:+{places}"), D1, base, ALL)


def test_the_first_place_may_be_asked_for():
    check_target(parse_target("rank:+2"), D1, 5.0, ALL)


def test_places_a_year_become_places_over_the_years_to_the_target_year():
    spec = parse_target("rank:+2/year")
    assert (spec.over(3).kind, spec.over(3).amount) == ("rank", 6.0)
    assert parse_target("rank:+2").over(3) == parse_target("rank:+2")
    with pytest.raises(DataError, match="rank 3 of 4 cannot rise 4 places"):
        check_target(spec.over(2), D1, 5.0, ALL)
