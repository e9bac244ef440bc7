"""Columns named on the spot to variables: numbers as they are, a text as one variable for each of its categories."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from quantri.engine.naming import no_column
from quantri.engine.recode import Batch
from quantri.errors import DataError, placed

MOST_CATEGORIES = 200  # of a text; more are a slip in a column of numbers, names or words of respondents


def variables_of(frame: pl.LazyFrame, columns: Sequence[str], missing: Sequence[str] = ()) -> tuple[Batch, ...]:
    """Make variables of columns.

    Parameters
    ----------
    frame : polars.LazyFrame
        Microdata.
    columns : sequence of str
        A column of numbers, or of text that holds numbers beside codes for missing, is one variable; another text is
        one variable for each category, ``A=value``, whose mean is a proportion.
    missing : sequence of str
        Codes that mean missing, such as ``NA`` or ``888``.

    Raises
    ------
    DataError
        If a column is not there, holds nothing else than missing, or more than 200 different texts.

    Examples
    --------
    >>> frame = pl.LazyFrame({"a": ["x", "y", "NA"], "b": [1, 888, 3]})
    >>> [name for batch in variables_of(frame, ["a", "b"], ["NA", "888"]) for name in batch.variables]
    ['a=x', 'a=y', 'b']
    """
    schema = frame.collect_schema()
    batches: list[Batch] = []
    for column in columns:
        if column not in schema:
            raise no_column(column, schema)
        if schema[column].is_temporal() or schema[column].is_nested():
            raise DataError(
                "column {column!r} holds {kind}; a statistic needs numbers or text", column=column, kind=schema[column]
            )
        if schema[column].is_numeric() or schema[column] == pl.Boolean:
            batches.append(_number(column, nw.col(column).cast(nw.Float64), _numbers(missing)))
        else:
            batches += _text(frame, column, missing)
    return tuple(batches)


def ratio_of(frame: pl.LazyFrame, numerator: str, denominator: str, missing: Sequence[str] = ()) -> Batch:
    """Make the ratio of two columns of numbers, over the rows that have both.

    Raises
    ------
    DataError
        If one is not there or holds no numbers.

    Examples
    --------
    >>> ratio_of(pl.LazyFrame({"y": [1.0], "x": [2.0]}), "y", "x").variables
    ('y/x',)
    """
    above, below = (_one_number(frame, column, missing) for column in (numerator, denominator))
    return Batch(
        variables=(f"{numerator}/{denominator}",), outputs=(numerator,), numerator=above.numerator,
        denominator=below.numerator, known=above.known & below.known,
    )  # fmt: skip


def _one_number(frame: pl.LazyFrame, column: str, missing: Sequence[str]) -> Batch:
    batches = variables_of(frame, [column], missing)
    if len(batches) != 1 or batches[0].ones is not None:
        raise DataError("column {column!r} holds text; a ratio needs numbers", column=column)
    return batches[0]


def _number(column: str, value: nw.Expr, codes: Sequence[float]) -> Batch:
    known = ~value.is_null()
    if codes:
        known = known & ~value.is_in(list(codes))
    return Batch(variables=(column,), outputs=(column,), numerator=value, known=known)


def _numbers(codes: Sequence[str]) -> list[float]:
    numbers = []
    for code in codes:
        try:
            numbers.append(float(code))
        except ValueError:  # a text such as NA cannot stand in a column of numbers
            continue
    return numbers


def _text(frame: pl.LazyFrame, column: str, missing: Sequence[str]) -> list[Batch]:
    text = frame.select(pl.col(column).cast(pl.String).alias("text"))
    answered = text.drop_nulls().filter(~pl.col("text").is_in(list(missing))).unique().sort("text").collect()["text"]
    if answered.is_empty():
        raise DataError("column {column!r} holds no answer, only missing", column=column)
    if answered.cast(pl.Float64, strict=False).null_count() == 0:
        number = nw.when(~nw.col(column).is_in(list(missing))).then(nw.col(column)) if missing else nw.col(column)
        return [_number(column, number.cast(nw.Float64), _numbers(missing))]
    if len(answered) > MOST_CATEGORIES:
        raise _too_many(text, column, missing, len(answered))
    value = nw.col(column).cast(nw.String)
    known = ~value.is_null() & ~value.is_in(list(missing)) if missing else ~value.is_null()
    return [
        Batch(
            variables=(f"{column}={category}",), outputs=(column,), numerator=(value == category).cast(nw.Float64),
            known=known, ones=known & (value == category),
        )
        for category in answered
    ]  # fmt: skip


def _too_many(text: pl.LazyFrame, column: str, missing: Sequence[str], n: int) -> DataError:
    """Say where the first text stands that keeps a column from being one of numbers."""
    is_word = pl.col("text").cast(pl.Float64, strict=False).is_null() & ~pl.col("text").is_in(list(missing))
    row, word = text.with_row_index("row", offset=1).filter(is_word).head(1).collect().row(0)
    return DataError(
        "column {column!r} holds {n} different texts, the first that is no number is {word!r} (respondent {row}); "
        "correct it, declare it with --missing, or choose a column with no more than {most} categories",
        column=column, n=n, word=word, row=row, most=MOST_CATEGORIES,
    )  # fmt: skip


def column_and_value(text: str) -> tuple[str, str]:
    """Take ``COL==VALUE`` apart.

    Raises
    ------
    DataError
        If it is written in another way.

    Examples
    --------
    >>> column_and_value("sex == 'f'")
    ('sex', 'f')
    """
    column, equals, value = (part.strip() for part in text.partition("=="))
    if not equals or not column or not value:
        raise DataError("--where {text!r}: write COL==VALUE", text=text)
    return column, value.strip("'\"")


def rows_where(text: str, frame: pl.LazyFrame) -> nw.Expr:
    """Read ``COL==VALUE`` as an expression; the value is compared as the column holds it.

    Raises
    ------
    DataError
        If the column is not there, or holds numbers where the value is none.

    Examples
    --------
    >>> frame = pl.LazyFrame({"sex": ["m", "f"]})
    >>> nw.from_native(frame).filter(rows_where("sex==f", frame)).to_native().collect().height
    1
    """
    schema = frame.collect_schema()
    column, value = column_and_value(text)
    if column not in schema:
        raise placed("--where: {fault}", no_column(column, schema))
    if not schema[column].is_numeric():
        return nw.col(column).cast(nw.String) == value
    try:
        return nw.col(column) == float(value)
    except ValueError:
        raise DataError(
            "--where {text!r}: column {column!r} holds numbers, and {value!r} is none",
            text=text,
            column=column,
            value=value,
        ) from None
