"""CSV: UTF-8 text whose separator and decimal sign are seen from its first rows; read as a stream."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.engine.files.columns import choose_columns, name_columns
from quantri.engine.files.content import Content
from quantri.engine.files.fields import count_rows, refuse_zero
from quantri.errors import DataError

if TYPE_CHECKING:
    import polars as pl

_SAMPLE = 2**20
_POINT = re.compile(r"[;\n]-?\d+\.\d+(?=[;\r\n])")


def read_separated(path: Path, columns: Sequence[str] | None) -> Content:
    """Read a CSV lazily, once its bytes have been checked and the kind of each column is known.

    Parameters
    ----------
    path : Path
        UTF-8 with or without a byte order mark; the header in the first row; fields separated by comma, semicolon or
        tab, whichever the header has most of. Behind semicolons numbers have a decimal comma, unless the first rows
        show decimal points.
    columns : sequence of str or None
        Those to read, all for None.

    Returns
    -------
    Content
        A column is Int64 or Float64 if each of its values is a number, else String; numbers with a leading zero
        (codes such as ``01``) stay text. Empty is null.

    Raises
    ------
    DataError
        As `count_rows`, `name_columns` and `choose_columns`; if there is no row below the header.
    """
    layout = _layout(path, columns)
    frame = _typed(_texts(path, layout), layout.point)
    return Content(frame=frame, columns=layout.every, first_row=2)


def read_separated_texts(path: Path) -> Content:
    """Read a CSV lazily, every column as text, so that ``1.10`` stays another name than ``1.1``; empty is null.

    Raises
    ------
    DataError
        As `read_separated`.
    """
    layout = _layout(path, None)
    return Content(frame=_texts(path, layout), columns=layout.every, first_row=2)


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """How the file is written, and where the columns wanted stand."""

    separator: str
    point: str
    every: tuple[str, ...]
    places: dict[str, int]
    n_rows: int


def _layout(path: Path, columns: Sequence[str] | None) -> _Layout:
    """See the layout from the first rows, and check every byte."""
    sample = _sample(path)
    separator = max(",;\t", key=sample.partition("\n")[0].count)
    header = _header(sample, separator, path.name)
    every = name_columns(header, path.name)
    places = choose_columns(every, columns, path.name)
    n_rows = count_rows(path, separator, len(header))
    if not n_rows:
        raise DataError("{file}: no rows below the header; choose the file that holds the answers", file=path.name)
    has_comma = separator == ";" and not _POINT.search(sample)
    return _Layout(
        separator=separator, point="," if has_comma else ".", every=tuple(every), places=places, n_rows=n_rows
    )


def _sample(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or start[:1] == b"\0" or start[1:2] == b"\0":  # with or without its mark
        raise DataError(
            "{file}: the text is UTF-16, not UTF-8; save it as UTF-8 (in Excel: Save As, CSV UTF-8)", file=path.name
        )
    refuse_zero(start, path.name)
    return start.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")


def _header(sample: str, separator: str, name: str) -> list[str]:
    try:
        header = next(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), [])
    except csv.Error as fault:
        raise DataError(
            "{file}: the header cannot be read ({reason}); save the file as CSV UTF-8", file=name, reason=fault
        ) from None
    if "\r" in sample.partition("\n")[0].rstrip("\r"):
        raise DataError(
            "{file}: lines end with a carriage return alone; save the file with line ends of today", file=name
        )
    return header


def _texts(path: Path, layout: _Layout) -> "pl.LazyFrame":
    """All values as text, under their names in NFC."""
    import polars as pl

    scan = pl.scan_csv(path, separator=layout.separator, infer_schema=False, n_rows=layout.n_rows, glob=False)
    return scan.select(pl.nth(place).alias(column) for column, place in layout.places.items())


def _typed(texts: "pl.LazyFrame", point: str) -> "pl.LazyFrame":
    """Make numbers of columns in which each text is one; a pass finds whole numbers, a second one the others."""
    import polars as pl

    names = texts.collect_schema().names()
    whole = {column: pl.col(column).cast(pl.Int64, strict=False) for column in names}
    ints = _fitting(texts, whole)
    others = {column: _decimal(pl.col(column), point) for column in names if column not in ints}
    floats = _fitting(texts, others)
    return texts.with_columns(*ints.values(), *(number.fill_nan(None) for number in floats.values()))


def _fitting(texts: "pl.LazyFrame", numbers: "dict[str, pl.Expr]") -> "dict[str, pl.Expr]":
    """Keep the numbers that can stand for every text of their column; ``01`` is a code, no number."""
    import polars as pl

    if not numbers:
        return {}
    unfit = {
        column: (number.is_null() & pl.col(column).is_not_null())
        | (pl.col(column).str.starts_with("0") & (number >= 1))
        for column, number in numbers.items()
    }
    found = texts.select(test.any().alias(column) for column, test in unfit.items()).collect(engine="streaming")
    is_unfit = found.row(0, named=True)
    return {column: number for column, number in numbers.items() if not is_unfit[column]}


def _decimal(column: "pl.Expr", point: str) -> "pl.Expr":
    import polars as pl

    with_point = column if point == "." else column.str.replace(point, ".", literal=True)
    return with_point.cast(pl.Float64, strict=False)
