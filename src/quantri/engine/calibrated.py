"""What known margins take from the error of a sample: sums that carry the calibration into every variance."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import narwhals as nw
import numpy as np
import polars as pl

from quantri.engine.columns import positive_numbers
from quantri.engine.design import FloatArray, SampleDesign
from quantri.engine.margins import Cells, cells_of
from quantri.engine.naming import no_column
from quantri.engine.recode import Batch
from quantri.engine.totals import MarginSums, PsuTotals, psu_totals
from quantri.engine.weighted_frame import labels_of
from quantri.engine.weighting_plan import WeightingPlan
from quantri.errors import DataError, DesignError
from quantri.said import Said, listed

ADJUSTED = "adjusted_weight"  # what `weigh` writes: the weight that was calibrated
CLOSE = 1e-4  # share of a total; weights that were written with few digits come no closer
_CELL, _BASE = "_margin_cell", "_margin_base"


def margin_columns(plan: WeightingPlan, columns: Sequence[str]) -> tuple[str, ...]:
    """Columns that margins need of data that have these: their variables, and the weight before calibration.

    Raises
    ------
    DataError
        If one is not there.

    Examples
    --------
    >>> from quantri.engine.margins import Margin
    >>> sex = Margin(variables=("sex",), totals={"f": 3.0, "m": 7.0})
    >>> margin_columns(WeightingPlan(base="w", method="raking", margins=(sex,)), ["w", "sex", "adjusted_weight"])
    ('adjusted_weight', 'sex')
    """
    base = ADJUSTED if ADJUSTED in columns else plan.base
    needed = tuple(dict.fromkeys((base, *(v for margin in plan.margins for v in margin.variables))))
    for column in needed:
        if column not in columns:
            raise no_column(column, columns)
    return needed


def calibrated_totals(
    frame: pl.DataFrame,
    batches: Iterable[Batch],
    design: SampleDesign,
    plan: WeightingPlan,
    *,
    domains: Sequence[str] = (),
    where: nw.Expr | None = None,
) -> PsuTotals:
    """Sum the answers of each drawn unit under weights that were calibrated to known margins.

    Parameters
    ----------
    frame : polars.DataFrame
        Microdata, with the variables of the margins and the weight before calibration: ``adjusted_weight``, else the
        base weight of the plan.
    batches, domains, where
        As `psu_totals`.
    design : SampleDesign
        Whose weight is the calibrated one.
    plan : WeightingPlan
        The margins to which it was calibrated.

    Returns
    -------
    PsuTotals
        Whose estimators take standard errors from what the margins leave unexplained.

    Raises
    ------
    DataError
        If the categories of data and margins do not match, a weight is not above 0, or the weights do not reproduce
        the margins to a ten-thousandth.
    DesignError
        If the design has no weight; and as `psu_totals`.

    Notes
    -----
    What is left of a linearised value z is z - a'B, with a the indicators of a row's categories and B their
    regression, weighted by the weights before calibration [1]_: R's ``calibrate`` and ``postStratify``. As z is linear
    in an answer x and in having one, sums by category of both are all that B needs. Weights count as calibrated once,
    to totals without error.

    References
    ----------
    .. [1] Deville, Särndal (1992), J. Am. Stat. Assoc. 87(418), on calibration estimators.

    Examples
    --------
    >>> from quantri.engine.design import Inference
    >>> from quantri.engine.estimate import sums
    >>> from quantri.engine.margins import Margin
    >>> from quantri.engine.recode import plain
    >>> frame = pl.DataFrame({"x": [1, 3, 5, 5], "sex": list("mmff"), "b": [1] * 4, "w": [2, 2, 3, 3]})
    >>> sex = Margin(variables=("sex",), totals={"m": 4.0, "f": 6.0})
    >>> plan = WeightingPlan(base="b", method="post_stratification", margins=(sex,))
    >>> found = calibrated_totals(frame, [plain("x")], SampleDesign(weight="w"), plan)
    >>> sums(found, Inference()).standard_error.round(3).tolist()
    [[3.266]]
    """
    if design.weight is None:
        raise DesignError("--margins needs --weight, the column of calibrated weights, such as calibrated_weight")
    base, *_ = margin_columns(plan, frame.columns)
    weights = positive_numbers(frame[design.weight], Said("weight {column!r}", column=design.weight))
    before = positive_numbers(frame[base], Said("base weight {column!r}", column=base))
    cells = cells_of([labels_of(frame, margin.variables) for margin in plan.margins], plan.margins)
    _check_reproduced(cells, weights, design.weight)
    marked = frame.with_columns(pl.Series(_CELL, cells.cell), pl.Series(_BASE, before)).lazy()
    batches = tuple(batches)
    totals = psu_totals(marked, batches, design, domains=domains, where=where)
    by_cell = psu_totals(marked, batches, SampleDesign(weight=_BASE, psu=_CELL), domains=domains, where=where)
    by_unit = psu_totals(marked, [], design, domains=[_CELL])
    return replace(totals, margins=_margin_sums(cells, before, by_cell, by_unit))


def _check_reproduced(cells: Cells, weights: FloatArray, column: str) -> None:
    reached = np.bincount(cells.cell, weights) @ cells.columns
    off = reached / cells.totals - 1
    faults = [
        Said(
            "{name} sums to {reached:.6g} instead of {total:.6g} ({off:+.2%})",
            name=cells.names[q], reached=float(reached[q]), total=float(cells.totals[q]), off=float(off[q]),
        )
        for q in np.flatnonzero(np.abs(off) > CLOSE)
    ]  # fmt: skip
    if faults:
        raise DataError(
            "weights {column!r} do not reproduce the margins: {categories}; weight the data by these margins, or leave "
            "--margins out",
            column=column, categories=listed(faults),
        )  # fmt: skip


def _margin_sums(cells: Cells, before: FloatArray, by_cell: PsuTotals, by_unit: PsuTotals) -> MarginSums:
    """Put sums by combination of categories together to sums by category."""
    n_domains, n_variables = len(by_cell.domains), len(by_cell.variables)
    size = np.bincount(cells.cell, before, len(cells.columns))
    y, r = (np.zeros((n_domains, len(cells.columns), n_variables)) for _ in range(2))
    y[by_cell.domain, by_cell.unit] = by_cell.y
    r[by_cell.domain, by_cell.unit] = by_cell.r
    held = np.zeros((len(by_unit.structure.expansion), len(cells.columns)))
    held[by_unit.unit, by_unit.domain] = by_unit.weight
    return MarginSums(
        auxiliaries=held @ cells.columns, gram=cells.columns.T @ (cells.columns * size[:, None]),
        y=np.einsum("gq,dgk->dqk", cells.columns, y), r=np.einsum("gq,dgk->dqk", cells.columns, r),
    )  # fmt: skip
