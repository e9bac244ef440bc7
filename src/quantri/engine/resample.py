"""Replicates of drawn units: bootstrap and jackknife on their sums, and replicate weights on rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from quantri.engine.design import FloatArray
from quantri.engine.totals import PsuTotals
from quantri.errors import DesignError


@dataclass(frozen=True, kw_only=True)
class Replicates:
    """Values of a statistic under B sets of weights, and how they make a variance.

    Parameters
    ----------
    value : ndarray of float, shape (D, M)
        Under the full weights.
    replicate : ndarray of float, shape (B, D, M)
    scale : ndarray of float, shape (B,)
        What each squared distance counts.

    Examples
    --------
    >>> boot = Replicates(value=np.array([[2.0]]), replicate=np.array([[[1.0]], [[3.0]]]), scale=np.array([0.5, 0.5]))
    >>> boot.variance().tolist()
    [[1.0]]
    """

    value: FloatArray
    replicate: FloatArray
    scale: FloatArray

    def variance(self, *, around: str = "mean") -> FloatArray:
        """Variance, shape (D, M): distances from the replicates' `mean`, or from the full `value` (mean square error).

        A replicate without an answer to divide by is left out of its statistic, and the others count for it.
        """
        known = np.isfinite(self.replicate) & (self.scale > 0)[:, None, None]  # certain PSUs are no replicates
        weight = np.where(known, self.scale[:, None, None], 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            total = np.where(known, self.replicate, 0.0).sum(axis=0)
            centre = self.value if around == "value" else total / known.sum(axis=0)
            distance = np.where(known, self.replicate - centre, 0.0)
            kept = weight.sum(axis=0) / self.scale.sum()
            return np.asarray((weight * distance**2).sum(axis=0) / kept)


def bootstrap(totals: PsuTotals, size: int, rng: np.random.Generator) -> Iterator[FloatArray]:
    """Draw Rao-Wu bootstrap multipliers of the rows of `totals`.

    Parameters
    ----------
    totals : PsuTotals
        Of a design with at least two PSUs in each stratum; a stratum with one keeps its weight, and adds nothing.
    size : int
        B replicates.
    rng : numpy.random.Generator

    Yields
    ------
    ndarray of float, shape (b, L)
        Multipliers of the rows of a chunk of replicates.

    Notes
    -----
    In a stratum of n PSUs n-1 are drawn with replacement and count n/(n-1) each time they come [1]_. A finite
    population f shrinks the multipliers towards 1 by the root of 1-f [1]_. PSUs are sampled, never respondents.

    References
    ----------
    .. [1] Rao and Wu (1988), J. Am. Stat. Assoc. 83(401), on resampling with complex survey data.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import SampleDesign
    >>> from quantri.engine.totals import psu_totals
    >>> sums = psu_totals(pl.DataFrame({"psu": [1, 2, 3]}), [], SampleDesign(psu="psu"))
    >>> (chunk,) = bootstrap(sums, 4, np.random.default_rng(1))
    >>> chunk.sum(axis=1).round(9).tolist()
    [3.0, 3.0, 3.0, 3.0]
    """
    structure = totals.structure
    for start in range(0, size, _CHUNK):
        chunk = np.ones((min(_CHUNK, size - start), len(structure.psus)))
        for stratum, n in enumerate(structure.n_psus):
            if n < 2:
                continue
            columns = np.flatnonzero(structure.stratum_of_psu == stratum)
            times = rng.multinomial(n - 1, np.full(n, 1 / n), size=len(chunk)) * (n / (n - 1))
            chunk[:, columns] = 1 + np.sqrt(1 - structure.fraction[stratum]) * (times - 1)
        yield chunk[:, totals.psu]


_CHUNK = 250  # replicates at a time: arrays of a few megabytes stay in the processor's cache


def jackknife(totals: PsuTotals) -> tuple[FloatArray, FloatArray]:
    """Give delete-one multipliers (B, L), one replicate for each PSU, and the scale (B,) of each.

    Raises
    ------
    DesignError
        If a stratum has one PSU.

    Notes
    -----
    Without a PSU the others of its stratum count n/(n-1); its squared distance counts (1-f)(n-1)/n [1]_.

    References
    ----------
    .. [1] Wolter (2007), Introduction to Variance Estimation, ch. 4, on the jackknife.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import SampleDesign
    >>> from quantri.engine.totals import psu_totals
    >>> jackknife(psu_totals(pl.DataFrame({"psu": [1, 2]}), [], SampleDesign(psu="psu")))[0].tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    structure = totals.structure
    if structure.lonely_strata:
        raise DesignError(
            "stratum {stratum} has one PSU, and a jackknife needs two: join strata", stratum=structure.lonely_strata[0]
        )
    stratum, n = structure.stratum_of_psu, structure.n_psus
    same = stratum[:, None] == stratum[None, :]
    multiplier = np.where(same, (n / np.maximum(n - 1, 1))[stratum][:, None], 1.0)
    np.fill_diagonal(multiplier, 0.0)
    alone = n[stratum] < 2  # a certainty stratum: nothing to leave out
    kept = np.flatnonzero(~alone)
    scale = ((1 - structure.fraction) * (n - 1) / n)[stratum]
    return multiplier[np.ix_(kept, totals.psu)], scale[kept]


def replicated_sums(totals: PsuTotals, multipliers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sum numerators and denominators of each domain under each set of multipliers (B, L): two arrays (B, D, K).

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import SampleDesign
    >>> from quantri.engine.recode import plain
    >>> from quantri.engine.totals import psu_totals
    >>> sums = psu_totals(pl.DataFrame({"psu": [1, 2], "x": [3.0, 5.0]}), [plain("x")], SampleDesign(psu="psu"))
    >>> replicated_sums(sums, np.array([[0.0, 2.0]]))[0].tolist()
    [[[10.0]]]
    """
    starts = np.searchsorted(totals.domain, np.arange(len(totals.domains) + 1))
    shape = len(multipliers), len(totals.domains), len(totals.variables)
    above, below = np.empty(shape), np.empty(shape)
    for d, (first, last) in enumerate(pairwise(starts)):
        above[:, d] = multipliers[:, first:last] @ totals.y[first:last]
        below[:, d] = multipliers[:, first:last] @ totals.r[first:last]
    return above, below


def replicated_means(totals: PsuTotals, multipliers: FloatArray) -> FloatArray:
    """Means of each domain under each set of multipliers (B, L), shape (B, D, K); NaN where nobody is left.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import SampleDesign
    >>> from quantri.engine.recode import plain
    >>> from quantri.engine.totals import psu_totals
    >>> sums = psu_totals(pl.DataFrame({"psu": [1, 2], "x": [3.0, 5.0]}), [plain("x")], SampleDesign(psu="psu"))
    >>> replicated_means(sums, np.array([[0.0, 2.0], [1.0, 1.0]])).ravel().tolist()
    [5.0, 4.0]
    """
    above, below = replicated_sums(totals, multipliers)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)
