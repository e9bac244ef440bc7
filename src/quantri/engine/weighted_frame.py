"""The answers with their weights: each step of a weighting plan, in order, and what it did."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from quantri.engine.calibration import UNBOUNDED, Calibration, Floats
from quantri.engine.columns import check_filled, positive_numbers, truths
from quantri.engine.naming import no_column
from quantri.engine.weighting import Labels, adjust_for_nonresponse, post_stratify, rake, trim_weights
from quantri.engine.weighting_plan import WeightingPlan
from quantri.errors import DataError, refuse
from quantri.said import Said
from quantri.text import nfc

ADDED = ("adjusted_weight", "calibrated_weight", "calibration_ratio")


@dataclass(frozen=True, kw_only=True)
class Weighted:
    """Answers with their weights.

    Parameters
    ----------
    frame : polars.DataFrame
        Those who answered, in their order, with ``adjusted_weight`` (after non-response, trimming and scaling),
        ``calibrated_weight`` and ``calibration_ratio``, the second by the first.
    calibration : Calibration
    n_silent, n_trimmed : int
        Rows left out because they did not answer; weights that were cut.
    """

    frame: pl.DataFrame
    calibration: Calibration
    n_silent: int
    n_trimmed: int

    @property
    def design_effect(self) -> float:
        """Kish's loss by unequal weights: 1 + their squared coefficient of variation."""
        weights = self.calibration.weights
        return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def weigh(data: pl.DataFrame, plan: WeightingPlan) -> Weighted:
    """Weight a sample as planned: non-response, trimming, scaling, then calibration.

    Parameters
    ----------
    data : polars.DataFrame
        One row for each person drawn.
    plan : WeightingPlan

    Returns
    -------
    Weighted

    Raises
    ------
    DataError
        If a column is missing or empty somewhere, a weight is not above 0, or categories and margins do not match.
    DesignError
        If no weights within the bounds hold the margins.

    Notes
    -----
    Trimming comes before calibration, so that the margins hold in the end; bound what calibration does by `bounds`.

    Examples
    --------
    >>> from quantri.engine.margins import Margin
    >>> data = pl.DataFrame({"w": [10.0, 10.0, 20.0], "sex": ["f", "m", "m"]})
    >>> sex = Margin(variables=("sex",), totals={"f": 30.0, "m": 20.0})
    >>> plan = WeightingPlan(base="w", method="raking", margins=(sex,))
    >>> weigh(data, plan).frame["calibrated_weight"].round(6).to_list()
    [30.0, 6.666667, 13.333333]
    """
    _check_columns(data, plan)
    weights = positive_numbers(data[plan.base], Said("base weight {column!r}", column=plan.base))
    answered = np.ones(data.height, dtype=bool)
    if plan.nonresponse:
        answered = truths(_text(data[plan.nonresponse.responded]), repr(plan.nonresponse.responded))
        cells = labels_of(data, plan.nonresponse.cells) if plan.nonresponse.cells else np.full(data.height, "all")
        weights = adjust_for_nonresponse(weights, answered, cells)[answered]
    kept = data.filter(pl.Series(answered))
    before = weights
    if plan.trim:
        weights = trim_weights(weights, *(bound * float(weights.mean()) for bound in plan.trim))
    n_trimmed = 0 if plan.trim is None else _n_cut(before, plan.trim)
    if plan.scale:
        weights = weights * (plan.margins[0].sum / weights.sum())
    calibration = _calibrated(kept, weights, plan)
    columns = (weights, calibration.weights, calibration.ratio)
    frame = kept.with_columns(pl.Series(name, column) for name, column in zip(ADDED, columns, strict=True))
    return Weighted(
        frame=frame, calibration=calibration, n_silent=data.height - kept.height, n_trimmed=n_trimmed,
    )  # fmt: skip


def _calibrated(data: pl.DataFrame, weights: Floats, plan: WeightingPlan) -> Calibration:
    labels = [labels_of(data, margin.variables) for margin in plan.margins]
    if plan.method == "post_stratification":
        return post_stratify(weights, labels[0], plan.margins[0])
    return rake(weights, labels, plan.margins, bounds=plan.bounds or UNBOUNDED)


def _n_cut(weights: Floats, trim: tuple[float, float]) -> int:
    low, high = (bound * weights.mean() for bound in trim)
    return int(((weights < low) | (weights > high)).sum())


def _check_columns(data: pl.DataFrame, plan: WeightingPlan) -> None:
    faults = [no_column(c, data.columns) for c in plan.columns if c not in data.columns]
    faults += [
        DataError("the data have a column {column!r}, which weighting writes; rename it", column=c)
        for c in ADDED
        if c in data.columns
    ]
    if not data.height:
        faults.append(DataError("the data have no rows"))
    refuse(faults)


def labels_of(data: pl.DataFrame, columns: Sequence[str]) -> Labels:
    """Categories as text, those of several columns joined by ``/``."""
    for column in columns:
        check_filled(data[column])
    texts = [_text(data[column]) for column in columns]
    values, codes = np.unique(
        pl.select(pl.concat_str(texts, separator="/")).to_series().to_numpy(), return_inverse=True
    )
    return np.array([nfc(str(value)) for value in values])[codes]


def _text(column: pl.Series) -> pl.Series:
    """Write a column as text; a code that a file holds as 1.0 is the category 1."""
    is_whole = column.dtype.is_float() and bool((column.is_finite() & (column == column.round())).all())
    return (column.cast(pl.Int64) if is_whole else column).cast(pl.String)
