import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantri.engine.design import Inference, SampleDesign
from quantri.engine.estimate import means, sums
from quantri.engine.recode import plain
from quantri.engine.totals import psu_totals
from quantri.errors import DesignError
from survey_samples import CLUSTERS, sample, summed

seeds = st.integers(0, 10_000)


def errors(frame: pl.DataFrame, inference: Inference | None = None, **changes: object) -> np.ndarray:
    return means(summed(frame, **changes), inference or Inference()).standard_error


def test_a_simple_random_sample_has_the_textbook_error():
    frame = pl.DataFrame({"x": [2.0, 4.0, 9.0, 1.0], "f": [0.5] * 4})
    found = means(psu_totals(frame, [plain("x")], SampleDesign(fpc="f")), Inference())
    assert found.standard_error[0, 0] == pytest.approx(np.sqrt(np.var([2, 4, 9, 1], ddof=1) / 4 * 0.5))


def test_a_stratified_total_has_the_textbook_error():
    frame = pl.DataFrame({"x": [2.0, 4.0, 9.0, 1.0, 5.0], "h": [1, 1, 2, 2, 2], "w": [10.0] * 2 + [20.0] * 3})
    found = sums(psu_totals(frame, [plain("x")], SampleDesign(weight="w", strata="h")), Inference())
    expected = 4 * 100 * np.var([2, 4], ddof=1) / 2 + 9 * 400 * np.var([9, 1, 5], ddof=1) / 3
    assert found.standard_error[0, 0] ** 2 == pytest.approx(expected)


@given(seeds, st.floats(0.01, 1000))
@settings(max_examples=20, deadline=None)
def test_the_scale_of_weights_does_not_matter_to_means(seed, times):
    frame = sample(seed)
    scaled = frame.with_columns(pl.col("w") * times)
    assert errors(scaled) == pytest.approx(errors(frame), rel=1e-9)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_respondents_written_twice_with_half_the_weight_change_nothing(seed):
    frame = sample(seed)
    twice = pl.concat([frame, frame]).with_columns(pl.col("w") / 2)
    assert errors(twice) == pytest.approx(errors(frame), rel=1e-9)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_a_domain_that_holds_all_is_the_whole(seed):
    frame = sample(seed).with_columns(all=pl.lit("x"))
    assert errors(frame, by=("all",)) == pytest.approx(errors(frame), rel=1e-12)


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_a_domain_mean_is_a_ratio_of_zeroed_totals(seed):
    frame = sample(seed).with_columns(yes=pl.col("x") * pl.col("g"), one=pl.col("g").cast(pl.Float64))
    domain = means(psu_totals(frame, [plain("x")], CLUSTERS, domains=("g",)), Inference())
    from quantri.engine.variables import ratio_of

    ratio = means(psu_totals(frame, [ratio_of(frame.lazy(), "yes", "one")], CLUSTERS), Inference())
    at = domain.value.shape[0] - 1
    assert domain.value[at, 0] == pytest.approx(ratio.value[0, 0], rel=1e-12)
    assert domain.standard_error[at, 0] == pytest.approx(ratio.standard_error[0, 0], rel=1e-9)


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_variances_of_totals_add_over_strata(seed):
    frame = sample(seed)
    whole = sums(summed(frame), Inference()).standard_error ** 2
    parts = sums(summed(frame, by=("h",)), Inference()).standard_error ** 2
    assert parts.sum(axis=0) == pytest.approx(whole[0], rel=1e-9)


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_two_identical_strata_merged_have_the_variance_that_their_degrees_of_freedom_say(seed):
    """Twice n PSUs around one mean: n-1 and n-1 degrees of freedom become 2n-1."""
    one = sample(seed, n_strata=1, n_psus=5)
    apart = pl.concat([one, one.with_columns(h=pl.col("h") + 1, p=pl.col("p") + 100)])
    merged = apart.with_columns(h=pl.lit(0))
    assert errors(merged) ** 2 == pytest.approx(errors(apart) ** 2 * 8 / 9, rel=1e-9)


def test_certainty_strata_add_nothing():
    frame = sample().with_columns(f=pl.when(pl.col("h") == 0).then(1.0).otherwise(1e-9))
    design = SampleDesign(weight="w", strata="h", psu="p", fpc="f")
    found = sums(summed(frame, design=design, by=("h",)), Inference())
    assert found.standard_error[0].tolist() == [0, 0, 0]
    assert (found.standard_error[1:] > 0).all()


def test_a_second_stage_adds_its_share():
    frame = sample(n=600).with_columns(q=pl.col("x").rank("ordinal").over("p") % 5, f=pl.lit(0.5), g2=pl.lit(0.5))
    one = SampleDesign(weight="w", strata="h", psu="p", fpc="f")
    two = SampleDesign(weight="w", strata="h", psu="p", fpc="f", ssu="q", fpc2="g2")
    all_drawn = frame.with_columns(g2=pl.lit(1.0))
    assert (errors(frame, design=two) > errors(frame, design=one)).all()
    assert errors(all_drawn, design=two) == pytest.approx(errors(all_drawn, design=one), rel=1e-12)


def lonely() -> pl.DataFrame:
    return sample().filter((pl.col("h") != 0) | (pl.col("p") == 0))


def test_a_lonely_psu_stops_until_a_policy_is_chosen():
    with pytest.raises(DesignError, match="stratum 0 has one sampled unit"):
        errors(lonely())


def test_policies_for_lonely_psus_are_ordered_as_they_must_be():
    by = {p: errors(lonely(), Inference(lonely=p))[0] for p in ("remove", "certainty", "adjust", "average")}
    assert by["remove"] == pytest.approx(by["certainty"], rel=1e-15)
    assert (by["adjust"] > by["remove"]).all()
    assert by["average"] == pytest.approx(by["remove"] * np.sqrt(3 / 2), rel=1e-12)


def test_nothing_but_lonely_strata_leaves_no_standard_error():
    frame = sample().filter(pl.col("p") % 4 == 0)
    assert np.isnan(errors(frame, Inference(lonely="average"))).all()


def test_a_covariance_is_symmetric_and_holds_the_variances():
    found = means(summed(sample()), Inference())
    covariance = found.strays.covariance(0)
    assert np.allclose(covariance, covariance.T)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(found.standard_error[0], rel=1e-12)
