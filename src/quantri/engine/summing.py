"""What is summed for each respondent, and the sums by domain and drawn unit; here alone rows are touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from quantri.engine.design import SampleDesign
from quantri.engine.recode import Batch
from quantri.engine.tally import tally
from quantri.errors import DataError
from quantri.said import Said


@dataclass(frozen=True, kw_only=True)
class SumPlan:
    """Which variables are summed, by which labels, for whom.

    Parameters
    ----------
    batches : tuple of Batch
    design : SampleDesign
    domains : tuple of str
        Columns whose combinations of labels are the domains.
    where : narwhals.Expr or None
        Rows for which it is not true belong to no domain.

    Examples
    --------
    >>> SumPlan(batches=(), design=SampleDesign(), domains=("province",), where=None).key_names
    ['_d0', '_in', '_s', '_p', '_q']
    """

    batches: tuple[Batch, ...]
    design: SampleDesign
    domains: tuple[str, ...]
    where: nw.Expr | None

    @property
    def weight(self) -> nw.Expr:
        """Sampling weight of each row; 1 where the design names none."""
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
        """Names of the columns of `keys`."""
        return [*(f"_d{i}" for i in range(len(self.domains))), "_in", "_s", "_p", "_q"]

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables, in the order of the sums."""
        return tuple(name for batch in self.batches for name in batch.variables)

    @property
    def coded(self) -> tuple[int, ...]:
        """Batches whose answers can be counted instead of computed."""
        return tuple(b for b, batch in enumerate(self.batches) if batch.codes is not None)

    def names(self, kind: str, but: Sequence[int] = ()) -> list[str]:
        """Columns of sums: y, r, n or x (squares), of those batches that have them."""
        with_it = [(b, batch) for b, batch in enumerate(self.batches) if kind in kinds(batch) and b not in but]
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
        """Say how the parts of the rows of one unit are put together."""
        added = [name for kind in "yrnx" for name in self.names(kind, coded)]
        sums = [nw.col("_w", "_bad", "_u", *added).sum(), nw.len().alias("_len")]
        for column, name in ((self.design.fpc, "_f"), (self.design.fpc2, "_g")):
            if column:
                sums += [nw.col(name).min(), nw.col(name).max().alias(f"{name}_max")]
        return sums


def kinds(batch: Batch) -> str:
    """Name the sums that a batch has: y, r, n and, unless they follow, squares (x)."""
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


def summed(rows: nw.LazyFrame[Any], plan: SumPlan, coded: Sequence[int]) -> pl.DataFrame:
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


def _tallied(rows: nw.LazyFrame[Any], plan: SumPlan, coded: Sequence[int]) -> pl.DataFrame:
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
    made = {"y": found.y, "r": found.r, "n": found.n, "x": found.x}
    kept = {kind: set(plan.names(kind)) for kind in made}
    sums = {f"{name}{kind}": made[kind][:, v] for kind in made for v, (name, _, _) in enumerate(named)}
    sums = {name: column for name, column in sums.items() if name in kept[name[-1]]}
    table = found.labels.with_columns(pl.Series(name, column) for name, column in sums.items())
    return table.with_columns(_u_counted=found.undeclared).group_by(plan.key_names).agg(pl.all().sum())


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return native.collect(engine="streaming")
    collected: pl.DataFrame = frame.collect(backend="polars").to_native()
    return collected


def check_labels(sums: pl.DataFrame, rows: nw.LazyFrame[Any], plan: SumPlan) -> None:
    """Refuse, with a DataError, weights and labels of the design that are not there or not what they must be."""
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
