"""The JSON answers that others rely on: every field is there, and null where the reference says so."""

import json

import pytest

from quantri.cli.main import main

UNIT = {"code", "name"}
RESULT = {"unit", "code", "level", "score", "derived", "note"}
STANDING = {
    "code", "parent", "level", "name_vi", "name_en", "score", "derived", "rank", "n", "group", "cuts", "bounds",
    "interval", "group_support", "typical_move", "n_within_typical_move", "gap_to_next_group", "moves_to_next_group",
    "persistence", "change", "advice", "note",
}  # fmt: skip
PROSPECT = {
    "code", "level", "name_vi", "name_en", "base", "comparable", "reason", "reason_vi", "expected", "intervals",
    "value_at_50", "value_at_80", "target", "chance", "chance_by_start_year", "n_pairs", "n_years", "similar", "note",
    "note_vi",
}  # fmt: skip
LEVELS = {"index", "dimension", "sub_dimension"}


@pytest.fixture
def ask(capsys):
    def ask(command: str, *argv: str) -> dict:
        assert main([command, *argv, "--format", "json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def outlook(ask):
    def outlook(base_year: int, year: int, *targets: str, province: str = "89") -> dict[str, dict]:
        wanted = [word for target in targets for word in ("--target", target)]
        got = ask(
            "outlook", "--base-year", str(base_year), "--year", str(year), "--province", province, *wanted
        )  # fmt: skip
        return {c["code"]: c for c in got["components"]} | {"": got}

    return outlook


@pytest.mark.parametrize("year", [2011, 2017, 2021, 2024])
def test_results_hold_every_field(ask, year):
    got = ask("results", "--year", str(year))
    assert set(got) == {"index", "year", "rows"} and (got["index"], got["year"]) == ("papi", year)
    for row in got["rows"]:
        assert set(row) == RESULT and set(row["unit"]) == UNIT and row["level"] in LEVELS
        assert isinstance(row["derived"], bool)
        assert row["score"] is not None or row["note"], row


@pytest.mark.parametrize("year", [2011, 2017, 2018, 2021, 2024])
def test_a_diagnosis_holds_every_field(ask, year):
    got = ask("diagnose", "--year", str(year), "--province", "22")  # withheld in 2021
    assert set(got) == {"index", "year", "unit", "n_units", "components"} and set(got["unit"]) == UNIT
    for c in got["components"]:
        assert set(c) == STANDING
        assert set(c["persistence"]) == {"low_years", "lower_half_years", "comparable_years"}
        assert c["change"] is None or set(c["change"]) == {"from_year", "value", "comparable", "reason", "reason_vi"}
        assert c["interval"] is None and c["group_support"] is None and len(c["bounds"]) == 2
        if c["change"] and c["change"]["comparable"] == "no":
            assert c["change"]["value"] is None and c["change"]["reason"]


def test_a_withheld_component_has_nulls_and_says_why(ask):
    for c in ask("diagnose", "--year", "2021", "--province", "22")["components"]:
        empty = "score", "rank", "group", "gap_to_next_group", "moves_to_next_group", "n_within_typical_move", "advice"
        assert [c[name] for name in empty] == [None] * len(empty) and c["note"]


def test_the_highest_group_has_no_group_above(ask):
    high = [c for c in ask("diagnose", "--year", "2017", "--province", "89")["components"] if c["group"] == "high"]
    assert high and all(c["gap_to_next_group"] is None and c["advice"] == "hold" for c in high)


def test_the_first_edition_has_no_change_and_no_typical_move(ask):
    for c in ask("diagnose", "--year", "2011", "--province", "89")["components"]:
        assert c["change"] is None and c["typical_move"] is None and c["persistence"]["comparable_years"] == 1


def test_an_outlook_holds_every_field(outlook):
    for base_year, year in ((2012, 2013), (2017, 2019), (2023, 2024), (2024, 2026)):
        found = outlook(base_year, year, "D5=better")
        whole = found.pop("")
        assert set(whole) == {"index", "unit", "base_year", "year", "hindsight", "components", "joint"}
        assert set(whole["joint"]) == {"n_targets", "chance_all", "expected_reached"}
        for c in found.values():
            assert set(c) == PROSPECT and c["comparable"] in {"yes", "doubtful", "no"}
            assert c["intervals"] is None or set(c["intervals"]) == {"50", "80", "95"}
            assert all(set(p) == {"unit", "year", "from", "to"} for p in c["similar"])


def test_without_a_target_there_is_a_prediction_and_no_chance(outlook):
    c = outlook(2023, 2024)["D5"]
    assert (c["target"], c["chance"], c["chance_by_start_year"]) == (None, None, None)
    assert all(len(ends) == 2 and ends[0] < c["expected"] < ends[1] for ends in c["intervals"].values())


def test_with_a_target_there_is_a_chance_and_the_share_of_each_start_year(outlook):
    c = outlook(2023, 2024, "D5=7,30")["D5"]
    assert c["target"] == {"spec": "7.30", "value": 7.3} and 0 < c["chance"] < 1
    assert len(c["chance_by_start_year"]) == c["n_years"] and all(y.isdigit() for y in c["chance_by_start_year"])


@pytest.mark.parametrize(
    ("base_year", "year", "target", "province"),
    [
        (2017, 2019, "D2=6", "89"),  # editions that cannot be compared
        (2012, 2013, "D5=7", "89"),  # too few years
        (2021, 2022, "D5=7", "22"),  # withheld in the base year
    ],
)
def test_without_a_prediction_all_of_it_is_null_and_the_note_says_why(outlook, base_year, year, target, province):
    c = outlook(base_year, year, target, province=province)[target[:2]]
    empty = "expected", "intervals", "value_at_50", "value_at_80", "chance", "chance_by_start_year"
    assert [c[name] for name in empty] == [None] * len(empty)
    assert c["note"] and c["note_vi"] and c["target"]["spec"] == target[3:] and c["similar"] == []


def test_without_any_chance_nothing_is_joint(outlook):
    assert outlook(2017, 2019, "D2=6")[""]["joint"] == {
        "n_targets": 0, "chance_all": None, "expected_reached": None,
    }  # fmt: skip
