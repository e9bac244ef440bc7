"""Open a workbook as grids of values, within bounds; formulas and merged ranges of a sheet on request."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from quantri.engine.files.envelope import BROKEN
from quantri.errors import DataError
from quantri.text import nfc
from quantri.web.indices.sheets.envelope import broken, check_envelope
from quantri.web.indices.sheets.grid import Grid, Value

MAX_ROWS = 3000
MAX_COLUMNS = 500
MAX_CELLS = 600_000  # an official workbook with all its earlier years has some 70,000
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]+\d+:[A-Z]+\d+)["']""")


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A merged range by its first and last row and column, from 1."""

    ref: str
    rows: range
    columns: range

    def __contains__(self, position: tuple[int, int]) -> bool:
        return position[0] in self.rows and position[1] in self.columns


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """The visible sheets of a file, as values; text is NFC."""

    name: str
    content: bytes
    grids: tuple[Grid, ...]

    def details(self, sheet: str) -> "Details":
        """Look a second time at a sheet that was chosen."""
        with _opened(self.content, self.name, values=False) as book:
            book[sheet].reset_dimensions()
            cells = (cell for row in book[sheet].iter_rows() for cell in row)
            formulas = frozenset((cell.row, cell.column) for cell in cells if cell.data_type == "f")
            path = book[sheet]._worksheet_path
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            refs = _MERGED.findall(archive.read(path))  # openpyxl's light reader leaves merged ranges out
        return Details(formulas=formulas, merged=tuple(_merged(ref.decode()) for ref in refs))


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a sheet holds beside its values: cells with a formula, by row and column from 1, and merged ranges."""

    formulas: frozenset[tuple[int, int]]
    merged: tuple[Merged, ...]


def open_workbook(content: bytes, name: str) -> Workbook:
    """Read the values of all visible sheets; DataError when the file is no sound .xlsx or too big."""
    check_envelope(content, name)
    budget = MAX_CELLS
    grids = []
    with _opened(content, name, values=True) as book:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()  # what the file says about its own size may be wrong
                grid = _grid(sheet.title, sheet.iter_rows(values_only=True), budget, name)
                budget -= sum(len(row) for row in grid.rows)
                grids.append(grid)
    return Workbook(name=name, content=content, grids=tuple(grids))


@contextmanager
def _opened(content: bytes, name: str, *, values: bool) -> Iterator[OpenpyxlWorkbook]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles, which do not matter here
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except DataError:
        raise
    except BROKEN:
        raise broken(name) from None


def _grid(sheet: str, rows: Iterator[tuple[Value, ...]], budget: int, name: str) -> Grid:
    kept = []
    for n, row in enumerate(rows, 1):
        cells = _trimmed(row)
        budget -= len(cells)
        if n > MAX_ROWS or len(cells) > MAX_COLUMNS or budget < 0:
            text = _(
                "%(name)s: sheet %(sheet)s uses more than %(rows)s rows or %(columns)s columns, or the workbook has "
                "too many cells; keep only the table of results and delete the rest."
            )
            raise DataError(text % {"name": name, "sheet": sheet, "rows": MAX_ROWS, "columns": MAX_COLUMNS})
        kept.append(cells)
    while kept and not kept[-1]:
        kept.pop()
    return Grid(sheet=sheet, rows=tuple(kept))


def _trimmed(row: tuple[Value, ...]) -> tuple[Value, ...]:
    cells = [(nfc(value) or None) if isinstance(value, str) else value for value in row]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def _merged(ref: str) -> Merged:
    left, top, right, bottom = range_boundaries(ref)
    return Merged(ref=ref, rows=range(top, bottom + 1), columns=range(left, right + 1))
