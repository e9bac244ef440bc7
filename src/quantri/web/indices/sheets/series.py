"""The values of one line by province, with the name of each cell."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from quantri.web.indices.sheets.cells import CellError, n_decimals
from quantri.web.indices.sheets.faults import Findings
from quantri.web.indices.sheets.grid import Value
from quantri.web.indices.sheets.layout import Line
from quantri.web.indices.sheets.places import Places
from quantri.web.indices.sheets.workbook import Details

ReadCell = Callable[[Value], float | None]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is known of a sheet beside its values."""

    places: Places
    details: Details


@dataclass(frozen=True, kw_only=True)
class Series:
    """Values of a line by unit key; None is withheld, and `bad` are those that could not be read."""

    line: Line
    values: dict[str, float | None]
    cells: dict[str, str]
    bad: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not self.bad and all(value is None for value in self.values.values())

    @cached_property
    def n_decimals(self) -> int:
        """Decimals with which the line is printed; a single figure may end in zeros."""
        return max((n_decimals(value) for value in self.values.values() if value is not None), default=2)

    def rounding(self, key: str) -> float:
        """How far a figure may be from what it was before it was printed."""
        value = self.values[key]
        digits = 2 if value is not None and n_decimals(value) == 2 else self.n_decimals
        return 0.5 * 10**-digits


def read_series(line: Line, ground: Ground, read: ReadCell, findings: Findings) -> Series:
    """Read a line's cells; what cannot be read becomes a fault with its cell."""
    values: dict[str, float | None] = {}
    cells: dict[str, str] = {}
    bad = set()
    for column, unit in ground.places.columns.items():
        cells[unit.key] = line.grid.where(line.row, column)
        values[unit.key] = None
        try:
            values[unit.key] = _value(line, column, ground, read)
        except CellError as fault:
            bad.add(unit.key)
            findings.fault(cells[unit.key], str(fault))
    _say_merged(line, ground, findings)
    return Series(line=line, values=values, cells=cells, bad=frozenset(bad))


def _value(line: Line, column: int, ground: Ground, read: ReadCell) -> float | None:
    value = line.grid.at(line.row, column)
    if value is None and line.grid.position(line.row, column) in ground.details.formulas:
        raise CellError(_("The formula has no stored result; open the file in Excel, save it and import it again."))
    return read(value)


def _say_merged(line: Line, ground: Ground, findings: Findings) -> None:
    positions = [line.grid.position(line.row, column) for column in ground.places.columns]
    for merged in ground.details.merged:
        if any(position in merged for position in positions):
            text = _("The range is merged over scores, so all but one are hidden; unmerge it and fill in each cell.")
            findings.fault(f"{line.grid.sheet}!{merged.ref}", text)


def say_strays(line: Line, ground: Ground, findings: Findings) -> None:
    """Point at numbers in a line of scores that stand under no province."""
    known = ground.places.columns.keys() | ground.places.left_out
    first = min(ground.places.columns, default=line.grid.width)
    for column in range(first, line.grid.width):
        if column not in known and isinstance(line.grid.at(line.row, column), int | float):
            text = _("A number stands under no province; name the province or delete the number.")
            findings.fault(line.grid.where(line.row, column), text)
