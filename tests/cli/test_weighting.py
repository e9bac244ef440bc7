import re
from datetime import timedelta
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from quantri.cli.main import main

HOWTO = (Path(__file__).resolve().parents[2] / "docs/howto/weight-a-sample.md").read_text("utf-8")
MARGINS = """
base = "w"
method = "raking"
bounds = [0.5, 2.0]
[[margin]]
variable = "sex"
totals = { 1 = 60, 2 = 60 }
[[margin]]
variable = "area"
totals = { "thành thị" = 50, "nông thôn" = 70 }
"""
DATA = pl.DataFrame({
    "id": ["01", "02", "03", "04", "05", "06"], "w": [20.0] * 6, "sex": [1, 1, 2, 2, 2, 2],
    "area": ["nông thôn", "thành thị"] * 3, "q1": [1, 888, None, 4, 5, 6],
})  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    DATA.write_csv("data.csv")
    (tmp_path / "margins.toml").write_text(MARGINS, "utf-8")
    return tmp_path


def run(data: str = "data.csv", out: str = "weighted.parquet") -> int:
    return main(["weight", data, "margins.toml", "--out", out])


@pytest.mark.parametrize("out", ["weighted.parquet", "weighted.csv"])
def test_the_margins_hold_and_the_answers_stay_as_they_were(folder, capsys, out):
    assert run(out=out) == 0
    got = pl.read_parquet(out) if out.endswith("parquet") else pl.read_csv(out, schema_overrides={"id": pl.String})
    assert got.select(DATA.columns).equals(DATA)
    for column, totals in (("sex", {1: 60, 2: 60}), ("area", {"thành thị": 50, "nông thôn": 70})):
        sums = dict(got.group_by(column).agg(pl.col("calibrated_weight").sum()).iter_rows())
        assert sums == pytest.approx(totals)
    ratio = got["calibrated_weight"] / got["w"]
    assert (
        got["calibration_ratio"].to_list() == pytest.approx(ratio.to_list()) and 0.5 <= ratio.min() <= ratio.max() <= 2
    )
    printed = capsys.readouterr()
    assert "6 rows. Margins hold to" in printed.out and printed.err == ""


def test_parquet_and_csv_give_the_same_bytes_every_time(folder):
    DATA.with_columns(pl.col("sex").cast(pl.Float64)).write_parquet("data.parquet")
    assert (run(), run(out="again.parquet"), run("data.parquet", "other.parquet")) == (0, 0, 0)
    assert (folder / "weighted.parquet").read_bytes() == (folder / "again.parquet").read_bytes()
    weights = [pl.read_parquet(name)["calibrated_weight"].to_list() for name in ("weighted.parquet", "other.parquet")]
    assert weights[0] == weights[1]


def test_those_who_did_not_answer_are_left_out_and_counted(folder, capsys):
    DATA.with_columns(answered=pl.Series([1, 1, 0, 1, 1, 1])).write_csv("data.csv")
    plan = MARGINS.replace('method = "raking"', 'method = "raking"\ntrim = [0.2, 5]')
    (folder / "margins.toml").write_text(plan + '[nonresponse]\nresponded = "answered"\ncells = ["sex"]\n', "utf-8")
    assert run() == 0
    got = pl.read_parquet("weighted.parquet")
    assert got.height == 5 and got["adjusted_weight"].sum() == pytest.approx(120)
    assert "1 rows did not answer" in capsys.readouterr().out


def test_relative_weights_are_scaled_when_asked(folder):
    DATA.with_columns(w=pl.lit(1.0)).write_csv("data.csv")
    assert run() == 2
    (folder / "margins.toml").write_text("scale = true" + MARGINS, "utf-8")
    assert run() == 0
    assert pl.read_parquet("weighted.parquet")["calibrated_weight"].sum() == pytest.approx(120)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[margin]]", "[margin", "margins.toml: is not TOML"),
        ("2 = 60", "2 = 61", "margins.toml: margin 'area' sums to 120, but 'sex' to 121; take both from one source"),
        ("2 = 60", "2 = 0", "margins.toml: margin 'sex': the total of '2' must be above 0, not 0"),
        ("2 = 60", '2 = "60"', "must be above 0, not '60'"),
        ("2 = 60", "2 = 30, 3 = 30", "data.csv: margin 'sex': nobody in the data is '3'"),
        ("1 = 60, 2 = 60", "2 = 120", "data.csv: margin 'sex': no total for '1' (2 rows) of the data"),
        ('base = "w"', 'base = "q1"', "base weight 'q1' must be a number above 0, not None in row 3 below the header"),
        ('base = "w"', 'base = "weight"', "data.csv: no column 'weight'; the data have id, w, sex, area, q1"),
        ("raking", "rake", "method must be one of post_stratification, raking"),
        ("raking", "post_stratification", "takes one [[margin]] and no bounds"),
        ("[0.5, 2.0]", "[2.0, 0.5]", "bounds must lie on both sides of 1"),
        ("[0.5, 2.0]", "2", "bounds must be two numbers"),
        ("[0.5, 2.0]", "[0.99, 1.01]", "no weights were found in"),
        ("bounds", "bound", "no field 'bound'; choose among base, bounds"),
        ('variable = "sex"', 'variable = "q1"', "'q1' is empty in row 3 below the header"),
        ('variable = "sex"', "", "[[margin]] needs variable"),
    ],
)
def test_a_fault_is_one_line_exit_code_2_and_leaves_no_file(folder, capsys, old, new, message):
    (folder / "margins.toml").write_text(MARGINS.replace(old, new, 1), "utf-8")
    assert run() == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and message in printed.err
    assert sorted(p.name for p in folder.iterdir()) == ["data.csv", "margins.toml"]


