import narwhals as nw
import polars as pl
import pytest

from quantri.engine.design import SampleDesign
from quantri.engine.measure import Measure
from quantri.engine.recode import recode_answers, undeclared
from quantri.engine.totals import psu_totals
from quantri.errors import DataError

NOT_ASKED = -999999
ANSWERS = pl.DataFrame(
    {
        "a": [1, 1, 2, 2, 888, 888, NOT_ASKED, None],
        "b": [1, 2, 2, 888, 1, 2, 2, 1],
        "gate": [1, 1, 1, 1, 0, 1, 1, 1],
        "t": ["Có", "Không", "có", None, "Có", "999", "Có", "Không"],
        "x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 999.0],
    }
)


def values(measure: Measure, frame: pl.DataFrame = ANSWERS) -> list[float | None]:
    (batch,) = recode_answers({"X": measure}, frame)
    value = nw.when(batch.known.fill_null(value=False)).then(batch.numerator)
    return nw.from_native(frame).select(value.alias("v"))["v"].to_list()


def two(combine: str) -> Measure:
    return Measure(
        questions=("a", "b"), combine=combine, values={"1": 1, "2": 0}, missing=(888,), not_asked=(NOT_ASKED,)
    )


@pytest.mark.parametrize(
    ("combine", "expected"),
    [
        ("first", [1, 1, 0, 0, 1, 0, 0, 1]),
        ("any", [1, 1, 0, None, 1, None, 0, 1]),
        ("all", [1, 0, 0, 0, None, 0, 0, None]),
        ("sum", [2, 1, 0, None, None, None, 0, None]),
        ("mean", [1, 0.5, 0, 0, 1, 0, 0, 1]),
        ("share", [1, 0.5, 0, 0, 1, 0, 0, 1]),
    ],
)
def test_several_questions_make_one_value_and_unknown_answers_stay_unknown(combine, expected):
    assert values(two(combine)) == expected


def test_one_question_gives_its_codes_values():
    assert values(Measure(questions=("a",), values={"1": 1, "2": 0}, missing=(888,))) == [1, 1, 0, 0, *[None] * 4]


def test_scales_are_reversed_by_their_values():
    assert values(Measure(questions=("b",), values={"1": 4, "2": 1}, missing=(888,))) == [4, 1, 1, None, 4, 1, 1, 4]


def test_dont_know_may_count_with_a_value_of_its_own():
    assert values(Measure(questions=("b",), values={"1": 1, "2": 0, "888": 0})) == [1, 0, 0, 0, 1, 0, 0, 1]


def test_a_number_counts_as_it_is_and_its_missing_code_does_not():
    assert values(Measure(questions=("x",), missing=(999,))) == [1, 2, 3, 4, 5, 6, 7, None]


def test_who_does_not_meet_the_condition_is_not_in_the_base():
    asked = Measure(questions=("b",), values={"1": 1, "2": 0}, missing=(888,), only_if="gate == 1 and a != 1")
    assert values(asked) == [None, None, 0, None, None, 0, 0, None]


def test_text_answers_are_compared_as_text():
    assert values(Measure(questions=("t",), values={"Có": 1, "Không": 0}, missing=(999,))) == [
        1, 0, None, None, 1, None, 1, 0
    ]  # fmt: skip


def test_a_ratio_takes_those_who_know_both():
    (batch,) = recode_answers({"X": Measure(questions=("x", "b"), combine="ratio", missing=(999, 888))}, ANSWERS)
    assert nw.from_native(ANSWERS).select(k=batch.known)["k"].to_list() == [*[True] * 3, False, *[True] * 3, False]


def test_undeclared_codes_are_counted_and_listed():
    frame = pl.DataFrame({"q": [1, 2, 7, 7, 888, None]})
    assert undeclared({"X": Measure(questions=("q",), values={"1": 1, "2": 0}, missing=(888,))}, frame) == {
        "q": {"7": 2}
    }


def test_questions_of_one_shape_share_their_expressions():
    frame = pl.DataFrame({f"q{i}": [1, 2] for i in range(50)})
    measures = {f"M{i}": Measure(questions=(f"q{i}",), values={"1": 1, "2": 0}) for i in range(50)}
    assert len(recode_answers(measures, frame)) == 1


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (Measure(questions=("zz",)), "X: no column 'zz'; the data have"),
        (Measure(questions=("a",), only_if="gaet == 1"), r"X: no column 'gaet' \(is it 'gate'\?\)"),
        (Measure(questions=("t",)), "holds text"),
        (Measure(questions=("a",), only_if="t == 1"), "only_if compares 't'"),
        (Measure(questions=("a",), only_if="gate == 'x'"), "only_if compares 'gate'"),
    ],
)
def test_a_measure_that_does_not_fit_the_data_is_refused(measure, words):
    with pytest.raises(DataError, match=words):
        recode_answers({"X": measure}, ANSWERS)


def test_questions_answered_with_plain_numbers_keep_their_missing_codes_out_of_the_sums():
    frame = pl.DataFrame({"a": [1, 3, 888], "b": [2, 888, -999999]})
    measures = {q: Measure(questions=(q,), missing=(888,), not_asked=(-999999,)) for q in ("a", "b")}
    sums = psu_totals(frame, recode_answers(measures, frame), SampleDesign())
    order = [sums.variables.index(q) for q in ("a", "b")]
    assert sums.y.sum(axis=0)[order].tolist() == [4, 2]
    assert sums.squares.sum(axis=0)[order].tolist() == [10, 4]
