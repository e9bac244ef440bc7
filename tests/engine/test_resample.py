import numpy as np
import polars as pl
import pytest

from quantri.engine.design import Inference, SampleDesign
from quantri.engine.estimate import means
from quantri.engine.ranking import JointRanks, group_support, rank_domains, ranks, replicated_scores
from quantri.engine.resample import Replicates, bootstrap, jackknife, replicated_means
from quantri.engine.scoring import score
from quantri.errors import DesignError
from survey_samples import sample, summed, tree


def drawn_means(totals, size):
    return np.concatenate([replicated_means(totals, m) for m in bootstrap(totals, size, np.random.default_rng(1))])


def test_the_bootstrap_has_the_error_of_the_design():
    totals = summed(sample(n=900))
    drawn = np.concatenate(
        [replicated_means(totals, chunk) for chunk in bootstrap(totals, 4000, np.random.default_rng(1))]
    )
    found = means(totals, Inference())
    spread = Replicates(value=found.value, replicate=drawn, scale=np.full(4000, 1 / 4000)).variance() ** 0.5
    assert spread == pytest.approx(found.standard_error, rel=0.08)


def test_the_bootstrap_knows_of_a_finite_population():
    frame = sample(n=900).with_columns(f=pl.lit(0.75))
    totals = summed(frame, design=SampleDesign(weight="w", strata="h", psu="p", fpc="f"))
    drawn = np.concatenate(
        [replicated_means(totals, chunk) for chunk in bootstrap(totals, 2000, np.random.default_rng(1))]
    )
    assert drawn.std(axis=0) == pytest.approx(means(totals, Inference()).standard_error, rel=0.1)


def test_equal_seeds_give_equal_replicates():
    totals = summed(sample())
    first, second = (np.concatenate(list(bootstrap(totals, 300, np.random.default_rng(7)))) for _ in range(2))
    assert (first == second).all()


def test_a_replicate_keeps_the_weight_of_each_stratum():
    totals = summed(sample())
    (chunk,) = bootstrap(totals, 50, np.random.default_rng(2))
    stratum = totals.structure.stratum_of_psu[totals.psu]
    for h in range(3):
        assert chunk[:, stratum == h].sum(axis=1) == pytest.approx(4)


def test_the_jackknife_of_a_total_is_the_linear_variance():
    totals = summed(sample())
    multipliers, scale = jackknife(totals)
    values = multipliers @ totals.y
    full = totals.y.sum(axis=0)
    from quantri.engine.estimate import sums

    expected = sums(totals, Inference()).standard_error[0] ** 2
    assert (scale[:, None] * (values - full) ** 2).sum(axis=0) == pytest.approx(expected, rel=1e-9)


def test_the_jackknife_needs_two_psus_in_a_stratum():
    with pytest.raises(DesignError, match="needs two"):
        jackknife(summed(sample().filter((pl.col("h") != 0) | (pl.col("p") == 0))))


def test_a_replicate_without_anybody_is_left_out_not_infinite():
    replicate = np.array([[[1.0]], [[np.nan]], [[3.0]]])
    both = Replicates(value=np.array([[2.0]]), replicate=replicate, scale=np.full(3, 1 / 3))
    assert both.variance()[0, 0] == both.variance(around="value")[0, 0] == 1


def test_ranks_count_those_strictly_above_and_ties_share():
    assert ranks(np.array([[1.0, 3.0, 3.0, 2.0, np.nan]])).tolist() == [[4, 1, 1, 3, 0]]


def test_supports_of_the_four_groups_sum_to_one():
    support = group_support(np.random.default_rng(1).normal(size=(200, 12)))
    assert support.sum(axis=1) == pytest.approx(1)


def test_joint_sets_are_wide_where_scores_cannot_be_told_apart():
    low, high = JointRanks.drawn(np.full(10, 20.0), 0.95).of(np.linspace(0, 1, 10), np.ones(10))
    assert set(low) == {1}
    assert set(high) == {10}


def test_a_tree_is_ranked_with_its_replicates():
    definition = tree()
    totals = summed(sample(n=900), definition, by=("h",))
    estimates = score(definition, totals, Inference()).estimates
    drawn = np.concatenate(list(replicated_scores(definition, totals, 300, np.random.default_rng(1))))
    found = rank_domains(drawn, estimates, 0.95)
    assert sorted(found.rank[:, 0].tolist()) == [1, 2, 3]
    assert (found.low <= found.rank).all()
    assert (found.rank <= found.high).all()
    assert (found.joint_low[:, 0] <= found.rank[:, 0]).all()
    assert drawn.std(axis=0, ddof=1) == pytest.approx(np.sqrt(found.variance), rel=1e-9)


def test_joint_sets_hold_all_true_ranks_as_often_as_promised():
    """Twenty domains with equal true scores, whose errors are estimated from two degrees of freedom."""
    rng, df = np.random.default_rng(5), np.full(20, 2.0)
    joint = JointRanks.drawn(df, 0.9)
    held = 0
    for _ in range(300):
        error = np.sqrt(rng.chisquare(2, 20) / 2)
        low, high = joint.of(rng.standard_normal(20), error)
        held += bool((low == 1).all() and (high == 20).all())
    assert held / 300 == pytest.approx(0.9, abs=0.06)


def test_a_domain_without_a_score_has_no_joint_rank():
    low, high = JointRanks.drawn(np.full(3, np.inf), 0.95).of(np.array([1.0, np.nan, 3.0]), np.full(3, 0.1))
    assert (low.tolist(), high.tolist()) == ([2, 0, 1], [2, 0, 1])
