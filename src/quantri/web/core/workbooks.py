"""A workbook that somebody sends: opened with care, its visible sheets as lines of cells."""

import io
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_from_string

from quantri.errors import DataError
from quantri.text import fold

MOST_BYTES_UNPACKED = 50_000_000
MOST_SHEETS = 20

Line = list[object]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A visible sheet: its name, and the values of its rows from the first on."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class CellFault:
    """What is wrong, and in which cell."""

    sheet: str
    cell: str
    said: str

    @property
    def line(self) -> int:
        """Row of the sheet in which the cell stands."""
        return coordinate_from_string(self.cell)[1]


def sheets_of(content: bytes, *, most_rows: int, most_columns: int = 30) -> list[Sheet]:
    """Read the sheets of an .xlsx file; DataError for macros, hidden sheets, too many rows, or another kind of file.

    A cell that holds a formula is given as the text of the formula, which begins with an equals sign.
    """
    _check_package(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True)
        found = book.worksheets
        hidden = [sheet.title for sheet in found if sheet.sheet_state != "visible"]
        if len(found) > MOST_SHEETS:
            facts = {"n": MOST_SHEETS}
            raise DataError(_("The file has more than %(n)s sheets. Keep only those of the template.") % facts)
        if hidden:
            raise DataError(
                _("The sheet “%(name)s” is hidden. Show it or delete it, so that nothing comes in unseen.")
                % {"name": hidden[0][:60]}
            )
        return [_sheet(sheet, most_rows, most_columns) for sheet in found]
    except DataError:
        raise
    except Exception as fault:
        raise DataError(_("This is not an .xlsx spreadsheet that can be opened. Save it again as .xlsx.")) from fault


def percents_in(content: bytes, name: str, *, most_rows: int, most_columns: int = 30) -> frozenset[str]:
    """Name the cells of a sheet that show a number as percent: 95,5 % is kept as 0.955. Call `sheets_of` before."""
    book = load_workbook(io.BytesIO(content), read_only=True)
    rows = book[name].iter_rows(max_row=most_rows, max_col=most_columns)
    return frozenset(
        address(cell.column - 1, cell.row)
        for row in rows
        for cell in row
        if cell.value is not None and "%" in str(cell.number_format)
    )


def named(sheets: list[Sheet], *names: str) -> Sheet | None:
    """Return the sheet that bears one of the names, with or without marks."""
    wanted = {fold(name) for name in names}
    return next((sheet for sheet in sheets if fold(sheet.name) in wanted), None)


def address(column: int, row: int) -> str:
    """Name a cell as a spreadsheet does; column from 0, row from 1."""
    return f"{get_column_letter(column + 1)}{row}"


def formulas_in(sheet: Sheet) -> list[CellFault]:
    """Name the cells that hold a formula: what it gives depends on who opens the file."""
    return [
        CellFault(sheet=sheet.name, cell=address(c, r), said=_("This cell holds a formula. Paste its value instead."))
        for r, line in enumerate(sheet.lines, 1)
        for c, cell in enumerate(line)
        if isinstance(cell, str) and cell.startswith("=")
    ]


def _check_package(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except zipfile.BadZipFile as fault:
        raise DataError(_("This is not an .xlsx spreadsheet that can be opened. Save it again as .xlsx.")) from fault
    if any(entry.filename.endswith("vbaProject.bin") for entry in entries):
        raise DataError(_("The file holds macros. Save it as .xlsx without macros."))
    if sum(entry.file_size for entry in entries) > MOST_BYTES_UNPACKED:
        raise DataError(_("The file unpacks to more than 50 MB. Save only the sheets of the template."))


def _sheet(sheet: object, most_rows: int, most_columns: int) -> Sheet:
    lines = [_line(row) for row in sheet.iter_rows(max_row=most_rows + 1, max_col=most_columns, values_only=True)]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > most_rows:
        raise DataError(
            _("The sheet “%(name)s” has more than %(n)s rows. Split it.") % {"name": sheet.title[:60], "n": most_rows}
        )
    return Sheet(name=sheet.title, lines=tuple(lines))


def _line(row: tuple[object, ...]) -> Line:
    """Give the cells of a row up to the last that holds something."""
    filled = [n for n, cell in enumerate(row, 1) if cell not in (None, "")]
    return list(row[: max(filled, default=0)])
