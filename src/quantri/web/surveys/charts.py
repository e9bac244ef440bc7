"""Geometry of intervals: many under one another, and one in a table's cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quantri.web.core.charts import Scale, scale_over
from quantri.web.surveys.lines import Standing
from quantri.web.surveys.scored import ScoredRound

LEFT, RIGHT = 3, 97  # percent of the width
STEP, TOP = 10, 14  # pixels


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with its interval on the drawing."""

    x: float
    start: float
    width: float
    y: float
    standing: Standing
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Caterpillar:
    """All domains under one another, highest first, each with its interval."""

    height: int
    intervals: tuple[Interval, ...]
    ticks: tuple[tuple[float, float], ...]


def caterpillar(lines: Sequence[Standing], chosen: str = "") -> Caterpillar:
    """Draw every domain that has a score."""
    known = [s for s in lines if s.value is not None]
    scale = over(known)
    intervals = tuple(_interval(s, scale, TOP + n * STEP, chosen) for n, s in enumerate(known))
    return Caterpillar(
        height=TOP + len(known) * STEP + 18, intervals=intervals, ticks=tuple((scale(t), t) for t in scale.ticks(5))
    )  # fmt: skip


def over(lines: Sequence[Standing]) -> Scale:
    """Make a scale that holds all intervals."""
    ends = [v for s in lines for v in (s.low, s.value, s.high) if v is not None]
    return scale_over(ends, LEFT, RIGHT)


def cell(standing: Standing, scale: Scale) -> Interval | None:
    """Draw one interval in a table's cell."""
    return None if standing.value is None else _interval(standing, scale, 9)


def among_all(found: ScoredRound, standing: Standing) -> Scale:
    """Scale that holds the intervals of all domains on a component."""
    m = found.definition.column(standing.component.code)
    ends = np.concatenate([found.arrays[name][:, m] for name in ("low", "value", "high")])
    return scale_over(ends[np.isfinite(ends)].tolist(), LEFT, RIGHT)


def _interval(s: Standing, scale: Scale, y: float, chosen: str = "") -> Interval:
    low = s.value if s.low is None else s.low
    high = s.value if s.high is None else s.high
    start, end = (min(max(scale(v), 0.0), 100.0) for v in (low, high))
    return Interval(
        x=scale(s.value), start=start, width=round(end - start, 1), y=y, standing=s, chosen=s.domain.label == chosen
    )  # fmt: skip
