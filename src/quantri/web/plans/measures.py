"""What other provinces wrote down to do for a content, each with its source."""

import csv
from dataclasses import dataclass
from functools import cache

from quantri.engine.loading import DATA


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure of another province (giải pháp)."""

    province: str
    year: int
    components: tuple[str, ...]
    task: str
    lead: str
    coordinating: str
    deliverable: str
    source: str


def measures_for(code: str) -> tuple[Measure, ...]:
    """Measures written for a dimension, those for few contents first."""
    found = [m for m in _measures() if code.split(".")[0] in m.components]
    return tuple(sorted(found, key=lambda m: (len(m.components), -m.year)))


@cache
def _measures() -> tuple[Measure, ...]:
    with (DATA / "measures" / "papi.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Measure(
                province=row["province"], year=int(row["year"]), components=tuple(row["components"].split(";")),
                task=row["task"], lead=row["lead"], coordinating=row["coordinating"], deliverable=row["product"],
                source=row["source"],
            )
            for row in csv.DictReader(lines)
        )  # fmt: skip
