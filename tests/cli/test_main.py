import csv
import io
import json

import pytest

from quantri.cli.main import main


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "en")


def answer(capsys, *argv: str) -> str:
    assert main(list(argv)) == 0
    return capsys.readouterr().out


def test_diagnose_answers_in_json_as_promised(capsys):
    got = json.loads(answer(capsys, "diagnose", "--year", "2017", "--province", "an giang", "--format", "json"))
    assert (got["index"], got["year"], got["unit"], got["n_units"]) == (
        "papi",
        2017,
        {"code": "89", "name": "An Giang"},
        63,
    )
    d3 = next(c for c in got["components"] if c["code"] == "D3")
    assert set(d3) == {
        "code", "parent", "level", "name_vi", "name_en", "score", "derived", "rank", "n", "group", "cuts", "bounds",
        "interval", "group_support", "typical_move", "n_within_typical_move", "gap_to_next_group",
        "moves_to_next_group", "persistence", "change", "advice", "note",
    }  # fmt: skip
    assert (d3["group"], d3["rank"], d3["interval"], d3["advice"]) == ("low", 55, None, "improve")


def test_a_withheld_result_is_null_with_a_note(capsys):
    got = json.loads(answer(capsys, "results", "--year", "2021", "--province", "Quảng Ninh", "--format", "json"))
    assert len(got["rows"]) == 1 + 8 + 28
    assert {row["score"] for row in got["rows"]} == {None}
    assert all(row["note"] for row in got["rows"])


def test_derived_figures_carry_their_mark(capsys):
    got = json.loads(answer(capsys, "results", "--year", "2024", "--format", "json"))
    marks = {row["level"]: row["derived"] for row in got["rows"] if row["unit"]["code"] == "89"}
    assert marks["index"] is True
    assert marks["sub_dimension"] is False


def test_results_in_csv_have_a_row_for_every_score(capsys):
    rows = list(csv.DictReader(io.StringIO(answer(capsys, "results", "--year", "2017", "--format", "csv"))))
    assert len(rows) == 63 * 29
    assert rows[0]["unit.name"] == "Hà Nội"


def test_the_table_says_that_no_interval_is_published(capsys):
    assert "Interval not published" in answer(capsys, "diagnose", "--year", "2024", "--province", "89")


def test_check_passes_a_shipped_definition(capsys):
    from quantri.engine.loading import DATA

    assert "37 components, no fault found" in answer(capsys, "check", str(DATA / "indices" / "papi-2024.toml"))


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["diagnose", "--year", "2030", "--province", "89"], "no edition 2030; choose 2011 to 2024"),
        (["diagnose", "--year", "2017", "--province", "giang"], "Bắc Giang (24)"),
        (["results", "--index", "pci", "--year", "2017"], "no index 'pci'; choose one of papi"),
        (["check", "missing.toml"], "missing.toml: cannot be read"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(capsys, argv, message):
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.count("\n") == 1


def test_outlook_answers_in_json_as_promised(capsys):
    question = ("--base-year", "2017", "--year", "2019", "--province", "89", "--target", "D2=6", "--target", "D5=7,30")
    got = json.loads(answer(capsys, "outlook", *question, "--format", "json"))
    assert set(got) == {"index", "unit", "base_year", "year", "hindsight", "components", "joint"}
    by_code = {c["code"]: c for c in got["components"]}
    assert set(by_code["D5"]) >= {
        "code", "base", "comparable", "reason", "expected", "intervals", "target", "chance", "chance_by_start_year",
        "n_pairs", "n_years", "similar", "note",
    }  # fmt: skip
    assert by_code["D5"]["target"] == {"spec": "7.30", "value": 7.3} and 0 < by_code["D5"]["chance"] < 1
    assert by_code["D2"]["chance"] is None and by_code["D2"]["intervals"] is None and by_code["D2"]["note"]
    assert set(got["joint"]) == {"n_targets", "chance_all", "expected_reached"}


def test_outlook_prints_a_table_that_names_the_reasons(capsys):
    got = answer(capsys, "outlook", "--base-year", "2017", "--year", "2019", "--province", "89", "--target", "D3=5")
    assert "An Giang (89), 2017 to 2019" in got and "People's Inspection Boards" in got


@pytest.mark.parametrize("target", ["D1", "D1=", "D1=x", "=5", "D1=99", "D77=5"])
def test_a_bad_target_is_one_line_and_exit_2(capsys, target):
    assert main(["outlook", "--base-year", "2017", "--year", "2019", "--province", "89", "--target", target]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "Traceback" not in err
