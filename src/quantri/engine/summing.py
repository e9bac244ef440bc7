"""Sums by domain and drawn unit; here alone rows are touched."""

from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from quantri.engine.columns import rows_at
from quantri.engine.design import FloatArray, IntArray
from quantri.engine.sum_plan import SumPlan, is_unfit, is_unknown, kinds
from quantri.engine.tally import tally
from quantri.errors import DataError
from quantri.said import Said


@dataclass(frozen=True, kw_only=True)
class UnitSums:
    """Sums of K variables over those of each domain in each drawn unit.

    Parameters
    ----------
    labels : polars.DataFrame
        G rows, sorted by domain and unit, with the sum of weights ``_w``, respondents ``_len``, how many of them bear a
        weight that is none ``_bad`` and a code that is not declared ``_u``, and the range of finite populations.
    y, r, squares : ndarray of float, shape (G, K)
        Weighted sums of numerator, denominator and squares of the numerator.
    n : ndarray of int, shape (G, K)
    ratios : ndarray of float, shape (3, G, H)
        Of the H ratios of two questions: products, squares of the denominator, and weights of those who have both.

    Examples
    --------
    >>> blank = np.zeros((2, 0))
    >>> labels = pl.DataFrame({"_p": [1, 2]})
    >>> none = {"y": blank, "r": blank, "squares": blank, "ratios": np.zeros((3, 2, 0))}
    >>> UnitSums(labels=labels, n=blank.astype(int), **none).n.shape
    (2, 0)
    """

    labels: pl.DataFrame
    y: FloatArray
    r: FloatArray
    squares: FloatArray
    n: IntArray
    ratios: FloatArray


def summed(rows: nw.LazyFrame[Any], plan: SumPlan) -> UnitSums:
    """Sum by domain and drawn unit; here alone rows are touched."""
    parts = rows.select(*plan.keys, *plan.parts)
    if plan.design.psu is None:
        alone = _collected(parts).with_columns(_p=pl.int_range(pl.len()), _len=pl.lit(1))
        sums = alone.with_columns(
            pl.col(plan.sum_names).fill_null(0),
            *(pl.col(c).alias(f"{c}_max") for c in ("_f", "_g") if c in alone.columns),
        )
    else:
        sums = _collected(parts.group_by(*plan.key_names).agg(*plan.sums))
    computed = _computed(_as_text(sums).sort(plan.key_names, nulls_last=True), plan)
    return _with_counts(computed, rows, plan) if plan.coded and len(sums) else computed


def _computed(sums: pl.DataFrame, plan: SumPlan) -> UnitSums:
    """Take columns as arrays; squares of zeros and ones are the sums themselves."""
    y, r, n = (_matrix(sums, plan.names(kind)) for kind in "yrn")
    squares, x, first = y.copy(), _matrix(sums, plan.names("x")), 0
    for batch in plan.batches:
        span = slice(first, first := first + len(batch.outputs))
        if "x" in kinds(batch):
            squares[:, span], x = x[:, : len(batch.outputs)], x[:, len(batch.outputs) :]
    ratios = np.stack([_matrix(sums, plan.names(kind)) for kind in "czw"])
    return UnitSums(labels=sums.drop(*plan.sum_names), y=y, r=r, squares=squares, n=n.astype(np.int64), ratios=ratios)


def _matrix(sums: pl.DataFrame, names: list[str]) -> NDArray[Any]:
    """Columns as an array (G, K), also where there are none."""
    return sums.select(names).to_numpy() if names else np.empty((len(sums), 0))


def _with_counts(computed: UnitSums, rows: nw.LazyFrame[Any], plan: SumPlan) -> UnitSums:
    """Set sums of the coded batches, counted in a pass of their own, after those that were computed."""
    questions = [(output, batch.codes) for batch in plan.coded if batch.codes is not None for output in batch.outputs]
    columns = list(dict.fromkeys(output for output, _ in questions))
    frame = rows.select(*plan.keys, plan.weight.alias("_w"), *columns).to_native()
    runs = tally(frame, plan.key_names, questions)
    counted = replace(runs, labels=_as_text(runs.labels)).by(computed.labels.select(plan.key_names))
    return UnitSums(
        labels=computed.labels.with_columns(pl.col("_u") + counted.undeclared),
        y=np.concatenate([computed.y, counted.y], axis=1), r=np.concatenate([computed.r, counted.r], axis=1),
        squares=np.concatenate([computed.squares, counted.x], axis=1),
        n=np.concatenate([computed.n, counted.n], axis=1), ratios=computed.ratios,
    )  # fmt: skip


def _as_text(labels: pl.DataFrame) -> pl.DataFrame:
    """Categories as text, since their own order is that in which they were met."""
    return labels.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return native.collect(engine="streaming")
    collected: pl.DataFrame = frame.collect(backend="polars").to_native()
    return collected


def check_labels(labels: pl.DataFrame, rows: nw.LazyFrame[Any], plan: SumPlan) -> None:
    """Refuse, with a DataError, weights and labels of the design that are not there or not what they must be."""
    if labels.is_empty():
        raise DataError("the data have no rows")
    if labels["_bad"].sum():
        column = plan.design.weight or ""
        raise DataError(
            "column {column!r}: {where}; every respondent needs a weight above 0: mend it, or take the row out with "
            "the reason recorded",
            column=column,
            where=_found(rows, is_unfit(plan.weight), column),
        )
    design = plan.design
    drawn = [("_s", design.strata), ("_p", design.psu), ("_q", design.ssu)]
    sizes = [("_f", design.fpc), ("_g", design.fpc2)]
    faults = [(name, nw.col(name).is_null()) for key, name in drawn if name and labels[key].null_count()]
    faults += [
        (name, is_unknown(nw.col(name).cast(nw.Float64))) for key, name in sizes if name and labels[f"{key}_bad"].sum()
    ]
    for name, fault in faults:
        where = _found(rows, fault, name)
        raise DataError("column {name!r}: {where}; the design needs it everywhere", name=name, where=where)


def _found(rows: nw.LazyFrame[Any], fault: nw.Expr, column: str) -> str:
    """Where the first faulty row is and what stands there; the row's number only where rows have an order."""
    native = rows.to_native()
    if not isinstance(native, pl.LazyFrame):
        return Said("some rows are empty or hold what they must not")
    faulty = nw.from_native(native.with_row_index("_row")).filter(fault).select("_row", column).to_native()
    first = faulty.head(1).collect()
    n = faulty.select(pl.len()).collect().item()
    value = first[column][0]
    held = Said("nothing") if value is None else repr(value)
    found = Said("{held} {where}", held=held, where=rows_at(first["_row"]))
    return found if n == 1 else Said("{found} and {n} more such rows", found=found, n=n - 1)
