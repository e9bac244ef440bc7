import tomllib

import pytest

from quantri.engine.goals import matches
from quantri.engine.loading import DATA, load_definition
from quantri.engine.measure import COMBINES

DEMO = DATA / "indices" / "demo"
NAMES = ("papi-demo", "satisfaction-demo")


@pytest.mark.parametrize("name", NAMES)
def test_no_demonstration_passes_for_an_official_index(name):
    definition = load_definition(DEMO / f"{name}.toml")
    assert definition.code == name and not definition.official and not definition.synthetic
    assert "minh họa" in definition.name_vi and "emonstration" in definition.name_en
    for c in (definition.top, *definition.measured):
        assert "minh họa" in c.name_vi and "emonstration" in c.name_en, c.code


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_its_wording_and_its_answers_in_two_languages(name):
    content = tomllib.loads((DEMO / f"{name}.toml").read_text("utf-8"))
    asked = {question["code"]: question for question in content["question"]}
    assert len(asked) == len(content["question"])
    read = {column for c in load_definition(DEMO / f"{name}.toml").measured for column in c.measure.columns}
    assert read == set(asked)
    for question in asked.values():
        assert question["text_vi"] and question["text_en"]
        scale = content["scale"][question["scale"]]
        assert scale["vi"].keys() == scale["en"].keys()


@pytest.mark.parametrize("name", NAMES)
def test_the_values_of_a_question_are_answers_that_its_scale_offers(name):
    content = tomllib.loads((DEMO / f"{name}.toml").read_text("utf-8"))
    scale_of = {question["code"]: content["scale"][question["scale"]]["vi"] for question in content["question"]}
    for c in load_definition(DEMO / f"{name}.toml").measured:
        for question in c.measure.questions:
            offered = scale_of[question].keys()
            if "number" not in offered:
                assert set(c.measure.values or offered) - {"888"} == set(offered), c.code


def test_the_first_has_papis_tree_and_92_indicators(papi):
    demo = load_definition(DEMO / "papi-demo.toml")
    assert matches(demo, papi.edition(2024))
    assert len(demo.measured) == 92
    assert not any(c.code in papi.edition(2024).definition for c in demo.measured)


def test_the_first_uses_everything_that_a_measure_can_do():
    demo = load_definition(DEMO / "papi-demo.toml")
    measures = [c.measure for c in demo.measured]
    assert {m.combine for m in measures} == set(COMBINES)
    assert any(m.only_if for m in measures) and any(m.not_asked for m in measures)
    assert any("888" in m.values for m in measures)  # "don't know" that counts
    assert any(m.values.get("1") == 4 for m in measures)  # reversal by values
    assert any(c.worst > c.best for c in demo.measured)  # and by goalposts
    assert demo["D1.1"].unseen == 0.25 and demo.weights("D1.1") == (0.25, 0.5)
    assert [c.code for c in demo.children("MH1.1.2")] == ["MH1.1.2.1", "MH1.1.2.2"]


def test_the_second_has_another_shape():
    second = load_definition(DEMO / "satisfaction-demo.toml")
    assert second.top.bounds == (0, 100) and second.top.rollup == "arithmetic"
    assert second["CC"].rollup == "geometric"
    assert {"ratio", "any", "mean"} <= {c.measure.combine for c in second.measured}
    assert {c.level for c in second} == {"index", "dimension", "indicator"}
