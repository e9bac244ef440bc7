import numpy as np
import polars as pl
import pytest

from quantri.engine.design import SampleDesign
from quantri.errors import DataError, DesignError
from survey_samples import CLUSTERS, sample, summed, tree


def test_domains_mark_rows_and_the_design_keeps_every_psu():
    frame = sample().with_columns(only=pl.when(pl.col("p") == 0).then(pl.lit("here")))
    totals = summed(frame, by=("only",))
    assert totals.domains == (("here",),)
    assert set(totals.psu) == {0}
    assert len(totals.structure.psus) == 12
    assert totals.n_outside == len(frame.filter(pl.col("only").is_null()))


def test_sums_of_domains_add_up_to_those_of_the_whole():
    whole, parts = summed(sample()), summed(sample(), by=("g",))
    assert parts.y.sum(axis=0) == pytest.approx(whole.y.sum(axis=0), rel=1e-12)
    assert parts.n.sum(axis=0).tolist() == whole.n.sum(axis=0).tolist()


def test_squares_are_sums_of_weighted_squares():
    frame, totals = sample(), summed(sample())
    c = totals.variables.index("C")
    assert totals.squares[:, c].sum() == pytest.approx((frame["w"] * frame["x"] ** 2).sum(), rel=1e-12)


def test_without_psus_each_respondent_is_one():
    totals = summed(sample(), design=SampleDesign(weight="w"))
    assert len(totals.structure.psus) == len(sample())


@pytest.mark.parametrize("weight", [0.0, -1.0, None])
def test_a_weight_that_is_not_above_zero_is_named_with_its_row(weight):
    frame = sample().with_columns(
        w=pl.when(pl.int_range(pl.len()) == 16).then(pl.lit(weight, pl.Float64)).otherwise("w")
    )
    with pytest.raises(DataError, match=r"column 'w': .* in row 17 below the header; every"):
        summed(frame)


@pytest.mark.parametrize("column", ["h", "p"])
def test_an_empty_label_of_the_design_is_named_with_its_row(column):
    frame = sample().with_columns(pl.when(pl.int_range(pl.len()) == 3).then(None).otherwise(column).alias(column))
    with pytest.raises(DataError, match=f"column '{column}': nothing in row 4 below the header; the"):
        summed(frame)


def test_a_text_weight_is_refused():
    with pytest.raises(DataError, match="'w' must hold numbers"):
        summed(sample().with_columns(pl.col("w").cast(pl.String)))


@pytest.mark.parametrize("text", ["abc", "1,5", "0x10", " 1.5", "01"])
def test_a_text_among_weights_is_named_with_its_row(text):
    texts = pl.when(pl.int_range(pl.len()) == 16).then(pl.lit(text)).otherwise(pl.col("w").cast(pl.String))
    with pytest.raises(DataError, match=f"'w' must hold numbers .* not '{text}' in row 17 below the header: correct"):
        summed(sample().with_columns(w=texts))


def test_a_text_among_finite_populations_is_named_with_its_row():
    frame = sample().with_columns(f=pl.when(pl.int_range(pl.len()) == 2).then(pl.lit("ten")).otherwise(pl.lit("9")))
    with pytest.raises(DataError, match=r"'f' must hold numbers .* not 'ten' in row 3 below the header"):
        summed(frame, design=SampleDesign(weight="w", strata="h", psu="p", fpc="f"))


def test_a_missing_column_is_named_with_those_near_it():
    with pytest.raises(DataError, match=r"no column 'area'; the data have [^…]+; correct the name$"):
        summed(sample(), by=("area",))
    with pytest.raises(DataError, match=r"no column 'onlyy' \(is it 'only'\?\); the data have .*; correct the name$"):
        summed(sample().with_columns(only=pl.lit("here")), by=("onlyy",))


def test_a_psu_in_two_strata_is_refused_unless_labels_are_nested():
    frame = sample().with_columns(p=pl.col("p") % 4)
    with pytest.raises(DesignError, match=r"PSU 0 lies in strata 0 and 1; say --nest"):
        summed(frame)
    nested = summed(frame, design=SampleDesign(weight="w", strata="h", psu="p", is_nested=True))
    assert np.allclose(nested.y, summed(sample()).y)


@pytest.mark.parametrize(
    ("fpc", "words"),
    [
        (pl.when(pl.col("h") == 0).then(0.5).otherwise(20.0), "mixes fractions"),
        (pl.lit(2.0), "4 drawn units of only 2"),
        (pl.col("p").cast(pl.Float64) + 10, "varies within 0"),
        (pl.lit(0.0), "above 0"),
        (pl.lit(None, pl.Float64), "nothing"),
    ],
)
def test_a_finite_population_that_cannot_be_is_refused(fpc, words):
    with pytest.raises((DesignError, DataError), match=words):
        summed(sample().with_columns(f=fpc), design=SampleDesign(weight="w", strata="h", psu="p", fpc="f"))


def test_numbers_and_fractions_of_the_population_say_the_same():
    design = SampleDesign(weight="w", strata="h", psu="p", fpc="f")
    numbers, fractions = (summed(sample().with_columns(f=pl.lit(f)), design=design) for f in (8.0, 0.5))
    assert numbers.structure.fraction.tolist() == fractions.structure.fraction.tolist() == [0.5] * 3


def test_no_rows_is_said():
    with pytest.raises(DataError, match="no rows"):
        summed(sample().head(0))


def test_the_order_of_rows_does_not_matter():
    first, second = summed(sample()), summed(sample().sample(fraction=1, shuffle=True, seed=3))
    assert np.allclose(first.y, second.y, rtol=1e-12)
    assert first.structure.psus == second.structure.psus


def test_variables_keep_their_names_whatever_their_shape():
    assert set(summed(sample(), tree(), CLUSTERS).variables) == {"A", "B", "C"}
