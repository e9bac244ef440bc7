"""Quantri says what R `survey` says, to nine digits: expected.json is from survey.R, the samples from generate.py."""

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from quantri.cli.main import main

HERE = Path(__file__).parent
DATA = HERE / "data"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text("utf-8"))
ONE_PSU_PER_STRATUM = ("lonely", "one PSU", "one unit")
Row = dict[str, Any]


def cases(kind: str) -> pytest.MarkDecorator:
    """One test for each case of a kind, named in words."""
    return pytest.mark.parametrize("case", EXPECTED[kind], ids=lambda case: case["id"].replace("/", " to "))


def agrees(found: float | None, expected: float | None, size: float | None = None) -> bool:
    """Equal to 1e-9 relative; a standard error of 0 may keep the rounding of its estimate, 1e-12 of `size`."""
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12 * abs(size or 0.0))


def flags(case: Row) -> list[str]:
    """The design of a case as the command takes it; survey.R names the options alike."""
    return [part for name, value in case["options"].items() for part in ([f"--{name}", value][: 2 - (value is True)])]


def narrowed(case: Row) -> list[str]:
    return [
        *(["--lonely-domains"] if case["lonely_domains"] else []),
        *(["--missing", ",".join(f"{code:g}" for code in case["missing"])] if case["missing"] else []),
        *(["--by", case["by"]] if case["by"] else []),
        *(["--where", case["where"]] if case["where"] else []),
    ]


def estimate(case: Row, *more: str) -> list[str]:
    return ["estimate", str(DATA / f"{case['data']}.csv"), *flags(case), *more, "--format", "json"]


def answer(capsys: pytest.CaptureFixture[str], command: list[str]) -> Row:
    assert main(command) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def by_key(rows: list[Row]) -> dict[tuple[str, str], Row]:
    """Rows by their domain and variable."""
    return {(" ".join(f"{k}={v}" for k, v in sorted((row["by"] or {}).items())), row["var"]): row for row in rows}


def faults(found: Row, expected: Row) -> list[str]:
    """What differs in one row of `estimate`, with both values."""
    pairs = {
        "estimate": (found["estimate"], expected["estimate"], None),
        "se": (found["se"], expected["se"], expected["estimate"]),
        "df": (found["df"], expected["df"], None),
        "low": (found["low"], expected["interval"][0], expected["estimate"]),
        "high": (found["high"], expected["interval"][1], expected["estimate"]),
    }
    if "n" in expected:
        pairs["n"] = (found["n"], expected["n"], None)
    wrong = [
        f"{name}: {ours}, in R {theirs}"
        for name, (ours, theirs, size) in pairs.items()
        if not agrees(ours, theirs, size)
    ]
    silent = None in (found["estimate"], found["se"], found["low"]) and not found["note"]
    return wrong + (["a number is missing without a note"] if silent else [])


def assert_rows_agree(found: list[Row], expected: list[Row]) -> None:
    ours, theirs = by_key(found), by_key(expected)
    assert ours.keys() == theirs.keys()
    assert {key: wrong for key in ours if (wrong := faults(ours[key], theirs[key]))} == {}


@cases("estimates")
def test_an_estimate_is_that_of_r(case: Row, capsys: pytest.CaptureFixture[str]) -> None:
    command = estimate(case, "--lonely", case["lonely"], *narrowed(case), f"--{case['stat']}", case["var"])
    if "error" not in case:
        assert_rows_agree(answer(capsys, command)["estimates"], case["rows"])
        return
    assert main(command) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert any(words in printed.err for words in ONE_PSU_PER_STRATUM), printed.err


