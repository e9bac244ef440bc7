import numpy as np
import polars as pl
import pytest

from quantri.engine.measure import Measure
from quantri.engine.recode import plain, recode_answers
from quantri.engine.row_replicates import given_replicates
from quantri.errors import DataError

FRAME = pl.DataFrame(
    {"x": [1.0, 2.0, None, 6.0], "q": [1, 2, 1, 9], "s": [2, 1, 1, 1], "g": ["a", "a", "b", "b"], "w": [1.0] * 4,
     "r1": [0.0, 2.0, 1.0, 1.0], "r2": [2.0, 0.0, 0.0, 0.0]}
)  # fmt: skip
HALVES = np.array([0.5, 0.5])


def test_each_variable_uses_the_rows_that_have_it():
    _, found = given_replicates(FRAME, [plain("x")], "w", ["r1", "r2"], HALVES)
    assert found.value.tolist() == [[3.0]]
    assert found.replicate.ravel().tolist() == [10 / 3, 1.0]


def test_coded_questions_of_one_shape_are_told_apart():
    measures = {c: Measure(questions=(c,), values={"1": 1, "2": 0}, missing=(9,)) for c in "qs"}
    _, found = given_replicates(FRAME, recode_answers(measures, FRAME), "w", ["r1", "r2"], HALVES)
    assert found.value[0] == pytest.approx([2 / 3, 3 / 4])


def test_a_replicate_without_anybody_in_a_domain_is_left_out():
    domains, found = given_replicates(FRAME, [plain("x")], "w", ["r1", "r2"], HALVES, domain="g")
    assert domains == ("a", "b")
    assert np.isnan(found.replicate[1, 1, 0])
    assert found.variance()[1, 0] == 0


def test_weights_below_zero_and_scales_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="missing or below 0"):
        given_replicates(FRAME.with_columns(r1=-pl.col("r1")), [plain("x")], "w", ["r1", "r2"], HALVES)
    with pytest.raises(DataError, match="as many scales"):
        given_replicates(FRAME, [plain("x")], "w", ["r1"], HALVES)
    with pytest.raises(DataError, match="must hold numbers"):
        given_replicates(FRAME, [plain("x")], "w", ["r1", "g"], HALVES)
