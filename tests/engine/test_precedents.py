import numpy as np
import pytest

from quantri.engine.panel import panel
from quantri.engine.precedents import like_rises, like_starts


@pytest.fixture(scope="module")
def d3(papi):
    return panel(papi, "D3", 2017)


def test_the_base_rate_counts_every_like_start(papi, d3):
    found = like_rises(papi, d3, "vn63-89", 2017)
    cases = like_starts(papi, d3, "vn63-89", 2017, found.horizon)
    moves = np.array([p.end - p.start for p in cases])
    assert found.horizon == 2 and found.n_cases == len(cases)
    assert found.n_risen == (moves > 0).sum()
    assert found.median_move == pytest.approx(np.median(moves))


def test_the_greatest_rises_are_greater_than_the_typical_move(papi, d3):
    found = like_rises(papi, d3, "vn63-89", 2017, least=0.3)
    rises = [p.end - p.start for p in found.greatest]
    assert rises == sorted(rises, reverse=True) and min(rises) > 0.3
    assert like_rises(papi, d3, "vn63-89", 2017, least=9).greatest == ()


def test_the_base_rate_does_not_depend_on_which_rises_are_named(papi, d3):
    some, none = (like_rises(papi, d3, "vn63-89", 2017, least=least) for least in (0.0, 9.0))
    assert (some.n_cases, some.n_risen, some.median_move) == (none.n_cases, none.n_risen, none.median_move)


def test_a_withheld_score_has_no_like_start(papi):
    assert like_rises(papi, panel(papi, "D1", 2022), "vn63-24", 2022) is None
