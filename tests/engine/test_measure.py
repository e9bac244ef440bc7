import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantri.engine.measure import Measure, condition_columns, parse_condition
from quantri.errors import DefinitionError


def test_a_condition_names_the_columns_that_it_reads():
    tree = parse_condition("q1 == 1 and not (q2 in (1, 2) or q3 != 'có')")
    assert set(condition_columns(tree)) == {"q1", "q2", "q3"}


@pytest.mark.parametrize(
    "text",
    ["q1", "q1 == q2", "__import__('os')", "q1 == 1; q2 == 2", "q1 < 1 < 2", "(lambda: 1)() == 1", "q1 == [1",
     "1 == q1", "q1 in 3", "q1.real == 1", "q1 == -", "(" * 5000],
)  # fmt: skip
def test_nothing_but_comparisons_is_a_condition(text):
    with pytest.raises(DefinitionError, match="only_if"):
        parse_condition(text)


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_refused_in_one_sentence(text):
    try:
        parse_condition(text)
    except DefinitionError as fault:
        assert "only_if" in str(fault)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"questions": ()}, "at least one"),
        ({"questions": ("a", "a")}, "named twice"),
        ({"questions": ("a",), "combine": "median"}, "combine must be one of"),
        ({"questions": ("a",), "combine": "ratio"}, "two questions"),
        ({"questions": ("a",), "values": {"1": float("nan")}}, "finite"),
        ({"questions": ("a",), "values": {"1": 1}, "missing": (1,)}, "declared twice"),
        ({"questions": ("a",), "missing": (888,), "not_asked": (888,)}, "declared twice"),
    ],
)
def test_a_measure_that_contradicts_itself_is_refused(fields, words):
    with pytest.raises(DefinitionError, match=words):
        Measure(**fields)
