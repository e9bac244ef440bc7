"""Where a unit stands on every component of an edition, and what that suggests."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from quantri.engine.change import Change, Persistence, change, persistence, typical_move
from quantri.engine.definition import Component
from quantri.engine.groups import ADVICE, Group, cuts, gap_to_next_group, group, rank
from quantri.engine.results import Archive, EditionResults, FloatArray, Unit


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of one component of one unit; scores, cuts, gaps and moves are in points.

    `cuts` are the 25th, 50th and 75th percentile; `n` counts the units that have the component.
    """

    component: Component
    score: float | None
    derived: bool
    rank: int | None
    n: int
    group: Group | None
    cuts: tuple[float, ...] | None
    typical_move: float | None
    n_within_typical_move: int | None
    gap_to_next_group: float | None
    persistence: Persistence
    change: Change | None
    advice: str | None
    note: str | None
    interval: tuple[float, float] | None = None

    @property
    def moves_to_next_group(self) -> float | None:
        """Gap to the next group in typical yearly moves; None in the highest group or without a typical move."""
        if self.gap_to_next_group is None or not self.typical_move:
            return None
        return self.gap_to_next_group / self.typical_move


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Standings of one unit in one edition, in the order of the definition."""

    index: str
    year: int
    unit: Unit
    n_units: int
    standings: tuple[Standing, ...]

    def __getitem__(self, code: str) -> Standing:
        try:
            return next(s for s in self.standings if s.component.code == code)
        except StopIteration:
            raise KeyError(code) from None


def diagnose(archive: Archive, unit: Unit, year: int) -> Diagnosis:
    """Say where a unit stands.

    Parameters
    ----------
    archive : Archive
        Only editions up to `year` are used.
    unit : Unit
        A unit of that edition.
    year : int

    Returns
    -------
    Diagnosis

    Notes
    -----
    Groups are quartiles of the units that have the component (type 7, lower bound included). No interval is
    published, so the typical yearly move and the number of other units inside it stand in its place.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> papi = load_archive("papi")
    >>> d3 = diagnose(papi, papi.edition(2017).unit("an giang"), 2017)["D3"]
    >>> d3.group, d3.rank, d3.n, d3.advice
    ('low', 55, 63, 'improve')
    """
    edition = archive.edition(year)
    standings = tuple(
        _standing(archive, edition, unit, c, typical_move(archive, c.code, year)) for c in edition.definition
    )
    return Diagnosis(index=archive.index, year=year, unit=unit, n_units=len(edition.units), standings=standings)


@dataclass(frozen=True, kw_only=True)
class UnitStanding:
    """Where one of all units stands on a component."""

    unit: Unit
    standing: Standing


def league(archive: Archive, code: str, year: int) -> tuple[UnitStanding, ...]:
    """Say where all units stand on one component, the highest score first, withheld ones last.

    Parameters
    ----------
    archive : Archive
        Only editions up to `year` are used.
    code : str
        A component of that edition.
    year : int

    Returns
    -------
    tuple of UnitStanding
        U of them; equal scores in the order of the edition.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> first = league(load_archive("papi"), "D6", 2017)[4]
    >>> first.unit.name_vi, first.standing.rank
    ('An Giang', 5)
    """
    edition = archive.edition(year)
    component, move = edition.definition[code], typical_move(archive, code, year)
    found = [UnitStanding(unit=u, standing=_standing(archive, edition, u, component, move)) for u in edition.units]
    return tuple(sorted(found, key=lambda f: f.standing.rank or len(found) + 1))


def first_things_first(standings: Iterable[Standing], advice: str) -> tuple[Standing, ...]:
    """Standings with an advice (`improve`, `raise`, `hold`), the nearest to the next group first.

    Parameters
    ----------
    standings : iterable of Standing
    advice : {'improve', 'raise', 'hold'}

    Notes
    -----
    The order is by the gap to the next cut over the typical yearly move: how many usual years of change it takes.
    Without a typical move (a young frame) a standing comes last; in the highest group the narrowest lead comes first.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> papi = load_archive("papi")
    >>> answer = diagnose(papi, papi.edition(2017).unit("89"), 2017)
    >>> dimensions = [s for s in answer.standings if s.component.level == "dimension"]
    >>> [s.component.code for s in first_things_first(dimensions, "improve")]
    ['D1', 'D3']
    """
    chosen = [s for s in standings if s.advice == advice]
    return tuple(sorted(chosen, key=lambda s: (_distance(s) is None, _distance(s) or 0.0, s.component.code)))


def _distance(s: Standing) -> float | None:
    if s.advice != "hold":
        return s.moves_to_next_group
    if s.score is None or s.cuts is None or not s.typical_move:
        return None
    return (s.score - s.cuts[2]) / s.typical_move


def _standing(
    archive: Archive, edition: EditionResults, unit: Unit, component: Component, move: float | None
) -> Standing:
    code, year = component.code, edition.definition.year
    scores = edition.column(code)
    n = int((~np.isnan(scores)).sum())
    score = edition.score(unit.key, code)
    cut = cuts(scores)
    its_group = None if score is None else group(score, cut)
    return Standing(
        component=component,
        score=score,
        derived=bool(edition.derived[edition.row(unit.key), edition.definition.column(code)]),
        rank=None if score is None else rank(score, scores),
        n=n,
        group=its_group,
        cuts=tuple(float(c) for c in cut) if n else None,
        typical_move=move,
        n_within_typical_move=_neighbours(score, scores, move),
        gap_to_next_group=None if score is None else gap_to_next_group(score, cut),
        persistence=persistence(archive, unit.key, code, year),
        change=change(archive, unit.key, code, year),
        advice=None if its_group is None else ADVICE[its_group],
        note=edition.notes.get((unit.key, code)),
        interval=edition.intervals.get((unit.key, code)),
    )


def _neighbours(score: float | None, scores: FloatArray, move: float | None) -> int | None:
    if score is None or move is None:
        return None
    return int((np.abs(scores - score) <= move).sum()) - 1
