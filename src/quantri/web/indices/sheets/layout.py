"""The table of a sheet: its head of provinces and its lines of components, whichever way it lies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from quantri.engine.definition import IndexDefinition
from quantri.engine.results import Unit
from quantri.text import fold
from quantri.web.indices.sheets.grid import Grid
from quantri.web.indices.sheets.labels import Kind, Mark, plain, read_labels
from quantri.web.indices.sheets.places import HEAD_ROWS, Head, find_head

_SCALE = re.compile(r"^\d+(?:[.,]\d+)?\s*%?\s*[-–—]\s*\d+(?:[.,]\d+)?\s*%?\s*(?:diem|points?|diem/points?)?$")
_SCALE_HEADING = re.compile(r"thang diem|scale")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line across the provinces, with its printed labels."""

    grid: Grid
    row: int
    kind: Kind
    code: str
    label_en: str
    label_vi: str
    scale: str

    @property
    def where(self) -> str:
        """Name of the cell at which the line begins."""
        return self.grid.where(self.row, 0)


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Columns of a grid that hold a line's English name, its Vietnamese name and its scale."""

    english: int | None
    vietnamese: int | None
    scale: int | None
    every: tuple[int, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Table:
    """One sheet's head and lines, in the order of the sheet."""

    head: Head
    lines: tuple[Line, ...]

    @property
    def sheet(self) -> str:
        """Name of the tab."""
        return self.head.grid.sheet

    @property
    def in_rows(self) -> bool:
        """Whether the provinces stand in rows."""
        return self.head.grid.turned

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of the components that have a line."""
        return frozenset(line.code for line in self.lines if line.kind == "score")

    @property
    def years(self) -> frozenset[int]:
        """Years that the tab names."""
        return years_in(self.sheet)


def years_in(text: str) -> frozenset[int]:
    """Years that a name of a file or a tab holds.

    Examples
    --------
    >>> sorted(years_in("2019_PAPI_Provincial_indicators2019_20200402.xlsx"))
    [2019]
    """
    return frozenset(int(year) for year in _YEAR.findall(text))


def find_table(grid: Grid, units: Iterable[Unit], base: IndexDefinition) -> Table | None:
    """Read the head and the lines of a sheet; None when it holds no provinces or none of an index's components."""
    head = find_head(grid, units)
    if head is None:
        return None
    table = Table(head=head, lines=_lines(head, base))
    return table if table.codes else None


def _lines(head: Head, base: IndexDefinition) -> tuple[Line, ...]:
    labels = find_labels(head)
    names = {fold(name): c.code for c in base for name in (c.name_vi, c.name_en)} if head.grid.turned else {}
    lines = []
    for row in range(head.start, len(head.grid.rows)):
        texts = [text for column in labels.every if (text := head.grid.text(row, column))]
        if texts:
            mark = read_labels(texts, top=base.top.code, known=base, names=names)
            lines.append(_line(head.grid, row, labels, mark))
    return tuple(lines)


def _line(grid: Grid, row: int, labels: Labels, mark: Mark) -> Line:
    def text(column: int | None) -> str:
        return "" if column is None else grid.text(row, column)

    return Line(
        grid=grid, row=row, kind=mark.kind, code=mark.code,
        label_en=text(labels.english), label_vi=text(labels.vietnamese), scale=text(labels.scale),
    )  # fmt: skip


def find_labels(head: Head) -> Labels:
    """Tell the label columns apart: the scale by its form, the Vietnamese names by their marks."""
    grid, rows = head.grid, range(head.start, len(head.grid.rows))
    columns = [c for c in range(head.first) if any(isinstance(grid.at(r, c), str | float | int) for r in rows)]
    scale = next((c for c in columns if _is_scale(grid, c, rows)), None)
    named = [c for c in columns if c != scale and sum(isinstance(grid.at(r, c), str) for r in rows) > len(rows) / 4]
    marks = {c: sum(_has_marks(grid.text(r, c)) for r in rows) for c in named}
    vietnamese = max(named, key=lambda c: marks[c], default=None)
    english = next((c for c in named if c != vietnamese), None)
    return Labels(english=english, vietnamese=vietnamese, scale=scale, every=tuple(c for c in columns if c != scale))


def _is_scale(grid: Grid, column: int, rows: range) -> bool:
    heading = any(_SCALE_HEADING.search(plain(grid.text(row, column))) for row in range(min(HEAD_ROWS, rows.start)))
    return heading or sum(bool(_SCALE.match(plain(grid.text(row, column)))) for row in rows) > 2


def _has_marks(text: str) -> bool:
    return fold(text) != fold(text.lower().encode("ascii", "ignore").decode())
