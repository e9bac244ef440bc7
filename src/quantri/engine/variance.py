"""The one variance: how far drawn units stray from their stratum's mean, with finite populations and lonely PSUs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantri.engine.design import FloatArray, Inference, IntArray
from quantri.engine.totals import PsuTotals
from quantri.errors import DesignError
from quantri.said import Said

BoolArray = NDArray[np.bool_]
CERTAIN = 1e-7  # a stratum of which all but this share was drawn adds nothing


@dataclass(frozen=True, kw_only=True)
class Strays:
    """Scaled distances whose cross-products are variances and covariances.

    Parameters
    ----------
    domain : ndarray of int, shape (E,)
        Domain of each row.
    distance : ndarray of float, shape (E, M)
        In the unit of the M statistics; NaN where a domain's variance cannot be estimated.
    n_domains : int

    Examples
    --------
    >>> strays = Strays(domain=np.array([0, 0]), distance=np.array([[3.0], [-4.0]]), n_domains=1)
    >>> strays.variance.tolist(), strays.covariance(0).tolist()
    ([[25.0]], [[25.0]])
    """

    domain: IntArray
    distance: FloatArray
    n_domains: int

    @property
    def variance(self) -> FloatArray:
        """Variance of each statistic in each domain, shape (D, M)."""
        out = np.zeros((self.n_domains, self.distance.shape[1]))
        order = np.argsort(self.domain, kind="stable")
        held, starts = np.unique(self.domain[order], return_index=True)
        if held.size:
            out[held] = np.add.reduceat(self.distance[order] ** 2, starts, axis=0)
        return out

    def covariance(self, domain: int) -> FloatArray:
        """Covariance of the statistics of one domain, shape (M, M)."""
        rows = self.distance[self.domain == domain]
        return np.asarray(rows.T @ rows)


def strays(influence: FloatArray, present: BoolArray, totals: PsuTotals, inference: Inference) -> Strays:
    """Distances of drawn units from their stratum's mean, at the first stage and, where there is one, the second.

    Parameters
    ----------
    influence : ndarray of float, shape (L, M)
        What each row of `totals` adds to each of M statistics of its domain.
    present : ndarray of bool, shape (L, M)
        Whether the row holds anybody who has the statistic.
    totals : PsuTotals
        Rows and structure.
    inference : Inference
        The policy for lonely PSUs.

    Returns
    -------
    Strays

    Raises
    ------
    DesignError
        If a stratum holds one PSU and the policy is to fail.

    Notes
    -----
    A stratum of n PSUs, of which a share f was drawn, adds ``(1-f) n/(n-1) Σ (z-z̄)²`` over all its PSUs, zeros for
    those that the domain does not reach [1]_; with a second stage, each PSU adds f times the same over its own units
    [2]_. Policies for lonely PSUs have the meaning of R's `survey` 4.1.

    References
    ----------
    .. [1] Woodruff (1971), J. Am. Stat. Assoc. 66(334), on linearised variances.
    .. [2] Bellhouse (1985), J. Am. Stat. Assoc. 80, on recursive variance in multi-stage designs.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import SampleDesign
    >>> from quantri.engine.totals import psu_totals
    >>> sums = psu_totals(pl.DataFrame({"psu": [1, 2, 3]}), [], SampleDesign(psu="psu"))
    >>> z = np.array([[1.0], [2.0], [6.0]])
    >>> float(strays(z, np.ones((3, 1), dtype=bool), sums, Inference()).variance[0, 0].round(9))
    21.0
    """
    structure, n_domains = totals.structure, len(totals.domains)
    starts = _group_starts(totals.domain, totals.psu)
    domain, psu = totals.domain[starts], totals.psu[starts]
    first = np.add.reduceat(influence, starts, axis=0)
    held = np.logical_or.reduceat(present, starts, axis=0)
    stratum = structure.stratum_of_psu[psu]
    groups = _group_starts(domain, stratum)
    one = stratum[groups]
    stage = _Stage(
        starts=groups, n=structure.n_psus[one], fraction=structure.fraction[one],
        names=[Said("stratum {label}", label=structure.strata[h]) for h in one],
    )  # fmt: skip
    rows, absent, lost = stage.distances(first, held, inference)
    ratio = _strata_per_kept(domain[groups], np.logical_or.reduceat(held, groups, axis=0), lost, n_domains)
    parts, domains = [rows * ratio[domain], absent * ratio[domain[groups]]], [domain, domain[groups]]
    if structure.psu_of_ssu is not None and structure.fraction2 is not None:
        second = _Stage(
            starts=starts, n=np.bincount(structure.psu_of_ssu)[psu], fraction=structure.fraction2[psu],
            names=[Said("PSU {label}", label=structure.psus[i]) for i in psu],
        )  # fmt: skip
        rows, absent, lost = second.distances(influence, present, inference)
        drawn = np.sqrt(structure.fraction[stratum])[:, None]
        absent = np.where(lost, np.nan, absent) * drawn
        parts += [rows * np.repeat(drawn, second.sizes(len(rows)), axis=0), absent]
        domains += [totals.domain, domain]
    return Strays(domain=np.concatenate(domains), distance=np.concatenate(parts), n_domains=n_domains)


@dataclass(frozen=True, kw_only=True)
class _Stage:
    """Groups of rows whose units were drawn together: PSUs of a stratum, or second-stage units of a PSU."""

    starts: IntArray  # (G,) first row of each group
    n: IntArray  # (G,) drawn units, those without a row included
    fraction: FloatArray  # (G,)
    names: list[str]

    def sizes(self, n_rows: int) -> IntArray:
        return np.diff(self.starts, append=n_rows)

    def distances(
        self, z: FloatArray, present: BoolArray, inference: Inference
    ) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Scale distances of rows, and of units without a row; tell the groups (G, M) whose spread is unknown."""
        sizes = self.sizes(len(z))
        n_held = np.add.reduceat(present, self.starts, axis=0, dtype=np.int64)
        is_certain = self.fraction >= 1 - CERTAIN
        single = (self.n == 1) & ~is_certain
        if inference.lonely == "fail" and (fails := single & (n_held > 0).any(axis=1)).any():
            raise DesignError(
                "{stratum} has one sampled unit, so its spread is unknown: choose a policy with --lonely "
                "(adjust is the cautious one), or join strata",
                stratum=self.names[int(np.argmax(fails))],
            )
        alone = single[:, None] & (n_held > 0)
        if inference.lonely_domains:
            alone |= (n_held == 1) & (self.n > 1)[:, None] & ~is_certain[:, None]
        lost = alone if inference.lonely == "average" else np.zeros_like(alone)
        scale = np.where(is_certain, 0.0, (1 - self.fraction) * self.n / np.maximum(self.n - 1, 1))
        factor = np.sqrt(scale)[:, None] * ~lost
        centre = np.add.reduceat(z, self.starts, axis=0) / self.n[:, None]
        if inference.lonely == "adjust":
            centre = np.where(alone, 0.0, centre)
        group = np.repeat(np.arange(len(sizes)), sizes)
        absent = -centre * factor * np.sqrt(self.n - sizes)[:, None]
        return (z - centre[group]) * factor[group], absent, lost


def _group_starts(major: IntArray, minor: IntArray) -> IntArray:
    """First rows of runs of equal pairs."""
    changes = (np.diff(major) != 0) | (np.diff(minor) != 0)
    return np.concatenate([[0], np.flatnonzero(changes) + 1])


def _strata_per_kept(domain: IntArray, held: BoolArray, lost: BoolArray, n_domains: int) -> FloatArray:
    """Square root of strata over strata of known spread (D, M): the lost count as the mean of the kept."""
    strata = np.zeros((n_domains, held.shape[1]))
    kept = np.zeros_like(strata)
    starts = np.flatnonzero(np.diff(domain, prepend=-1))
    strata[domain[starts]] = np.add.reduceat(held, starts, axis=0, dtype=np.float64)
    kept[domain[starts]] = np.add.reduceat(held & ~lost, starts, axis=0, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(strata == kept, 1.0, np.where(kept == 0, np.nan, np.sqrt(strata / kept)))
