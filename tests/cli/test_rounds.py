"""What `score`, `estimate` and `change` refuse or tell of a round of microdata."""

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from quantri.cli.main import main

DEFINITION = """
[index]
code = "demo"
year = {year}
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
questions = ["{question}"]
values = {{ 1 = 1, 2 = 0 }}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUANTRI_LANGUAGE", "en")
    write("a.toml")
    frame = pl.DataFrame(
        {"p": [1, 1, 2, 2, 3, 3], "q": [1, 2, 1, 1, 2, 7], "z": [2, 2, 1, 1, 2, 1], "g": list("xxxyyy"), "w": [1.0] * 6}
    )
    frame.write_csv("a.csv")
    return tmp_path


def write(name: str, year: int = 2025, question: str = "q", code: str = "demo") -> None:
    text = DEFINITION.format(year=year, question=question).replace('"demo"', f'"{code}"', 1)
    Path(name).write_text(text, encoding="utf-8")


def run(*arguments: str) -> int:
    return main([*arguments, "--psu", "p"])


def test_the_answer_is_whole_and_undeclared_codes_are_listed(folder, capsys):
    assert run("score", "a.toml", "a.csv", "--format", "json") == 0
    answer = json.loads(capsys.readouterr().out)
    top, leaf = answer["components"]
    assert leaf["estimate"] == pytest.approx(3 / 5) and top["estimate"] == pytest.approx(6)
    assert answer["notes"] == ["q: code 7 is not declared; 1 answers count as missing"]
    assert answer["variance_rule"] == "own" and leaf["deff"] is not None


def test_variances_are_pooled_from_ten_domains_on(folder, capsys):
    rows = [{"p": 10 * d + i // 2, "q": 1 + (i * d) % 2, "d": d} for d in range(10) for i in range(8)]
    pl.DataFrame(rows).write_csv("b.csv")
    assert run("score", "a.toml", "b.csv", "--domain", "d", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["variance_rule"] == "pooled"
    assert run("score", "a.toml", "b.csv", "--domain", "d", "--format", "json", "--variance", "own") == 0
    assert json.loads(capsys.readouterr().out)["variance_rule"] == "own"


def test_scores_are_written_whole_as_parquet(folder, capsys):
    assert run("score", "a.toml", "a.csv", "--format", "parquet", "--out", "s.parquet") == 0
    assert pl.read_parquet("s.parquet")["code"].to_list() == ["T", "A"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("score", "a.toml", "a.csv", "--out", "a.csv"), "would overwrite"),
        (("score", "a.toml", "a.csv", "--format", "parquet"), "needs --out"),
        (("score", "a.toml", "a.csv", "--bootstrap", "1"), "at least 2"),
        (("score", "a.toml", "a.csv", "--bootstrap", "5", "--seed", "-1"), "whole number from 0 up"),
        (("estimate", "a.csv", "--ratio", "q"), "write Y/X"),
        (("estimate", "a.csv", "--mean", "q", "--where", "g"), "write COL==VALUE"),
        (("estimate", "a.csv", "--mean", "q", "--where", "q==x"), "holds numbers"),
        (("estimate", "a.csv", "--total", "q", "--variance", "pooled"), "means and ratios"),
        (("estimate", "a.csv", "--mean", "q", "--lonely-domains"), "go only with adjust or average"),
        (("estimate", "a.csv", "--mean", "q", "--confidence", "95"), "between 0 and 1"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(folder, capsys, arguments, words):
    before = Path("a.csv").read_bytes()
    assert run(*arguments) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1
    assert Path("a.csv").read_bytes() == before and sorted(p.name for p in folder.iterdir()) == ["a.csv", "a.toml"]


def test_no_column_named_is_one_line(folder, capsys):
    with pytest.raises(SystemExit) as ended:
        run("estimate", "a.csv", "--mean", ",")
    assert ended.value.code == 2 and "names no column" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pl.Series("w", [1.0, float("inf"), 1, 1, 1, 1]), "inf in row 2 below the header"),
        (pl.Series("respondent", [1, 2, 2, 4, 5, 6]), "2"),
    ],
)
def test_weights_without_end_and_people_named_twice_are_refused(folder, capsys, column, words):
    pl.read_csv("a.csv").with_columns(column).write_parquet("b.parquet")
    assert run("score", "a.toml", "b.parquet", "--weight", "w") == 2
    assert words in capsys.readouterr().err


def test_an_answer_without_end_is_refused(folder, capsys):
    pl.read_csv("a.csv").with_columns(x=pl.Series([1.0, float("inf"), 1, 1, 1, 1])).write_parquet("b.parquet")
    assert run("estimate", "b.parquet", "--mean", "x") == 2
    assert "infinite" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("score", "a.toml", "b.csv"), ("estimate", "b.csv", "--mean", "q", "--missing", "9")]
)
def test_what_nobody_at_all_answered_is_refused(folder, capsys, arguments):
    pl.read_csv("a.csv").with_columns(q=pl.lit(9)).write_csv("b.csv")
    assert run(*arguments) == 2
    assert "nobody in the data has a known answer" in capsys.readouterr().err


def test_labels_that_look_the_same_are_one_domain(folder, capsys):
    hue = ["Hu\u1ebf", "Hue\u0302\u0301"] * 3
    pl.read_csv("a.csv").with_columns(g=pl.Series(hue)).write_csv("b.csv")
    assert run("score", "a.toml", "b.csv", "--domain", "g", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["domains"] == ["Hu\u1ebf"]


def test_numbers_of_a_group_that_was_not_asked_do_not_count(folder, capsys):
    """Two plain questions of one shape, asked under one condition."""
    leaf = DEFINITION.split("[[component]]")[2]
    leaf = leaf.replace("values = {{ 1 = 1, 2 = 0 }}", 'only_if = "g == 1"').replace("best = 1", "best = 10")
    head = DEFINITION.split("[[component]]")[:2]
    blocks = [leaf.replace('"A"', f'"{c}"').replace("{question}", q) for c, q in (("A", "one"), ("B", "two"))]
    Path("c.toml").write_text("[[component]]".join([*head, *blocks]).replace("{year}", "2025"), encoding="utf-8")
    pl.DataFrame({"p": [1, 2, 3], "one": [1, 2, 5], "two": [3, 4, 9], "g": [1, 1, 2]}).write_csv("c.csv")
    assert run("score", "c.toml", "c.csv", "--format", "json") == 0
    assert [c["estimate"] for c in json.loads(capsys.readouterr().out)["components"][1:]] == [1.5, 3.5]


def test_a_question_that_was_swapped_makes_a_change_doubtful(folder, capsys):
    write("b.toml", year=2026, question="z")
    assert run("change", "a.toml", "a.csv", "b.toml", "a.csv", "--format", "json") == 0
    top, leaf = json.loads(capsys.readouterr().out)["components"]
    assert (leaf["comparable"], leaf["reason_en"]) == ("doubtful", "2025\u21922026: it is measured otherwise")
    assert top["comparable"] == "doubtful" and top["p"] is None


@pytest.mark.parametrize(
    ("later", "words"),
    [({"code": "other", "year": 2026}, "two indices"), ({"question": "z"}, "both definitions are of 2025")],
)
def test_rounds_that_are_no_pair_are_refused(folder, capsys, later, words):
    write("b.toml", **later)
    assert run("change", "a.toml", "a.csv", "b.toml", "a.csv") == 2
    assert words in capsys.readouterr().err


def test_a_domain_of_one_round_is_named(folder, capsys):
    pl.read_csv("a.csv").filter(pl.col("g") == "x").write_csv("b.csv")
    assert run("change", "a.toml", "a.csv", "a.toml", "b.csv", "--domain", "g", "--lonely", "adjust") == 0
    assert "only one round has y" in capsys.readouterr().out


def test_rounds_without_a_common_domain_are_refused(folder, capsys):
    pl.read_csv("a.csv").with_columns(g=pl.col("g").str.to_uppercase()).write_csv("b.csv")
    assert run("change", "a.toml", "a.csv", "a.toml", "b.csv", "--domain", "g", "--lonely", "adjust") == 2
    assert "no label of --domain is in both rounds: the earlier one has x, y" in capsys.readouterr().err


def test_rounds_that_share_no_psu_are_not_compared_as_if_they_did(folder, capsys):
    pl.read_csv("a.csv").with_columns(pl.col("p") + 10).write_csv("b.csv")
    assert run("change", "a.toml", "a.csv", "a.toml", "b.csv", "--shared-psus") == 2
    assert "no PSU of one round is in the other (such as '1' and '11')" in capsys.readouterr().err


def test_the_same_psus_from_another_format_are_the_same(folder, capsys):
    pl.read_csv("a.csv").with_columns(pl.col("p").cast(pl.Float64)).write_parquet("b.parquet")
    assert run("change", "a.toml", "a.csv", "a.toml", "b.parquet", "--shared-psus", "--format", "json") == 0
    assert [row["se"] for row in json.loads(capsys.readouterr().out)["components"]] == [0, 0]


def test_a_date_is_no_number(folder, capsys):
    text = Path("a.toml").read_text("utf-8").replace("values = { 1 = 1, 2 = 0 }\n", "")
    Path("b.toml").write_text(text, "utf-8")
    pl.read_csv("a.csv").with_columns(q=pl.lit("2026-11-01").str.to_date()).write_parquet("b.parquet")
    assert run("score", "b.toml", "b.parquet") == 2
    assert "A: 'q' holds Date, not numbers" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["score"], ["sensitivity"], ["power"], ["change", "a.toml", "a.csv"]], ids=lambda command: command[0]
)
def test_csv_bears_the_mark_of_made_up_data_and_its_notes_go_to_standard_error(folder, capsys, command):
    pl.read_csv("a.csv").with_columns(synthetic=pl.lit(True)).write_csv("b.csv")
    assert run(*command, "a.toml", "b.csv", "--format", "csv") == 0
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["synthetic"] for row in rows} == {"True"}
    assert "quantri: q: code 7 is not declared; 1 answers count as missing" in err
    assert not any("{" in cell for row in rows for cell in row.values())


def test_a_misspelt_field_is_named(folder, capsys):
    Path("a.toml").write_text(DEFINITION.format(year=2025, question="q").replace("worst", "wosrt"), encoding="utf-8")
    assert main(["check", "a.toml"]) == 2
    assert "'wosrt' is no field" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("Respondent_ID", (), 2), ("RESPONDENT", (), 2), ("mã", (), 0),
        ("mã", ("--id", "mã"), 2), ("respondent", ("--id", "w"), 2), ("respondent", ("--id", "n"), 0),
    ],
)  # fmt: skip
def test_the_name_of_respondents_column_is_folded_or_chosen(folder, capsys, name, options, code):
    frame = pl.read_csv("a.csv").with_columns(pl.Series(name, [1, 2, 2, 4, 5, 6]), n=pl.int_range(pl.len()))
    frame.write_csv("b.csv")
    others = ("estimate", "b.csv", "--mean", "q"), ("change", "a.toml", "a.csv", "a.toml", "b.csv")
    for command in (("score", "a.toml", "b.csv"), *others):
        if command[0] == "change" and options:
            command = ("change", "a.toml", "b.csv", "a.toml", "b.csv")
        assert run(*command, *options) == code
        said = capsys.readouterr().err
        assert said.count("\n") == bool(code) and ("stand" in said) == bool(code)


@pytest.mark.parametrize(
    ("out", "start"), [("s.json", "{"), ("s.csv", "domain,"), ("s.txt", "demo"), ("s.parquet", "PAR1")]
)
def test_the_ending_of_a_file_says_its_format(folder, out, start):
    assert run("score", "a.toml", "a.csv", "--out", out) == 0
    assert Path(out).read_bytes().startswith(start.encode())


@pytest.mark.parametrize(("form", "out"), [("table", "s.json"), ("csv", "s.txt"), ("json", "s.parquet")])
def test_a_format_that_contradicts_the_ending_is_refused(folder, capsys, form, out):
    assert run("score", "a.toml", "a.csv", "--format", form, "--out", out) == 2
    said = capsys.readouterr().err
    assert f"--format {form} and --out {out} contradict each other" in said and said.count("\n") == 1
    assert not Path(out).exists()


def test_a_lonely_stratum_is_told_with_its_file_and_of_two_rounds_with_its_round(folder, capsys):
    Path("later").mkdir()
    lonely = pl.read_csv("a.csv").with_columns(h=pl.when(pl.col("p") == 3).then(2).otherwise(1))
    lonely.write_csv("later/a.csv")
    lonely.with_columns(h=pl.lit(1)).write_csv("a.csv")
    assert run("score", "a.toml", "later/a.csv", "--strata", "h") == 2
    assert capsys.readouterr().err.startswith("quantri: a.csv: stratum 2 has one sampled unit")
    assert run("estimate", "later/a.csv", "--mean", "q", "--strata", "h") == 2
    assert capsys.readouterr().err.startswith("quantri: a.csv: stratum 2 has one sampled unit")
    assert run("change", "a.toml", "a.csv", "a.toml", "later/a.csv", "--strata", "h") == 2
    assert capsys.readouterr().err.startswith("quantri: later round: a.csv: stratum 2 has one sampled unit")
    assert run("change", "a.toml", "later/a.csv", "a.toml", "a.csv", "--strata", "h") == 2
    assert capsys.readouterr().err.startswith("quantri: earlier round: a.csv: stratum 2 has one sampled unit")


def test_a_column_whose_name_holds_a_line_end_breaks_no_line(folder, capsys):
    pl.read_csv("a.csv").rename({"g": "Tỉnh\n\x1bthành phố"}).write_parquet("b.parquet")
    assert run("estimate", "b.parquet", "--mean", "q", "--by", "zz") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Tỉnh thành phố" in said and "\x1b" not in said
    assert run("estimate", "b.parquet", "--mean", "q", "--by", "Tỉnh\n\x1bthành phố", "--lonely", "adjust") == 0
    assert "\nTỉnh thành phố  var" in capsys.readouterr().out
