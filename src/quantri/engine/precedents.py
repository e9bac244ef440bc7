"""What other units did from a like start."""

from dataclasses import dataclass

import numpy as np

from quantri.engine.panel import Panel
from quantri.engine.results import Archive, Unit

LIKE_START = 0.5  # standard deviations between units


@dataclass(frozen=True, kw_only=True)
class Precedent:
    """What another unit did from a like start; scores in points of the base edition's scale."""

    unit: Unit
    year: int
    start: float
    end: float
    horizon: int

    @property
    def end_year(self) -> int:
        """Edition of the end."""
        return self.year + self.horizon


def like_starts(archive: Archive, panel: Panel, key: str, base_year: int, horizon: int) -> tuple[Precedent, ...]:
    """Find units that once stood as near to their edition's mean as this one does, and where they went.

    Parameters
    ----------
    archive : Archive
    panel : Panel
        The component.
    key : str
        Unit, with a score in the base edition.
    base_year : int
    horizon : int
        Years from start to end; only comparable pairs count.

    Returns
    -------
    tuple of Precedent
        Nearest start first. A start is like when the deviations differ by less than half a standard deviation.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> from quantri.engine.panel import panel
    >>> papi = load_archive("papi")
    >>> nearest = like_starts(papi, panel(papi, "D5", 2017), "vn63-89", 2017, 2)[0]
    >>> nearest.unit.name_vi, nearest.year
    ('Bình Định', 2013)
    """
    base = panel.years.index(base_year)
    deviation = panel.deviations[base, panel.keys.index(key)]
    low, high = archive.edition(base_year).definition[panel.code].bounds
    reach = LIKE_START * float(np.nanstd(panel.deviations[base]))
    found = []
    for a, b in panel.pairs(horizon):
        units = {u.key: u for u in archive.edition(panel.years[a]).units}
        apart = np.abs(panel.deviations[a] - deviation)
        for i in np.flatnonzero((apart < reach) & ~np.isnan(panel.score01[b])):
            start, end = (low + (high - low) * float(panel.score01[row, i]) for row in (a, b))
            if panel.keys[i] != key:
                precedent = Precedent(
                    unit=units[panel.keys[i]], year=panel.years[a], start=start, end=end, horizon=horizon
                )
                found.append((float(apart[i]), -panel.years[a], panel.keys[i], precedent))
    return tuple(p for *_, p in sorted(found, key=lambda f: f[:3]))


@dataclass(frozen=True, kw_only=True)
class LikeRises:
    """What became of all units from a like start, and which of them rose most; moves in points of the base's scale."""

    horizon: int
    n_cases: int
    n_risen: int
    median_move: float
    greatest: tuple[Precedent, ...]


def like_rises(
    archive: Archive, panel: Panel, key: str, base_year: int, *, least: float = 0.0, n: int = 3
) -> LikeRises | None:
    """Count how units fared from a like start over two years, or over one where two cannot be compared.

    Parameters
    ----------
    archive : Archive
    panel : Panel
        The component.
    key : str
        Unit.
    base_year : int
    least : float
        In points: only rises greater than this are named; the typical yearly move keeps noise out.
    n : int
        Most rises to name.

    Returns
    -------
    LikeRises or None
        None where no unit ever had a like start, or this one has no score.

    Notes
    -----
    A case is a unit in a start year, so one unit can be several cases. The greatest rises are chosen for being great:
    they show what happened, and the share that rose and the median move show how seldom.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> from quantri.engine.panel import panel
    >>> papi = load_archive("papi")
    >>> found = like_rises(papi, panel(papi, "D5", 2017), "vn63-89", 2017, least=0.2)
    >>> found.n_risen <= found.n_cases, all(p.end - p.start > 0.2 for p in found.greatest)
    (True, True)
    """
    for horizon in (2, 1):
        found = like_starts(archive, panel, key, base_year, horizon)
        if found:
            moves = np.array([p.end - p.start for p in found])
            great = [p for p in found if p.end - p.start > least]
            return LikeRises(
                horizon=horizon, n_cases=len(found), n_risen=int((moves > 0).sum()),
                median_move=float(np.median(moves)),
                greatest=tuple(sorted(great, key=lambda p: (p.start - p.end, p.unit.key, p.year))[:n]),
            )  # fmt: skip
    return None
