import subprocess
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantri.engine.definition import OBSERVED, Component, IndexDefinition
from quantri.engine.design import Inference, SampleDesign
from quantri.engine.estimate import means
from quantri.engine.pooling import pooled
from quantri.engine.resample import jackknife, replicated_means
from quantri.engine.scoring import grow, score
from quantri.errors import DefinitionError
from survey_samples import sample, summed, tree, yes_no


def scored(definition=None, frame=None, by=(), **choices):
    definition = definition or tree()
    return score(definition, summed(sample() if frame is None else frame, definition, by=by), Inference(**choices))


def test_a_weighted_mean_of_leaves_is_put_on_the_parents_scale():
    found = scored()
    a, b, c = found.estimates.value[0, 2:]
    expected = 1 + 9 * (a + b + (c + 5) / 20) / 3
    assert found.estimates.value[0, 1] == pytest.approx(expected, rel=1e-12)
    assert found.estimates.value[0, 0] == found.estimates.value[0, 1]


def test_goalposts_may_run_downwards():
    falling = scored(tree(worst=1, best=0)).estimates.value[0]
    a, b, c = falling[2:]
    assert falling[1] == pytest.approx(1 + 9 * ((1 - a) + b + (c + 5) / 20) / 3, rel=1e-12)


def test_the_errors_of_an_arithmetic_tree_are_those_of_the_combination():
    found, totals = scored(), summed(sample())
    order = [totals.variables.index(c) for c in "ABC"]
    slope = np.array([3.0, 3.0, 3 / 20])
    covariance = means(totals, Inference()).strays.covariance(0)[np.ix_(order, order)]
    assert found.estimates.standard_error[0, 1] ** 2 == pytest.approx(slope @ covariance @ slope, rel=1e-9)


@given(st.integers(0, 10_000), st.sampled_from(["arithmetic", "geometric"]))
@settings(max_examples=15, deadline=None)
def test_the_linear_error_is_near_the_jackknife_of_the_whole_tree(seed, rollup):
    definition, frame = tree(rollup), sample(seed, n=900)
    totals = summed(frame, definition)
    multipliers, scale = jackknife(totals)
    order = [totals.variables.index(c) for c in "ABC"]
    leaves = replicated_means(totals, multipliers)[:, 0, order]
    values = grow(definition, leaves, np.zeros((0, 3)), np.zeros(0, dtype=int)).value[:, 0]
    full = scored(definition, frame).estimates
    by_jackknife = np.sqrt((scale * (values - full.value[0, 0]) ** 2).sum())
    assert full.standard_error[0, 0] == pytest.approx(by_jackknife, rel=0.1)


def test_a_geometric_mean_with_a_part_at_its_worst_has_no_standard_error_and_says_so():
    frame = sample().with_columns(q0=pl.lit(2))
    found = scored(tree("geometric"), frame)
    assert found.estimates.value[0, 1] == 1
    assert np.isnan(found.estimates.standard_error[0, 1])
    assert "geometric" in found.notes["all", "D"]


def test_nobody_who_answered_leaves_a_null_with_a_note_up_to_the_top():
    frame = sample().with_columns(q0=pl.when(pl.col("g") == 1).then(888).otherwise("q0"))
    found = scored(frame=frame, by=("g",))
    assert np.isnan(found.estimates.value[1, :3]).all()
    assert found.notes["1", "A"] == "nobody in this domain has a known answer"
    assert found.notes["1", "T"] == "no score of D"
    assert np.isfinite(found.estimates.value[0]).all()


def test_no_figure_is_missing_without_a_note():
    frame = sample().with_columns(q0=pl.when(pl.col("g") == 1).then(888).otherwise("q0"))
    found = scored(frame=frame, by=("g",), lonely="average")
    for d, domain in enumerate(found.domains):
        for m, component in enumerate(found.definition):
            figures = found.estimates.value[d, m], found.estimates.standard_error[d, m], found.estimates.low[d, m]
            assert np.isfinite(figures).all() or found.notes[domain, component.code]


def test_what_is_unseen_counts_as_the_lowest():
    named = {"name_vi": "x", "name_en": "x"}
    top = Component(code="T", level="sub_dimension", bounds=(0.25, 2.5), rollup="arithmetic", unseen=0.25, **named)
    leaf = {"level": "indicator", "parent": "T", "bounds": (0, 1), "worst": 0, "best": 1, **named}
    parts = (
        Component(code="A", measure=yes_no("q0"), component_weight=0.25, **leaf),
        Component(code="B", measure=yes_no("q1"), component_weight=0.5, **leaf),
    )
    definition = IndexDefinition(code="demo", year=2023, components=(top, *parts), **named)
    value = scored(definition).estimates.value[0]
    assert value[0] == pytest.approx(0.25 + 2.25 * (value[1] / 4 + value[2] / 2), rel=1e-12)


