import numpy as np

from quantri.engine.panel import panel


def test_pairs_never_cross_a_break(papi):
    assert [
        (d.years[a], d.years[b]) for d in [panel(papi, "D3", 2024)] for a, b in d.pairs(1) if d.years[a] in (2015, 2017)
    ] == []


def test_nothing_after_the_last_known_year_is_looked_at(papi):
    early, late = panel(papi, "D5", 2017), panel(papi, "D5", 2024)
    assert early.years == tuple(y for y in late.years if y <= 2017)
    assert np.array_equal(early.score01, late.score01[: len(early.years)], equal_nan=True)


def test_scores_lie_between_0_and_1_whatever_the_scale(papi):
    thirds = panel(papi, "D2.1", 2017).score01
    assert np.nanmin(thirds) >= -0.01 and np.nanmax(thirds) <= 1.01


def test_a_withheld_province_makes_no_move(papi):
    moves = panel(papi, "D5", 2024).moves(1)
    assert not any(np.isnan(move).any() for move in moves.values())
    kept = [u.key for u in papi.edition(2022).units if papi.edition(2023).score(u.key, "D5") is not None]
    both = [key for key in kept if papi.edition(2022).score(key, "D5") is not None]
    assert len(moves[2022]) == len(both) < 63
