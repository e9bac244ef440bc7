"""Rank, the four groups, and the way to the next one."""

from typing import Literal

import numpy as np

from quantri.engine.results import FloatArray

Group = Literal["high", "mid_high", "mid_low", "low"]
# From the lowest; the place is the number of cuts passed.
GROUPS: tuple[Group, ...] = ("low", "mid_low", "mid_high", "high")
CUTS = (0.25, 0.5, 0.75)
ADVICE: dict[Group, str] = {"low": "improve", "mid_low": "improve", "mid_high": "raise", "high": "hold"}


def cuts(scores: FloatArray) -> FloatArray:
    """Cut scores into four groups.

    Parameters
    ----------
    scores : ndarray of float, shape (U,)
        Points, NaN where withheld.

    Returns
    -------
    ndarray of float, shape (3,)
        The 25th, 50th and 75th percentile of the scores that exist, in points; NaN when there are none.

    Notes
    -----
    Percentiles interpolate linearly (type 7 of [1]_), as the published groups do.

    References
    ----------
    .. [1] Hyndman and Fan (1996), The American Statistician 50(4), on sample quantiles.

    Examples
    --------
    >>> cuts(np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan])).tolist()
    [2.0, 3.0, 4.0]
    """
    known = scores[~np.isnan(scores)]
    return np.quantile(known, CUTS) if known.size else np.full(3, np.nan)


def group(score: float, cut: FloatArray) -> Group:
    """Group of a score in points; a score equal to a cut, shape (3,), belongs to the upper group.

    Examples
    --------
    >>> group(3.0, np.array([2.0, 3.0, 4.0]))
    'mid_high'
    """
    return GROUPS[int((score >= cut).sum())]


def gap_to_next_group(score: float, cut: FloatArray) -> float | None:
    """Points to the next cut above; None in the highest group.

    Examples
    --------
    >>> gap_to_next_group(2.5, np.array([2.0, 3.0, 4.0]))
    0.5
    """
    above = cut[cut > score]
    return float(above.min() - score) if above.size else None


def rank(score: float, scores: FloatArray) -> int:
    """1 + the number of scores, shape (U,), strictly above.

    Examples
    --------
    >>> rank(4.0, np.array([5.0, 4.0, 4.0, np.nan]))
    2
    """
    return 1 + int((scores > score).sum())
