"""Columns that must be numbers: a text among them is told with its row, what stands there, and how to mend it."""

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import polars as pl

from quantri.engine.columns import rows_at
from quantri.errors import DataError
from quantri.said import Said


def check_numeric(rows: nw.LazyFrame[Any], columns: Sequence[str]) -> None:
    """Refuse columns of weights and sizes that are of another kind than numbers.

    Raises
    ------
    DataError
        At the first column that is; with the first row of a text where rows have an order.

    Examples
    --------
    >>> check_numeric(nw.from_native(pl.LazyFrame({"w": ["1.5", "abc"]})), ["w"])
    Traceback (most recent call last):
    quantri.errors.DataError: column 'w' must hold numbers such as 1.5, not 'abc' in row 2 below the header: correct it
    """
    schema = rows.collect_schema()
    for column in columns:
        if not schema[column].is_numeric():
            found = _first_text(rows.to_native(), column) or Said("the type {kind}", kind=schema[column])
            raise DataError(
                "column {column!r} must hold numbers such as 1.5, not {found}: correct it",
                column=column,
                found=found,
            )


def _first_text(native: object, column: str) -> str | None:
    """Say which text is no number, or is one that files keep as a code, such as 01."""
    if not isinstance(native, pl.LazyFrame) or native.collect_schema()[column] != pl.String:
        return None
    number = pl.col(column).cast(pl.Float64, strict=False)
    is_text = pl.col(column).is_not_null() & (number.is_null() | pl.col(column).str.contains(r"^0\d"))
    texts = native.select(column).with_row_index("row").filter(is_text).head(1).collect(engine="streaming")
    return None if texts.is_empty() else Said("{found!r} {where}", found=texts[column][0], where=rows_at(texts["row"]))