@cases("intervals")
def test_an_interval_is_that_of_r_for_each_rule_of_degrees_of_freedom(
    case: Row, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = ["--df", case["rule"], "--confidence", str(case["level"])]
    found = answer(capsys, estimate(case, *rule, "--by", case["by"], "--mean", "y"))
    assert_rows_agree(found["estimates"], case["rows"])


def test_several_variables_in_one_command_are_each_what_they_are_alone(capsys: pytest.CaptureFixture[str]) -> None:
    alone = [c for c in EXPECTED["estimates"] if c["id"].startswith("nested labels, fpc: mean of ") and not c["where"]]
    by_sex = [c for c in alone if c["by"] == "sex" and c["var"] != "s"]
    found = answer(capsys, estimate(by_sex[0], "--by", "sex", "--mean", ",".join(c["var"] for c in by_sex)))
    assert len(by_sex) == 3
    assert_rows_agree(found["estimates"], [row for c in by_sex for row in c["rows"]])


def node_faults(found: Row, expected: Row) -> list[str]:
    checked = {"estimate": None, "se": expected["estimate"], "df": None, "n": None, "deff": None}
    return [
        f"{name}: {found[name]}, in R {expected[name]}"
        for name, size in checked.items()
        if expected[name] is not None and not agrees(found[name], expected[name], size)
    ]


@cases("trees")
def test_every_node_of_a_tree_has_the_score_and_standard_error_of_r(
    case: Row, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(DATA / "tree-2024.toml"), str(DATA / f"{case['data']}.csv")]
    domain = ["--domain", case["by"]] if case["by"] else []
    command = ["score", *files, *domain, *flags(case), "--lonely", case["lonely"], "--format", "json"]
    found = answer(capsys, command)["components"]
    ours = {(row["domain"] if case["by"] else None, row["code"]): row for row in found}
    theirs = {(row["domain"], row["code"]): row for row in case["rows"]}
    assert ours.keys() == theirs.keys()
    assert {key: wrong for key in ours if (wrong := node_faults(ours[key], theirs[key]))} == {}


@cases("changes")
def test_every_change_has_the_value_and_standard_error_of_r(case: Row, capsys: pytest.CaptureFixture[str]) -> None:
    before = [str(DATA / "tree-2023.toml"), str(DATA / "before.csv")]
    after = [str(DATA / "tree-2024.toml"), str(DATA / "after.csv")]
    more = [*(["--domain", case["by"]] if case["by"] else []), *(["--shared-psus"] if case["shared"] else [])]
    command = ["change", *before, *after, *flags(case), *more, "--df", "inf", "--format", "json"]
    found = answer(capsys, command)["components"]
    ours = {(row["domain"] if case["by"] else None, row["code"]): row for row in found}
    wrong = [
        f"{row['domain']} {row['code']} {name}: {ours[row['domain'], row['code']][name]}, in R {row[name]}"
        for row in case["rows"]
        for name in ("before", "after", "value", "se", "p", "q")
        if not agrees(ours[row["domain"], row["code"]][name], row[name])
    ]
    assert wrong == []


@pytest.mark.parametrize("method", ["raking", "post_stratification"])
def test_calibrated_weights_are_those_of_r(method: str, tmp_path: Path) -> None:
    weighted = tmp_path / "weighted.parquet"
    assert main(["weight", str(DATA / "calibration.csv"), str(DATA / f"{method}.toml"), "--out", str(weighted)]) == 0
    theirs = next(c["weights"] for c in EXPECTED["calibrations"] if c["id"] == method)
    assert pl.read_parquet(weighted)["calibrated_weight"].to_list() == pytest.approx(theirs, rel=1e-9)


def differences(found: Any, expected: Any, where: str = "") -> list[str]:
    """Places where two answers of R differ by more than 1e-12."""
    if isinstance(expected, dict) and found.keys() == expected.keys():
        return [d for key in expected for d in differences(found[key], expected[key], f"{where} {key}")]
    if isinstance(expected, list) and len(found) == len(expected):
        return [
            d for k, pair in enumerate(zip(found, expected, strict=True)) for d in differences(*pair, f"{where} {k}")
        ]
    if isinstance(expected, float) and isinstance(found, (int, float)):
        return (
            [] if math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12) else [f"{where}: {found}, not {expected}"]
        )
    return [] if found == expected else [f"{where}: {found}, not {expected}"]


@pytest.mark.needs("Rscript", "R survey")
def test_r_still_says_what_is_written_down(tmp_path: Path) -> None:
    subprocess.run(["Rscript", str(HERE / "survey.R"), str(tmp_path)], check=True, capture_output=True)
    again = json.loads((tmp_path / "expected.json").read_text("utf-8"))
    of_the_same_version = {**again, "R": EXPECTED["R"], "survey": EXPECTED["survey"]}
    assert differences(of_the_same_version, EXPECTED) == []
    for name in ("replicates-bootstrap.csv", "replicates-jackknife.csv"):
        assert differences(read(tmp_path / "data" / name), read(DATA / name)) == []


def read(path: Path) -> dict[str, list[float]]:
    return pl.read_csv(path, infer_schema_length=None).cast(pl.Float64).to_dict(as_series=False)
