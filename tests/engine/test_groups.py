from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantri.engine.groups import GROUPS, cuts, gap_to_next_group, group, rank

scores = st.lists(st.floats(1, 10), min_size=4, max_size=80).map(np.array)


@pytest.mark.parametrize(
    ("year", "code", "published"),
    [
        (2017, "PAPI", (35.602690, 36.719770, 37.553623)),
        (2019, "PAPI", (42.303971, 43.728746, 44.756671)),
        (2024, "PAPI", (41.939053, 43.479568, 44.685406)),
        (2022, "D6", (7.228465, 7.518883, 7.832517)),
    ],
)
def test_the_cuts_are_those_of_the_published_groups(papi, year, code, published):
    assert cuts(papi.edition(year).column(code)) == pytest.approx(published, abs=1e-6)


@pytest.mark.parametrize(
    ("year", "code", "counts"),
    [
        (2019, "PAPI", (16, 16, 15, 16)),
        (2022, "PAPI", (16, 15, 15, 15)),
        (2021, "PAPI", (15, 15, 15, 15)),
        (2022, "D6", (16, 16, 15, 16)),
    ],
)
def test_groups_count_as_published_for_63_61_and_60_provinces(papi, year, code, counts):
    column = papi.edition(year).column(code)
    found = Counter(group(s, cuts(column)) for s in column[~np.isnan(column)])
    assert tuple(found[g] for g in ("high", "mid_high", "mid_low", "low")) == counts


def test_a_score_equal_to_a_cut_belongs_to_the_upper_group():
    assert [group(s, np.array([2.0, 3.0, 4.0])) for s in (1.9, 2.0, 3.0, 4.0)] == list(GROUPS)


@given(scores)
def test_crossing_the_gap_reaches_the_next_group(column):
    cut = cuts(column)
    for score in column:
        gap = gap_to_next_group(score, cut)
        if gap is None:
            assert group(score, cut) == "high"
        else:
            above = cut[cut > score].min()
            assert GROUPS.index(group(above, cut)) > GROUPS.index(group(score, cut))


@given(scores, st.randoms(use_true_random=False))
def test_cuts_do_not_depend_on_the_order_of_the_units(column, chance):
    shuffled = column.tolist()
    chance.shuffle(shuffled)
    assert cuts(np.array(shuffled)) == pytest.approx(cuts(column))


@given(scores)
def test_the_best_unit_has_rank_one_and_nobody_is_below_last(column):
    ranks = [rank(s, column) for s in column]
    assert min(ranks) == 1
    assert max(ranks) <= len(column)


def test_nobody_scored_gives_no_cuts():
    assert np.isnan(cuts(np.array([np.nan]))).all()
