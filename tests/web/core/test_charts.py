from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quantri.web.core.charts import Scale, area, line, scale_over, stacked

places = st.lists(st.floats(0, 500), max_size=60)


def test_a_scale_maps_its_ends():
    scale = Scale(low=1, high=10, start=0, end=90)
    assert (scale(1), scale(10), scale(5.5)) == (0, 90, 45)


@given(st.floats(-1e3, 1e3), st.floats(0.01, 1e3))
def test_ticks_are_few_and_lie_inside(low, span):
    scale = Scale(low=low, high=low + span, start=0, end=100)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 11
    assert all(low - 1e-6 <= t <= low + span + 1e-6 for t in ticks)


@given(places)
def test_stacked_dots_do_not_cover_each_other(xs):
    rows = stacked(xs, 9)
    by_row: dict[int, list[float]] = {}
    for x, row in zip(xs, rows, strict=True):
        by_row.setdefault(row, []).append(x)
    for row in by_row.values():
        row.sort()
        assert all(b - a >= 9 for a, b in pairwise(row))


def test_paths_are_plain_svg():
    assert line([(0, 1), (2, 3)]) == "M0,1L2,3"
    assert area([(0, 0), (1, 0)], [(0, 5), (1, 5)]) == "M0,0L1,0L1,5L0,5Z"


def test_one_value_still_makes_a_scale():
    assert 0 < scale_over([5.0], 0, 100)(5.0) < 100
