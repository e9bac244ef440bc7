"""Weights that were calibrated to margins give the standard errors of R, through the commands."""

import csv
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from quantri.cli.main import main

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
EXPECTED = json.loads((GOLDEN / "expected.json").read_text("utf-8"))["calibrations"]
ROWS = [
    (case["id"], row) for case in EXPECTED if case["id"] in ("raking", "post_stratification") for row in case["rows"]
]
MARGINS = """
base = "w"
method = "raking"
bounds = {bounds}
[[margin]]
variable = "sex"
totals = {{ f = 15300, m = 14700 }}
[[margin]]
variable = "age"
totals = {{ "18-34" = 10500, "35-54" = 11100, "55+" = 8400 }}
[[margin]]
variable = "area"
totals = {{ rural = 19200, urban = 10800 }}
"""
CROSSED = """
base = "w"
method = "post_stratification"
[[margin]]
variable = ["sex", "area"]
totals = { "f/rural" = 9600, "f/urban" = 5700, "m/rural" = 9300, "m/urban" = 5400 }
"""
PLANS = {
    "post_stratified": CROSSED,
    "calibrated_raking": MARGINS.replace("bounds = {bounds}", "").format(),
    "bounded_raking": MARGINS.format(bounds="[0.7, 1.38]"),
}
DESIGN = ["--weight", "calibrated_weight", "--strata", "stratum", "--psu", "psu", "--margins", "m.toml"]
TREE = """
[index]
code = "demo"
year = 2024
name_vi = "Minh họa"
name_en = "Demonstration"
[[component]]
code = "T"
level = "index"
name_vi = "Chỉ số"
name_en = "Index"
bounds = [0, 10]
rollup = "arithmetic"
[[component]]
code = "A"
parent = "T"
level = "indicator"
name_vi = "A"
name_en = "A"
worst = 0
best = 1
[component.measure]
questions = ["y2"]
[[component]]
code = "B"
parent = "T"
level = "indicator"
name_vi = "B"
name_en = "B"
worst = 0
best = 10
[component.measure]
questions = ["y1"]
"""


def golden(case: str, statistic: str) -> tuple[float, float]:
    with (GOLDEN / "weighting" / "estimates.csv").open(encoding="utf-8", newline="") as lines:
        row = next(r for r in csv.DictReader(lines) if (r["case"], r["statistic"]) == (case, statistic))
    return float(row["estimate"]), float(row["se"])


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUANTRI_LANGUAGE", "en")
    pl.read_csv(GOLDEN / "weighting" / "data.csv").with_columns(
        urban_women=(pl.col("area") == "urban") & (pl.col("sex") == "f")
    ).write_parquet("data.parquet")
    (tmp_path / "tree.toml").write_text(TREE, "utf-8")
    return tmp_path


def weigh(plan: str) -> None:
    Path("m.toml").write_text(plan, "utf-8")
    assert main(["weight", "data.parquet", "m.toml", "--out", "weighted.parquet"]) == 0


