"""Figures in a spreadsheet: a template with the communes filled in, and a sheet read with the faults of each cell."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from quantri.errors import DataError
from quantri.text import fold, nfc
from quantri.web.core.workbooks import CellFault, Sheet, address, percents_in, sheets_of
from quantri.web.figures.matching import Meant, Register
from quantri.web.figures.models import Measure
from quantri.web.figures.numbers import number_in
from quantri.web.places.models import Unit

MOST_ROWS, MOST_COLUMNS, MOST_HEADER_ROWS = 1500, 40, 12
CODE = {fold(word) for word in ("Mã", "Mã xã", "Mã đơn vị", "Mã ĐVHC", "Code")}
NAME = {fold(word) for word in ("Tên", "Xã, phường, đặc khu", "Tên xã", "Tên đơn vị", "Đơn vị", "Xã, phường", "Name")}
NOTE = {fold(word) for word in ("Ghi chú", "Note")}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the sheet: the place that it means, and the values that are there by the measure's code."""

    row: int
    code: str
    name: str
    meant: Meant
    note: str
    values: dict[str, Decimal]


@dataclass(kw_only=True)
class Reading:
    """All that a sheet holds: lines, faults by cell, and what a reader should know before keeping it."""

    measures: list[Measure] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # columns that name no measure
    n_written: int = 0  # numbers that were texts
    n_percent: int = 0  # cells shown as percent
    missing: list[Unit] = field(default_factory=list)  # communes without a row

    @property
    def bare(self) -> list[Line]:
        """Lines that were matched without marks."""
        return [line for line in self.lines if line.meant.how == "bare_name"]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Where everything stands in a sheet."""

    code: int | None
    name: int | None
    note: int | None
    measures: dict[int, Measure]
    ends: int  # last row of headings, from 1
    others: dict[int, str]


def template(communes: Sequence[Unit], measures: Sequence[Measure]) -> bytes:
    """Make the sheet that people fill in: one row a commune, one column a measure."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Số liệu"
    sheet.append(["Mã", "Xã, phường, đặc khu", *(m.name_vi for m in measures), "Ghi chú"])
    for unit in communes:
        sheet.append([unit.code, unit.title])
    for n, cell in enumerate(sheet[1], 1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(n)].width = 10 if n == 1 else 28
    sheet.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_figures(content: bytes, measures: Sequence[Measure], register: Register) -> Reading:
    """Read the first sheet that has the headings; DataError when none has."""
    for sheet in sheets_of(content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS):
        heading, doubled = _heading(sheet, measures)
        if heading:
            percents = percents_in(content, sheet.name, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
            return _Reader(sheet, heading, register, percents).read(doubled)
    raise DataError(
        _("No sheet has a column of codes or names and one that bears a measure's name. Take the template.")
    )


def _heading(sheet: Sheet, measures: Sequence[Measure]) -> tuple[Heading | None, list[CellFault]]:
    """Find the headings, in one row or over several merged ones."""
    titles = {fold(text): m for m in measures for text in (m.code, m.name_vi, m.name_en) if text}
    at: dict[str, int] = {}
    found: dict[int, Measure] = {}
    others, doubled, ends = {}, [], 0
    for r, cells in enumerate(sheet.lines[:MOST_HEADER_ROWS], 1):
        for c, cell in enumerate(cells):
            key = fold(cell) if isinstance(cell, str) else ""
            part = next((p for p, words in (("code", CODE), ("name", NAME), ("note", NOTE)) if key in words), "")
            if part and part not in at:
                at[part], ends = c, max(ends, r)
            elif key in titles and titles[key] in found.values():
                said = _("This measure has another column already.")
                doubled.append(CellFault(sheet=sheet.name, cell=address(c, r), said=said))
            elif key in titles and c not in found:
                found[c], ends = titles[key], max(ends, r)
    if not found or not at.keys() & {"code", "name"}:
        return None, []
    for cells in sheet.lines[:ends]:
        others |= {c: nfc(str(cell)) for c, cell in enumerate(cells) if cell not in (None, "")}
    known = {*found, *at.values()}
    unknown = {c: text for c, text in others.items() if c not in known and _is_filled(sheet, c, ends)}
    return Heading(code=at.get("code"), name=at.get("name"), note=at.get("note"), measures=found, ends=ends,
                   others=unknown), doubled  # fmt: skip


def _is_filled(sheet: Sheet, column: int, ends: int) -> bool:
    return any(_cell(cells, column) not in (None, "") for cells in sheet.lines[ends:])


class _Reader:
    """Reads the rows below the headings into a `Reading`."""

    def __init__(self, sheet: Sheet, heading: Heading, register: Register, percents: frozenset[str]) -> None:
        self.sheet, self.heading, self.register, self.percents = sheet, heading, register, percents
        self.reading = Reading(measures=list(heading.measures.values()), left_out=list(heading.others.values()))

    def read(self, doubled: list[CellFault]) -> Reading:
        known = {*self.heading.measures, self.heading.code, self.heading.name, self.heading.note} - {None}
        self.reading.faults += doubled
        for r, cells in enumerate(self.sheet.lines[self.heading.ends :], self.heading.ends + 1):
            if any(_cell(cells, c) not in (None, "") for c in known):
                self._line(r, cells)
        self._find_doubles()
        there = {line.meant.place for line in self.reading.lines}
        self.reading.missing = [unit for unit in self.register.communes if unit not in there]
        if not self.reading.lines and not self.reading.faults:
            raise DataError(_("There is no row of figures below the headings."))
        return self.reading

    def _line(self, r: int, cells: list[object]) -> None:
        code, name, note = (self._text(r, cells, c) for c in (self.heading.code, self.heading.name, self.heading.note))
        values = self._values(r, cells)
        if not code and not name:
            self._fault(self._at, r, _("There are figures, but no code or name of a commune. Are cells merged?"))
            return
        meant = self.register.meant(code, name)
        if meant.place is None:
            self._fault(self._at, r, _unclear(meant))
        line = Line(row=r, code=code, name=name[:200], meant=meant, note=note[:300], values=values)
        self.reading.lines.append(line)

    @property
    def _at(self) -> int:
        """Column by which a row is named."""
        return self.heading.name if self.heading.name is not None else self.heading.code

    def _text(self, r: int, cells: list[object], column: int | None) -> str:
        cell = None if column is None else _cell(cells, column)
        if self._is_formula(r, column, cell):
            return ""
        return "" if cell is None else nfc(str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell))

    def _values(self, r: int, cells: list[object]) -> dict[str, Decimal]:
        values = {}
        for column, measure in self.heading.measures.items():
            cell = _cell(cells, column)
            if self._is_formula(r, column, cell):
                continue
            try:
                number = number_in(cell, measure, is_percent=address(column, r) in self.percents)
            except DataError as fault:
                self._fault(column, r, str(fault))
                continue
            if number is not None:
                values[measure.code] = number.value
                self.reading.n_written += number.how == "text"
                self.reading.n_percent += number.how == "percent"
        return values

    def _is_formula(self, r: int, column: int | None, cell: object) -> bool:
        if not isinstance(cell, str) or not cell.startswith("="):
            return False
        self._fault(column, r, _("This cell holds a formula. Paste its value instead."))
        return True

    def _find_doubles(self) -> None:
        """Name every row whose commune stands in an earlier one too."""
        first: dict[object, int] = {}
        for line in self.reading.lines:
            if line.meant.place is None:
                continue
            earlier = first.setdefault(line.meant.place, line.row)
            if earlier != line.row:
                told = _("%(name)s stands in row %(row)s already.") % {"name": line.meant.place, "row": earlier}
                self._fault(self._at, line.row, told)

    def _fault(self, column: int, r: int, said: str) -> None:
        self.reading.faults.append(CellFault(sheet=self.sheet.name, cell=address(column, r), said=said))


def _unclear(meant: Meant) -> str:
    """Say why a row means no place, and which it may mean."""
    told = ", ".join(f"{getattr(p, 'title', p)} ({getattr(p, 'code', '–')})" for p in meant.candidates[:5])
    if meant.how == "conflict":
        return _("Code and name do not belong together; it may be: %(places)s.") % {"places": told}
    if meant.how == "ambiguous":
        return _("Several places bear this name: %(places)s. Write the code.") % {"places": told}
    return _("No commune or agency of the province bore this name or code at the end of the period.")


def _cell(cells: list[object], column: int) -> object:
    return cells[column] if column < len(cells) else None
