"""A definition may name answers by the value labels of an SPSS or Stata file."""

import json
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from quantri.cli.main import main

LABELS = {1: "Có", 2: "Không", 3: "Khác", 8: "Không biết", 9: "Không được hỏi"}
TREE = """
[index]
code = "demo"
year = 2026
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
name_vi = "Hài lòng"
name_en = "Satisfied"
worst = 0
best = 1
[component.measure]
questions = ["q1"]
{codes}
[[component]]
code = "B"
parent = "T"
level = "indicator"
name_vi = "Biết"
name_en = "Knows"
worst = 0
best = 1
[component.measure]
questions = ["q1", "q2"]
combine = "any"
values = {{ 1 = 1, 2 = 0, 3 = 0 }}
missing = [8]
not_asked = [9]
"""
BY_LABEL = 'values = { "Có" = 1, "Không" = 0, "Khác" = 0 }\nmissing = ["Không biết"]\nnot_asked = ["Không được hỏi"]'
BY_CODE = "values = { 1 = 1, 2 = 0, 3 = 0 }\nmissing = [8]\nnot_asked = [9]"
ANSWERS = pl.DataFrame({"psu": [1, 1, 2, 2, 3, 3], "q1": [1, 2, 1, 3, 8, 9], "q2": [2, 2, 1, 1, 2, 9]})
WRITE = {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUANTRI_LANGUAGE", "en")
    return tmp_path


def write(kind: str, *, q1: dict = LABELS, q2: dict = LABELS, answers: pl.DataFrame = ANSWERS) -> str:
    WRITE[kind](answers, f"a.{kind}", variable_value_labels={"q1": q1, "q2": q2})
    return f"a.{kind}"


def score(capsys, codes: str, data: str) -> dict:
    Path("tree.toml").write_text(TREE.format(codes=codes), "utf-8")
    assert main(["score", "tree.toml", data, "--psu", "psu", "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def fault(capsys, codes: str, data: str) -> str:
    Path("tree.toml").write_text(TREE.format(codes=codes), "utf-8")
    assert main(["score", "tree.toml", data, "--psu", "psu"]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("kind", WRITE)
def test_labels_score_as_their_codes_do(folder, capsys, kind):
    data = write(kind)
    named, coded = score(capsys, BY_LABEL, data), score(capsys, BY_CODE, data)
    assert named["components"] == coded["components"] and named["notes"] == []
    assert named["components"][1]["estimate"] == pytest.approx(0.5) and named["components"][1]["n"] == 4


def test_codes_and_labels_may_stand_side_by_side(folder, capsys):
    mixed = 'values = { "Có" = 1, 2 = 0, "Khác" = 0 }\nmissing = [8, "Không được hỏi"]'
    assert score(capsys, mixed, write("sav"))["components"][1]["n"] == 4


def test_a_label_that_is_written_with_other_unicode_or_spaces_is_the_same(folder, capsys):
    import unicodedata

    apart = BY_LABEL.replace("Không biết", unicodedata.normalize("NFD", " Không  biết "))
    assert score(capsys, apart, write("dta"))["components"] == score(capsys, BY_CODE, write("dta"))["components"]


def test_every_code_of_one_label_counts(folder, capsys):
    both = {**LABELS, 3: "Không"}
    named = score(
        capsys, BY_LABEL.replace('"Khác" = 0', '"Không" = 0').replace('"Không" = 0, ', "", 1), write("sav", q1=both)
    )
    assert named["components"][1]["n"] == 4


@pytest.mark.parametrize("kind", WRITE)
def test_an_unknown_label_is_one_line_with_those_that_exist(folder, capsys, kind):
    error = fault(capsys, BY_LABEL.replace("Khác", "Đôi khi"), write(kind))
    assert error == (
        f"quantri: a.{kind}: A: question 'q1' has no label 'Đôi khi'; its labels are: 'Có', 'Không', 'Khác', "
        "'Không biết', 'Không được hỏi'\n"
    )


def test_all_unknown_labels_are_told_together(folder, capsys):
    error = fault(capsys, BY_LABEL.replace("Khác", "Đôi khi").replace("Không biết", "KB"), write("sav"))
    assert error.count("\n") == 2 and "'Đôi khi'" in error and "'KB'" in error


def test_questions_that_code_one_label_in_two_ways_are_refused(folder, capsys):
    turned = {**LABELS, 1: "Không", 2: "Có"}
    several = BY_LABEL + '\ncombine = "any"'
    Path("tree.toml").write_text(TREE.format(codes=several).replace('["q1"]', '["q1", "q2"]', 1), "utf-8")
    assert main(["score", "tree.toml", write("sav", q2=turned), "--psu", "psu"]) == 2
    assert "label 'Có' is 1 in 'q1' and 2 in 'q2'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "codes", ['values = { "Có" = 1, 1 = 0, 2 = 0 }', 'values = { "Có" = 1, 2 = 0 }\nmissing = [1]']
)
def test_a_code_and_its_label_with_two_meanings_are_refused(folder, capsys, codes):
    assert "A: measure: code 1 is declared twice" in fault(capsys, codes, write("sav"))


def test_a_column_of_text_may_hold_codes_with_labels(folder, capsys):
    answers = ANSWERS.with_columns(q1=pl.col("q1").replace_strict({1: "c", 2: "k", 3: "x", 8: "kb", 9: "-"}))
    labels = {"c": "Có", "k": "Không"}
    data = write("sav", q1=labels, answers=answers)
    text = 'values = { "Có" = 1, "k" = 0, "x" = 0 }\nmissing = ["kb", "-"]'
    Path("tree.toml").write_text(TREE.format(codes=text).replace('["q1", "q2"]', '["q2"]'), "utf-8")
    assert main(["score", "tree.toml", data, "--psu", "psu", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["components"][1]
    assert found["estimate"] == pytest.approx(0.5) and found["n"] == 4


def test_without_labels_texts_are_the_answers_themselves(folder, capsys):
    ANSWERS.with_columns(q1=pl.col("q1").replace_strict(LABELS)).write_csv("a.csv")
    assert score(capsys, BY_LABEL, "a.csv")["components"][1]["estimate"] == pytest.approx(0.5)
