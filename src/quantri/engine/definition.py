"""An index as a tree of components: frozen, checked when made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Literal, get_args

from quantri.errors import DefinitionError

Level = Literal["index", "dimension", "sub_dimension", "indicator"]
Rollup = Literal["sum", "arithmetic", "geometric"]
LEVELS: tuple[str, ...] = get_args(Level)
ROLLUPS: tuple[str, ...] = get_args(Rollup)


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
        Share in the parent; None shares equally.

    Raises
    ------
    DefinitionError
        If the level, the roll-up or the bounds are impossible.

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

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise DefinitionError(f"{self.code}: level must be one of {', '.join(LEVELS)}, not {self.level!r}")
        if self.rollup is not None and self.rollup not in ROLLUPS:
            raise DefinitionError(f"{self.code}: rollup must be one of {', '.join(ROLLUPS)}, not {self.rollup!r}")
        if not self.bounds[0] < self.bounds[1]:
            raise DefinitionError(f"{self.code}: bounds must rise, not {self.bounds}")
        if not all(map(isfinite, self.bounds)):
            raise DefinitionError(f"{self.code}: bounds must be finite, not {self.bounds}")
        if not self.concept:
            object.__setattr__(self, "concept", self.code)


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
