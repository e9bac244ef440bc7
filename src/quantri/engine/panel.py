"""One component through the years, on a common 0–1 form, with the pairs of years that may be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quantri.engine.results import Archive, FloatArray


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Scores of U units on one component in Y editions.

    Parameters
    ----------
    code, level : str
        The component as it is in the newest edition of the panel.
    years : tuple of int
        Y editions that hold the code, rising.
    keys : tuple of str
        U units, in a fixed order.
    score01 : ndarray of float, shape (Y, U)
        (score − low) / (high − low) by the bounds of each edition, without unit; NaN where there is none.
    comparable : ndarray of bool, shape (Y, Y)
        True where every link of the path from the first year to the second is `yes`.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> d5 = panel(load_archive("papi"), "D5", 2017)
    >>> d5.years[0], d5.years[-1], [(a, b) for a, b in d5.pairs(2)]
    (2011, 2017, [(0, 2), (1, 3), (2, 4)])
    """

    code: str
    level: str
    years: tuple[int, ...]
    keys: tuple[str, ...]
    score01: FloatArray
    comparable: NDArray[np.bool_]

    @cached_property
    def means(self) -> FloatArray:
        """Mean over the units that have the score, shape (Y,)."""
        known = ~np.isnan(self.score01)
        means: FloatArray = np.where(known, self.score01, 0.0).sum(axis=1) / known.sum(axis=1)
        return means

    @cached_property
    def deviations(self) -> FloatArray:
        """Score less the mean of its edition, shape (Y, U)."""
        return self.score01 - self.means[:, None]

    def pairs(self, horizon: int) -> Iterator[tuple[int, int]]:
        """Rows (from, to) of the years that lie `horizon` years apart and may be compared."""
        for a, start in enumerate(self.years):
            if start + horizon in self.years:
                b = self.years.index(start + horizon)
                if self.comparable[a, b]:
                    yield a, b

    def moves(self, horizon: int) -> dict[int, FloatArray]:
        """Gather the moves of the units, shape (number of moves,), by start year, in 0–1 form."""
        found = {}
        for a, b in self.pairs(horizon):
            move = self.score01[b] - self.score01[a]
            found[self.years[a]] = move[~np.isnan(move)]
        return found


def panel(archive: Archive, code: str, until: int) -> Panel:
    """Gather one component from the editions published up to and with a year.

    Parameters
    ----------
    archive : Archive
    code : str
        A component of the newest of these editions.
    until : int
        Later editions are not looked at.

    Returns
    -------
    Panel
    """
    editions = [e for e in archive.until(until) if code in e.definition]
    keys = tuple(sorted({u.key for e in editions for u in e.units}))
    place = {key: n for n, key in enumerate(keys)}
    score01 = np.full((len(editions), len(keys)), np.nan)
    for y, edition in enumerate(editions):
        low, high = edition.definition[code].bounds
        columns = [place[u.key] for u in edition.units]
        score01[y, columns] = (edition.column(code) - low) / (high - low)
    years = tuple(e.definition.year for e in editions)
    comparable = np.eye(len(years), dtype=bool)
    for a, b in zip(*np.triu_indices(len(years), 1), strict=True):
        comparable[a, b] = comparable[b, a] = archive.links.path(code, years[a], years[b]).comparable == "yes"
    level = editions[-1].definition[code].level
    return Panel(code=code, level=level, years=years, keys=keys, score01=score01, comparable=comparable)
