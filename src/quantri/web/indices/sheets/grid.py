"""A sheet's values by row and column, upright or turned, that can still name each cell."""

from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

Value = object  # None, text, number, truth or date: whatever a cell holds


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Values of one sheet; when `turned`, its rows are the sheet's columns, so that provinces always lie across."""

    sheet: str
    rows: tuple[tuple[Value, ...], ...]
    turned: bool = False

    @property
    def width(self) -> int:
        """Number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    def at(self, row: int, column: int) -> Value:
        """Value of a cell; None outside what is used."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]

    def text(self, row: int, column: int) -> str:
        """Value of a cell as text; empty for an empty cell."""
        value = self.at(row, column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else " ".join(str(value).split())

    def position(self, row: int, column: int) -> tuple[int, int]:
        """Row and column in the sheet itself, from 1."""
        return (column + 1, row + 1) if self.turned else (row + 1, column + 1)

    def where(self, row: int, column: int) -> str:
        """Name of a cell as people write it, such as ``2023_VIE_ENG!F12``."""
        upright, across = self.position(row, column)
        return f"{self.sheet}!{get_column_letter(across)}{upright}"

    def turn(self) -> "Grid":
        """Exchange rows and columns."""
        columns = tuple(tuple(self.at(r, c) for r in range(len(self.rows))) for c in range(self.width))
        return replace(self, rows=columns, turned=not self.turned)