def test_a_parquet_file_that_is_cut_off_is_named(folder, capsys):
    DATA.write_parquet("data.parquet")
    whole = (folder / "data.parquet").read_bytes()
    (folder / "data.parquet").write_bytes(whole[: len(whole) // 2])
    assert run("data.parquet") == 2
    assert "data.parquet: the file is cut off" in capsys.readouterr().err


def test_a_missing_file_and_an_unknown_kind_are_named(folder, capsys):
    (folder / "data.ods").write_bytes(b"")
    assert (run("none.csv"), run("none.parquet"), run("data.ods")) == (2, 2, 2)
    lines = capsys.readouterr().err.splitlines()
    assert (
        len(lines) == 3
        and "none.csv: there is no such file" in lines[0]
        and "none.parquet: there is" in lines[1]
        and "data.ods" in lines[2]
    )


def test_the_python_of_the_howto_runs():
    space: dict[str, object] = {}
    exec(re.findall(r"```python\n(.*?)```", HOWTO, re.S)[-1], space)  # noqa: S102 - our own page
    assert space["by_row"].sum() == pytest.approx(0)


def test_every_format_of_answers_is_weighted_alike_and_declared_missing_is_null(folder):
    told = DATA.with_columns(w=pl.col("w").cast(pl.Int64))
    told.write_parquet("data.parquet")
    pyreadstat.write_sav(told, "data.sav", missing_ranges={"q1": [888]})
    pyreadstat.write_dta(told, "data.dta")
    weights = []
    for kind in ("csv", "parquet", "sav", "dta"):
        assert run(f"data.{kind}", f"{kind}.parquet") == 0
        weights.append(pl.read_parquet(f"{kind}.parquet")["calibrated_weight"].to_list())
    assert weights == [weights[0]] * 4
    assert pl.read_parquet("sav.parquet")["q1"].to_list() == [1, None, None, 4, 5, 6]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pl.Series("q1", [[1]] * 6), "List(Int64)"),
        (pl.Series("q1", [{"a": 1}] * 6), "Struct({'a': Int64})"),
        (pl.Series("q1", [b"a"] * 6), "Binary"),
        (pl.Series("q1", [timedelta(1)] * 6), "Duration(time_unit='us')"),
    ],
)
def test_what_csv_cannot_hold_is_named_and_parquet_holds_it(folder, capsys, column, kind):
    DATA.with_columns(column).write_parquet("data.parquet")
    assert run("data.parquet", "weighted.csv") == 2
    printed = capsys.readouterr()
    assert "weighted.csv: CSV cannot hold column 'q1', which is of the type " + kind in printed.err
    assert "end in .parquet" in printed.err and printed.err.count("\n") == 1
    assert sorted(p.name for p in folder.iterdir()) == ["data.csv", "data.parquet", "margins.toml"]
    assert run("data.parquet", "weighted.parquet") == 0


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("respondent", [], 2), ("Respondent_ID", [], 2), ("respondent id", [], 2), ("mã", [], 0),
        ("mã", ["--id", "mã"], 2), ("respondent", ["--id", "id"], 0),
    ],
)  # fmt: skip
def test_a_respondent_who_stands_there_twice_is_refused(folder, capsys, name, options, code):
    DATA.with_columns(pl.Series(name, [7, 8, 7, 9, 10, 11])).write_csv("data.csv")
    assert main(["weight", "data.csv", "margins.toml", "--out", "w.parquet", *options]) == code
    said = capsys.readouterr().err
    assert (f"column '{name}': 7 stands in rows 2, 4" in said) == bool(code) and said.count("\n") == bool(code)
    assert Path("w.parquet").exists() != bool(code)
