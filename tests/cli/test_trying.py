"""`sensitivity` and `power` say what the engine finds, as a table and for machines."""

import csv
import io
import json
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from quantri.cli.main import main
from quantri.engine.loading import DATA

DEMO = str(DATA / "indices" / "demo" / "satisfaction-demo.toml")
DESIGN = ["--weight", "weight", "--strata", "stratum", "--psu", "psu", "--nest", "--lonely", "adjust"]


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("answers") / "answers.parquet"
    assert main(["simulate", DEMO, "--out", str(path), "--rows", "2000"]) == 0
    return str(path)


def ask(capsys, command: str, data: str, *options: str) -> dict:
    capsys.readouterr()
    assert main([command, DEMO, data, *DESIGN, *options, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def table(capsys, monkeypatch, command: str, data: str, *options: str, language: str = "en") -> str:
    monkeypatch.setenv("QUANTRI_LANGUAGE", language)
    capsys.readouterr()
    assert main([command, DEMO, data, *DESIGN, *options]) == 0
    return capsys.readouterr().out


def test_the_index_stands_under_each_choice_beside_its_sampling_error(answers, capsys):
    found = ask(capsys, "sensitivity", answers, "--domain", "province")
    scored = ask(capsys, "score", answers, "--domain", "province")
    top = {c["domain"]: c for c in scored["components"] if c["code"] == "HL"}
    ranks = {r["domain"]: r["rank"] for r in scored["ranks"] if r["code"] == "HL"}
    assert found["choices"][:3] == ["as defined", "equal weights", "geometric means"]
    assert len(found["scores"]) == len(found["domains"]) * len(found["choices"])
    for row in found["scores"]:
        if row["choice"] == "as defined":  # the demonstration's index runs from 0 to 100
            own = top[row["domain"]]
            assert (row["score"], row["se"]) == pytest.approx((own["estimate"], own["se"]))
            assert row["rank"] == ranks[row["domain"]] and row["places"] == 0
        else:
            assert row["se"] is None
    assert found["widest_rank_move"] == max(abs(row["places"]) for row in found["scores"])


def test_coherence_turns_round_what_is_better_when_less(answers, capsys):
    found = {c["code"]: c for c in ask(capsys, "sensitivity", answers, "--domain", "province")["coherence"]}
    assert set(found) == {"HL", "TC", "TT", "CC", "KQ", "GY"}
    assert found["KQ"]["with_parent"]["KQ3"] > 0 and found["KQ"]["pulls_against"] == []


def test_one_domain_has_no_coherence_and_a_note_says_so(answers, capsys, monkeypatch):
    found = ask(capsys, "sensitivity", answers)
    assert found["coherence"] == [] and "fewer than three domains" in found["notes"][-1]
    lost = {row["choice"] for row in found["scores"] if row["rank"] is None}
    assert lost == {"goalposts from the data"}  # one domain is at both ends
    assert "pulls against" not in table(capsys, monkeypatch, "sensitivity", answers)


def test_power_is_that_of_the_formula(answers, capsys):
    options = ["--domain", "province", "--change", "5", "--respondents", "100", "--df", "inf"]
    found = ask(capsys, "power", answers, *options)
    assert (found["power"], found["change"], found["respondents"]) == (0.8, 5.0, 100)
    for row in found["components"]:
        assert row["detectable"] == pytest.approx(np.sqrt(2) * row["se"] * (1.959964 + 0.841621), rel=1e-6)
        assert row["needed"] == np.ceil(row["n"] * (row["detectable"] / 5) ** 2)
        assert row["detectable_with"] == pytest.approx(row["detectable"] * np.sqrt(row["n"] / 100))


def test_power_without_questions_leaves_their_answers_out(answers, capsys, monkeypatch):
    found = ask(capsys, "power", answers)
    assert {(row["needed"], row["detectable_with"]) for row in found["components"]} == {(None, None)}
    text = table(capsys, monkeypatch, "power", answers)
    assert "detectable" in text and "needed" not in text and "detectable_with" not in text


def test_where_nothing_varies_no_change_is_promised(answers, capsys, tmp_path):
    still = tmp_path / "still.parquet"
    pl.read_parquet(answers).with_columns(hl101=pl.lit(1)).write_parquet(still)
    rows = ask(capsys, "power", str(still), "--change", "1", "--respondents", "9")["components"]
    (row,) = [row for row in rows if row["code"] == "TC1"]
    assert (row["detectable"], row["needed"], row["detectable_with"]) == (None, None, None)
    assert "nothing varies" in row["note"]


@pytest.mark.parametrize(("command", "rows"), [("sensitivity", "scores"), ("power", "components")])
def test_csv_holds_the_rows_of_the_answer(answers, capsys, command, rows):
    expected = ask(capsys, command, answers, "--domain", "province")[rows]
    assert main([command, DEMO, answers, *DESIGN, "--domain", "province", "--format", "csv"]) == 0
    got = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(got) == len(expected) and list(got[0]) == [*expected[0], "synthetic"]


@pytest.mark.parametrize("command", ["sensitivity", "power"])
def test_tables_speak_vietnamese_with_a_decimal_comma(answers, capsys, monkeypatch, command):
    options = ["--domain", "province", *(["--change", "5", "--respondents", "99"] if command == "power" else [])]
    text = table(capsys, monkeypatch, command, answers, *options, language="vi")
    for word in ("without", "as defined", "weights", "component", "part", "detectable", "needed", "rank"):
        assert word not in text.lower(), word
    assert not [word for word in text.split() if word.replace(".", "").isdigit() and "." in word]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--power", "1"], "power must lie between 0 and 1"),
        (["--power", "nan"], "power must lie between 0 and 1"),
        (["--change", "0"], "must be above 0"),
        (["--change", "inf"], "must be above 0"),
        (["--respondents", "0"], "must be above 0"),
        (["--respondents", "x"], "x"),
        (["--confidence", "2"], "confidence must lie"),
    ],
)
def test_questions_without_sense_are_refused(answers, capsys, monkeypatch, options, said):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "en")
    with pytest.raises(SystemExit) if options[1] == "x" else nullcontext():
        assert main(["power", DEMO, answers, *DESIGN, *options]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", ["sensitivity", "power"])
def test_a_missing_file_is_one_line(capsys, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([command, DEMO, "none.parquet"]) == 2
    assert capsys.readouterr().err.count("\n") == 1 and not list(Path().iterdir())
