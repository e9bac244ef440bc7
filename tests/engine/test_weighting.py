"""Weights against R's survey (tests/golden/weighting), against textbook formulas, and by their properties."""

import csv
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantri.engine.calibration import Calibration, calibrate, calibrated_residuals, residual_totals
from quantri.engine.margins import Margin
from quantri.engine.weighting import adjust_for_nonresponse, base_weights, post_stratify, rake, trim_weights
from quantri.errors import DataError, DesignError

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "weighting"
N = 30000
SEX = Margin(variables=("sex",), totals={"f": 0.51 * N, "m": 0.49 * N})
AGE = Margin(variables=("age",), totals={"18-34": 0.35 * N, "35-54": 0.37 * N, "55+": 0.28 * N})
AREA = Margin(variables=("area",), totals={"rural": 0.64 * N, "urban": 0.36 * N})
CROSSED = Margin(
    variables=("sex", "area"),
    totals={"f/rural": 0.32 * N, "f/urban": 0.19 * N, "m/rural": 0.31 * N, "m/urban": 0.18 * N},
)
BOUNDS = (0.7, 1.38)


def columns(name: str) -> dict[str, np.ndarray]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


@pytest.fixture(scope="module")
def data() -> dict[str, np.ndarray]:
    read = columns("data.csv")
    return read | {name: read[name].astype(float) for name in ("w", "years", "y1", "y2")}


@pytest.fixture(scope="module")
def cases(data) -> dict[str, Calibration]:
    labels = [data[name] for name in ("sex", "age", "area")]
    margins = [SEX, AGE, AREA]
    raked = rake(data["w"], labels, margins)
    ones = np.ones(len(data["w"]))
    with_years = np.column_stack([ones, data["sex"] == "m", data["years"]])
    bounded = calibrate(
        data["w"],
        raked.auxiliaries,
        np.concatenate([list(m.totals.values()) for m in margins]),
        distance="linear",
        bounds=BOUNDS,
    )
    crossed = np.char.add(np.char.add(data["sex"], "/"), data["area"])
    return {
        "post_stratified": post_stratify(data["w"], crossed, CROSSED),
        "raked": replace(raked, regression=ones),
        "calibrated_raking": raked,
        "bounded_raking": rake(data["w"], labels, margins, bounds=BOUNDS),
        "linear": calibrate(data["w"], with_years, np.array([N, 0.49 * N, 8.4 * N]), distance="linear"),
        "bounded_linear": bounded,
    }


def estimate(statistic: str, data, weights) -> tuple[float, np.ndarray]:
    """Give the estimate and the influence of each row on it."""
    kind, name = statistic.split(":")
    y = data[name]
    if kind == "total":
        return float(weights @ y), y
    inside = (data["area"] == "urban") & (data["sex"] == "f") if kind == "domain_mean" else np.ones(len(y), bool)
    size = weights @ inside
    mean = float(weights @ (inside * y) / size)
    return mean, inside * (y - mean) / size


def standard_error(by_row: np.ndarray, data) -> float:
    _, first, code = np.unique(data["psu"], return_index=True, return_inverse=True)
    sums, strata = np.bincount(code, by_row), data["stratum"][first]
    return float(np.sqrt(sum(np.var(sums[strata == h], ddof=1) * (strata == h).sum() for h in np.unique(strata))))


@pytest.mark.parametrize(
    "case", ["post_stratified", "raked", "calibrated_raking", "bounded_raking", "linear", "bounded_linear"]
)
def test_weights_and_standard_errors_are_those_of_r(case, cases, data):
    got = cases[case]
    np.testing.assert_allclose(got.weights, columns("weights.csv")[case].astype(float), rtol=1e-9)
    golden = columns("estimates.csv")
    for n in np.flatnonzero(golden["case"] == case):
        value, influence = estimate(golden["statistic"][n], data, got.weights)
        assert value == pytest.approx(float(golden["estimate"][n]), rel=1e-9)
        by_row = got.weights * got.residuals(influence[:, None]).ravel()
        assert standard_error(by_row, data) == pytest.approx(float(golden["se"][n]), rel=1e-9), golden["statistic"][n]


