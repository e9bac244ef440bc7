from dataclasses import replace

import numpy as np
import pytest

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.design import Inference
from quantri.engine.loading import DATA, load_definition
from quantri.engine.measure import Measure
from quantri.engine.scoring import score
from quantri.engine.sensitivity import coherence, under_other_choices, usual_choices, without
from survey_samples import sample, summed, tree


def scored(definition):
    return score(definition, summed(sample(), definition, by=("h",)), Inference())


def test_the_first_choice_is_the_definition_itself():
    scores = scored(tree())
    found = under_other_choices(scores)
    assert found.choices[0] == "as defined"
    assert found.score[:, 0] == pytest.approx(100 * (scores.estimates.value[:, 0] - 1) / 9)
    assert found.standard_error == pytest.approx(100 * scores.estimates.standard_error[:, 0] / 9)


def test_equal_weights_change_nothing_where_weights_are_equal():
    found = under_other_choices(scored(tree()))
    assert found.score[:, found.choices.index("equal weights")] == pytest.approx(found.score[:, 0])


def test_a_geometric_index_is_never_above_the_arithmetic_one():
    found = under_other_choices(scored(tree()))
    assert (found.score[:, found.choices.index("geometric means")] <= found.score[:, 0] + 1e-9).all()


def test_a_part_left_out_of_a_weighted_mean_leaves_weights_that_make_a_whole():
    definition = without(tree(), "A")
    assert definition.weights("D") == (0.5, 0.5)
    assert "A" not in definition


def test_given_weights_grow_in_proportion_when_a_part_is_left_out():
    parts = {"A": 0.5, "B": 0.3, "C": 0.2}
    weighted = replace(
        tree(), components=tuple(replace(c, component_weight=parts.get(c.code)) for c in tree().components)
    )
    assert without(weighted, "A").weights("D") == pytest.approx((0.6, 0.4))


def test_each_content_of_papi_can_be_left_out():
    choices = usual_choices(load_definition(DATA / "indices" / "papi-2024.toml"))
    assert [name for name in choices if name.startswith("without")] == [f"without D{i}" for i in range(1, 9)]
    assert choices["without D8"].top.bounds == (7, 70)


def test_a_part_that_falls_where_the_whole_rises_is_named():
    definition = tree()
    a = np.linspace(0, 1, 20)
    value = np.stack([1 + 9 * a, 1 + 9 * a, a, a, 15 - 20 * a], axis=1)
    found = {c.code: c for c in coherence(definition, value)}
    assert found["D"].pulls_against == ("C",)
    assert found["D"].with_parent["A"] == pytest.approx(1)


def test_alpha_of_parts_that_say_the_same_is_one():
    definition = tree()
    a = np.linspace(0, 1, 20)
    value = np.stack([1 + 9 * a, 1 + 9 * a, a, a, a], axis=1)
    assert {c.code: c for c in coherence(definition, value)}["D"].alpha == pytest.approx(1)


def test_a_part_of_which_less_is_better_does_not_pull_against_its_parent():
    part = {"level": "indicator", "name_vi": "x", "name_en": "x", "bounds": (0, 1), "parent": "T"}
    more = Component(code="A", measure=Measure(questions=("a",)), worst=0, best=1, **part)
    less = Component(code="B", measure=Measure(questions=("b",)), worst=20, best=1, **(part | {"bounds": (1, 20)}))
    top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(0, 10), rollup="arithmetic")
    tree = IndexDefinition(code="d", year=2024, name_vi="T", name_en="T", components=(top, more, less))
    value = np.array([[2.0, 0.2, 16.0], [5.0, 0.5, 10.0], [8.0, 0.8, 5.0], [9.0, 0.9, 2.0]])
    (found,) = coherence(tree, value)
    assert found.pulls_against == () and found.with_parent["B"] > 0.9 and found.alpha > 0.9
