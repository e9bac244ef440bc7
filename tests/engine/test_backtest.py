import numpy as np
import pytest

from quantri.engine.backtest import trials, verdict


@pytest.fixture(scope="module")
def made(papi):
    return list(trials(papi, [2019, 2022, 2023], [1, 2], rng=np.random.default_rng(1)))


def test_predictions_are_made_only_over_comparable_years(made, papi):
    assert made
    for t in made:
        assert papi.links.path(t.code, t.base_year, t.base_year + t.horizon).comparable == "yes"


def test_the_verdict_is_a_mean_over_trials_and_its_error_over_years(made):
    own = [t for t in made if t.level == "sub_dimension" and t.horizon == 1]
    v = verdict("sub_dimension", 1, own)
    assert v.n_years == 3 and v.n_trials == len(own)
    assert v.coverage[80] == pytest.approx(np.mean([t.inside[80] for t in own]))
    assert v.coverage[50] < v.coverage[80] < v.coverage[95]
    assert 0 < v.skill_error < 1


def test_the_outlook_knows_more_than_the_share_of_earlier_moves(made):
    v = verdict("sub_dimension", 1, [t for t in made if t.level == "sub_dimension" and t.horizon == 1])
    assert v.skill > 0.05
    assert v.skill_no_change < 0 and v.skill_mean_change < 0


def test_intervals_hold_what_they_promise(papi):
    """Within five points over all base years together; in one year alone the shock that all share decides."""
    v = verdict("all", 1, list(trials(papi, range(2013, 2024), [1], rng=np.random.default_rng(1))))
    for level, share in v.coverage.items():
        assert share == pytest.approx(level / 100, abs=0.05)
