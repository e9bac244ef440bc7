"""Ranks and groups of estimated scores: what the bootstrap supports, and sets of ranks that hold together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from quantri.engine.definition import IndexDefinition
from quantri.engine.design import FloatArray, IntArray
from quantri.engine.estimate import Estimates
from quantri.engine.groups import CUTS
from quantri.engine.noise import NOISE, noise_of
from quantri.engine.resample import bootstrap, replicated_means
from quantri.engine.scoring import grow
from quantri.engine.totals import PsuTotals

N_SEED = 1


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Ranks and groups of D domains on M components, with what B bootstrap replicates say of them.

    Parameters
    ----------
    rank : ndarray of int, shape (D, M)
        1 + the number of domains strictly above; 0 without a score.
    low, high : ndarray of int, shape (D, M)
        Percentiles of the replicates' ranks at the level of confidence: bootstrap support, **not** a confidence
        interval of the true rank.
    joint_low, joint_high : ndarray of int, shape (D, M)
        Sets that hold the true ranks of all domains at once at the level of confidence; 0 without a score.
    support : ndarray of float, shape (D, M, 4)
        Share of replicates in which the domain is in the low, mid-low, mid-high and high group.
    variance : ndarray of float, shape (D, M)
        Of the replicates.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> Ranking(rank=one, low=one, high=one, joint_low=one, joint_high=one, support=np.zeros((1, 1, 4)),
    ...         variance=one).support.shape
    (1, 1, 4)
    """

    rank: IntArray
    low: IntArray
    high: IntArray
    joint_low: IntArray
    joint_high: IntArray
    support: FloatArray
    variance: FloatArray


