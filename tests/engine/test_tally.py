from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantri.engine import tally as counting
from quantri.engine.design import SampleDesign
from quantri.engine.measure import Measure
from quantri.engine.recode import CodeBook, recode_answers
from quantri.engine.totals import psu_totals

KINDS = [pl.Int8, pl.UInt8, pl.Int16, pl.Int32, pl.Int64]


def frame(seed: int, kind: type[pl.DataType], n: int = 400) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    codes = np.array([1, 2, 3, 9, 77])
    answers = {
        f"q{k}": pl.Series(codes[rng.integers(0, 5, n)], dtype=kind).set(pl.Series(rng.random(n) < 0.1), None)
        for k in range(5)
    }
    return pl.DataFrame({"p": np.sort(rng.integers(0, 12, n)), "w": rng.lognormal(0, 1, n), **answers})


def measures(silent: tuple[int, ...]) -> dict[str, Measure]:
    worths = [{"1": 1, "2": 0}, {"1": 1, "2": 0.5, "3": 0}, {"1": 4, "3": 1}, {"2": 1, "3": 0}, {"1": 1, "2": 0}]
    return {f"M{k}": Measure(questions=(f"q{k}",), values=worth, missing=silent) for k, worth in enumerate(worths)}


@given(st.integers(0, 10_000), st.sampled_from(KINDS), st.sampled_from([(9,), (9, 77), ()]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_counting_gives_what_the_expressions_give(seed, kind, silent, shuffled):
    people = frame(seed, kind)
    if shuffled:
        people = people.sample(fraction=1, shuffle=True, seed=seed)
    counted = recode_answers(measures(silent), people)
    assert all(batch.codes is not None for batch in counted)
    computed = [replace(batch, codes=None) for batch in counted]
    design = SampleDesign(weight="w", psu="p")
    first, second = (psu_totals(people.lazy(), batches, design) for batches in (counted, computed))
    assert first.variables == second.variables
    assert first.n.tolist() == second.n.tolist()
    assert (first.n_unknown == 0) == (second.n_unknown == 0)
    for kind_of_sum in ("y", "r", "squares"):
        assert getattr(first, kind_of_sum) == pytest.approx(getattr(second, kind_of_sum), rel=1e-12, abs=1e-12)


def test_chunks_of_one_unit_are_added_up(monkeypatch):
    monkeypatch.setattr(counting, "ROWS", 50)
    people = frame(1, pl.Int8, n=1000)
    batches = recode_answers(measures((9,)), people)
    small = psu_totals(people.lazy(), batches, SampleDesign(weight="w", psu="p"))
    monkeypatch.undo()
    whole = psu_totals(people.lazy(), batches, SampleDesign(weight="w", psu="p"))
    assert small.y == pytest.approx(whole.y, rel=1e-12)
    assert small.n.tolist() == whole.n.tolist()


def test_an_answer_at_the_end_of_its_type_is_not_taken_for_null():
    people = pl.DataFrame({"u": [1, 1, 1], "q": pl.Series([1, 127, None], dtype=pl.Int8), "_w": [1.0, 1.0, 1.0]})
    found = counting.tally(people.lazy(), ["u"], [("q", CodeBook(worth={1: 1.0}))])
    assert (found.n[0, 0], found.undeclared[0]) == (1, 1)


def test_negative_codes_are_told_apart():
    people = pl.DataFrame({"u": [1, 1], "q": pl.Series([-1, 1], dtype=pl.Int8), "_w": [1.0, 2.0]})
    found = counting.tally(people.lazy(), ["u"], [("q", CodeBook(worth={1: 1.0, -1: 0.0}))])
    assert (found.y[0, 0], found.r[0, 0]) == (2.0, 3.0)


def test_a_book_of_more_codes_than_a_byte_holds_is_counted_as_well():
    codes = np.arange(400)
    people = pl.DataFrame({"u": np.repeat([1, 2], 200), "q": pl.Series(codes, dtype=pl.Int16), "_w": np.ones(400)})
    found = counting.tally(people.lazy(), ["u"], [("q", CodeBook(worth={int(code): float(code) for code in codes}))])
    assert found.y[:, 0].tolist() == [codes[:200].sum(), codes[200:].sum()]
