"""What is summed for each respondent: labels, weights and parts of variables, as expressions."""

from dataclasses import dataclass

import narwhals as nw

from quantri.engine.design import SampleDesign
from quantri.engine.recode import Batch


@dataclass(frozen=True, kw_only=True)
class SumPlan:
    """Which variables are summed, by which labels, for whom.

    Parameters
    ----------
    batches : tuple of Batch
        Whose sums are computed by expressions.
    coded : tuple of Batch
        Whose answers are counted by code instead; they follow.
    design : SampleDesign
    domains : tuple of str
        Columns whose combinations of labels are the domains.
    where : narwhals.Expr or None
        Rows for which it is not true belong to no domain.

    Examples
    --------
    >>> SumPlan(batches=(), coded=(), design=SampleDesign(), domains=("province",), where=None).key_names
    ['_d0', '_in', '_s', '_p', '_q']
    """

    batches: tuple[Batch, ...]
    coded: tuple[Batch, ...]
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
        return tuple(name for batch in (*self.batches, *self.coded) for name in batch.variables)

    def names(self, kind: str) -> list[str]:
        """Columns of computed sums of a kind (see `kinds`), of those batches that have them."""
        with_it = [(b, batch) for b, batch in enumerate(self.batches) if kind in kinds(batch)]
        return [f"{output}_{b}{kind}" for b, batch in with_it for output in batch.outputs]

    @property
    def ratio_places(self) -> list[int]:
        """Places of ratios of two questions among the variables."""
        places = [batch for batch in (*self.batches, *self.coded) for _ in batch.variables]
        return [k for k, batch in enumerate(places) if batch.denominator is not None]

    @property
    def sum_names(self) -> list[str]:
        """Columns of computed sums, of every kind."""
        return [name for kind in "yrnxczw" for name in self.names(kind)]

    @property
    def parts(self) -> list[nw.Expr]:
        """What is summed for each respondent."""
        weight = self.weight
        parts = [weight.alias("_w"), is_unfit(weight).cast(nw.Int32).alias("_bad")]
        unknown = [batch.unknown for batch in self.batches if batch.unknown is not None]
        undeclared = nw.any_horizontal(*unknown, ignore_nulls=True) if unknown else nw.lit(False)
        parts.append(undeclared.cast(nw.Int32).alias("_u"))
        for column, name in ((self.design.fpc, "_f"), (self.design.fpc2, "_g")):
            if column:
                size = nw.col(column).cast(nw.Float64)
                parts += [size.alias(name), is_unknown(size).cast(nw.Int32).alias(f"{name}_bad")]
        for b, batch in enumerate(self.batches):
            parts += [batch.named(part, f"_{b}{kind}") for kind, part in _weighted(batch, weight).items()]
        return parts

    @property
    def sums(self) -> list[nw.Expr]:
        """How the parts of the rows of one unit are put together."""
        sums = [nw.col("_w", "_bad", "_u", *self.sum_names).sum(), nw.len().alias("_len")]
        for column, name in ((self.design.fpc, "_f"), (self.design.fpc2, "_g")):
            if column:
                sums += [nw.col(name).min(), nw.col(name).max().alias(f"{name}_max"), nw.col(f"{name}_bad").sum()]
        return sums


def kinds(batch: Batch) -> str:
    """Name the sums that a batch has: y, r, n and, unless they follow, squares (x).

    A ratio also has products with its denominator (c), squares of that (z), and weights of those who have both (w).
    """
    if batch.denominator is not None:
        return "yrnxczw"
    return "yrn" if batch.ones is not None else "yrnx"


def is_unfit(weight: nw.Expr) -> nw.Expr:
    """Whether a weight is missing, infinite or not above 0."""
    return ~((weight > 0) & weight.is_finite()).fill_null(value=False)


def is_unknown(size: nw.Expr) -> nw.Expr:
    """Whether a finite population is missing or infinite."""
    return ~size.is_finite().fill_null(value=False)


def _weighted(batch: Batch, weight: nw.Expr) -> dict[str, nw.Expr]:
    """Weighted parts of a batch by kind; a part that is null adds nothing."""
    known = batch.known.cast(nw.Float64) * weight
    parts = {"n": batch.known.cast(nw.Int32)}
    if batch.ones is not None:
        return {"y": batch.ones.cast(nw.Float64) * weight, "r": known, **parts}
    numerator = batch.numerator if len(batch.outputs) > 1 else nw.when(batch.known).then(batch.numerator)
    if batch.denominator is not None:
        denominator = nw.when(batch.known).then(batch.denominator)
        moments = {"c": numerator * denominator * weight, "z": denominator**2 * weight, "w": known}
        return {"y": numerator * weight, "r": denominator * weight, "x": numerator**2 * weight, **moments, **parts}
    return {"y": numerator * weight, "r": known, "x": numerator**2 * weight, **parts}
