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


def greatest_rises(archive: Archive, panel: Panel, key: str, base_year: int, n: int = 3) -> tuple[Precedent, ...]:
    """Find the units that rose most from a like start, over two years, or one where two cannot be compared.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> from quantri.engine.panel import panel
    >>> papi = load_archive("papi")
    >>> first = greatest_rises(papi, panel(papi, "D5", 2017), "vn63-89", 2017)[0]
    >>> first.end > first.start
    True
    """
    for horizon in (2, 1):
        found = [p for p in like_starts(archive, panel, key, base_year, horizon) if p.end > p.start]
        if found:
            return tuple(sorted(found, key=lambda p: (p.start - p.end, p.unit.key))[:n])
    return ()
