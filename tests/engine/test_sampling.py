"""A draw in stages: its probabilities, its certainty units, its faults, and the worked example of the how-to."""

import re
import runpy
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantri.engine.sampling import Draw, draw
from quantri.engine.selection import Listing, inclusion_probabilities, simple_random, systematic
from quantri.engine.stages import DrawDesign, Stage, read_draw_design
from quantri.errors import DataError, DesignError

HOWTO = (Path(__file__).resolve().parents[2] / "docs/howto/draw-a-sample.md").read_text("utf-8")


def drawn(frame: pl.DataFrame, *stages: Stage, seed: int = 1, prior: str | None = None) -> Draw:
    return draw(frame, DrawDesign(stages=stages, prior_weight=prior), rng=np.random.default_rng(seed))


def towns(n: int) -> pl.DataFrame:
    """n towns in two regions; sizes rise."""
    return pl.DataFrame({"town": [f"t{i:03}" for i in range(n)], "region": ["a", "b"] * (n // 2)}).with_columns(
        people=pl.int_range(1, n + 1) * 10
    )


@pytest.fixture(scope="module")
def papi(tmp_path_factory) -> Draw:
    """The worked example of the how-to, as a reader follows it."""
    folder = tmp_path_factory.mktemp("howto")
    script = folder / "make_frame.py"
    script.write_text(re.search(r"```python\n(.*?)```", HOWTO, re.S)[1], "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        runpy.run_path(str(script))
    frame = pl.read_csv(folder / "frame-synthetic.csv", infer_schema=False)
    design = read_draw_design(re.search(r"```toml\n(.*?)```", HOWTO, re.S)[1], "design.toml")
    return draw(frame, design, rng=np.random.default_rng(2024))


def test_papis_design_draws_as_many_units_as_it_says(papi):
    main = papi.sample.filter(pl.col("reserve") == 0)
    districts = main.group_by("size_class").agg(pl.col("district").n_unique(), pl.len()).sort("size_class")
    assert districts.rows() == [("large", 6, 6 * 4 * 30), ("medium", 6, 6 * 4 * 20), ("small", 3, 3 * 4 * 20)]
    assert [s.drawn for s in papi.stages] == [15, 30, 60, 1440]
    assert papi.sample.height - main.height == papi.stages[-1].reserve == 24 * 15 + 36 * 10


def test_papis_capitals_and_seats_are_certain_and_every_probability_is_kept(papi):
    main = papi.sample.filter(pl.col("reserve") == 0)
    capital_seat = main.filter((pl.col("is_capital") == "1") & (pl.col("is_district_seat") == "1"))
    assert capital_seat["stage_1_certainty"].all() and capital_seat["stage_2_certainty"].all()
    product = np.prod([main[f"stage_{k}_probability"].to_numpy() for k in range(1, 5)], axis=0)
    np.testing.assert_allclose(main["probability"].to_numpy(), product)
    np.testing.assert_allclose(main["base_weight"].to_numpy(), 1 / product)


def test_a_unit_too_large_for_its_share_becomes_certain_and_is_named(papi):
    assert papi.stages[0].too_large == ("Province L D8", "Province M D8")
    assert any("expected hits reach 1: 2 district (Province L D8, Province M D8)" in note for note in papi.notes)


def test_below_a_certainty_unit_the_psu_is_the_first_unit_that_chance_took(papi):
    main = papi.sample.filter(pl.col("reserve") == 0)
    by_chance = main.filter(~pl.col("stage_1_certainty"))
    assert set(by_chance["variance_psu"]) == set(
        by_chance.select(pl.format("{} › {}", "stage_1_stratum", "district")).to_series()
    )
    seat = main.filter(pl.all_horizontal(pl.col(f"stage_{k}_certainty") for k in (1, 2, 3)))
    assert seat["variance_psu"].n_unique() == seat.height and seat["variance_stratum"].n_unique() == 5
    assert any("10 variance strata hold one PSU" in note for note in papi.notes)


def test_last_units_taken_with_certainty_are_a_stratum_apart_that_was_counted_whole():
    frame = towns(8).with_columns(big=pl.col("people") > 60)
    got = drawn(frame, Stage(unit="town", strata=("region",), method="srs", take=1, certainty="big")).sample
    assert got.select("variance_stratum", "variance_listed").unique().sort("variance_stratum").rows() == [
        ("a", 3), ("a › (certain)", 1), ("b", 3), ("b › (certain)", 1),
    ]  # fmt: skip


def test_a_substitute_has_its_turn_but_no_weight(papi):
    reserve = papi.sample.filter(pl.col("reserve") > 0)
    assert reserve["base_weight"].null_count() == reserve.height
    village = reserve.filter(
        (pl.col("district") == "Province S D1") & (pl.col("commune") == "C1") & (pl.col("village") == "V1")
    )
    assert village["reserve"].to_list() == list(range(1, 11))


def test_the_sample_estimates_the_frame_without_bias():
    frame = towns(20)
    stage = Stage(unit="town", method="pps_systematic", size="people", take=6, certainty="big")
    frame = frame.with_columns(big=(pl.col("town") == "t000").cast(pl.Int8), value=pl.col("people") ** 0.5)
    estimates = [
        float((got["base_weight"] * got["value"]).sum())
        for seed in range(400)
        for got in [drawn(frame, stage, seed=seed).sample]
    ]
    assert np.mean(estimates) == pytest.approx(
        frame["value"].sum(), abs=4 * np.std(estimates) / np.sqrt(len(estimates))
    )


def test_every_method_hits_each_unit_as_often_as_its_probability_says():
    listing = Listing(size=np.array([1.0, 2, 3, 4, 5, 30]), named=np.array([True] + [False] * 5), take=3)
    for method in (systematic, simple_random):
        hits = np.zeros(6)
        for seed in range(3000):
            hits[method(listing, rng=np.random.default_rng(seed)).drawn] += 1
        expected = method(listing, rng=np.random.default_rng(0)).probability
        np.testing.assert_allclose(hits / 3000, expected, atol=4 * 0.5 / np.sqrt(3000))


@st.composite
def listings(draw_from):
    n = draw_from(st.integers(1, 40))
    sizes = draw_from(st.lists(st.floats(0.01, 1e6), min_size=n, max_size=n))
    named = draw_from(st.lists(st.booleans(), min_size=n, max_size=n))
    chance = named.count(False)
    take = draw_from(st.integers(0 if chance < n else 1, chance))
    reserve = draw_from(st.integers(0, 10))
    return Listing(size=np.array(sizes), named=np.array(named), take=take, reserve=reserve)


@settings(max_examples=200, deadline=None)
@given(listings())
def test_inclusion_probabilities_sum_to_the_sample_size_and_follow_the_sizes(listing):
    got = inclusion_probabilities(listing)
    assert got.sum() == pytest.approx(listing.take + listing.named.sum())
    assert got.min() >= 0 and got.max() <= 1 and (got[listing.named] == 1).all()
    by_size = got[got < 1] / listing.size[got < 1]
    np.testing.assert_allclose(by_size, by_size.mean() if len(by_size) else 0, rtol=1e-9)
    assert (listing.size[(got == 1) & ~listing.named] >= listing.size[got < 1].max(initial=0) * (1 - 1e-6)).all()


@settings(max_examples=200, deadline=None)
@given(listings(), st.sampled_from([systematic, simple_random]), st.integers(0, 2**32 - 1))
def test_a_draw_has_its_size_and_nobody_twice(listing, method, seed):
    got = method(listing, rng=np.random.default_rng(seed))
    everyone = [*got.drawn, *got.reserve]
    assert len(got.drawn) == listing.take + listing.named.sum()
    assert len(set(everyone)) == len(everyone)
    assert len(got.reserve) == min(listing.reserve, len(listing.size) - len(got.drawn))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["srs", "systematic", "pps_systematic"]))
def test_the_order_of_the_frame_does_not_matter_and_the_seed_does(seed, method):
    frame = towns(60)
    size = "people" if method == "pps_systematic" else None
    stage = Stage(unit="town", strata=("region",), method=method, size=size, take=8, reserve=2)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
    one, other = drawn(frame, stage, seed=seed).sample, drawn(shuffled, stage, seed=seed).sample
    assert one.write_csv() == other.write_csv()
    assert one.write_csv() != drawn(frame, stage, seed=seed + 1).sample.write_csv() or method != "srs"


def test_each_stratum_gets_its_own_number_from_a_table_a_column_or_a_crossed_key():
    frame = towns(40).with_columns(n=pl.when(pl.col("region") == "a").then(3).otherwise(5), kind=pl.lit("k"))
    tables = ({"a": 3, "b": 5}, "n", {"a/k": 3, "b/k": 5})
    for take in tables:
        strata = ("region", "kind") if isinstance(take, dict) and "a/k" in take else ("region",)
        got = drawn(frame, Stage(unit="town", strata=strata, method="srs", take=take)).sample
        assert got.group_by("region").len().sort("region").rows() == [("a", 3), ("b", 5)]


def test_sizes_that_differ_inside_a_unit_are_summed_and_the_answer_says_so():
    frame = pl.DataFrame({"commune": ["a", "a", "b"], "village": ["1", "2", "1"], "people": [100, 50, 50]})
    stages = (
        Stage(unit="commune", method="pps_systematic", size="people", take=1),
        Stage(unit="village", method="all"),
    )
    got = drawn(frame, *stages)
    assert set(got.sample["stage_1_probability"]) <= {0.75, 0.25}
    assert got.notes[0] == "stage 1: the size of each commune is the sum of people over its rows"


def test_villages_of_the_same_name_in_two_communes_are_two_villages():
    frame = pl.DataFrame({"commune": ["a", "a", "b", "b"], "village": ["1", "2", "1", "2"]})
    got = drawn(frame, Stage(unit="commune", method="all"), Stage(unit="village", method="srs", take=1))
    assert got.sample.height == 2 and got.sample["base_weight"].to_list() == [2.0, 2.0]


def test_a_prior_weight_is_carried_on():
    frame = pl.DataFrame({"person": ["1", "2"], "before": ["10", "30"]})
    got = drawn(frame, Stage(unit="person", method="srs", take=1), prior="before").sample
    assert got["base_weight"].to_list() == [2 * float(got["before"][0])]


def test_the_order_column_stratifies_a_systematic_draw():
    frame = towns(40).with_columns(rank=pl.col("people") % 70)
    got = drawn(frame, Stage(unit="town", method="systematic", take=4, order=("rank",))).sample
    places = frame.sort("rank", "town")["town"].to_list()
    assert np.diff([places.index(town) for town in got["town"]]).tolist() == [10, 10, 10]


BASE = {"town": ["a", "b", "c"], "region": ["n", "n", "s"], "people": ["5", "6", "7"], "big": ["0", "0", "1"]}


@pytest.mark.parametrize(
    ("change", "stage", "kind", "message"),
    [
        ({}, {"take": 4}, DesignError, "stage 1 (town): take is 4, but the frame holds 3 units; lower take"),
        ({}, {"take": 2, "strata": ("region",)}, DesignError, "(town): s: take is 2, but the frame holds 1 unit"),
        ({}, {"take": 3, "certainty": "big"}, DesignError, "holds 2 units besides 1 that is certain"),
        ({"people": ["5", "0", "7"]}, {"size": "people"}, DataError, "must be a number above 0, not '0' in row 2"),
        ({"people": ["5", "-1", "x"]}, {"size": "people"}, DataError, "not '-1' in rows 2, 3 below the header"),
        ({"people": ["5", None, "7"]}, {"size": "people"}, DataError, "not None in row 2"),
        ({"town": ["a", "b", "a"]}, {}, DataError, "town 'a' stands in rows 1, 3 below the header"),
        ({"town": ["a", None, "c"]}, {}, DataError, "'town' is empty in row 2"),
        ({"region": ["n", "", "s"]}, {"strata": ("region",)}, DataError, "'region' is empty in row 2"),
        ({"big": ["0", "maybe", "1"]}, {"certainty": "big"}, DataError, "true or false (1 or 0), not 'maybe' in row 2"),
        ({}, {"strata": ("zone",)}, DataError, "no column 'zone'; the data have town, region, people, big; correct"),
        ({}, {"strata": ("regoin",)}, DataError, "no column 'regoin' (is it 'region'?)"),
        ({}, {"strata": ("region",), "take": {"n": 1}}, DesignError, "no entry fits stratum 's'; write one: 's' ="),
        ({"n": ["1", "2", "1"]}, {"take": "n"}, DataError, "must hold one whole number from 0 up, not 1, 2"),
        ({"base_weight": ["1", "1", "1"]}, {}, DataError, "a column 'base_weight', which the draw writes; rename it"),
    ],
)  # fmt: skip
def test_each_fault_of_a_frame_says_what_where_and_how_to_mend_it(change, stage, kind, message):
    given_stage = {"unit": "town", "method": "pps_systematic" if "size" in stage else "srs", "take": 1} | stage
    with pytest.raises(kind, match=re.escape(message)):
        drawn(pl.DataFrame(BASE | change), Stage(**given_stage))


def test_every_stratum_that_is_too_small_has_a_line():
    with pytest.raises(DesignError) as fault:
        drawn(pl.DataFrame(BASE), Stage(unit="town", strata=("region",), method="srs", take=3))
    assert len(str(fault.value).splitlines()) == 2


def test_a_unit_in_two_strata_is_refused():
    frame = pl.DataFrame({"commune": ["a", "a"], "village": ["1", "2"], "region": ["n", "s"]})
    stages = (Stage(unit="commune", strata=("region",), method="srs", take=1), Stage(unit="village", method="all"))
    with pytest.raises(DataError, match=r"1 units differ in 'region' between their rows, first 'a' \(n, s\)"):
        drawn(frame, *stages)


def test_a_frame_without_rows_is_refused():
    with pytest.raises(DesignError, match="no rows"):
        drawn(pl.DataFrame(BASE).clear(), Stage(unit="town", method="srs", take=1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[stage]", "d.toml: is not TOML"),
        ("", "d.toml: no [[stage]]"),
        ("stage = 3", "d.toml: stage 1: must be a table"),
        ('prior_weight = ""', "prior_weight must be the name of a column"),
        ('[[stage]]\nunit = "a"', "d.toml: stage 1: needs a field 'method'"),
        ('[[stage]]\nunit = "a"\nmethod = "pps"', "method must be one of srs, systematic, pps_systematic, all"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"', "method srs needs take"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"\ntake = -1', "take must be whole numbers from 0 up, not -1"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"\ntake = 0', "take is 0"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"\ntake = 2.5', "not 2.5"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"\ntake = [1]', "not [1]"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"\ntake = { x = 1 }', "the stage has no strata"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"\ntake = 1\nsize = "p"', "size goes with method pps_systematic"),
        ('[[stage]]\nunit = "a"\nmethod = "all"\ntake = 1', "method all takes every unit"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"\ntake = 1\nstrata = "p"', "strata must be a list of columns"),
        ('[[stage]]\nunit = "a"\nmethod = "srs"\ntake = 1\ntakes = 1', "no field 'takes'; choose among certainty"),
        ('seed_required = false\n[[stage]]\nunit = "a"\nmethod = "all"', "seed_required can only be true"),
        (
            '[[stage]]\nunit = "a"\nmethod = "all"\n[[stage]]\nunit = "a"\nmethod = "all"',
            "two stages draw the same unit",
        ),
        (
            '[[stage]]\nunit = "a"\nmethod = "srs"\ntake = 1\nreserve = 1\n[[stage]]\nunit = "b"\nmethod = "all"',
            "reserve goes only with the last stage",
        ),
    ],
)
def test_each_fault_of_a_design_is_named(text, message):
    with pytest.raises(DesignError, match=re.escape(message)):
        read_draw_design(text, "d.toml")
