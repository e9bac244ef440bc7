"""Sums of drawn units to estimates of each domain: value, standard error, interval, degrees of freedom."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from quantri.engine.calibration import residual_totals
from quantri.engine.design import FloatArray, Inference, IntArray
from quantri.engine.noise import without_noise
from quantri.engine.totals import PsuTotals
from quantri.engine.variance import BoolArray, Strays, strays

_Number = TypeVar("_Number", np.float64, np.int64)


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """M statistics of D domains, with what each drawn unit adds to them.

    Parameters
    ----------
    value, standard_error, low, high : ndarray of float, shape (D, M)
        In the unit of each statistic; NaN where it cannot be estimated.
    n : ndarray of int, shape (D, M)
        Respondents behind each.
    df : ndarray of float, shape (D,)
        Degrees of freedom of each domain; infinite for the normal.
    influence : ndarray of float, shape (L, M)
        What each row of the totals adds; linear combinations of columns give standard errors of any other statistic.
    present : ndarray of bool, shape (L, M)
    strays : Strays
        Their cross-products are the variances and covariances.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import SampleDesign
    >>> from quantri.engine.recode import plain
    >>> from quantri.engine.totals import psu_totals
    >>> frame = pl.DataFrame({"x": [1.0, 2.0, 3.0, 6.0], "psu": [1, 2, 3, 4]})
    >>> found = means(psu_totals(frame, [plain("x")], SampleDesign(psu="psu")), Inference())
    >>> float(found.value[0, 0]), float(found.standard_error[0, 0].round(6))
    (3.0, 1.080123)
    """

    value: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray
    n: IntArray
    df: FloatArray
    influence: FloatArray
    present: BoolArray
    strays: Strays


def means(totals: PsuTotals, inference: Inference) -> Estimates:
    """Estimate the mean (or ratio) of each variable in each domain.

    Parameters
    ----------
    totals : PsuTotals
        Sums over the drawn units.
    inference : Inference
        How intervals are made.

    Returns
    -------
    Estimates
        NaN where nobody of the domain has the variable.

    Raises
    ------
    DesignError
        If a stratum has one PSU and the policy is to fail.

    Notes
    -----
    Linearised ratio of two totals [1]_: a row adds ``(y - μ r) / ΣR``. Each variable uses all rows that have it, never
    only those that have every variable.

    References
    ----------
    .. [1] Woodruff (1971), J. Am. Stat. Assoc. 66(334), on linearised variances.
    """
    value, influence = linear_means(totals)
    return infer(value, influence, totals.n > 0, totals, inference)


def linear_means(totals: PsuTotals) -> tuple[FloatArray, FloatArray]:
    """Means (D, K) and what each row adds to them (L, K), before any standard error.

    Where margins are known, what goes with each of their categories follows the rows (L + D·Q, K), see
    `influence_domains`; it is carried through a tree as rows are, and `infer` takes it off.
    """
    answered = by_domain(totals.r, totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = by_domain(totals.y, totals) / answered
    value[by_domain(totals.n, totals) == 0] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        influence = (totals.y - value[totals.domain] * totals.r) / answered[totals.domain]
        if totals.margins is not None:
            explained = (totals.margins.y - value[:, None] * totals.margins.r) / answered[:, None]
            influence = np.concatenate([influence, explained.reshape(-1, explained.shape[2])])
    influence[~np.isfinite(influence)] = 0.0
    return value, influence


def influence_domains(totals: PsuTotals) -> IntArray:
    """Domain of each row of an influence: rows of the totals, then Q categories of each domain where margins are known.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import SampleDesign
    >>> from quantri.engine.totals import psu_totals
    >>> influence_domains(psu_totals(pl.DataFrame({"psu": [1, 2]}), [], SampleDesign(psu="psu"))).tolist()
    [0, 0]
    """
    if totals.margins is None:
        return totals.domain
    n_domains, n_categories, _ = totals.margins.y.shape
    return np.concatenate([totals.domain, np.repeat(np.arange(n_domains), n_categories)])


def sums(totals: PsuTotals, inference: Inference) -> Estimates:
    """Estimate the population total of each variable in each domain; a row adds its weighted sum.

    Raises
    ------
    DesignError
        As `means`.
    """
    value = by_domain(totals.y, totals)
    value[by_domain(totals.n, totals) == 0] = np.nan
    influence = totals.y
    if totals.margins is not None:
        influence = np.concatenate([totals.y, totals.margins.y.reshape(-1, totals.y.shape[1])])
    return infer(value, influence, totals.n > 0, totals, inference)


def infer(
    value: FloatArray, influence: FloatArray, present: BoolArray, totals: PsuTotals, inference: Inference
) -> Estimates:
    """Give estimates, shape (D, M), their standard errors and intervals from the influence, shape (L, M), of each row.

    Raises
    ------
    DesignError
        As `means`.
    """
    influence, explained = influence[: len(present)], influence[len(present) :]
    if totals.margins is None:
        distances = strays(influence, present, totals, inference)
    else:
        distances = _unexplained(influence, explained, totals, inference)
    error = np.where(np.isnan(value), np.nan, without_noise(np.sqrt(distances.variance), value))
    df = degrees_of_freedom(totals, inference)
    low, high = interval(value, error, df[:, None], inference.confidence_level)
    n = by_domain(totals.n, totals)
    return Estimates(
        value=value, standard_error=error, low=low, high=high, n=n, df=df, influence=influence, present=present,
        strays=distances,
    )  # fmt: skip


def _unexplained(influence: FloatArray, explained: FloatArray, totals: PsuTotals, inference: Inference) -> Strays:
    """Distances of what known margins leave: outside its domain, too, a unit varies by what its categories predict."""
    margins = totals.margins
    if margins is None:
        raise TypeError("totals without margins")
    n_units, n_categories = margins.auxiliaries.shape
    blank = np.zeros((n_units, 0))
    every = replace(
        totals, variables=(), domains=((),), domain=np.zeros(n_units, dtype=np.int64), unit=np.arange(n_units),
        y=blank, r=blank, squares=blank, n=blank.astype(np.int64), weight=np.ones(n_units),
        n_rows=np.ones(n_units, dtype=np.int64), margins=None,
    )  # fmt: skip
    parts = []
    for d in range(len(totals.domains)):
        rows = totals.domain == d
        own = np.zeros((n_units, influence.shape[1]))
        own[totals.unit[rows]] = influence[rows]
        cross = explained[d * n_categories : (d + 1) * n_categories]
        left = residual_totals(own, margins.auxiliaries, margins.gram, cross)
        parts.append(strays(left, np.ones(left.shape, dtype=bool), every, inference).distance)
    domain = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return Strays(domain=domain, distance=np.concatenate(parts), n_domains=len(parts))


def interval(
    value: FloatArray, error: FloatArray, df: FloatArray, confidence_level: float
) -> tuple[FloatArray, FloatArray]:
    """Two-sided interval by Student's t; the normal where `df` is infinite, NaN where none is left.

    Examples
    --------
    >>> low, high = interval(np.array([10.0]), np.array([1.0]), np.array([np.inf]), 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([8.04], [11.96])
    """
    share = (1 + confidence_level) / 2
    finite = np.where(np.isfinite(df) & (df > 0), df, 1.0)
    times = np.where(np.isinf(df), ndtri(share), stdtrit(finite, share))
    times = np.where(df > 0, times, np.nan)
    return value - times * error, value + times * error


def degrees_of_freedom(totals: PsuTotals, inference: Inference) -> FloatArray:
    """Degrees of freedom of each domain by the chosen rule, shape (D,)."""
    n_domains = len(totals.domains)
    if inference.df_rule == "inf":
        return np.full(n_domains, np.inf)
    if inference.df_rule == "design":
        return np.full(n_domains, float(totals.structure.df))
    psu = np.unique(np.stack([totals.domain, totals.psu]), axis=1)
    stratum = np.unique(np.stack([psu[0], totals.structure.stratum_of_psu[psu[1]]]), axis=1)
    counts = [np.bincount(held[0], minlength=n_domains) for held in (psu, stratum)]
    return (counts[0] - counts[1]).astype(np.float64)


def unit_variances(totals: PsuTotals, value: FloatArray) -> FloatArray:
    """Variance of one answer in each domain (D, K), in squared units; NaN where nothing varies.

    Of a ratio it is that of one person's residual, ``(x₁ - μ x₂) / x̄₂``.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_square = by_domain(totals.squares, totals) / by_domain(totals.r, totals)
        spread = mean_square - value**2
        if (ratios := totals.ratios) is not None:
            products, squares, weight = (
                by_domain(part, totals) for part in (ratios.products, ratios.squares, ratios.weight)
            )
            h, per = ratios.column, weight / by_domain(totals.r, totals)[:, ratios.column] ** 2
            mean_square[:, h] = by_domain(totals.squares, totals)[:, h] * per
            spread[:, h] = mean_square[:, h] - (2 * value[:, h] * products - value[:, h] ** 2 * squares) * per
        n = by_domain(totals.n, totals)
        variance = spread * n / (n - 1)
    variance[~(variance > 1e-12 * np.maximum(mean_square, 1e-300))] = np.nan
    return variance


def by_domain(rows: NDArray[_Number], totals: PsuTotals) -> NDArray[_Number]:
    """Sum rows (L, …) in each domain (D, …)."""
    starts = np.searchsorted(totals.domain, np.arange(len(totals.domains)))
    return np.add.reduceat(rows, starts, axis=0)
