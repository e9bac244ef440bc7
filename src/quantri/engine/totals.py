"""One pass: respondents to the sums of each sampling unit, after which no estimator sees a respondent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from narwhals.typing import IntoFrame
from numpy.typing import NDArray

from quantri.engine.design import FloatArray, IntArray, SampleDesign, SampleStructure
from quantri.engine.recode import Batch
from quantri.engine.structure import drawn_units
from quantri.engine.tally import tally
from quantri.errors import DataError
from quantri.said import Said

Label = str | int | float | bool


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
        Weighted sums of squares `Σ w·x²`; NaN for a ratio of two questions.
    n : ndarray of int, shape (L, K)
        Respondents who have the variable.
    weight : ndarray of float, shape (L,)
        Sum of weights.
    n_rows : ndarray of int, shape (L,)
        Respondents.
    n_outside, n_unknown : int
        Respondents without a domain's label, and with an answer whose code is not declared.

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
    """Sum the answers of each drawn unit, in one pass over the rows.

    Parameters
    ----------
    frame : Polars or Spark data frame
        Microdata, a row for each respondent. Missing is null, never NaN and never a code such as 888.
    batches : iterable of Batch
        K variables as expressions; their order is that of the result.
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
    schema = dict(rows.collect_schema())
    for column in (*design.columns, *domains):
        if column not in schema:
            raise DataError(
                "the data have no column {column!r}; they have {columns} …",
                column=column,
                columns=", ".join(list(schema)[:12]),
            )
    for number in (design.weight, design.fpc, design.fpc2):
        if number is not None and not schema[number].is_numeric():
            raise DataError("column {number!r} must hold numbers, and holds {kind}", number=number, kind=schema[number])
    plan = _Plan(batches=tuple(batches), design=design, domains=tuple(domains), where=where)
    coded = plan.coded if isinstance(rows.to_native(), pl.LazyFrame) and design.psu else ()
    sums = _summed(rows, plan, coded)
    _check_labels(sums, rows, plan)
    units, structure = drawn_units(sums, design)
    return _arranged(sums.join(units, on=["_s", "_p", "_q"], how="left"), structure, plan)


@dataclass(frozen=True, kw_only=True)
class _Plan:
    batches: tuple[Batch, ...]
    design: SampleDesign
    domains: tuple[str, ...]
    where: nw.Expr | None

    @property
    def weight(self) -> nw.Expr:
        return nw.col(self.design.weight).cast(nw.Float64) if self.design.weight else nw.lit(1.0)

    @property
    def keys(self) -> list[nw.Expr]:
        """Labels of domain, stratum, PSU and second-stage unit, under plain names: Spark reads a dot as a path."""
        marks = [nw.col(column).alias(f"_d{i}") for i, column in enumerate(self.domains)]
        inside = nw.lit(True) if self.where is None else self.where.fill_null(value=False)
        labels = zip("spq", (self.design.strata, self.design.psu, self.design.ssu), strict=True)
        drawn = [(nw.col(column) if column else nw.lit(0)).alias(f"_{key}") for key, column in labels]
        return [*marks, inside.alias("_in"), *drawn]

    @property
    def key_names(self) -> list[str]:
        return [*(f"_d{i}" for i in range(len(self.domains))), "_in", "_s", "_p", "_q"]

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(name for batch in self.batches for name in batch.variables)

    @property
    def coded(self) -> tuple[int, ...]:
        """Batches whose answers can be counted instead of computed."""
        return tuple(b for b, batch in enumerate(self.batches) if batch.codes is not None)

    def names(self, kind: str, but: Sequence[int] = ()) -> list[str]:
        """Columns of sums: y, r, n or x (squares), of those batches that have them."""
        with_it = [(b, batch) for b, batch in enumerate(self.batches) if kind in _kinds(batch) and b not in but]
        return [f"{output}_{b}{kind}" for b, batch in with_it for output in batch.outputs]

    def parts(self, coded: Sequence[int] = ()) -> list[nw.Expr]:
        """Say what is summed for each respondent, but for batches that are counted."""
        weight, batches = self.weight, [(b, batch) for b, batch in enumerate(self.batches) if b not in coded]
        parts = [weight.alias("_w"), _unfit(weight).cast(nw.Int32).alias("_bad")]
        unknown = [batch.unknown for _, batch in batches if batch.unknown is not None]
        undeclared = nw.any_horizontal(*unknown, ignore_nulls=True) if unknown else nw.lit(False)
        parts.append(undeclared.cast(nw.Int32).alias("_u"))
        for column, name in ((self.design.fpc, "_f"), (self.design.fpc2, "_g")):
            if column:
                parts.append(nw.col(column).cast(nw.Float64).alias(name))
        for b, batch in batches:
            parts += [batch.named(part, f"_{b}{kind}") for kind, part in _weighted(batch, weight).items()]
        return parts

    def sums(self, coded: Sequence[int] = ()) -> list[nw.Expr]:
        added = [name for kind in "yrnx" for name in self.names(kind, coded)]
        sums = [nw.col("_w", "_bad", "_u", *added).sum(), nw.len().alias("_len")]
        for column, name in ((self.design.fpc, "_f"), (self.design.fpc2, "_g")):
            if column:
                sums += [nw.col(name).min(), nw.col(name).max().alias(f"{name}_max")]
        return sums


