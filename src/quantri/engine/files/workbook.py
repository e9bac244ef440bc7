"""An Excel workbook: one sheet, its names of columns in the first row, read a part at a time."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quantri.engine.files.columns import choose_columns, name_columns
from quantri.engine.files.content import Content
from quantri.engine.files.envelope import BROKEN, EnvelopeBounds, EnvelopeFault, find_envelope_fault
from quantri.errors import DataError
from quantri.said import Said
from quantri.text import nfc

if TYPE_CHECKING:
    import polars as pl

BOUNDS = EnvelopeBounds(n_bytes=2**30, n_text_bytes=2**27, n_entries=10_000, n_tags=60_000_000)
_MAX_ROWS = 2**20  # Excel's own
_PART = 10_000
_DAMAGED = Said("the file is damaged or cut off; copy it again, or open it in Excel and save it as .xlsx")
_SENTENCES = {
    EnvelopeFault.OLD_OR_LOCKED: Said(
        "an old Excel file (.xls) or one with a password; save it as .xlsx without a password"
    ),
    EnvelopeFault.NO_WORKBOOK: Said("this is no Excel workbook; open it in Excel and save it as .xlsx"),
    EnvelopeFault.MACROS: Said("the workbook holds macros; save it as .xlsx without macros"),
    EnvelopeFault.TOO_BIG: Said("the workbook is too big; save the sheet as CSV UTF-8 and read that"),
    EnvelopeFault.TRICKS: Said("the workbook holds XML definitions that Excel never writes; save it again in Excel"),
    EnvelopeFault.DAMAGED: _DAMAGED,
}


def read_workbook(path: Path, columns: Sequence[str] | None, sheet: str | None) -> Content:
    """Read one sheet of an ``.xlsx``.

    Parameters
    ----------
    path : Path
        The workbook.
    columns : sequence of str or None
        Those to read, all for None.
    sheet : str or None
        Name of the sheet; the first that is not hidden for None.

    Returns
    -------
    Content
        A column is a number (Int64, Float64), a truth or a date if all its cells are, else text. Of formulas the
        value that was saved counts. Empty is null; empty rows at the end are left out.

    Raises
    ------
    DataError
        If the file is no sound workbook, is too big, lacks the sheet or rows; as `name_columns`, `choose_columns`.
    """
    import openpyxl  # type: ignore[import-untyped]
    import polars as pl

    with path.open("rb") as file:
        if fault := find_envelope_fault(file, path.name, BOUNDS):
            raise DataError("{file}: {fault}", file=path.name, fault=_SENTENCES[fault])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles, which do not matter here
                with closing(openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)) as book:
                    chosen = _choose(book, sheet, path.name)
                    header = _header(chosen)
                    every = name_columns(header, path.name)
                    places = choose_columns(every, columns, path.name)
                    parts = list(_parts(_filled(chosen, len(header), path.name), places))
        except DataError:
            raise
        except BROKEN:
            raise DataError("{file}: {fault}", file=path.name, fault=_DAMAGED) from None
    if not parts:
        raise DataError("{file}: no rows below the header; choose the sheet that holds the answers", file=path.name)
    return Content(frame=pl.concat(_alike(parts)).lazy(), columns=tuple(every), first_row=2)


def _choose(book: Any, sheet: str | None, name: str) -> Any:
    if sheet is None:
        chosen = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if chosen is None:
            raise DataError("{file}: every sheet is hidden; show the one that holds the answers", file=name)
    else:
        titles = {nfc(one.title): one for one in book.worksheets}
        if nfc(sheet) not in titles:
            raise DataError(
                "{file}: no sheet {sheet!r}; choose one of {choices}", file=name, sheet=sheet, choices=", ".join(titles)
            )
        chosen = titles[nfc(sheet)]
    chosen.reset_dimensions()  # what the file says about its own size may be wrong
    return chosen


def _header(sheet: Any) -> list[str]:
    """Give the names in the first row up to the last that is written."""
    header = ["" if cell is None else str(cell) for cell in next(sheet.iter_rows(max_row=1, values_only=True), ())]
    while header and not header[-1].strip():
        header.pop()
    return header


def _parts(rows: Iterator[tuple[Any, ...]], places: dict[str, int]) -> "Iterator[pl.DataFrame]":
    import polars as pl

    while part := list(islice(rows, _PART)):
        cells = list(zip(*part, strict=True))
        yield pl.DataFrame([_series(column, cells[place]) for column, place in places.items()])


def _filled(sheet: Any, width: int, name: str) -> Iterator[tuple[Any, ...]]:
    """Rows of the header's width, without the empty ones at the end."""
    rows = sheet.iter_rows(min_row=2, max_col=width + 1, values_only=True)
    empty = 0
    for n, row in enumerate(rows, 2):
        if n > _MAX_ROWS:
            raise DataError("{file}: the sheet has more rows than Excel can hold; save it again in Excel", file=name)
        if all(cell is None for cell in row):
            empty += 1
            continue
        if empty:
            raise DataError("{file}: row {row} is empty; delete it", file=name, row=n - 1)
        if row[width] is not None:
            raise DataError(
                "{file}: row {row} has a value to the right of the last column's name; delete or name it",
                file=name,
                row=n,
            )
        yield row[:width]


def _series(name: str, cells: tuple[Any, ...]) -> "pl.Series":
    """One column of one part; numbers, truths and dates stay what they are unless they are mixed with others."""
    import polars as pl

    kinds = {type(cell) for cell in cells} - {type(None)}
    if kinds <= {int} and all(abs(cell) < 2**63 for cell in cells if cell is not None):
        return pl.Series(name, cells, dtype=pl.Int64 if kinds else pl.Null)
    if kinds <= {int, float}:
        return pl.Series(name, cells, dtype=pl.Float64, strict=False).fill_nan(None)
    if kinds == {bool} or kinds == {datetime}:
        return pl.Series(name, cells)
    return pl.Series(name, [_text(cell) for cell in cells], dtype=pl.String)


def _text(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return None if cell is None else nfc(str(cell)) or None


def _alike(parts: "list[pl.DataFrame]") -> "list[pl.DataFrame]":
    """Give each column one type in all parts: text where kinds are mixed."""
    import polars as pl

    types: dict[Any, Any] = {}
    for column in parts[0].columns:
        found = {part.schema[column] for part in parts} - {pl.Null()}
        numbers = all(kind.is_numeric() for kind in found)
        types[column] = next(iter(found), pl.Null()) if len(found) <= 1 else pl.Float64() if numbers else pl.String()
    return [part.cast(types) for part in parts]
