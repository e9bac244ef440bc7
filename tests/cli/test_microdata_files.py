import json
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from quantri.cli.main import main


@pytest.fixture
def answers(tmp_path) -> dict[str, Path]:
    frame = pl.DataFrame({"psu": [1, 1, 2, 2, 3], "w": [1.0, 2.0, 1.0, 1.0, 0.5], "q1": [1, 2, 888, 2, 1]})
    paths = {kind: tmp_path / f"answers.{kind}" for kind in ("parquet", "csv", "sav", "dta", "xlsx")}
    frame.write_parquet(paths["parquet"])
    frame.write_csv(paths["csv"])
    pyreadstat.write_sav(frame, paths["sav"], missing_ranges={"q1": [888]})
    pyreadstat.write_dta(frame, paths["dta"])
    import openpyxl

    book = openpyxl.Workbook()
    for row in (frame.columns, *frame.rows()):
        book.active.append(row)
    book.save(paths["xlsx"])
    return paths


def estimated(capsys, path: Path, *more: str) -> dict:
    arguments = ["estimate", str(path), "--weight", "w", "--psu", "psu", "--mean", "q1", "--format", "json", *more]
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)["estimates"][0]


def test_an_estimate_is_the_same_from_each_format(answers, capsys):
    found = [estimated(capsys, path, "--missing", "888") for path in answers.values()]
    assert found == [found[0]] * len(answers)
    assert found[0]["estimate"] == pytest.approx(7.5 / 4.5)


def test_what_spss_declares_missing_counts_as_missing(answers, capsys):
    assert estimated(capsys, answers["sav"]) == estimated(capsys, answers["parquet"], "--missing", "888")


def test_a_file_that_is_cut_off_ends_with_one_line_and_exit_code_2(answers, capsys):
    for path in answers.values():
        path.write_bytes(path.read_bytes()[:-12])
        assert main(["estimate", str(path), "--weight", "w", "--psu", "psu", "--mean", "q1"]) == 2
        answer = capsys.readouterr()
        assert answer.out == "" and answer.err.startswith(f"quantri: {path.name}: ") and answer.err.count("\n") == 1
