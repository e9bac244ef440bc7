import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantri.engine.microdata import Microdata
from quantri.engine.tidy import check_ids, normalise_text, numbers
from quantri.errors import DataError


def data(**columns: list) -> Microdata:
    return Microdata(frame=pl.LazyFrame(columns), name="survey.csv", first_row=2)


def test_a_text_where_a_number_is_needed_is_named_with_its_row():
    answers = data(w=["0.5", " 2 ", None, "0,5", "abc"])
    with pytest.raises(DataError, match=r"survey\.csv: column 'w', row 5: '0,5' is no number; correct it, or declare"):
        numbers(answers, ["w"])


def test_codes_of_no_answer_become_null_in_texts_and_numbers():
    answers = numbers(data(a=["1", "NA", "888"], b=[1, 888, 2], c=[0.5, 888.0, None]), "abc", missing=["NA", 888])
    assert answers.frame.collect().rows() == [(1.0, 1, 0.5), (None, None, None), (None, 2, None)]


def test_infinity_is_no_number():
    with pytest.raises(DataError, match=r"column 'w', row 3: inf is no number"):
        numbers(data(w=[1.0, float("inf")]), ["w"])
    with pytest.raises(DataError, match=r"column 'w', row 2: '1e400' is no number"):
        numbers(data(w=["1e400"]), ["w"])


def test_dates_and_missing_columns_are_refused_where_numbers_are_needed():
    from datetime import date

    with pytest.raises(DataError, match=r"column 'day' holds Date, not numbers"):
        numbers(data(day=[date(2023, 8, 1)]), ["day"])
    with pytest.raises(DataError, match=r"no column 'wieght' \(is it 'weight'\?\)"):
        numbers(data(weight=[1.0]), ["wieght"])


def test_truths_and_empty_columns_are_numbers():
    answers = numbers(data(a=[True, None], b=[None, None]), "ab")
    assert answers.frame.collect().rows() == [(1, None), (None, None)]


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_written_as_text_are_the_same_numbers(values):
    texts = [None if value is None else repr(value) for value in values]
    assert numbers(data(w=pl.Series(texts, dtype=pl.String)), ["w"]).frame.collect()["w"].to_list() == values


def test_labels_that_look_the_same_are_the_same():
    frame = pl.LazyFrame({"p": [unicodedata.normalize("NFD", "Huế"), "Huế ", "", None], "n": [1, 2, 3, 4]})
    assert normalise_text(frame, ["p", "n"]).collect()["p"].to_list() == ["Huế", "Huế", None, None]


def test_an_id_that_stands_twice_is_listed_with_its_rows():
    with pytest.raises(DataError) as caught:
        check_ids(data(id=[1, 2, 1, None, None, *range(10, 20), *range(10, 20), 2, 1]), "id")
    text = str(caught.value)
    assert "column 'id': 1 stands in rows 2, 4, 28; 2 stands in rows 3, 27; 10 stands in rows 7, 17" in text
    assert text.endswith("; and 7 more; give each respondent an id of their own")


def test_ids_that_name_each_respondent_once_pass():
    check_ids(data(id=["a", "b", None, None]), "id")
