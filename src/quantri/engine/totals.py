"""One pass: respondents to the sums of each sampling unit, after which no estimator sees a respondent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from narwhals.typing import IntoFrame

from quantri.engine.design import FloatArray, IntArray, SampleDesign, SampleStructure
from quantri.engine.naming import no_column
from quantri.engine.numeric import check_numeric
from quantri.engine.recode import Batch
from quantri.engine.structure import Label, drawn_units, plain_label
from quantri.engine.sum_plan import SumPlan
from quantri.engine.summing import UnitSums, check_labels, summed
from quantri.errors import DataError


@dataclass(frozen=True, kw_only=True)
class MarginSums:
    """What the error of an estimate needs to know of the Q categories of known margins; see `calibrated_totals`.

    Parameters
    ----------
    auxiliaries : ndarray of float, shape (U, Q)
        Sums of calibrated weights by category, for all U drawn units.
    gram : ndarray of float, shape (Q, Q)
        Sums of weights before calibration over those who have both of two categories.
    y, r : ndarray of float, shape (D, Q, K)
        The same of answers, `Σ q·a·x`, and of having one, `Σ q·a`, by domain.

    Examples
    --------
    >>> blank = np.zeros((1, 2, 0))
    >>> MarginSums(auxiliaries=np.ones((3, 2)), gram=np.eye(2), y=blank, r=blank).auxiliaries.shape
    (3, 2)
    """

    auxiliaries: FloatArray
    gram: FloatArray
    y: FloatArray
    r: FloatArray


@dataclass(frozen=True, kw_only=True)
class RatioSums:
    """What the spread of H ratios of two questions needs beside the squares of their numerators.

    Parameters
    ----------
    column : ndarray of int, shape (H,)
        Places of the ratios among the variables.
    products, squares, weight : ndarray of float, shape (L, H)
        Weighted sums of numerator times denominator and of the denominator's square, and of those who have both.

    Examples
    --------
    >>> blank = np.zeros((2, 1))
    >>> RatioSums(column=np.array([3]), products=blank, squares=blank, weight=blank).column.tolist()
    [3]
    """

    column: IntArray
    products: FloatArray
    squares: FloatArray
    weight: FloatArray


@dataclass(frozen=True, kw_only=True)
class PsuTotals:
    """Sums of K variables over the drawn units of each of D domains.

    A row is a domain in a drawn unit (a second-stage unit where the design has them, else a PSU) that holds somebody of
    the domain; units without are rows of zeros, which are not stored: `structure` knows them. Rows are sorted by
    domain, then by unit.

    Parameters
    ----------
    variables : tuple of str
        K names.
    structure : SampleStructure
        All drawn units of the design, whether a domain reaches them or not.
    domains : tuple of tuple of label
        D labels, one for each column that marks domains; a single ``()`` without any.
    domain, unit : ndarray of int, shape (L,)
        Domain and drawn unit of each row.
    y, r : ndarray of float, shape (L, K)
        Weighted sums of numerator and denominator: `Σ w·x` and `Σ w` over those who have the variable.
    squares : ndarray of float, shape (L, K)
        Weighted sums of squares `Σ w·x²` of the numerator.
    n : ndarray of int, shape (L, K)
        Respondents who have the variable.
    weight : ndarray of float, shape (L,)
        Sum of weights.
    n_rows : ndarray of int, shape (L,)
        Respondents.
    n_outside, n_unknown : int
        Respondents without a domain's label, and with an answer whose code is not declared.
    ratios : RatioSums, optional
        Of variables that are ratios of two questions.
    margins : MarginSums, optional
        Of weights that are known to reproduce margins.

    Examples
    --------
    >>> frame = pl.DataFrame({"x": [1.0, 3.0, 4.0, 8.0], "psu": [1, 1, 2, 2]})
    >>> from quantri.engine.recode import plain
    >>> sums = psu_totals(frame, [plain("x")], SampleDesign(psu="psu"))
    >>> sums.y[:, 0].tolist(), sums.r[:, 0].tolist()
    ([4.0, 12.0], [2.0, 2.0])
    """

    variables: tuple[str, ...]
    structure: SampleStructure
    domains: tuple[tuple[Label, ...], ...]
    domain: IntArray
    unit: IntArray
    y: FloatArray
    r: FloatArray
    squares: FloatArray
    n: IntArray
    weight: FloatArray
    n_rows: IntArray
    n_outside: int = 0
    n_unknown: int = 0
    ratios: RatioSums | None = None
    margins: MarginSums | None = None

    @property
    def psu(self) -> IntArray:
        """PSU of each row, shape (L,)."""
        return self.unit if self.structure.psu_of_ssu is None else self.structure.psu_of_ssu[self.unit]


def psu_totals(
    frame: IntoFrame,
    batches: Iterable[Batch],
    design: SampleDesign,
    *,
    domains: Sequence[str] = (),
    where: nw.Expr | None = None,
) -> PsuTotals:
    """Sum the answers of each drawn unit: computed ones in one pass over the rows, counted ones in another.

    Parameters
    ----------
    frame : Polars or Spark data frame
        Microdata, a row for each respondent. Missing is null, never NaN and never a code such as 888.
    batches : iterable of Batch
        K variables as expressions; of the result, those that are computed come before those that are counted.
    design : SampleDesign
        How respondents were drawn.
    domains : sequence of str
        Columns whose combinations of labels are the domains; they mark rows and never cut the design.
    where : narwhals.Expr, optional
        Rows for which it is not true belong to no domain.

    Returns
    -------
    PsuTotals

    Raises
    ------
    DataError
        If a column is missing, a weight is not above 0, or a label of the design is empty.
    DesignError
        If a PSU lies in two strata, or the finite population contradicts the sample.

    Notes
    -----
    Without `design.psu` each respondent is a PSU, and the sums have as many rows as the data.
    """
    rows = nw.from_native(frame).lazy()
    _check_columns(rows, design, domains)
    plan = _planned(tuple(batches), design, domains, where, is_polars=isinstance(rows.to_native(), pl.LazyFrame))
    sums = summed(rows, plan)
    check_labels(sums.labels, rows, plan)
    units, structure = drawn_units(sums.labels, design)
    return _arranged(sums, units, structure, plan)


def _check_columns(rows: nw.LazyFrame[Any], design: SampleDesign, domains: Sequence[str]) -> None:
    """Refuse columns of the design that are not there, or of a kind that they cannot be."""
    schema = dict(rows.collect_schema())
    for column in (*design.columns, *domains):
        if column not in schema:
            raise no_column(column, schema)
    check_numeric(rows, [column for column in (design.weight, design.fpc, design.fpc2) if column])
    for label in (design.strata, design.psu, design.ssu, *domains):
        if label and schema[label].is_nested():
            raise DataError(
                "column {column!r} holds {kind}, which is no label; write one number or text in each row",
                column=label, kind=schema[label],
            )  # fmt: skip


def _planned(
    batches: tuple[Batch, ...], design: SampleDesign, domains: Sequence[str], where: nw.Expr | None, *, is_polars: bool
) -> SumPlan:
    """Count what bears codes where rows lie in memory's reach and units hold several; compute the rest."""
    counts = is_polars and design.psu is not None
    coded = tuple(batch for batch in batches if counts and batch.codes is not None)
    computed = tuple(batch for batch in batches if not (counts and batch.codes is not None))
    return SumPlan(batches=computed, coded=coded, design=design, domains=tuple(domains), where=where)


