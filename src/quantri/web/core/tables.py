"""A table as a file: CSV that spreadsheets open with its Vietnamese letters, and XLSX with real numbers."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell = str | int | float | date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = "=+-@\t\r"
LONGEST_TEXT = 32_766  # letters of a cell of Excel, without the apostrophe before a text that begins like a formula


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Answer with a CSV file; the byte-order mark tells Excel that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([["" if cell is None else _plain(cell) for cell in row] for row in rows])
    return _download(text.getvalue().encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8")


def xlsx_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], notes: Sequence[str]) -> HttpResponse:
    """Answer with a workbook: one sheet of the rows, and one that says what they are."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Quantri"
    sheet.append(list(header))
    for row in rows:
        sheet.append([_plain(cell) for cell in row])
    for n in range(1, len(header) + 1):
        sheet.cell(row=1, column=n).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(n)].width = 26 if n == 1 else 14
    sheet.freeze_panes = "B2"
    about = book.create_sheet("Source")
    about.column_dimensions["A"].width = 110
    for note in notes:
        about.append([_plain(note)])
    out = io.BytesIO()
    book.save(out)
    return _download(out.getvalue(), f"{name}.xlsx", XLSX)


def notes_of_demonstration(rows: Iterable[object]) -> list[str]:
    """Say that made-up rows are in a file, if one of these is of a demonstration."""
    is_any = any(getattr(row, "is_demonstration", False) for row in rows)
    return [_("Demonstration: what is marked so in this file is made up.")] if is_any else []


def _plain(cell: Cell) -> Cell:
    """Keep a text from being read as a formula, and leave out what no spreadsheet may hold."""
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell.replace("\r\n", "\n"))
    return f"'{text}" if text[:1] in FORMULA_STARTS and text else text


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
