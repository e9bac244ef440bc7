"""Geometry of charts: scales, ticks, stacked dots and paths.

Across, places are percent of the drawing's width, and down they are pixels: so letters, dots and lines keep their size
on a phone and on a wall screen.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A straight line from values to places on the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return round(self.start + (value - self.low) / span * (self.end - self.start), 1)

    def ticks(self, about: int = 5) -> list[float]:
        """Round values inside the scale, about so many."""
        step = _round_step((self.high - self.low) / about)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(n * step, 10) for n in range(first, last + 1)]


def scale_over(values: Iterable[float], start: float, end: float, margin: float = 0.04) -> Scale:
    """Make a scale that holds all values with a little room."""
    known = list(values) or [0.0, 1.0]
    low, high = min(known), max(known)
    room = (high - low or 1.0) * margin
    return Scale(low=low - room, high=high + room, start=start, end=end)


def stacked(places: Sequence[float], size: float) -> list[int]:
    """Give the row of each dot (0, 1, -1, 2, -2 …), so that dots of one size do not cover each other."""
    rows: list[list[float]] = []
    found = [0] * len(places)
    for n in sorted(range(len(places)), key=lambda n: places[n]):
        row = next((r for r, taken in enumerate(rows) if places[n] - taken[-1] >= size), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(places[n])
        found[n] = (row + 1) // 2 * (1 if row % 2 else -1)
    return found


def line(points: Iterable[Point]) -> str:
    """Path through points."""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points)


def area(upper: Sequence[Point], lower: Sequence[Point]) -> str:
    """Draw a closed path between two lines of the same length."""
    return line([*upper, *reversed(lower)]) + "Z"


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next(m * power for m in (1, 2, 5, 10) if rough <= m * power * 1.0001)
