"""One draw from one list: inclusion probabilities, certainty units, and the units that chance takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantri.errors import DataError, DesignError
from quantri.said import Said

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Positions = NDArray[np.int64]
NEARLY_ONE = 1 - 1e-9  # sums of shares miss 1 by rounding


@dataclass(frozen=True, kw_only=True)
class Listing:
    """N units of one stratum, in the order that a systematic draw follows.

    Parameters
    ----------
    size : float array (N,)
        Measure of size, above 0; ones where all units count alike.
    named : bool array (N,)
        Units that the design takes with certainty.
    take : int
        Units to draw besides the named ones.
    reserve : int
        Substitutes to draw from what is left; fewer if less is left.

    Raises
    ------
    DataError
        If a size is not a positive number.
    DesignError
        If the list holds fewer units than `take`, or nothing would be drawn.
    """

    size: Floats
    named: Bools
    take: int
    reserve: int = 0

    def __post_init__(self) -> None:
        bad = ~(np.isfinite(self.size) & (self.size > 0))
        if bad.any():
            raise DataError("size must be above 0, not {size:g}; mend it or leave the unit out", size=self.size[bad][0])
        chance = int((~self.named).sum())
        if self.take > chance:
            named = int(self.named.sum())
            units = Said("1 unit") if chance == 1 else Said("{n} units", n=chance)
            if not named:
                raise DesignError(
                    "take is {take}, but the frame holds {units}; lower take", take=self.take, units=units
                )
            certain = Said("1 that is certain") if named == 1 else Said("{n} that are certain", n=named)
            raise DesignError(
                "take is {take}, but the frame holds {units} besides {certain}; lower take",
                take=self.take, units=units, certain=certain,
            )  # fmt: skip
        if self.take == 0 and not self.named.any():
            raise DesignError("take is 0 and no unit is certain, so nothing stands for these units; take at least 1")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What was drawn from a list of N units.

    Parameters
    ----------
    probability : float array (N,)
        Inclusion probability of each unit, 0-1; the sum is the number drawn.
    drawn : int array (n,)
        Positions of the drawn units, ascending, certainty units among them.
    reserve : int array (r,)
        Positions of the substitutes, in the order in which they are to be used.
    """

    probability: Floats
    drawn: Positions
    reserve: Positions

    @property
    def certain(self) -> Bools:
        """Units with probability 1, bool (N,)."""
        return np.asarray(self.probability == 1.0)


def inclusion_probabilities(listing: Listing) -> Floats:
    """Give each unit its chance to be drawn, in proportion to its size.

    Parameters
    ----------
    listing : Listing
        N units.

    Returns
    -------
    float array (N,)
        Shares 0-1 that sum to the named units plus `take`.

    Notes
    -----
    Named units have 1. The others have ``take * size / sum of sizes``; a unit whose expected hits would reach 1 is
    taken with certainty, and the rest is shared anew among the others, until none reaches 1 [1]_. With sizes of one
    it is ``take / N``.

    References
    ----------
    .. [1] Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, section 3.6.2.

    Examples
    --------
    >>> sizes = np.array([70.0, 10.0, 10.0, 10.0])
    >>> inclusion_probabilities(Listing(size=sizes, named=np.zeros(4, dtype=bool), take=2)).round(4)
    array([1.    , 0.3333, 0.3333, 0.3333])
    """
    certain = listing.named.copy()
    left = listing.take
    while True:
        chance = ~certain
        share = listing.size * (left / listing.size[chance].sum()) if left else np.zeros(len(certain))
        beyond = chance & (share >= NEARLY_ONE)
        if not beyond.any():
            return np.where(certain, 1.0, share)
        certain |= beyond
        left = listing.take - int((certain & ~listing.named).sum())


def simple_random(listing: Listing, *, rng: np.random.Generator) -> Selection:
    """Draw without replacement, every set of units alike; sizes are not looked at.

    Examples
    --------
    >>> ten = Listing(size=np.ones(10), named=np.zeros(10, dtype=bool), take=3, reserve=2)
    >>> got = simple_random(ten, rng=np.random.default_rng(1))
    >>> len(got.drawn), len(got.reserve), float(got.probability[0])
    (3, 2, 0.3)
    """
    chance = np.flatnonzero(~listing.named)
    probability = np.where(listing.named, 1.0, listing.take / max(len(chance), 1))
    shuffled = rng.permutation(chance)
    drawn = np.sort(np.concatenate([np.flatnonzero(listing.named), shuffled[: listing.take]]))
    return Selection(
        probability=probability, drawn=drawn, reserve=shuffled[listing.take : listing.take + listing.reserve]
    )


def systematic(listing: Listing, *, rng: np.random.Generator) -> Selection:
    """Draw at equal steps along the sizes from a random start; with sizes of one, every k-th unit.

    Notes
    -----
    A step of 1 along the running sum of the inclusion probabilities, so no unit is hit twice [1]_. The substitutes
    are drawn in the same way from what is left, and shuffled. Neighbours in the order are never drawn together where
    their probabilities allow it, so the order stratifies; joint probabilities of many pairs are 0, and an unbiased
    estimate of variance does not exist.

    References
    ----------
    .. [1] Madow (1949), Ann. Math. Stat. 20(3), on systematic sampling with unequal probabilities.

    Examples
    --------
    >>> ten = Listing(size=np.ones(10), named=np.zeros(10, dtype=bool), take=5)
    >>> np.diff(systematic(ten, rng=np.random.default_rng(1)).drawn)
    array([2, 2, 2, 2])
    """
    probability = inclusion_probabilities(listing)
    drawn = _steps(probability, rng)
    left = np.setdiff1d(np.arange(len(probability)), drawn)
    take = min(listing.reserve, len(left))
    reserve = left[:0]
    if take:
        rest = Listing(size=listing.size[left], named=np.zeros(len(left), dtype=bool), take=take)
        reserve = rng.permutation(left[_steps(inclusion_probabilities(rest), rng)])
    return Selection(probability=probability, drawn=drawn, reserve=reserve)


def everything(listing: Listing) -> Selection:
    """Take every unit.

    Examples
    --------
    >>> everything(Listing(size=np.ones(2), named=np.ones(2, dtype=bool), take=0)).drawn
    array([0, 1])
    """
    n = len(listing.size)
    return Selection(probability=np.ones(n), drawn=np.arange(n), reserve=np.arange(0))


def _steps(probability: Floats, rng: np.random.Generator) -> Positions:
    """Positions of the certain units and of those that equal steps hit, ascending."""
    certain = probability == 1.0
    chance = np.flatnonzero(~certain & (probability > 0))
    n = round(float(probability[chance].sum()))
    ends = np.cumsum(probability[chance])
    hit = np.searchsorted(ends, rng.random() + np.arange(n), side="right")
    return np.sort(np.concatenate([np.flatnonzero(certain), chance[np.minimum(hit, len(chance) - 1)]]))
