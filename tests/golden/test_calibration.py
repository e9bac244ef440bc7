"""Calibrated estimates have the standard errors of R: `calibrate`, `postStratify` and, when asked for, `rake`."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from quantri.engine.calibration import Calibration, calibrate, calibrated_residuals
from quantri.engine.design import Inference, SampleDesign
from quantri.engine.estimate import sums
from quantri.engine.recode import plain
from quantri.engine.totals import psu_totals
from quantri.engine.weighted_frame import weigh
from quantri.engine.weighting_plan import read_weighting_plan

HERE = Path(__file__).parent
CASES = json.loads((HERE / "expected.json").read_text("utf-8"))["calibrations"]
DESIGN = SampleDesign(weight="calibrated_weight", strata="stratum", psu="psu")
Case = dict[str, Any]


@pytest.fixture(scope="module")
def sample() -> pl.DataFrame:
    return pl.read_csv(HERE / "data" / "calibration.csv")


def calibrated(method: str, sample: pl.DataFrame) -> Calibration:
    if "linear" in method:
        return linear(sample, with_size="size" in method)
    file = HERE / "data" / f"{method.split()[0]}.toml"
    return weigh(sample, read_weighting_plan(file.read_text("utf-8"), file.name)).calibration


def linear(sample: pl.DataFrame, *, with_size: bool) -> Calibration:
    columns = {"all": 2800.0, "m": 1300.0, "35-54": 1100.0, "55+": 900.0, **({"size": 11000.0} if with_size else {})}
    auxiliaries = sample.select(
        pl.lit(1.0).alias("all"), m=pl.col("sex") == "m", **{a: pl.col("age") == a for a in ("35-54", "55+")},
        size="house_size",
    ).cast(pl.Float64).select(*columns)  # fmt: skip
    totals = np.array(list(columns.values()))
    return calibrate(sample["weight"].to_numpy(), auxiliaries.to_numpy(), totals, distance="linear")


def influence(row: Case, sample: pl.DataFrame, weights: np.ndarray) -> tuple[float, np.ndarray]:
    """Estimate of a row and what a unit of weight of each respondent adds to it, 0 for who is not in it."""
    above, _, below = row["var"].partition("/")
    variable, is_kind, kind = above.partition("=")
    value = sample[variable] if not is_kind else (sample[variable] == kind).cast(pl.Float64)
    base = sample[below] if below else value.is_not_null().cast(pl.Float64)
    inside = value.is_not_null() & base.is_not_null() & ((sample["sex"] == "f") if row["by"] else True)
    y, r = (column.fill_null(0).to_numpy() * inside.to_numpy() for column in (value, base))
    if row["stat"] == "total":
        return weights @ y, y
    ratio = (weights @ y) / (weights @ r)
    return ratio, (y - ratio * r) / (weights @ r)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_calibrated_estimate_has_the_standard_error_of_r(case: Case, sample: pl.DataFrame) -> None:
    made = calibrated(case["id"], sample)
    assert made.weights == pytest.approx(np.array(case["weights"]), rel=1e-9)
    by_rake = case["id"].endswith("rake")  # R's rake takes off plain means, as a regression without weights does
    regression = np.ones(sample.height) if by_rake else made.regression
    for row in case["rows"]:
        value, adds = influence(row, sample, made.weights)
        left = calibrated_residuals(adds[:, None], made.auxiliaries, regression)[:, 0]
        frame = sample.with_columns(left=left, calibrated_weight=made.weights)
        found = sums(psu_totals(frame, [plain("left")], DESIGN), Inference())
        assert value == pytest.approx(row["estimate"], rel=1e-9), row
        assert found.standard_error[0, 0] == pytest.approx(row["se"], rel=1e-9), row
