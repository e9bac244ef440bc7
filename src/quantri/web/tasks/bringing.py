"""Rows that went out as Excel and come back: what each would change, beside what changed here meanwhile."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quantri.errors import DataError
from quantri.text import fold, nfc
from quantri.web.core.tables import FORMULA_STARTS
from quantri.web.core.workbooks import CellFault, Line, Sheet, address, formulas_in, sheets_of
from quantri.web.tasks.due_days import DayWarning

MOST_ROWS = 5_000
SHOWN = 200  # rows of a kind that a preview lists; the rest is counted
MARK = ("Dấu của hàng", "Mark of the row")
STATES = {
    "conflict": gettext_lazy("changed here meanwhile"), "changed": gettext_lazy("changed"),
    "new": gettext_lazy("new"), "same": gettext_lazy("unchanged"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field that the file changes: as it is here, and as it is in the file."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A row of the file: `key` names the row here (empty: new), `seen` is the mark it has here now."""

    line: int
    key: str
    title: str
    state: str
    seen: str
    plain: dict[str, Any]
    changes: tuple[Change, ...] = ()

    @property
    def field(self) -> str:
        """Name of the form field in which a person chooses between both values."""
        return f"row-{self.key}"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """All rows of a file, or the cells that are faulty; and of which days it is warned."""

    rows: tuple[Brought, ...] = ()
    faults: tuple[CellFault, ...] = ()
    warnings: tuple[DayWarning, ...] = ()

    def of(self, state: str) -> list[Brought]:
        return [row for row in self.rows if row.state == state]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """How many rows are in each state, with its word."""
        return [(state, str(word), len(self.of(state))) for state, word in STATES.items()]

    @property
    def shown(self) -> list[tuple[str, str, list[Brought], int]]:
        """Rows that would change something, by state: the first ones, and how many more there are."""
        found = [(state, str(word), self.of(state)) for state, word in STATES.items() if state != "same"]
        return [(state, word, rows[:SHOWN], max(len(rows) - SHOWN, 0)) for state, word, rows in found if rows]

    @property
    def has_work(self) -> bool:
        return not self.faults and any(row.state != "same" for row in self.rows)

    @property
    def sealed(self) -> list[dict[str, Any]]:
        """What a confirmation needs, as plain values."""
        names = ("key", "state", "seen", "plain")
        return [{name: getattr(row, name) for name in names} for row in self.rows if row.state != "same"]


@dataclass
class Table:
    """The rows below the header of a sheet, cell by cell, and the faults that were found in them."""

    sheet: Sheet
    places: Mapping[str, int]
    header_at: int
    faults: list[CellFault] = field(default_factory=list)

    def rows(self) -> Iterable[tuple[int, dict[str, object]]]:
        """Give each row that is not empty with its number in the sheet."""
        for number, line in enumerate(self.sheet.lines[self.header_at + 1 :], self.header_at + 2):
            if line:
                yield number, {name: _cell(line, place) for name, place in self.places.items()}

    def cell(self, line: int, name: str) -> str:
        """Name the cell of a field in a row."""
        return address(self.places.get(name, 0), line)

    def fault(self, line: int, name: str, said: str) -> None:
        self.faults.append(CellFault(sheet=self.sheet.name, cell=self.cell(line, name), said=said))


def read_table(content: bytes, columns: Mapping[str, Sequence[str]]) -> Table:
    """Read the first sheet; DataError when its header lacks a column, faults for cells with formulas."""
    table = find_table(content, columns, needed=columns, most_rows=MOST_ROWS + 10)
    if table is None:
        headings = "; ".join(names[0] for names in columns.values())
        raise DataError(
            _("No row of the first ten has these headings: %(headings)s. Take the Excel file of this page anew.")
            % {"headings": headings}
        )
    return table


def find_table(
    content: bytes, columns: Mapping[str, Sequence[str]], *, needed: Collection[str], most_rows: int
) -> Table | None:  # fmt: skip
    """Read the first sheet from its header on; None without a row of the columns that are needed."""
    sheets = sheets_of(content, most_rows=most_rows)
    for at, line in enumerate(sheets[0].lines[:10] if sheets else ()):
        places = _places(line, columns)
        if all(name in places for name in needed):
            table = Table(sheet=sheets[0], places=places, header_at=at)
            table.faults += formulas_in(sheets[0])[:100]
            return table
    return None


def text_of(cell: object) -> str:
    """Take the text of a cell; the apostrophe that kept it from being a formula goes away again."""
    text = nfc(str(cell)).replace("\r\n", "\n") if cell is not None else ""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple(FORMULA_STARTS) else text


def typed_of(cell: object) -> str:
    """Take a cell as it would be typed; a day that Excel keeps as one is written out."""
    return f"{cell:%d/%m/%Y}" if isinstance(cell, datetime | date) else text_of(cell)


def number_of(cell: object) -> Decimal | None:
    """Take a number that stands in a cell as one; None for text."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return Decimal(str(cell))


def changes_between(
    before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[Change, ...]:  # fmt: skip
    """Compare two rows field by field, both in words; what ends a line is the same everywhere."""
    old, new = ({name: text.replace("\r\n", "\n") for name, text in each.items()} for each in (before, after))
    return tuple(
        Change(label=label, before=old[name] or "–", after=new[name] or "–")
        for name, label in labels.items() if old[name] != new[name]
    )  # fmt: skip


def state_of(*, is_new: bool, is_stale: bool, changes: Sequence[Change]) -> str:
    """Say what a row would do: a row that changed here since the file went out is a conflict, unless both agree."""
    if is_new:
        return "new"
    if not changes:
        return "same"
    return "conflict" if is_stale else "changed"


def chosen(sealed: Iterable[Mapping[str, Any]], choices: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Keep the rows that act: of conflicts only those for which the person chose the file."""
    return [row for row in sealed if row["state"] != "conflict" or choices.get(f"row-{row['key']}") == "file"]


def _cell(line: Line, place: int) -> object:
    return line[place] if place < len(line) else None


def _places(line: Line, columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    keys = {fold(cell): place for place, cell in enumerate(line) if isinstance(cell, str)}
    return {name: keys[fold(h)] for name, headings in columns.items() for h in headings if fold(h) in keys}