def _arranged(sums: UnitSums, units: pl.DataFrame, structure: SampleStructure, plan: SumPlan) -> PsuTotals:
    """Rows of the domains, sorted by domain and unit."""
    marks = [f"_d{i}" for i in range(len(plan.domains))]
    belongs = pl.col("_in")
    for mark in marks:
        belongs &= pl.col(mark).is_not_null()
    every = sums.labels.join(units, on=["_s", "_p", "_q"], how="left", maintain_order="left").with_row_index("_row")
    held = every.filter(belongs)
    outside = int(every.filter(pl.col("_in") & ~belongs)["_len"].sum()) if marks else 0
    if held.is_empty():
        raise DataError("no respondent is left: the condition or the domain's column leaves no row")
    labels, domain = _domains(held, marks)
    held = held.with_columns(_domain=domain).sort("_domain", "_unit")
    row, unit = held["_row"].to_numpy(), held["_unit"].to_numpy()
    y = sums.y[row]
    _refuse_endless(y, sums.squares[row], held["_w"].to_numpy(), plan)
    times = np.ones((len(held), 1)) if plan.design.weight else structure.expansion[unit][:, None]
    return PsuTotals(
        variables=plan.variables, structure=structure, domains=labels, domain=held["_domain"].to_numpy(), unit=unit,
        y=y * times, r=sums.r[row] * times, squares=sums.squares[row] * times, n=sums.n[row],
        weight=held["_w"].to_numpy() * times[:, 0],
        n_rows=held["_len"].cast(pl.Int64).to_numpy(), n_outside=outside, n_unknown=int(every["_u"].sum()),
        ratios=_ratios(sums.ratios[:, row] * times, plan),
    )  # fmt: skip


def _refuse_endless(y: FloatArray, squares: FloatArray, weight: FloatArray, plan: SumPlan) -> None:
    """Refuse sums that left the range of numbers."""
    if not np.isfinite(weight).all():
        raise DataError(
            "column {column!r}: the weights are too large to be added up; mend them in the data",
            column=plan.design.weight,
        )
    endless = ~(np.isfinite(y) & np.isfinite(squares)).all(axis=0)
    if endless.any():
        raise DataError(
            "{variable}: an answer is infinite, or too large to compute with; mend it in the data",
            variable=plan.variables[int(np.argmax(endless))],
        )


def _ratios(sums: FloatArray, plan: SumPlan) -> RatioSums | None:
    if not plan.ratio_places:
        return None
    return RatioSums(column=np.array(plan.ratio_places), products=sums[0], squares=sums[1], weight=sums[2])


def _domains(held: pl.DataFrame, marks: list[str]) -> tuple[tuple[tuple[Label, ...], ...], pl.Series]:
    if not marks:
        return ((),), pl.Series("_domain", np.zeros(len(held), dtype=np.int64))
    known = held.select(marks).unique().sort(marks).with_columns(_domain=pl.int_range(pl.len()))
    labels = tuple(tuple(map(plain_label, row)) for row in known.select(marks).iter_rows())
    return labels, held.select(marks).join(known, on=marks, how="left")["_domain"]
