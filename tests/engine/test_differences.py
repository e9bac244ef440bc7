import numpy as np
import polars as pl
import pytest

from quantri.engine.comparability import Link, Links
from quantri.engine.design import Inference
from quantri.engine.differences import compare_paired_rounds, compare_rounds, contributions, false_discovery_rates
from quantri.engine.power import detectable_change, needed_sample
from quantri.engine.scoring import score
from quantri.errors import DesignError
from survey_samples import sample, summed, tree


def round_of(seed: int, definition=None, by=()):
    definition = definition or tree()
    return score(definition, summed(sample(seed), definition, by=by), Inference())


LINKS = Links([tree()], [])


def test_independent_rounds_add_their_variances():
    before, after = round_of(1), round_of(2)
    found = compare_rounds(before, after, LINKS, Inference())
    assert found.value == pytest.approx(after.estimates.value - before.estimates.value)
    expected = np.hypot(before.estimates.standard_error, after.estimates.standard_error)
    assert found.standard_error == pytest.approx(expected, rel=1e-12)
    assert found.df[0, 0] == pytest.approx(18, rel=0.5)


def test_a_round_compared_with_itself_in_the_same_psus_has_no_error():
    one = round_of(1)
    found = compare_paired_rounds(one, one, LINKS, Inference())
    assert found.value == pytest.approx(0)
    assert found.standard_error == pytest.approx(0, abs=1e-12)


def test_rounds_in_the_same_psus_are_one_design():
    """The same as one file of both rounds, whose difference is a contrast of two domains."""
    frames = [sample(1).with_columns(t=pl.lit(0)), sample(2).with_columns(t=pl.lit(1))]
    both = score(tree(), summed(pl.concat(frames), by=("t",)), Inference())
    influence = both.estimates.influence[:, 0]
    totals = both.totals
    per_psu = np.zeros(12)
    np.add.at(per_psu, totals.psu, np.where(totals.domain == 1, influence, -influence))
    strata = per_psu.reshape(3, 4)
    expected = np.sqrt((4 / 3 * (strata - strata.mean(axis=1, keepdims=True)) ** 2).sum())
    found = compare_paired_rounds(round_of(1), round_of(2), LINKS, Inference())
    assert found.standard_error[0, 0] == pytest.approx(expected, rel=1e-9)


def test_what_may_not_be_compared_has_no_change_and_what_is_doubtful_no_test():
    later = tree()
    object.__setattr__(later, "year", 2025)
    named = {"from_year": 2024, "to_year": 2025, "reason_vi": "đổi", "reason_en": "changed"}
    links = Links(
        [tree(), later],
        [
            Link(from_code="A", to_code="A", comparable="no", **named),
            Link(from_code="B", to_code="B", comparable="doubtful", **named),
        ],
    )
    found = compare_rounds(round_of(1), round_of(2, later), links, Inference())
    at = {code: i for i, code in enumerate(found.codes)}
    assert np.isnan(found.value[0, at["A"]])
    assert np.isfinite(found.value[0, at["B"]])
    assert np.isnan(found.p[0, at["B"]])
    assert found.links[at["D"]].comparable == "doubtful"
    assert np.isfinite(found.p[0, at["C"]])


@pytest.mark.parametrize("rollup", ["arithmetic", "geometric"])
def test_contributions_of_indicators_sum_to_the_change_of_each_component(rollup):
    definition = tree(rollup)
    before, after = (round_of(seed, definition).estimates.value[0] for seed in (1, 2))
    points = contributions(definition, before[2:], after[2:])
    assert points.sum(axis=0) == pytest.approx(after - before, abs=1e-6)


def test_false_discovery_rates_are_those_of_the_paper():
    """The 15 p-values of Benjamini and Hochberg (1995), of which four are found at 5 %."""
    small = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p = np.array([*small, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0])
    assert (false_discovery_rates(p) <= 0.05).sum() == 4


def test_what_a_sample_detects_shrinks_with_the_root_of_its_size():
    detectable = detectable_change(np.array([0.2]), np.array([np.inf]))
    assert needed_sample(np.array([100.0]), detectable, float(detectable[0]) / 2).tolist() == [400]


def test_impossible_wishes_are_refused():
    with pytest.raises(DesignError, match="power"):
        detectable_change(np.array([0.2]), np.array([5.0]), power=1)
    with pytest.raises(DesignError, match="above 0"):
        needed_sample(np.array([100.0]), np.array([0.2]), 0)
