"""An index as a tree of components: frozen, checked when made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Final, Literal, get_args

from quantri.engine.measure import Measure
from quantri.errors import DefinitionError

Level = Literal["index", "dimension", "sub_dimension", "indicator"]
Rollup = Literal["sum", "arithmetic", "geometric"]
LEVELS: tuple[str, ...] = get_args(Level)
Goalpost = float | Literal["observed"]
ROLLUPS: tuple[str, ...] = get_args(Rollup)
OBSERVED: Final = "observed"


@dataclass(frozen=True, kw_only=True)
class Component:
    """One node of an index tree: index, dimension, sub-dimension or indicator.

    Parameters
    ----------
    code : str
        Unique inside its edition; the same code may mean something else in another edition.
    level : {'index', 'dimension', 'sub_dimension', 'indicator'}
    name_vi, name_en : str
    bounds : tuple of float
        Lowest and highest possible score, in points.
    concept : str
        Names the meaning; it stays the same when a code moves. Empty: the code itself.
    parent : str, optional
        Code of the parent; None for the top.
    rollup : {'sum', 'arithmetic', 'geometric'}, optional
        How the children make the score; None for a leaf.
    component_weight : float, optional
        Share in the parent; None shares equally what the others leave.
    unseen : float
        Share of the score that no child stands for; it counts as the lowest.
    measure : Measure, optional
        How answers make it, for a leaf that is measured.
    worst, best : float or 'observed', optional
        Goalposts of a measured leaf, in its own unit: where its 0-1 form is 0 and 1. ``observed`` takes the lowest or
        highest estimate over the domains.

    Raises
    ------
    DefinitionError
        If the level, the roll-up, the bounds or the goalposts are impossible.

    Examples
    --------
    >>> Component(code="D1", level="dimension", name_vi="Tham gia", name_en="Participation", bounds=(1, 10)).concept
    'D1'
    """

    code: str
    level: str
    name_vi: str
    name_en: str
    bounds: tuple[float, float]
    concept: str = ""
    parent: str | None = None
    rollup: str | None = None
    component_weight: float | None = None
    unseen: float = 0.0
    measure: Measure | None = None
    worst: Goalpost | None = None
    best: Goalpost | None = None

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise DefinitionError(f"{self.code}: level must be one of {', '.join(LEVELS)}, not {self.level!r}")
        if self.rollup is not None and self.rollup not in ROLLUPS:
            raise DefinitionError(f"{self.code}: rollup must be one of {', '.join(ROLLUPS)}, not {self.rollup!r}")
        if not self.bounds[0] < self.bounds[1]:
            raise DefinitionError(f"{self.code}: bounds must rise, not {self.bounds}")
        if not self.has_observed_goalpost and not all(map(isfinite, self.bounds)):
            raise DefinitionError(f"{self.code}: bounds must be finite, not {self.bounds}")
        if not self.concept:
            object.__setattr__(self, "concept", self.code)
        self._check_shares()
        self._check_goalposts()

    @property
    def has_observed_goalpost(self) -> bool:
        """Whether a goalpost is taken from the data, so that units are no longer independent."""
        return OBSERVED in (self.worst, self.best)

    def _check_shares(self) -> None:
        if self.component_weight is not None and not 0 < self.component_weight <= 1:
            raise DefinitionError(f"{self.code}: component_weight must be above 0, at most 1: {self.component_weight}")
        if not 0 <= self.unseen < 1:
            raise DefinitionError(f"{self.code}: unseen must be a share from 0 to below 1, not {self.unseen}")
        if self.unseen and self.rollup != "arithmetic":
            raise DefinitionError(f"{self.code}: unseen goes only with an arithmetic mean, not with {self.rollup}")

    def _check_goalposts(self) -> None:
        if self.measure is None:
            if self.worst is not None or self.best is not None:
                raise DefinitionError(f"{self.code}: worst and best go only with a measure")
            return
        if self.rollup is not None:
            raise DefinitionError(f"{self.code}: has both a measure and a rollup; a measured component has no parts")
        if self.worst is None or self.best is None:
            raise DefinitionError(f"{self.code}: a measured component needs worst and best")
        for post in (self.worst, self.best):
            if post != OBSERVED and not (isinstance(post, (int, float)) and isfinite(post)):
                raise DefinitionError(f"{self.code}: worst and best are numbers or 'observed', not {post!r}")
        if self.worst == self.best != OBSERVED:
            raise DefinitionError(f"{self.code}: worst and best must differ, not {self.worst}")


@dataclass(frozen=True, kw_only=True)
class IndexDefinition:
    """One edition of an index: a tree of components, parents first, in column order.

    Parameters
    ----------
    code : str
        The series, such as ``papi``.
    year : int
        The edition.
    components : tuple of Component
        M components; their order is the column order of every array.
    official, synthetic : bool
        Whether the index is an official one, and whether its data are synthetic.

    Raises
    ------
    DefinitionError
        If a code comes twice, a parent is not defined above its child (so no loop can be
        written), or there is not exactly one top.

    Examples
    --------
    >>> top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(1, 10))
    >>> IndexDefinition(code="demo", year=2024, name_vi="T", name_en="T", components=(top,)).top.code
    'T'
    """

    code: str
    year: int
    name_vi: str
    name_en: str
    components: tuple[Component, ...]
    official: bool = False
    synthetic: bool = False
    sources: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for c in self.components:
            if c.code in seen:
                raise DefinitionError(f"{c.code}: defined twice; give each component its own code")
            if c.parent is not None and c.parent not in seen:
                raise DefinitionError(f"{c.code}: define its parent {c.parent!r} above it")
            seen.add(c.code)
        tops = [c.code for c in self.components if c.parent is None]
        if len(tops) != 1:
            raise DefinitionError(f"{self.code}-{self.year}: one component has no parent, not {len(tops)}: {tops}")
        for parent in self.components:
            self._check_parts(parent)

    def _check_parts(self, parent: Component) -> None:
        """Refuse parts whose weights do not make the whole."""
        parts = self.children(parent.code)
        if parts and parent.measure is not None:
            raise DefinitionError(f"{parent.code}: has both a measure and parts; take one away")
        given = [c.component_weight for c in parts if c.component_weight is not None]
        if not given:
            return
        if parent.rollup == "sum":
            raise DefinitionError(f"{parent.code}: a sum takes no component_weight; take it off its parts")
        rest = 1 - parent.unseen - sum(given)
        if len(given) == len(parts) and abs(rest) > 1e-9:
            raise DefinitionError(
                f"{parent.code}: the weights of its parts and what is unseen sum to {1 - rest:.6g}, not to 1"
            )
        if len(given) < len(parts) and rest <= 1e-9:
            raise DefinitionError(f"{parent.code}: the given weights leave nothing for the parts without one")

    @cached_property
    def _position(self) -> dict[str, int]:
        return {c.code: i for i, c in enumerate(self.components)}

    @property
    def top(self) -> Component:
        """The component without a parent."""
        return next(c for c in self.components if c.parent is None)

    def __contains__(self, code: str) -> bool:
        return code in self._position

    def __getitem__(self, code: str) -> Component:
        return self.components[self.column(code)]

    def __iter__(self) -> Iterator[Component]:
        return iter(self.components)

    def column(self, code: str) -> int:
        """Place of a component in every array; raise DefinitionError when there is none."""
        try:
            return self._position[code]
        except KeyError:
            known = ", ".join(c.code for c in self.components)
            raise DefinitionError(f"{self.code}-{self.year}: no component {code!r}; choose one of {known}") from None

    def children(self, code: str) -> tuple[Component, ...]:
        """Direct parts of a component, in column order."""
        return tuple(c for c in self.components if c.parent == code)

    def weights(self, code: str) -> tuple[float, ...]:
        """Shares of the parts in a weighted mean, in column order; with the parent's `unseen` they sum to 1."""
        parts, parent = self.children(code), self[code]
        given = sum(c.component_weight or 0.0 for c in parts)
        bare = sum(c.component_weight is None for c in parts)
        share = (1 - parent.unseen - given) / bare if bare else 0.0
        return tuple(share if c.component_weight is None else c.component_weight for c in parts)

    @property
    def measured(self) -> tuple[Component, ...]:
        """The K leaves that answers make, in column order."""
        return tuple(c for c in self.components if c.measure is not None)