def test_observed_goalposts_are_the_lowest_and_highest_domain():
    found = scored(tree(worst=OBSERVED, best=OBSERVED), by=("h",))
    a, b, c = found.estimates.value[:, 2:].T
    unit = (a - a.min()) / (a.max() - a.min())
    assert found.estimates.value[:, 1] == pytest.approx(1 + 9 * (unit + b + (c + 5) / 20) / 3, rel=1e-9)


def test_a_definition_without_measures_cannot_be_scored():
    named = {"name_vi": "x", "name_en": "x"}
    bare = IndexDefinition(
        code="demo", year=2024, components=(Component(code="T", level="index", bounds=(1, 10), **named),), **named
    )
    with pytest.raises(DefinitionError, match="no component has a measure"):
        score(bare, summed(sample()), Inference())


def test_pooled_errors_are_the_same_for_domains_of_one_size_and_have_more_degrees_of_freedom():
    own, pooled = (scored(by=("h",), variance_rule=rule).estimates for rule in ("own", "pooled"))
    assert pooled.df[0] == own.df.sum()
    per_person = pooled.standard_error[:, 0] ** 2 * pooled.n[:, 0]
    assert per_person == pytest.approx(per_person[0], rel=1e-9)


def test_a_domain_with_more_degrees_of_freedom_says_more_of_the_pooled_error():
    own = scored(by=("h",)).estimates
    uneven = replace(own, df=np.array([1.0, 3.0, 12.0]))
    found = pooled(uneven, Inference())
    expected = (uneven.df[:, None] * own.standard_error**2 * own.n).sum(axis=0) / 16
    assert found.standard_error**2 * found.n == pytest.approx(np.broadcast_to(expected, own.n.shape), rel=1e-9)
    assert found.df.tolist() == [16, 16, 16]


def test_degrees_of_freedom_are_named_by_their_rule():
    assert scored(by=("h",)).estimates.df.tolist() == [3, 3, 3]
    assert scored(by=("h",), df_rule="design").estimates.df.tolist() == [9, 9, 9]
    assert np.isinf(scored(by=("h",), df_rule="inf").estimates.df).all()


def test_a_simple_random_sample_has_no_design_effect_at_any_component():
    found = score(tree(), summed(sample(), design=SampleDesign()), Inference())
    assert found.design_effect[0, :2] == pytest.approx(1)


def test_a_component_of_clusters_has_none_and_its_leaves_have():
    found = score(tree(), summed(sample()), Inference())
    assert np.isnan(found.design_effect[0, :2]).all() and np.isfinite(found.design_effect[0, 2:]).all()


def test_a_domain_of_single_respondents_has_one_beside_a_domain_of_clusters():
    frame = sample().with_columns(p=pl.when(pl.col("g") == 0).then(1000 + pl.int_range(pl.len())).otherwise("p"))
    found = score(tree(), summed(frame, by=("g",)), Inference(lonely="adjust"))
    assert np.isfinite(found.design_effect[0, :2]).all() and np.isnan(found.design_effect[1, :2]).all()


@pytest.mark.needs("Rscript", "R survey")
@pytest.mark.parametrize("rollup", ["arithmetic", "geometric"])
def test_the_design_effect_of_a_component_is_that_of_r_on_its_linearised_value(tmp_path, rollup):
    frame = sample()
    found = score(tree(rollup), summed(frame, design=SampleDesign(weight="w", strata="h")), Inference())
    totals = found.totals
    rows = pl.DataFrame({
        "h": totals.structure.stratum_of_psu[totals.unit], "w": totals.weight,
        "e": found.estimates.influence[:, 0] * totals.weight.sum() / totals.weight,
    })  # fmt: skip
    rows.write_csv(tmp_path / "rows.csv", float_precision=17)
    script = (
        "suppressMessages(library(survey)); d <- read.csv('rows.csv'); "
        "m <- svymean(~e, svydesign(~1, strata = ~h, weights = ~w, data = d), deff = 'replace'); "
        "cat(format(c(SE(m), deff(m)), digits = 17))"
    )
    ran = subprocess.run(
        ["Rscript", "-e", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    error, effect = map(float, ran.stdout.split())
    assert found.estimates.standard_error[0, 0] == pytest.approx(error, rel=1e-9)
    assert found.design_effect[0, 0] == pytest.approx(effect, rel=1e-9)
