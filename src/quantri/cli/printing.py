"""Answers as JSON, CSV or an aligned table."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from quantri.text import one_line
from quantri.words import number

Row = dict[str, Any]


def as_json(answer: Row) -> str:
    """Print the whole answer, Vietnamese letters as they are."""
    return json.dumps(answer, ensure_ascii=False, indent=1)


def as_csv(rows: Sequence[Row]) -> str:
    """Print flat rows; what is nested gets dotted names, a list one cell, and what is null stays empty."""
    flat = [_flatten(row) for row in rows]
    header = list(dict.fromkeys(name for row in flat for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return out.getvalue().rstrip("\n")


def as_table(header: Sequence[str], rows: Sequence[Sequence[object]], language: str) -> str:
    """Print aligned columns, numbers to the right in the language's writing, a dash for what is not known."""
    cells = [[one_line(name) for name in header], *([_cell(value, language) for value in row] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(header))]
    numeric = [all(not isinstance(row[i], str) for row in rows) for i in range(len(header))]
    lines = [
        "  ".join(
            t.rjust(w) if right else t.ljust(w) for t, w, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in cells
    ]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def _cell(value: object, language: str) -> str:
    if value is None:
        return "-"
    return number(f"{value:.3f}", language) if isinstance(value, float) else one_line(str(value))


def _listed(values: list[Any]) -> str:
    """Write a list into one cell: words, or the pairs of rows such as contributions, `S1.1=-0.3; S1.2=0.1`."""
    if values and isinstance(values[0], dict):
        return "; ".join("=".join(map(str, row.values())) for row in values)
    return " ".join(map(str, values))


def _flatten(row: Row, prefix: str = "") -> Row:
    flat: Row = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            flat[prefix + name] = _listed(value)
        else:
            flat[prefix + name] = value
    return flat
