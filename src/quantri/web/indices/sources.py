"""Rows of a release as they were published."""

import csv
import io
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """A row of a release's table, with its line number."""

    line: int
    header: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PrintedIndicator:
    """An indicator row as a sheet prints it; its weight in the component is not known."""

    label_vi: str
    label_en: str
    scale: str
    value: float | None

    @property
    def name_vi(self) -> str:
        return self.label_vi

    @property
    def name_en(self) -> str:
        return self.label_en or self.label_vi


def row_of(results: str, key: str, code: str) -> SourceRow:
    """Find the row of a figure."""
    lines = results.splitlines()
    n = next(n for n, line in enumerate(lines) if line.startswith(f"{key},{code},"))
    return SourceRow(line=n + 1, header=lines[0], text=lines[n])


def indicators_under(indicators: str, key: str, code: str) -> list[PrintedIndicator]:
    """Gather the indicators that a sheet prints below a component, in its order."""
    rows = csv.DictReader(io.StringIO(indicators))
    return [
        PrintedIndicator(
            label_vi=row["label_vi"], label_en=row["label_en"], scale=row["scale"],
            value=float(row["value"]) if row["value"] else None,
        )
        for row in rows if row["parent"] == code and row["unit"] == key
    ]  # fmt: skip