def test_trimmed_weights_are_those_of_r(data):
    np.testing.assert_allclose(
        trim_weights(data["w"], 25, 120), columns("weights.csv")["trimmed"].astype(float), rtol=1e-9
    )


@pytest.mark.needs("Rscript", "R survey")
def test_the_committed_figures_are_what_the_r_script_prints(tmp_path):
    shutil.copy(GOLDEN / "weighting.R", tmp_path)
    subprocess.run(["Rscript", "weighting.R"], cwd=tmp_path, capture_output=True, timeout=120, check=True)
    for name in ("data.csv", "weights.csv", "estimates.csv"):
        again = (tmp_path / name).read_text("utf-8").splitlines()
        for line, other in zip(again, (GOLDEN / name).read_text("utf-8").splitlines(), strict=True):
            for cell, known in zip(line.split(","), other.split(","), strict=True):
                try:
                    assert float(cell) == pytest.approx(float(known), rel=1e-12)
                except ValueError:
                    assert cell == known


def test_sums_by_psu_give_the_residuals_that_rows_give(cases, data):
    got = cases["calibrated_raking"]
    _, influence = estimate("mean:y1", data, got.weights)
    by_row = got.weights[:, None] * got.residuals(influence[:, None])
    code = np.unique(data["psu"], return_inverse=True)[1]
    by_psu = np.zeros((48, 8))
    np.add.at(by_psu, code, got.weights[:, None] * np.column_stack([influence, got.auxiliaries]))
    gram = got.auxiliaries.T @ (got.auxiliaries * got.regression[:, None])
    cross = got.auxiliaries.T @ (influence * got.regression)[:, None]
    np.testing.assert_allclose(
        residual_totals(by_psu[:, :1], by_psu[:, 1:], gram, cross).ravel(),
        np.bincount(code, by_row.ravel()),
        atol=1e-14,
    )


def test_what_is_calibrated_to_has_no_standard_error(cases, data):
    got = cases["calibrated_raking"]
    is_woman = (data["sex"] == "f").astype(float)[:, None]
    assert np.abs(calibrated_residuals(is_woman, got.auxiliaries, got.regression)).max() < 1e-12


def test_base_weights_multiply_the_stages_and_the_weight_from_before():
    assert base_weights(np.array([[0.5, 0.25]]), np.array([3.0])).tolist() == [24.0]


@pytest.mark.parametrize("probability", [0.0, -0.5, 1.5, np.nan])
def test_an_impossible_probability_is_named(probability):
    with pytest.raises(DataError, match="row 2, stage 1"):
        base_weights(np.array([[0.5], [probability]]))


def test_nonresponse_keeps_the_sum_of_each_cell():
    weights, cells = np.array([1.0, 2.0, 3.0, 4.0]), np.array(["a", "a", "b", "b"])
    got = adjust_for_nonresponse(weights, np.array([False, True, True, True]), cells)
    assert got.tolist() == [0.0, 3.0, 3.0, 4.0]


def test_a_cell_in_which_nobody_answered_is_named():
    with pytest.raises(DataError, match="nobody answered in the non-response cell 'b'; join it"):
        adjust_for_nonresponse(np.ones(2), np.array([True, False]), np.array(["a", "b"]))


def test_margins_that_disagree_in_their_sums_are_refused():
    wrong = Margin(variables=("age",), totals={"18-34": 1.0, "35-54": 2.0, "55+": 3.0})
    with pytest.raises(DesignError, match=r"margin 'age' sums to 6, but 'sex' to 30000; take both from one source"):
        rake(np.ones(2), [np.array(["f", "m"]), np.array(["55+", "18-34"])], [SEX, wrong])