def _kinds(batch: Batch) -> str:
    return "yrn" if batch.ones is not None or batch.denominator is not None else "yrnx"


def _unfit(weight: nw.Expr) -> nw.Expr:
    """Whether a weight is missing, infinite or not above 0."""
    return ~((weight > 0) & weight.is_finite()).fill_null(value=False)


def _weighted(batch: Batch, weight: nw.Expr) -> dict[str, nw.Expr]:
    """Weighted parts of a batch by kind; a part that is null adds nothing."""
    known = batch.known.cast(nw.Float64) * weight
    parts = {"n": batch.known.cast(nw.Int32)}
    if batch.ones is not None:
        return {"y": batch.ones.cast(nw.Float64) * weight, "r": known, **parts}
    numerator = batch.numerator if len(batch.outputs) > 1 else nw.when(batch.known).then(batch.numerator)
    if batch.denominator is not None:
        return {"y": numerator * weight, "r": nw.when(batch.known).then(batch.denominator) * weight, **parts}
    return {"y": numerator * weight, "r": known, "x": numerator**2 * weight, **parts}


def _summed(rows: nw.LazyFrame[Any], plan: _Plan, coded: Sequence[int]) -> pl.DataFrame:
    """Sum by domain and drawn unit, into a frame sorted by their labels; here alone rows are touched."""
    parts = rows.select(*plan.keys, *plan.parts(coded))
    if plan.design.psu is None:
        alone = _collected(parts).with_columns(_p=pl.int_range(pl.len()), _len=pl.lit(1))
        sums = alone.with_columns(
            pl.col([name for kind in "yrnx" for name in plan.names(kind)]).fill_null(0),
            *(pl.col(c).alias(f"{c}_max") for c in ("_f", "_g") if c in alone.columns),
        )
    else:
        sums = _collected(parts.group_by(*plan.key_names).agg(*plan.sums(coded)))
    if coded and len(sums):
        counted = _tallied(rows, plan, coded)
        sums = sums.join(counted, on=plan.key_names, how="left", nulls_equal=True)
        sums = sums.with_columns(pl.col("_u") + pl.col("_u_counted"))
    text = [c for c in plan.key_names if sums.schema[c] in (pl.Categorical, pl.Enum)]
    return sums.with_columns(pl.col(text).cast(pl.String)).sort(plan.key_names, nulls_last=True)


def _tallied(rows: nw.LazyFrame[Any], plan: _Plan, coded: Sequence[int]) -> pl.DataFrame:
    """Count the coded batches, and name their sums as expressions would."""
    named = [
        (f"{output}_{b}", output, book)
        for b in coded
        if (book := plan.batches[b].codes) is not None
        for output in plan.batches[b].outputs
    ]
    columns = list(dict.fromkeys(output for _, output, _ in named))
    frame = rows.select(*plan.keys, plan.weight.alias("_w"), *columns).to_native()
    found = tally(frame, plan.key_names, [(output, book) for _, output, book in named])
    kinds = {"y": found.y, "r": found.r, "n": found.n, "x": found.x}
    kept = {kind: set(plan.names(kind)) for kind in kinds}
    sums = {f"{name}{kind}": kinds[kind][:, v] for kind in kinds for v, (name, _, _) in enumerate(named)}
    sums = {name: column for name, column in sums.items() if name in kept[name[-1]]}
    table = found.labels.with_columns(pl.Series(name, column) for name, column in sums.items())
    return table.with_columns(_u_counted=found.undeclared).group_by(plan.key_names).agg(pl.all().sum())


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return native.collect(engine="streaming")
    collected: pl.DataFrame = frame.collect(backend="polars").to_native()
    return collected


