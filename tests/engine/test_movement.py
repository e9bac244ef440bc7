from dataclasses import replace

import numpy as np
import pytest

from quantri.engine.movement import Movement, fit
from quantri.engine.panel import Panel, panel


def made_panel(rng, *, signal=0.6, persistence=0.9, shock=0.02, years=40, units=200, code="D1") -> Panel:
    """A series with known movement: what lasts, what does not, and a shock that all share."""
    lasting = np.empty((years, units))
    lasting[0] = rng.normal(scale=np.sqrt(signal), size=units)
    for y in range(1, years):
        fresh = rng.normal(scale=np.sqrt(signal * (1 - persistence**2)), size=units)
        lasting[y] = persistence * lasting[y - 1] + fresh
    score = 0.5 + 0.05 * (lasting + rng.normal(scale=np.sqrt(1 - signal), size=(years, units)))
    score += np.cumsum(rng.normal(scale=shock, size=years))[:, None]
    return Panel(
        code=code, level="dimension", years=tuple(range(2000, 2000 + years)),
        keys=tuple(f"u{n}" for n in range(units)), score01=score, comparable=np.ones((years, years), dtype=bool),
    )  # fmt: skip


def test_known_movement_is_found_again():
    m = fit([made_panel(np.random.default_rng(3))])["D1"]
    assert m.signal == pytest.approx(0.6, abs=0.05)
    assert m.persistence == pytest.approx(0.9, abs=0.03)
    assert np.sqrt(m.shock_variance) == pytest.approx(0.02, rel=0.3)
    assert m.inflation == pytest.approx(1, abs=0.05)


def test_a_prediction_lies_between_the_mean_and_the_unit_itself():
    made = made_panel(np.random.default_rng(4), years=10)
    mean, variance = fit([made])["D1"].predict(made, 2009, 1)
    alone = Movement(code="D1", signal=0.6, persistence=0.9, inflation=1, tail_df=8, shock_variance=0, shock_df=9)
    one_year = Panel(
        code="D1", level="dimension", years=(2009,), keys=made.keys, score01=made.score01[-1:],
        comparable=np.ones((1, 1), dtype=bool),
    )  # fmt: skip
    only, wider = alone.predict(one_year, 2009, 1)
    assert np.allclose(only, 0.54 * one_year.deviations[0])
    assert (np.abs(mean) < np.abs(made.deviations).max()).all()
    assert wider.mean() > variance.mean()  # more history leaves less doubt


def test_a_longer_horizon_leaves_more_doubt_and_less_of_the_lead():
    made = made_panel(np.random.default_rng(5), years=12)
    m = fit([made])["D1"]
    near, near_doubt = m.predict(made, 2011, 1)
    far, far_doubt = m.predict(made, 2011, 3)
    assert (np.abs(far) < np.abs(near)).all()
    assert (far_doubt > near_doubt).all()


def test_where_units_lie_close_they_are_expected_to_move_little():
    made = made_panel(np.random.default_rng(5), years=12)
    quiet = replace(made, score01=made.score01.copy())
    quiet.score01[-1] = made.means[-1] + made.deviations[-1] / 2
    m = fit([made])["D1"]
    (lead, doubt), (less_lead, less_doubt) = m.predict(made, 2011, 1), m.predict(quiet, 2011, 1)
    assert np.sqrt(less_doubt / doubt) == pytest.approx(0.5, abs=0.03)
    assert np.abs(less_lead).mean() == pytest.approx(np.abs(lead).mean() / 2, rel=0.05)


def test_one_unit_alone_is_given_the_spread_of_earlier_editions():
    made = made_panel(np.random.default_rng(5), years=12)
    m = fit([made])["D1"]
    alone = replace(made, score01=made.score01.copy())
    alone.score01[-1, 1:] = np.nan
    _, doubt = m.predict(alone, 2011, 1)
    _, usual = m.predict(made, 2011, 1)
    assert doubt[0] == pytest.approx(usual[0], rel=0.3)


def test_a_unit_without_a_score_in_the_base_year_gets_no_prediction():
    made = made_panel(np.random.default_rng(6), years=6)
    made.score01[-1, 7] = np.nan
    mean, variance = fit([made])["D1"].predict(made, 2005, 1)
    assert np.isnan(mean[7]) and np.isnan(variance[7])
    assert not np.isnan(np.delete(mean, 7)).any()


def test_correlations_can_be_drawn_from(papi):
    movements = fit([panel(papi, c.code, 2024) for c in papi.edition(2024).definition])
    for matrix in (movements.error_correlation, movements.shock_correlation):
        assert np.allclose(np.diag(matrix), 1) and np.allclose(matrix, matrix.T)
        np.linalg.cholesky(matrix)
    d1, part = movements.codes.index("D1"), movements.codes.index("D1.1")
    assert movements.error_correlation[d1, part] > 0.3
