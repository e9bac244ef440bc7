"""The predicted distribution of a coming score, with the base and the target on it."""

from dataclasses import dataclass

from quantri.engine.outlook import ComponentOutlook
from quantri.web.core.charts import scale_over

LEVELS = ((95, "whole"), (80, "most"), (50, "half"))


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Nested intervals, the base and the target on one scale."""

    height: int
    boxes: tuple[tuple[str, float, float, int], ...]
    base: float
    aim: float | None
    ticks: tuple[tuple[float, float], ...]
    low: float
    high: float


def forecast(outlook: ComponentOutlook) -> Forecast | None:
    """Draw an outlook; None when it has no number."""
    if not outlook.draws.size or outlook.base is None:
        return None
    ends = {name: outlook.interval(level) for level, name in LEVELS}
    values = [v for pair in ends.values() for v in pair] + [outlook.base]
    values += [outlook.target_value] if outlook.target_value is not None else []
    scale = scale_over(values, 3, 97)
    return Forecast(
        height=84, base=scale(outlook.base),
        boxes=tuple((name, scale(a), round(scale(b) - scale(a), 1), level) for (level, name), (a, b) in zip(
            LEVELS, ends.values(), strict=True)),
        aim=None if outlook.target_value is None else scale(outlook.target_value),
        ticks=tuple((scale(t), t) for t in scale.ticks(5)), low=scale.low, high=scale.high,
    )  # fmt: skip