def replicated_scores(
    definition: IndexDefinition, totals: PsuTotals, size: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """Score the whole tree under bootstrap weights, a chunk of replicates at a time, each (b, D, M).

    Goalposts that are observed are found anew in each replicate, and so carry their own error.
    """
    order = [totals.variables.index(c.code) for c in definition.measured]
    is_observed = any(c.has_observed_goalpost for c in definition.measured)
    for multipliers in bootstrap(totals, size, rng):
        leaves = replicated_means(totals, multipliers)[:, :, order]
        if is_observed:
            yield np.stack([_values(definition, one) for one in leaves])
        else:
            flat = _values(definition, leaves.reshape(-1, leaves.shape[2]))
            yield flat.reshape(*leaves.shape[:2], -1)


def _values(definition: IndexDefinition, leaves: FloatArray) -> FloatArray:
    nobody = np.zeros((0, leaves.shape[1]))
    return grow(definition, leaves, nobody, np.zeros(0, dtype=np.int64)).value


def rank_domains(replicates: FloatArray, estimates: Estimates, confidence_level: float) -> Ranking:
    """Rank domains and say what the replicates support.

    Parameters
    ----------
    replicates : ndarray of float, shape (B, D, M)
    estimates : Estimates
        Scores (D, M) with their standard errors and degrees of freedom, by the rule that intervals use.
    confidence_level : float

    Notes
    -----
    Support is the share of replicates, which spread around the estimates, not around the truth: where scores lie
    close, it promises too much.

    Examples
    --------
    >>> from quantri.engine.variance import Strays
    >>> value = np.array([[1.0], [5.0]])
    >>> known = Estimates(value=value, standard_error=value * 0 + 0.1, low=value, high=value, n=value, influence=value,
    ...                   df=np.array([np.inf, np.inf]), present=value > 0,
    ...                   strays=Strays(domain=np.zeros(0, dtype=int), distance=np.zeros((0, 1)), n_domains=2))
    >>> found = rank_domains(value + np.random.default_rng(1).normal(0, 0.1, (200, 2, 1)), known, 0.95)
    >>> found.rank[:, 0].tolist(), found.joint_high[:, 0].tolist()
    ([2, 1], [2, 1])
    """
    value, shape = estimates.value, estimates.value.shape
    tails = (1 - confidence_level) / 2, (1 + confidence_level) / 2
    joint = JointRanks.drawn(estimates.df, confidence_level)
    low, high = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    support, variance = np.zeros((*shape, 4)), np.zeros(shape)
    joint_low, joint_high = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for m in range(shape[1]):
        column = np.ascontiguousarray(replicates[:, :, m])
        drawn = ranks(column)
        low[:, m] = np.quantile(drawn, tails[0], axis=0, method="inverted_cdf")
        high[:, m] = np.quantile(drawn, tails[1], axis=0, method="inverted_cdf")
        support[:, m] = group_support(column)
        variance[:, m] = np.nanvar(column, axis=0, ddof=1) if np.isfinite(column).any() else np.nan
        joint_low[:, m], joint_high[:, m] = joint.of(value[:, m], estimates.standard_error[:, m])
    return Ranking(
        rank=ranks(value[None])[0], low=low, high=high, joint_low=joint_low, joint_high=joint_high, support=support,
        variance=variance,
    )  # fmt: skip


def ranks(scores: FloatArray) -> IntArray:
    """1 + the number of domains above by more than rounding, along the second axis of (B, D, …); 0 without a score.

    Examples
    --------
    >>> ranks(np.array([[3.0, 5.0, 3.0, np.nan]])).tolist()
    [[2, 1, 2, 0]]
    """
    falling = -scores
    order = np.argsort(falling, axis=1, kind="stable")  # NaN last
    ordered = np.take_along_axis(falling, order, axis=1)
    place = np.broadcast_to(
        np.arange(1, scores.shape[1] + 1).reshape(1, -1, *[1] * (scores.ndim - 2)), scores.shape
    ).copy()
    with np.errstate(invalid="ignore"):  # of two infinities
        tied = ordered[:, 1:] - ordered[:, :-1] <= noise_of(scores, axis=1)
    for i in np.flatnonzero(tied.any(axis=tuple(k for k in range(tied.ndim) if k != 1))):
        place[:, i + 1] = np.where(tied[:, i], place[:, i], place[:, i + 1])
    found = np.empty_like(place)
    np.put_along_axis(found, order, place, axis=1)
    return np.where(np.isnan(scores), 0, found)


def group_support(replicates: FloatArray) -> FloatArray:
    """Share of replicates (B, D) in which each domain is in the low, mid-low, mid-high and high group, shape (D, 4).

    Cuts are made anew in each replicate, as they are made from the scores of all domains.

    Examples
    --------
    >>> group_support(np.array([[1.0, 2.0, 3.0, 4.0]])).tolist()[0]
    [1.0, 0.0, 0.0, 0.0]
    """
    scored = ~np.isnan(replicates).all(axis=0)
    shares = np.full((replicates.shape[1], 4), np.nan)
    if not scored.any():
        return shares
    known = replicates[:, scored]
    cuts = np.nanquantile(known, CUTS, axis=1) if np.isnan(known).any() else np.quantile(known, CUTS, axis=1)
    cuts = cuts - noise_of(known, axis=1)[:, 0]  # who equals a cut belongs above it
    place = (known[None] >= cuts[:, :, None]).sum(axis=0)
    shares[scored] = np.stack([(place == g).mean(axis=0) for g in range(4)], axis=1)
    return shares


@dataclass(frozen=True, kw_only=True)
class JointRanks:
    """Sets of ranks that hold the true ranks of all domains at once.

    Parameters
    ----------
    normal : ndarray of float, shape (R, D)
        Standard normal draws, one for each domain.
    scale : ndarray of float, shape (R, D)
        How far estimated standard errors lie from the true ones: roots of chi-squares over their degrees of freedom.
    confidence_level : float

    Notes
    -----
    Every pair of domains is compared by its studentised difference; the margin is the quantile of the largest of all
    pairs, drawn for independent domains with the estimated errors [1]_. The sets hold whatever the true scores are, and
    as often as the standard errors deserve: pooled errors should be used where a domain has few degrees of freedom.

    References
    ----------
    .. [1] Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic Studies 91(1), on inference for ranks.

    Examples
    --------
    >>> low, high = JointRanks.drawn(np.full(3, np.inf), 0.95).of(np.array([1.0, 1.01, 9.0]), np.full(3, 0.1))
    >>> low.tolist(), high.tolist()
    ([2, 2, 1], [3, 3, 1])
    """

    normal: FloatArray
    scale: FloatArray
    confidence_level: float

    @classmethod
    def drawn(cls, df: FloatArray, confidence_level: float, n_draws: int = 2000) -> "JointRanks":
        """Draw once for all components; the seed is fixed, since the draws stand for a table of quantiles."""
        rng = np.random.default_rng(N_SEED)
        finite = np.where(np.isfinite(df) & (df > 0), df, 1.0)
        chi = np.sqrt(rng.chisquare(finite, (n_draws, len(df))) / finite)
        scale = np.where(np.isfinite(df), chi, 1.0)
        return cls(normal=rng.standard_normal(scale.shape), scale=scale, confidence_level=confidence_level)

    def of(self, value: FloatArray, error: FloatArray) -> tuple[IntArray, IntArray]:
        """Lowest and highest rank of each domain (D,), from scores (D,) and their errors; 0 without a score."""
        scored = np.flatnonzero(np.isfinite(value) & np.isfinite(error))
        low, high = np.zeros(len(value), dtype=np.int64), np.zeros(len(value), dtype=np.int64)
        if scored.size < 2 or not (error[scored] > 0).any():
            low[scored] = high[scored] = ranks(value[None])[0][scored]
            return low, high
        here, spread = value[scored], error[scored]
        margin = self._margin(scored, spread) * np.hypot(spread[:, None], spread[None]) + NOISE * np.abs(here).max()
        above = here[None] - here[:, None]  # how far the column's domain lies above the row's
        low[scored] = 1 + (above > margin).sum(axis=1)
        high[scored] = len(scored) - (-above > margin).sum(axis=1)
        return low, high

    def _margin(self, scored: IntArray, spread: FloatArray) -> float:
        """Quantile of the largest studentised difference of any pair."""
        drawn = self.normal[:, scored] * spread
        square = (self.scale[:, scored] * spread) ** 2
        largest = np.zeros(len(drawn))
        with np.errstate(divide="ignore", invalid="ignore"):
            for j in range(len(scored)):
                pairs = (drawn[:, j + 1 :] - drawn[:, j : j + 1]) ** 2 / (square[:, j + 1 :] + square[:, j : j + 1])
                largest = np.fmax(largest, np.fmax.reduce(pairs, axis=1, initial=0.0))
        return float(np.sqrt(np.quantile(largest, self.confidence_level)))
