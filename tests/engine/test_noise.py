"""Equal answers that were added up in another order have equal ranks, no change, and no error."""

import numpy as np
import polars as pl
import pytest

from quantri.engine.comparability import Links
from quantri.engine.design import Inference
from quantri.engine.differences import compare_rounds
from quantri.engine.noise import noise_of, without_noise
from quantri.engine.ranking import JointRanks, group_support, ranks
from quantri.engine.scoring import Scores, score
from quantri.engine.sensitivity import coherence
from survey_samples import sample, summed, tree


def alike(seed: int) -> Scores:
    """Scores of people who all say the same 0.1, weighted by chance."""
    same = sample(seed).with_columns(x=pl.lit(0.1), q0=pl.lit(1), q1=pl.lit(2))
    return score(tree(), summed(same, by=("h",)), Inference())


def test_differences_within_rounding_are_nothing():
    found = without_noise(np.array([1e-17, 1e-9, np.nan]), np.array([0.1, 0.1, 0.1]))
    assert found[:2].tolist() == [0.0, 1e-9] and np.isnan(found[2])
    assert noise_of(np.array([[np.nan, np.inf, 3.0]]), axis=1).tolist() == [[3e-12]]


def test_scores_that_differ_by_rounding_share_their_rank_and_group():
    nearly = 0.1 + np.array([0.0, 1.4e-17, 2.8e-17, -1.4e-17])
    assert ranks(nearly[None]).tolist() == [[1, 1, 1, 1]]
    assert (group_support(nearly[None])[:, 3] == 1).all()
    assert ranks(np.array([[0.1, 0.1 + 1e-9]])).tolist() == [[2, 1]]


def test_ranks_are_told_where_some_errors_are_nought():
    low, high = JointRanks.drawn(np.full(3, np.inf), 0.95).of(np.array([0.1, 0.1 + 1e-17, 0.4]), np.array([0, 0, 0.1]))
    assert low.tolist()[:2] == [2, 2] and high.tolist()[:2] == [3, 3]


def test_answers_that_are_all_alike_have_no_error_and_no_change():
    before, after = alike(1), alike(2)
    assert (before.estimates.standard_error == 0).all()
    found = compare_rounds(before, after, Links([before.definition], ()), Inference())
    assert (found.value == 0).all() and np.isnan(found.p).all()
    assert ranks(before.estimates.value[None])[0].tolist() == [[1] * 5] * 3


def test_what_does_not_vary_moves_with_nothing():
    (top, part) = coherence(tree(), alike(1).estimates.value)
    assert np.isnan([*top.with_parent.values(), *part.with_parent.values(), part.alpha]).all()


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_real_errors_stay_at_any_scale(scale):
    frame = sample().with_columns(pl.col("x") * scale)
    found = score(tree(), summed(frame), Inference())
    assert (found.estimates.standard_error > 0).all()
