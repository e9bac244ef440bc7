"""What `estimate` makes of files as offices have them: labels written twice, slips, damage, other programs' codes."""

import json
from pathlib import Path

import polars as pl
import pytest

from quantri.cli.main import main

FILES = Path(__file__).resolve().parents[1] / "engine" / "files"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUANTRI_LANGUAGE", "en")
    return tmp_path


def people(**columns: object) -> pl.DataFrame:
    return pl.DataFrame({"p": ["a", "a", "b", "b"], "x": [1.0, 2.0, 3.0, 6.0], **columns})


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["estimate", *arguments, "--format", "json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["estimate", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    return err


def test_codes_of_stata_for_no_answer_are_no_answers(capsys):
    (row,) = answer(capsys, str(FILES / "haven-15.dta"), "--mean", "q1")["estimates"]
    assert (row["estimate"], row["n"]) == (pytest.approx(4 / 3), 3)


def test_labels_that_look_the_same_are_the_same_in_domains_units_and_conditions(capsys):
    people(p=["a ", "a", "b", " b"], g=["Huế", "Hue\u0302\u0301", "Huế ", "Huế"]).write_csv("a.csv")
    found = answer(capsys, "a.csv", "--mean", "x", "--psu", "p", "--by", "g", "--where", "g==Huế")
    assert found["design"]["psus"] == 2
    assert [(row["by"], row["n"]) for row in found["estimates"]] == [({"g": "Huế"}, 4)]


def test_whole_numbers_with_a_gap_among_labels_keep_their_name(capsys):
    people(g=[91.0, 91.0, 7.0, None]).write_parquet("a.parquet")
    found = answer(capsys, "a.parquet", "--mean", "x", "--by", "g")
    assert [row["by"] for row in found["estimates"]] == [{"g": 7}, {"g": 91}]
    assert "." not in str(found["estimates"][0]["by"]["g"])


def test_who_has_no_label_of_a_domain_is_counted_and_told(capsys):
    people(g=["a", "a", "b", None]).write_parquet("a.parquet")
    assert answer(capsys, "a.parquet", "--mean", "x", "--by", "g")["design"]["n_outside"] == 1
    assert main(["estimate", "a.parquet", "--mean", "x", "--by", "g"]) == 0
    assert "1 respondents have no label of a domain" in capsys.readouterr().out


def test_a_column_named_twice_counts_once(capsys):
    people().write_csv("a.csv")
    assert len(answer(capsys, "a.csv", "--mean", "x,x", "--by", "p,p")["estimates"]) == 2


def test_columns_that_nobody_asks_for_may_be_of_any_kind(capsys):
    people(listed=[[1], [2], [3], [4]]).write_parquet("a.parquet")
    assert answer(capsys, "a.parquet", "--mean", "x", "--psu", "p")["estimates"][0]["estimate"] == 3


@pytest.mark.parametrize(
    ("columns", "asked", "said"),
    [
        ({"g": [[1], [2], [3], [4]]}, ["--mean", "x", "--by", "g"], "column 'g' holds List(Int64), which is no label"),
        ({"p": [[1], [2], [3], [4]]}, ["--mean", "x", "--psu", "p"], "column 'p' holds List(Int64), which is no label"),
        ({"y": [[1], [2], [3], [4]]}, ["--mean", "y"], "column 'y' holds List(Int64); a statistic needs numbers"),
        (
            {"f": [8.0, None, 8.0, 8.0]},
            ["--mean", "x", "--psu", "p", "--fpc", "f"],
            "nothing in row 2 below the header; the design",
        ),
        (
            {"f": [8.0, 8.0, 8.0, float("inf")]},
            ["--mean", "x", "--psu", "p", "--fpc", "f"],
            "inf in row 4 below the header",
        ),
        ({"y": [1.0, 1.0, 1.0, 1e200]}, ["--mean", "y", "--psu", "p"], "y: an answer is infinite, or too large"),
        ({"w": [1e308] * 4}, ["--mean", "x", "--psu", "p", "--weight", "w"], "'w': the weights are too large"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_one_line(capsys, columns, asked, said):
    people(**columns).write_parquet("a.parquet")
    assert said in refusal(capsys, "a.parquet", *asked)


@pytest.mark.parametrize("option", ["--by", "--domain"])
def test_a_domain_that_is_no_column_is_told_with_the_columns_and_the_nearest(capsys, option):
    people(province=[1, 1, 2, 2]).write_csv("a.csv")
    said = refusal(capsys, "a.csv", "--mean", "x", option, "provnce")
    assert "a.csv: no column 'provnce' (is it 'province'?); the file has p, x, province; correct the name" in said


def test_domain_is_another_name_of_by(capsys):
    people().write_csv("a.csv")
    one, other = (answer(capsys, "a.csv", "--mean", "x", option, "p") for option in ("--by", "--domain"))
    assert one == other and len(one["estimates"]) == 2


def test_an_option_that_a_command_does_not_take_leads_to_the_help_of_that_command(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["estimate", "a.csv", "--mean", "x", "--bootstrap", "9"])
    said = "quantri estimate: unrecognized arguments: --bootstrap 9; see quantri estimate --help\n"
    assert (stop.value.code, capsys.readouterr().err) == (2, said)


@pytest.mark.parametrize("text", ["x = 1", "x", "x==", "==1"])
def test_a_condition_that_is_written_in_another_way_is_shown_how(capsys, text):
    people().write_csv("a.csv")
    assert "write COL==VALUE" in refusal(capsys, "a.csv", "--mean", "x", "--where", text)


def test_a_slip_in_a_column_of_many_numbers_is_shown_and_not_made_into_categories(capsys):
    numbers = [f"{n / 7:.6f}" for n in range(300)]
    pl.DataFrame({"y": [*numbers, "3.4x"]}).write_csv("a.csv")
    said = refusal(capsys, "a.csv", "--mean", "y")
    assert "301 different texts" in said and "'3.4x' (respondent 301)" in said


def test_a_file_that_is_damaged_inside_is_named_once(capsys, folder):
    pl.DataFrame({"x": [n / 7 for n in range(20_000)]}).write_parquet("a.parquet", compression="zstd")
    content = bytearray((folder / "a.parquet").read_bytes())
    content[20:60] = b"\xff" * 40  # the head of the first page
    (folder / "a.parquet").write_bytes(content)
    said = refusal(capsys, "a.parquet", "--mean", "x")
    assert said.count("a.parquet") == 1 and "cannot be read" in said
