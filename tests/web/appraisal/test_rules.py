"""The worked rule of 2579/QĐ-UBND of Cần Thơ, case by case, and what holds for every sheet."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quantri
from quantri.errors import DefinitionError
from quantri.web.appraisal.parsing import decimal_of, sheet_of
from quantri.web.appraisal.rules import Scores, classify

TEXT = (Path(quantri.__file__).parent / "data/sheets/worked-example.toml").read_text("utf-8")
SHEET = sheet_of(TEXT, "worked-example.toml")
FULL = {c.code: c.points for c in SHEET.criteria}


def scored(*, is_self_scored=True, facts=(), **points):
    """Scores with full points but for the lines that are named c<code>."""
    named = {code.removeprefix("c"): Decimal(value) for code, value in points.items()}
    return Scores(points=FULL | named, is_self_scored=is_self_scored, facts=frozenset(facts))


def test_the_frame_is_that_of_the_decision():
    assert SHEET.points == 100
    assert (SHEET.bonus.cap, SHEET.penalty.cap) == (3, 3)
    assert [(b.code, b.at_least) for b in SHEET.bands] == [
        ("excellent", 95), ("good", 85), ("completed", 75), ("not_completed", None)
    ]  # fmt: skip
    assert SHEET.demonstration == "criteria"


@pytest.mark.parametrize(
    ("points", "band"),
    [
        ({}, "excellent"),
        ({"c4": "20"}, "excellent"),  # 95 on the line
        ({"c4": "19.99"}, "good"),
        ({"c4": "10"}, "good"),  # 85 on the line
        ({"c4": "9.99"}, "completed"),
        ({"c4": "1", "c5": "14"}, "completed"),  # 75 on the line
        ({"c4": "1", "c5": "13.99"}, "not_completed"),
    ],
)
def test_the_classes_begin_at_their_points(points, band):
    assert classify(SHEET, scored(**points)).band.code == band


def test_a_zero_criterion_keeps_from_the_two_upper_classes_and_is_named():
    result = classify(SHEET, scored(c3="0", cT1="2", cT2="2"))
    assert (result.points, result.band.code) == (93, "completed")
    refusals = {r.band.code: r for r in result.refusals if r.condition == "no_zero_criterion"}
    assert {code: r.lines for code, r in refusals.items()} == {"excellent": ("3",), "good": ("3",)}


def test_bonus_and_penalty_are_capped_at_three_points_each():
    result = classify(SHEET, scored(cT1="2", cT2="2", cP1="2", cP2="2"))
    assert (result.base, result.bonus, result.penalty, result.points) == (100, 3, 3, 100)


def test_without_a_self_score_the_work_is_not_completed_whatever_the_points():
    result = classify(SHEET, scored(is_self_scored=False))
    assert result.band.code == "not_completed"
    assert {r.condition for r in result.refusals} == {"self_scored"}


def test_a_disciplined_leader_lowers_the_class_by_one_and_never_below_the_last():
    first = classify(SHEET, scored(facts=["leader_disciplined"]))
    assert (first.before_lowering.code, first.band.code, first.lowered_by) == (
        "excellent", "good", ("leader_disciplined",)
    )  # fmt: skip
    last = classify(SHEET, scored(c4="0", c5="0", facts=["leader_disciplined"]))
    assert last.band.code == "not_completed"


def test_a_criterion_without_points_counts_as_zero_and_is_named():
    partly = Scores(points={c: p for c, p in FULL.items() if c != "2"}, is_self_scored=True)
    result = classify(SHEET, partly)
    assert (result.points, result.unscored, result.band.code) == (90, ("2",), "completed")


@pytest.mark.parametrize(("code", "points"), [("1", "10.01"), ("1", "-0.01"), ("9", "1"), ("1", "NaN"), ("1", "1e400")])
def test_points_that_a_line_cannot_have_are_refused(code, points):
    with pytest.raises(DefinitionError):
        classify(SHEET, Scores(points={code: Decimal(points)}, is_self_scored=True))


points_of_lines = st.fixed_dictionaries(
    {code: st.decimals(0, line.points, places=2) for code, line in SHEET.lines.items()}
)


@given(points_of_lines, st.sampled_from(list(FULL)), st.decimals(0, 25, places=2))
def test_more_points_on_a_criterion_never_lower_the_class(points, code, more):
    richer = points | {code: min(points[code] + more, SHEET.lines[code].points)}
    places = {b.code: n for n, b in enumerate(SHEET.bands)}
    before, after = (classify(SHEET, Scores(points=p, is_self_scored=True)) for p in (points, richer))
    assert places[after.band.code] <= places[before.band.code]


@given(points_of_lines)
def test_every_better_class_says_why_it_was_not_given(points):
    result = classify(SHEET, Scores(points=points, is_self_scored=True))
    better = SHEET.bands[: SHEET.bands.index(result.before_lowering)]
    assert {r.band.code for r in result.refusals} == {b.code for b in better}


def broken(old, new):
    assert old in TEXT
    return TEXT.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "[sheet]"),
        ("[sheet", "is not TOML at line 1"),
        (broken("points = 10", "points = -1"), "criterion 1 points must be a number from 0 to 1000"),
        (broken("points = 10", "points = 1.234"), "criterion 1 points"),
        (broken("points = 10", "points = nan"), "criterion 1 points"),
        (broken("points = 10", "points = true"), "criterion 1 points"),
        (broken("points = 10", 'pionts = 10'), "'pionts' is no field"),
        (broken('code = "2"', 'code = "1"'), "1: defined twice"),
        (broken('group = "I"', 'group = "IX"'), "no group 'IX'"),
        (broken("at_least = 85", "at_least = 96"), "best first"),
        (broken("at_least = 95", "at_least = 104"), "nobody can reach 104 of 103"),
        (broken('conditions = ["self_scored"]', 'conditions = ["selfscored"]'), "conditions must be a list of"),
        (broken('conditions = ["self_scored"]', "conditions = 3"), "conditions must be a list of"),
        (broken("leader_disciplined = 1", "leader_disciplined = 0"), "leader_disciplined must be a number of classes"),
        (broken("lowering = { leader_disciplined = 1 }", "lowering = 1"), "must be a number of classes"),
        (TEXT + '[[class]]\ncode = "x"\nname_vi = "x"\nname_en = "x"\nat_least = 1\n', "last class must need nothing"),
        ("x = " + "[" * 5000 + "]" * 5000, "too deeply"),
        ("# " + "x" * 300_000, "longer than a scoring sheet"),
        ('[sheet]\ncode = "x"\nname_vi = "x"\nname_en = "x"\ndocument = "x"\n', "needs [[criterion]] blocks"),
    ],
)  # fmt: skip
def test_a_faulty_sheet_is_told_with_its_place(text, said):
    with pytest.raises(DefinitionError) as fault:
        sheet_of(text, "s.toml")
    assert said in str(fault.value)
    assert str(fault.value).startswith("s.toml")


@pytest.mark.parametrize("found", ["4,5", "", "x", "0x1", "1001", "-0.5", "0.125", "NaN", "1e400", None, [], True])
def test_points_are_read_strictly(found):
    assert decimal_of(found) is None
