"""Headings get smaller with their level: the sheet of the site completes the vendored one."""

import re
from pathlib import Path

import quantri.web.core

STATIC = Path(quantri.web.core.__file__).parent / "static"


def size_of(level: str) -> float:
    """Size of a heading in rem, as the last rule for the bare level says."""
    sheets = "".join((STATIC / name).read_text("utf-8") for name in ("vendor/bootstrap.css", "core/app.css"))
    return float(re.findall(rf"(?:^|[{{}}])\s*{level}(?:,\.{level})?\s*{{[^}}]*font-size:\s*([0-9.]+)rem", sheets)[-1])


def test_a_clause_is_no_larger_than_the_heading_above_it():
    assert size_of("h4") < size_of("h3")
