"""What to look at before an edition goes in: what was found of what was expected, and where an error would show."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.loading import DATA, load_units
from quantri.engine.results import EditionResults, Unit
from quantri.text import fold
from quantri.web.indices.differences import BEYOND
from quantri.web.indices.sheets.places import unit_sets

MOST_MOVES = 10


@dataclass(frozen=True, kw_only=True)
class Move:
    """How far a province moved on a component since the edition before."""

    unit: Unit
    component: Component
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def share(self) -> float:
        """Size of the move as a share (0-1) of the scale, by which moves on different scales are ordered."""
        low, high = self.component.bounds
        return abs(self.change) / (high - low)


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """An edition beside the one before it, which is None when there is none."""

    edition: EditionResults
    before: EditionResults | None
    indicators: tuple[str, ...]
    indicators_before: tuple[str, ...]

    @cached_property
    def missing_units(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in expected_units(self.edition.definition.year) if unit.key not in self.edition)

    @cached_property
    def n_expected(self) -> int:
        return len(expected_units(self.edition.definition.year))

    @property
    def n_found(self) -> int:
        return self.n_expected - len(self.missing_units)

    def _level(self, definition: IndexDefinition, level: str) -> list[Component]:
        return [c for c in definition if c.level == level]

    @cached_property
    def levels(self) -> tuple[tuple[str, int, int | None], ...]:
        """Level, how many components of it there are, and how many there were before."""
        own, old = self.edition.definition, self.before and self.before.definition
        return tuple(
            (level, len(self._level(own, level)), len(self._level(old, level)) if old else None)
            for level in ("dimension", "sub_dimension")
        )

    @cached_property
    def gone(self) -> tuple[Component, ...]:
        """Components of the edition before that this one has not."""
        return tuple(c for c in self.before.definition if c.code not in self.edition.definition) if self.before else ()

    @cached_property
    def new(self) -> tuple[Component, ...]:
        return tuple(c for c in self.edition.definition if c.code not in self.before.definition) if self.before else ()

    @cached_property
    def missing_indicators(self) -> tuple[str, ...]:
        """Indicators that the edition before printed and this one does not, by their names."""
        here = {fold(label) for label in self.indicators}
        return tuple(label for label in self.indicators_before if fold(label) not in here)

    @cached_property
    def withheld(self) -> tuple[tuple[Unit, tuple[str, ...]], ...]:
        """Provinces with contents, or the total, that are not published, and which."""
        codes = [c.code for c in self.edition.definition if c.level != "sub_dimension"]
        found = ((u, tuple(code for code in codes if self.edition.score(u.key, code) is None))
                 for u in self.edition.units)  # fmt: skip
        return tuple((unit, missing) for unit, missing in found if missing)

    @cached_property
    def ends(self) -> tuple[tuple[Unit, float], ...]:
        """Provinces with the highest and the lowest total; empty when no total is given."""
        top = self.edition.definition.top.code
        totals = [(u, score) for u in self.edition.units if (score := self.edition.score(u.key, top)) is not None]
        if not totals:
            return ()
        return max(totals, key=lambda pair: pair[1]), min(totals, key=lambda pair: pair[1])

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Return the largest moves since the edition before, on components of the same meaning and scale."""
        return tuple(sorted(self._moves(), key=lambda move: -move.share)[:MOST_MOVES])

    @property
    def is_repeated(self) -> bool:
        """Whether there is something to compare and nothing moved: then the sheet may be the old one."""
        return bool(self.moves) and all(abs(move.change) <= BEYOND for move in self.moves)

    def _moves(self) -> Iterable[Move]:
        for component in self.edition.definition if self.before else ():
            code = component.code
            if code not in self.before.definition or not _alike(self.before.definition[code], component):
                continue
            for unit in self.edition.units:
                before, after = self.before.score(unit.key, code), self.edition.score(unit.key, code)
                if before is not None and after is not None:
                    yield Move(unit=unit, component=component, before=before, after=after)


def _alike(old: Component, new: Component) -> bool:
    return (old.concept, old.bounds) == (new.concept, new.bounds)


def expected_units(year: int) -> tuple[Unit, ...]:
    """Provinces that an edition should have: the 63 until the year of the mergers, the 34 from then on."""
    units = load_units(DATA / "places" / "provinces.csv", date(year, 12, 31))
    before, since = unit_sets(units)
    merged_in = min((unit.ended_in for unit in before if unit.ended_in), default=year + 1)
    return since if year >= merged_in else before


def labels_of(indicators: str) -> tuple[str, ...]:
    """Names of the indicators in a release's text, in their order."""
    rows = csv.DictReader(io.StringIO(indicators))
    return tuple(dict.fromkeys(row["label_vi"] or row["label_en"] for row in rows))