def test_categories_without_a_margin_and_margins_without_data_are_each_a_line():
    with pytest.raises(DataError) as fault:
        rake(np.ones(3), [np.array(["f", "x", "x"])], [SEX])
    assert str(fault.value).splitlines() == [
        "margin 'sex': no total for 'x' (2 rows) of the data; add it or recode the data",
        "margin 'sex': nobody in the data is 'm'; join it with another category",
    ]


def test_bounds_that_no_weights_can_keep_are_refused_with_the_margin():
    labels = np.array(["f"] * 9 + ["m"])
    with pytest.raises(DesignError, match=r"sex = [fm] is to be .* reached .*; widen the bounds"):
        rake(np.full(10, N / 10), [labels], [SEX], bounds=(0.5, 2.0))


def test_margins_that_contradict_each_other_in_the_data_are_refused():
    same = Margin(variables=("copy",), totals={"f": 0.5 * N, "m": 0.5 * N})
    labels = np.array(["f", "m"])
    with pytest.raises(DesignError, match="no weights were found"):
        rake(np.full(2, N / 2), [labels, labels], [SEX, same])


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_margins_hold_whatever_the_unit_of_the_base_weights(factor, data, cases):
    labels = [data[name] for name in ("sex", "age", "area")]
    got = rake(data["w"] * factor, labels, [SEX, AGE, AREA])
    np.testing.assert_allclose(got.weights, cases["raked"].weights, rtol=1e-9)


@st.composite
def samples(draw):
    """Base weights, three categories a row, and totals that some weights within the bounds can reach."""
    n = draw(st.integers(12, 80))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    labels = [
        np.concatenate([names, rng.choice(names, n - len(names))]) for names in (["a", "b"], list("xyz"), ["p", "q"])
    ]
    base = rng.lognormal(3, 0.6, n)
    target = base * rng.uniform(0.6, 1.7, n)
    margins = [
        Margin(variables=(f"v{k}",), totals={str(c): float(target[label == c].sum()) for c in np.unique(label)})
        for k, label in enumerate(labels)
    ]
    return base, labels, margins


@settings(max_examples=60, deadline=None)
@given(samples())
def test_raked_margins_hold_and_weights_stay_in_bounds(sample):
    base, labels, margins = sample
    got = rake(base, labels, margins, bounds=(0.5, 2.0))
    assert got.gap <= 1e-10
    for label, margin in zip(labels, margins, strict=True):
        for category, total in margin.totals.items():
            assert got.weights[label == category].sum() == pytest.approx(total, rel=1e-8)
    assert got.ratio.min() >= 0.5 - 1e-12 and got.ratio.max() <= 2.0 + 1e-12


@settings(max_examples=30, deadline=None)
@given(samples(), st.integers(0, 2**32 - 1))
def test_raking_does_not_look_at_the_order_of_rows(sample, seed):
    base, labels, margins = sample
    order = np.random.default_rng(seed).permutation(len(base))
    straight = rake(base, labels, margins).weights
    shuffled = rake(base[order], [label[order] for label in labels], margins).weights
    np.testing.assert_allclose(shuffled, straight[order], rtol=1e-8)


@settings(max_examples=30, deadline=None)
@given(samples())
def test_twice_the_people_with_half_the_weight_weigh_the_same(sample):
    base, labels, margins = sample
    twice = rake(np.tile(base / 2, 2), [np.tile(label, 2) for label in labels], margins).weights
    np.testing.assert_allclose(twice[: len(base)] * 2, rake(base, labels, margins).weights, rtol=1e-8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.1, 50), min_size=2, max_size=40))
def test_trimming_keeps_the_sum_and_the_bounds(weights):
    w = np.array(weights)
    got = trim_weights(w, 0.5 * w.mean(), 2 * w.mean())
    assert got.sum() == pytest.approx(w.sum())
    assert got.min() >= 0.5 * w.mean() - 1e-9 and got.max() <= 2 * w.mean() + 1e-9
