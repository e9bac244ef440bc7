"""Published results of an index: who scored what in which edition."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quantri.engine.comparability import Links
from quantri.engine.definition import IndexDefinition
from quantri.errors import DataError
from quantri.text import fold

FloatArray = NDArray[np.float64]


_KINDS = re.compile(r"^(tinh|thanh pho|tp|province|city) | (province|city)$")


def name_key(name: str) -> str:
    """Make the key by which a province's name is found: no marks, case, spaces, hyphens or kind.

    Examples
    --------
    >>> name_key("TP. Hồ Chí Minh") == name_key("Ho Chi Minh City") == "hochiminh"
    True
    """
    return _KINDS.sub("", fold(name)).replace(" ", "")


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A place as it was in one edition; `key` is ours and never re-used, `code` is official and is.

    `ended_in` is the year in which it was merged away, None while it goes on.

    Examples
    --------
    >>> Unit(key="vn63-89", code="89", name_vi="An Giang", name_en="An Giang").code
    '89'
    """

    key: str
    code: str
    name_vi: str
    name_en: str
    region: str = ""
    ended_in: int | None = None


@dataclass(frozen=True, kw_only=True)
class EditionResults:
    """Scores of U units on the M components of one edition.

    Parameters
    ----------
    definition : IndexDefinition
    units : tuple of Unit
        Row order of every array.
    scores : ndarray of float, shape (U, M)
        Points; NaN inside this array where a score is withheld (answers say null).
    derived : ndarray of bool, shape (U, M)
        True where a figure was added up by us.
    notes : mapping of (unit key, code) to str
        Why a score is missing.
    intervals : mapping of (unit key, code) to (float, float)
        Low and high end as printed, in points; PAPI prints few. Their level is the publisher's (see the source).

    Examples
    --------
    >>> from quantri.engine.definition import Component, IndexDefinition
    >>> top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(1, 10))
    >>> demo = IndexDefinition(code="demo", year=2024, name_vi="T", name_en="T", components=(top,))
    >>> hue = Unit(key="a", code="46", name_vi="Thừa Thiên Huế", name_en="Thua Thien Hue")
    >>> results = EditionResults(definition=demo, units=(hue,), scores=np.array([[5.0]]),
    ...                          derived=np.array([[False]]), notes={})
    >>> results.unit("thua-thien hue").code, results.score("a", "T")
    ('46', 5.0)
    """

    definition: IndexDefinition
    units: tuple[Unit, ...]
    scores: FloatArray
    derived: NDArray[np.bool_]
    notes: dict[tuple[str, str], str]
    intervals: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.scores.shape != (len(self.units), len(self.definition.components)):
            raise DataError(
                "{edition}: {shape} scores for {n} units",
                edition=self.edition,
                shape=self.scores.shape,
                n=len(self.units),
            )

    @property
    def edition(self) -> str:
        """Name of the edition in messages."""
        return f"{self.definition.code}-{self.definition.year}"

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {u.key: i for i, u in enumerate(self.units)}

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def row(self, key: str) -> int:
        """Row of a unit by its key."""
        return self._rows[key]

    def score(self, key: str, code: str) -> float | None:
        """Score in points, or None when the unit or the component is not there or is withheld."""
        if key not in self._rows or code not in self.definition:
            return None
        value = float(self.scores[self._rows[key], self.definition.column(code)])
        return None if np.isnan(value) else value

    def column(self, code: str) -> FloatArray:
        """Scores of all units on one component, shape (U,), NaN where withheld."""
        return self.scores[:, self.definition.column(code)]

    def unit(self, name: str) -> Unit:
        """Find a unit of this edition by code or name, with or without marks; DataError when none or several fit."""
        wanted = name_key(name)
        found = [u for u in self.units if name.strip() in (u.key, u.code)]
        found = found or [u for u in self.units if wanted in (name_key(u.name_vi), name_key(u.name_en))]
        if len(found) == 1:
            return found[0]
        near = found or [u for u in self.units if len(wanted) > 2 and wanted in name_key(u.name_vi)]
        names = ", ".join(f"{u.name_vi} ({u.code})" for u in near)
        if near:
            raise DataError(
                "{edition}: {name!r} is not one province; give the code or the full name of {names}",
                edition=self.edition, name=name, names=names,
            )  # fmt: skip
        raise DataError(
            "{edition}: no province {name!r}; give a code or a name of that edition", edition=self.edition, name=name
        )


@dataclass(frozen=True, kw_only=True)
class Archive:
    """All editions of one index, oldest first, with the links between them.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> archive = load_archive("papi")
    >>> archive.edition(2017).score("vn63-89", "D5")
    7.263467
    """

    index: str
    editions: tuple[EditionResults, ...]
    links: Links

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years of the editions, rising."""
        return tuple(e.definition.year for e in self.editions)

    def edition(self, year: int) -> EditionResults:
        """Results of a year; DataError when there is no such edition."""
        if year not in self.years:
            raise DataError(
                "{index}: no edition {year}; choose {first} to {last}",
                index=self.index, year=year, first=self.years[0], last=self.years[-1],
            )  # fmt: skip
        return self.editions[self.years.index(year)]

    def until(self, year: int) -> Iterable[EditionResults]:
        """Editions up to and with a year, oldest first."""
        return (e for e in self.editions if e.definition.year <= year)