def _check_labels(sums: pl.DataFrame, rows: nw.LazyFrame[Any], plan: _Plan) -> None:
    if sums.is_empty():
        raise DataError("the data have no rows")
    if sums["_bad"].sum():
        column = plan.design.weight or ""
        raise DataError(
            "column {column!r}: {where}; every respondent needs a weight above 0: mend it, or take the row out with "
            "the reason recorded",
            column=column,
            where=_found(rows, _unfit(plan.weight), column),
        )
    design = plan.design
    for key, name in (
        ("_s", design.strata),
        ("_p", design.psu),
        ("_q", design.ssu),
        ("_f", design.fpc),
        ("_g", design.fpc2),
    ):
        if name and sums[key].null_count():
            where = _found(rows, nw.col(name).is_null(), name)
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
    return Said("{n} faulty rows, the first is row {row} with {held}", n=n, row=first["_row"][0] + 1, held=held)


def _arranged(sums: pl.DataFrame, structure: SampleStructure, plan: _Plan) -> PsuTotals:
    """Rows of the domains as arrays."""
    marks = [f"_d{i}" for i in range(len(plan.domains))]
    belongs = pl.col("_in")
    for mark in marks:
        belongs &= pl.col(mark).is_not_null()
    held = sums.filter(belongs)
    outside = int(sums.filter(pl.col("_in") & ~belongs)["_len"].sum()) if marks else 0
    if held.is_empty():
        raise DataError("no respondent is left: the condition or the domain's column leaves no row")
    labels, domain = _domains(held, marks)
    held = held.with_columns(_domain=domain).sort("_domain", "_unit")
    endless = [k for k, name in enumerate(plan.names("y")) if not np.isfinite(held[name].to_numpy()).all()]
    if endless:
        raise DataError("{variable}: an answer is infinite; mend it in the data", variable=plan.variables[endless[0]])
    unit = held["_unit"].to_numpy()
    times = np.ones((len(held), 1)) if plan.design.weight else structure.expansion[unit][:, None]
    return PsuTotals(
        variables=plan.variables, structure=structure, domains=labels, domain=held["_domain"].to_numpy(), unit=unit,
        y=_matrix(held, plan.names("y")) * times, r=_matrix(held, plan.names("r")) * times,
        squares=_squares(held, plan) * times, n=_matrix(held, plan.names("n")).astype(np.int64),
        weight=held["_w"].to_numpy() * times[:, 0],
        n_rows=held["_len"].cast(pl.Int64).to_numpy(), n_outside=outside, n_unknown=int(sums["_u"].sum()),
    )  # fmt: skip


def _matrix(held: pl.DataFrame, names: list[str]) -> NDArray[Any]:
    """Columns as an array (L, K), also where there are none."""
    return held.select(names).to_numpy() if names else np.empty((len(held), 0))


def _squares(held: pl.DataFrame, plan: _Plan) -> FloatArray:
    """Weighted sums of squares (L, K): those of zeros and ones are the sums themselves; a ratio has none."""
    parts = []
    for b, batch in enumerate(plan.batches):
        kind = "x" if "x" in _kinds(batch) else "y"
        found = held.select(f"{output}_{b}{kind}" for output in batch.outputs).to_numpy()
        parts.append(found if batch.denominator is None else np.full(found.shape, np.nan))
    return np.concatenate(parts, axis=1) if parts else np.empty((len(held), 0))


def _domains(held: pl.DataFrame, marks: list[str]) -> tuple[tuple[tuple[Label, ...], ...], pl.Series]:
    if not marks:
        return ((),), pl.Series("_domain", np.zeros(len(held), dtype=np.int64))
    known = held.select(marks).unique().sort(marks).with_columns(_domain=pl.int_range(pl.len()))
    return tuple(known.select(marks).iter_rows()), held.select(marks).join(known, on=marks, how="left")["_domain"]
