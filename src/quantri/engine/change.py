"""Change of published scores between editions: how much, and whether it may be compared."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from quantri.engine.comparability import Link
from quantri.engine.groups import cuts, group
from quantri.engine.results import Archive, FloatArray


@dataclass(frozen=True, kw_only=True)
class Change:
    """Change of one component of one unit since the preceding edition that has it.

    `value` is in points, and None when the two editions are not comparable.
    """

    from_year: int
    value: float | None
    link: Link


@dataclass(frozen=True, kw_only=True)
class Persistence:
    """How often a unit was low in the editions that are fully comparable with this one, this one included."""

    low_years: int
    lower_half_years: int
    comparable_years: int


def change(archive: Archive, key: str, code: str, year: int) -> Change | None:
    """Change of a component since the preceding edition in which the unit has it.

    Parameters
    ----------
    archive : Archive
    key : str
        Key of the unit.
    code : str
        Component.
    year : int
        Edition that ends the change.

    Returns
    -------
    Change or None
        None when there is no earlier score, or none in this edition.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> papi = load_archive("papi")
    >>> change(papi, "vn63-89", "D2", 2018).value is None
    True
    >>> round(change(papi, "vn63-89", "D5", 2019).value, 3)
    0.253
    """
    now = archive.edition(year).score(key, code)
    earlier = [e for e in archive.until(year - 1) if e.score(key, code) is not None]
    if now is None or not earlier:
        return None
    from_year = earlier[-1].definition.year
    link = archive.links.path(code, from_year, year)
    before = earlier[-1].score(key, code)
    value = None if link.comparable == "no" or before is None else now - before
    return Change(from_year=from_year, value=value, link=link)


def yearly_moves(archive: Archive, code: str, year: int) -> FloatArray:
    """Return every comparable yearly change of a component up to a year, in points, shape (number of moves,).

    Only changes of one year on a link `yes`, of the same concept and bounds as in this edition, count.
    """
    here = archive.edition(year).definition[code]
    editions = list(archive.until(year))
    moves = [np.empty(0)]
    for before, after in pairwise(editions):
        if code not in before.definition or code not in after.definition:
            continue
        then = after.definition[code]
        same = then.concept == here.concept and then.bounds == here.bounds
        years = before.definition.year, after.definition.year
        if same and years[1] - years[0] == 1 and archive.links.path(code, *years).comparable == "yes":
            scores = [(before.score(u.key, code), after.score(u.key, code)) for u in after.units]
            moves.append(np.array([b - a for a, b in scores if a is not None and b is not None]))
    return np.concatenate(moves)


def typical_move(archive: Archive, code: str, year: int) -> float | None:
    """Median size of a comparable yearly change, in points, from results published up to a year; None without any.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> 0.2 < typical_move(load_archive("papi"), "D1", 2017) < 0.4
    True
    """
    moves = yearly_moves(archive, code, year)
    return float(np.median(np.abs(moves))) if moves.size else None


def persistence(archive: Archive, key: str, code: str, year: int) -> Persistence:
    """Count the comparable years of a unit, and those in the low group or the lower half.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> persistence(load_archive("papi"), "vn63-89", "D6", 2017)
    Persistence(low_years=0, lower_half_years=0, comparable_years=7)
    """
    found = []
    for edition in archive.until(year):
        score = edition.score(key, code)
        if score is not None and archive.links.path(code, edition.definition.year, year).comparable == "yes":
            found.append(group(score, cuts(edition.column(code))))
    return Persistence(
        low_years=found.count("low"),
        lower_half_years=found.count("low") + found.count("mid_low"),
        comparable_years=len(found),
    )
