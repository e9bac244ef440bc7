"""Columns of a table as numbers, truths and names; a fault names its rows."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from quantri.errors import DataError
from quantri.said import Said, listed
from quantri.text import fold

TRUTHS = {"1": True, "true": True, "yes": True, "co": True, "0": False, "false": False, "no": False, "khong": False}


def numbers(column: pl.Series) -> pl.Series:
    """Read a column as numbers, Float64; what is none becomes null.

    Examples
    --------
    >>> numbers(pl.Series(["1.5", " 2 ", "x"])).to_list()
    [1.5, 2.0, None]
    """
    text = column.str.strip_chars() if column.dtype == pl.String else column
    return text.cast(pl.Float64, strict=False)


def positive_numbers(column: pl.Series, what: str) -> NDArray[np.float64]:
    """Read a column of numbers above 0; `what` names it in the fault.

    Raises
    ------
    DataError
        If one is missing, no number, or not above 0.

    Examples
    --------
    >>> positive_numbers(pl.Series("w", ["1", "0"]), "base weight 'w'")
    Traceback (most recent call last):
    quantri.errors.DataError: base weight 'w' must be a number above 0, not '0' in row 2 below the header
    """
    read = numbers(column)
    bad = (read.is_null() | ~(read > 0) | read.is_infinite()).fill_null(value=True).arg_true()
    if len(bad):
        raise DataError(
            "{what} must be a number above 0, not {found!r} {rows}", what=what, found=column[bad[0]], rows=rows_at(bad)
        )
    return read.to_numpy()


def truths(column: pl.Series, what: str) -> NDArray[np.bool_]:
    """Read a column of truths: 1 or 0, true or false, yes or no, có or không.

    Raises
    ------
    DataError
        If one is something else, or missing.

    Examples
    --------
    >>> truths(pl.Series(["1", "false", "Có"]), "certainty 'capital'")
    array([ True, False,  True])
    """
    known = {value: TRUTHS.get(fold(str(value))) for value in column.unique()}
    marks = [known[value] for value in column]
    bad = [n for n, mark in enumerate(marks) if mark is None]
    if bad:
        raise DataError(
            "{what} must be true or false (1 or 0), not {found!r} {rows}",
            what=what,
            found=column[bad[0]],
            rows=rows_at(bad),
        )
    return np.array(marks, dtype=bool)


def check_filled(column: pl.Series) -> None:
    """Refuse a column of names with an empty one; DataError names the rows."""
    empty = (column.is_null() | (column.cast(pl.String).str.strip_chars() == "")).fill_null(value=True).arg_true()
    if len(empty):
        raise DataError(
            "{column!r} is empty {rows}; fill it, or leave out the rows", column=column.name, rows=rows_at(empty)
        )


def sort_key(column: pl.Series) -> pl.Series:
    """Order by number where all are numbers, else as text."""
    as_number = numbers(column)
    return column.cast(pl.String) if as_number.null_count() > column.null_count() else as_number


def rows_at(positions: Sequence[int] | pl.Series) -> str:
    """Say in which rows, the first ones by number.

    Examples
    --------
    >>> rows_at([0, 4])
    'in rows 1, 5 below the header'
    """
    places = listed(list(positions), write=lambda n: str(int(n) + 1))
    if len(positions) == 1:
        return Said("in row {row} below the header", row=places)
    return Said("in rows {rows} below the header", rows=places)