def answer(capsys, *arguments: str) -> dict:
    capsys.readouterr()
    assert main([*arguments, *DESIGN, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("case", PLANS)
def test_estimates_after_weighting_have_the_standard_errors_of_r(folder, capsys, case):
    weigh(PLANS[case])
    for option, kind in (("--mean", "mean"), ("--total", "total")):
        got = answer(capsys, "estimate", "weighted.parquet", option, "y1,y2")
        assert got["design"]["margins"]
        for row in got["estimates"]:
            assert (row["estimate"], row["se"]) == pytest.approx(golden(case, f"{kind}:{row['var']}"), rel=1e-9)
    by = answer(capsys, "estimate", "weighted.parquet", "--mean", "y1,y2", "--by", "urban_women")["estimates"]
    where = answer(capsys, "estimate", "weighted.parquet", "--mean", "y1,y2", "--where", "urban_women==true")
    for row in (*(r for r in by if r["by"]["urban_women"]), *where["estimates"]):
        assert (row["estimate"], row["se"]) == pytest.approx(golden(case, f"domain_mean:{row['var']}"), rel=1e-9)


@pytest.mark.parametrize(("case", "row"), ROWS)
def test_ratios_kinds_and_gaps_have_the_standard_errors_of_r(tmp_path, monkeypatch, capsys, case, row):
    monkeypatch.chdir(tmp_path)
    Path("m.toml").write_bytes((GOLDEN / "data" / f"{case}.toml").read_bytes())
    assert main(["weight", str(GOLDEN / "data" / "calibration.csv"), "m.toml", "--out", "weighted.parquet"]) == 0
    variable = row["var"].partition("=")[0]
    asked = ["--ratio", row["var"]] if row["stat"] == "ratio" else [f"--{row['stat']}", variable]
    domain = ["--where", "sex==f"] if row["by"] else []
    got = answer(capsys, "estimate", "weighted.parquet", *asked, *domain)["estimates"]
    found = next(r for r in got if r["var"] == row["var"])
    assert (found["estimate"], found["se"]) == pytest.approx((row["estimate"], row["se"]), rel=1e-9)


def test_scores_carry_the_margins_from_leaves_to_the_index(folder, capsys):
    weigh(PLANS["calibrated_raking"])
    frame = pl.read_parquet("weighted.parquet").with_columns(both=5 * pl.col("y2") + pl.col("y1") / 2)
    frame.write_parquet("weighted.parquet")
    scored = answer(capsys, "score", "tree.toml", "weighted.parquet", "--domain", "area")
    whole = answer(capsys, "estimate", "weighted.parquet", "--mean", "both", "--by", "area")["estimates"]
    assert scored["margins"] == ["sex", "age", "area"]
    index = [c for c in scored["components"] if c["code"] == "T"]
    for component, row in zip(index, whole, strict=True):
        assert (component["estimate"], component["se"]) == pytest.approx((row["estimate"], row["se"]), rel=1e-9)


def test_without_psus_each_respondent_is_one(folder, capsys):
    weigh(PLANS["post_stratified"])
    alone = ["--weight", "calibrated_weight", "--margins", "m.toml", "--format", "json"]
    frame = pl.read_parquet("weighted.parquet").with_columns(id=pl.int_range(pl.len()))
    frame.write_parquet("weighted.parquet")
    capsys.readouterr()
    found = []
    for design in ([], ["--psu", "id"]):
        assert main(["estimate", "weighted.parquet", "--mean", "y1", "--by", "age", *alone, *design]) == 0
        found.append([e["se"] for e in json.loads(capsys.readouterr().out)["estimates"]])
    assert found[0] == pytest.approx(found[1], rel=1e-12) and len(found[0]) == 3


def test_what_is_calibrated_to_has_no_error_and_a_table_says_so(folder, capsys):
    weigh(PLANS["calibrated_raking"])
    got = answer(capsys, "estimate", "weighted.parquet", "--mean", "sex")["estimates"]
    assert [row["se"] for row in got] == pytest.approx([0, 0], abs=1e-12)
    assert main(["estimate", "weighted.parquet", "--mean", "y1", *DESIGN]) == 0
    assert "margins known without error: sex, age, area" in capsys.readouterr().out


def test_two_rounds_may_have_margins_of_their_own(folder, capsys):
    weigh(PLANS["calibrated_raking"])
    later = Path("later.toml")
    later.write_text(TREE.replace("2024", "2025"), "utf-8")
    files = ["tree.toml", "weighted.parquet", "later.toml", "weighted.parquet"]
    both = answer(capsys, "change", *files)
    one = answer(capsys, "score", "tree.toml", "weighted.parquet")["components"][0]["se"]
    assert both["components"][0]["se"] == pytest.approx(np.sqrt(2) * one)
    assert any("margins known" in note for note in both["notes"])
    Path("other.toml").write_text(PLANS["post_stratified"].replace("5400", "5401"), "utf-8")
    assert main(["change", *files, *DESIGN, "--margins-after", "other.toml"]) == 2
    assert main(["change", *files, *DESIGN, "--shared-psus"]) == 2
    assert "leave --margins or --shared-psus out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({"w": 1.0}, [], "weights 'calibrated_weight' do not reproduce the margins: sex = f sums to 30600"),
        ({"drop": "age"}, [], "weighted.parquet: no column 'age'; the data have"),
        ({"sex": "x"}, [], "no total for 'x'"),
        ({"empty": True}, [], "empty"),
        ({}, ["--weight", "area"], "must be a number above 0, not 'rural'"),
        ({"zero": True}, [], "must be a number above 0"),
    ],
)
def test_data_that_do_not_go_with_the_margins_are_refused_in_one_line_each(folder, capsys, change, options, said):
    weigh(PLANS["calibrated_raking"])
    frame = pl.read_parquet("weighted.parquet")
    first = pl.int_range(pl.len()) == 0
    if "w" in change:
        frame = frame.with_columns(pl.col("calibrated_weight") * 2)
    if "drop" in change:
        frame = frame.drop("age")
    if "sex" in change:
        frame = frame.with_columns(sex=pl.when(first).then(pl.lit("x")).otherwise("sex"))
    if "empty" in change:
        frame = frame.with_columns(sex=pl.when(~first).then("sex"))
    if "zero" in change:
        frame = frame.with_columns(calibrated_weight=pl.when(~first).then("calibrated_weight").otherwise(0.0))
    frame.write_parquet("weighted.parquet")
    capsys.readouterr()
    for command in (["estimate", "weighted.parquet", "--mean", "y1"], ["score", "tree.toml", "weighted.parquet"]):
        assert main([*command, *DESIGN, *options]) == 2
        error = capsys.readouterr().err
        assert said in error and error.count("\n") <= 3 and "weighted.parquet" in error, error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--margins", "m.toml"], "--margins needs --weight"),
        ([*DESIGN, "--bootstrap", "20"], "--bootstrap does not calibrate"),
        ([*DESIGN, "--engine", "spark"], "--margins goes with the engine polars"),
        ([*DESIGN, "--margins", "none.toml"], "none.toml"),
        ([*DESIGN, "--margins", "tree.toml"], "tree.toml: no field"),
    ],
)
def test_options_that_margins_contradict_are_refused(folder, capsys, options, said):
    weigh(PLANS["calibrated_raking"])
    assert main(["score", "tree.toml", "weighted.parquet", *options]) == 2
    assert said in capsys.readouterr().err
