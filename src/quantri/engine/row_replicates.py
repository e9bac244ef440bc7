"""Replicate weights that come with the respondents: means under each set, straight from the rows."""

from collections.abc import Iterable, Sequence

import narwhals as nw
import numpy as np
import polars as pl

from quantri.engine.design import FloatArray
from quantri.engine.recode import Batch
from quantri.engine.resample import Replicates
from quantri.errors import DataError

ROWS = 100_000  # at a time


def given_replicates(
    frame: pl.LazyFrame | pl.DataFrame,
    batches: Iterable[Batch],
    weight: str,
    replicate_weights: Sequence[str],
    scale: FloatArray,
    *,
    domain: str | None = None,
) -> tuple[tuple[str, ...], Replicates]:
    """Estimate means under the full weights and under each column of replicate weights.

    Parameters
    ----------
    frame : polars frame
        A row for each respondent.
    batches : iterable of Batch
        K variables.
    weight : str
        Column of full weights.
    replicate_weights : sequence of str
        B columns; a replicate may leave a respondent out by 0.
    scale : ndarray of float, shape (B,)
        What each squared distance counts, as the maker of the weights says: 1/B of a bootstrap, (n-1)/n of a jackknife.
    domain : str, optional
        Column whose labels are the domains.

    Returns
    -------
    domains : tuple of str
        D labels; ``all`` without a column.
    replicates : Replicates
        Means (D, K) and (B, D, K), in the order of the variables of `batches`.

    Raises
    ------
    DataError
        If a weight is missing, negative or no number, or the scale does not fit.

    Notes
    -----
    This goes over the rows, B times as much work as linearised errors; it is for files that bring replicate weights in
    the place of a design. A replicate without an answer in a domain is NaN there, and left out of its variance.

    Examples
    --------
    >>> from quantri.engine.recode import plain
    >>> frame = pl.DataFrame({"x": [1.0, 3.0], "w": [1.0, 1.0], "r1": [0.0, 2.0], "r2": [2.0, 0.0]})
    >>> _, found = given_replicates(frame, [plain("x")], "w", ["r1", "r2"], np.array([0.5, 0.5]))
    >>> found.replicate.ravel().tolist(), found.variance(around="value").tolist()
    ([3.0, 1.0], [[1.0]])
    """
    if len(scale) != len(replicate_weights):
        raise DataError(
            "{n} replicate weights need as many scales, not {found}", n=len(replicate_weights), found=len(scale)
        )
    columns, variables = [weight, *replicate_weights], tuple(batches)
    table = _values(frame.lazy(), columns, variables, domain)
    _check_weights(table, columns)
    labels = table["_domain"].unique().sort().to_list()
    shape = len(labels), len(columns), sum(len(batch.outputs) for batch in variables)
    above, below = np.zeros(shape), np.zeros(shape)
    for chunk in table.iter_slices(ROWS):
        for d, label in enumerate(labels):
            held = chunk.filter(pl.col("_domain") == label)
            weights = held.select(columns).to_numpy().T
            top, bottom = _sides(held, variables)
            above[d] += weights @ top
            below[d] += weights @ bottom
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(below > 0, above / below, np.nan).transpose(1, 0, 2)
    return tuple(map(str, labels)), Replicates(value=mean[0], replicate=mean[1:], scale=np.asarray(scale, dtype=float))


def _values(frame: pl.LazyFrame, columns: Sequence[str], batches: Sequence[Batch], domain: str | None) -> pl.DataFrame:
    """Give of each row its domain, weights, numerators, denominators, and what is known."""
    parts = [(nw.col(domain) if domain else nw.lit("all")).cast(nw.String).alias("_domain"), nw.col(*columns)]
    for b, batch in enumerate(batches):
        parts += [batch.named(batch.numerator, f"_{b}y"), batch.named(batch.known, f"_{b}k")]
        if batch.denominator is not None:
            parts.append(batch.named(batch.denominator, f"_{b}r"))
    table: pl.DataFrame = nw.from_native(frame).select(*parts).to_native().collect()
    return table.filter(pl.col("_domain").is_not_null())


def _sides(held: pl.DataFrame, batches: Sequence[Batch]) -> tuple[FloatArray, FloatArray]:
    """Numerators and denominators of rows, shape (rows, K) each; 0 where not known."""
    tops, bottoms = [], []
    for b, batch in enumerate(batches):
        for output in batch.outputs:
            known = held[f"{output}_{b}k"].fill_null(value=False).to_numpy()
            tops.append(np.where(known, held[f"{output}_{b}y"].fill_null(0.0).to_numpy(), 0.0))
            below = held[f"{output}_{b}r"].fill_null(0.0).to_numpy() if batch.denominator is not None else 1.0
            bottoms.append(np.where(known, below, 0.0))
    return np.stack(tops, axis=1), np.stack(bottoms, axis=1)


def _check_weights(table: pl.DataFrame, columns: Sequence[str]) -> None:
    for column in columns:
        if not table.schema[column].is_numeric():
            raise DataError("column {column!r} must hold numbers", column=column)
        if table[column].null_count() or (table[column] < 0).any():
            raise DataError("column {column!r}: a replicate weight is missing or below 0; mend it", column=column)
