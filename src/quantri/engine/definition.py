"""An index as a tree of components: frozen, checked when made."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Final, Literal, get_args

from quantri.engine.measure import Measure
from quantri.errors import DefinitionError, refuse

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
        If the level, the roll-up, the bounds, the weight or the goalposts are impossible.

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
        refuse(list(self._faults()))
        if not self.concept:
            object.__setattr__(self, "concept", self.code)

    def _faults(self) -> Iterator[DefinitionError]:
        known = {"level": (self.level, LEVELS), "rollup": (self.rollup or ROLLUPS[0], ROLLUPS)}
        for name, (found, choices) in known.items():
            if found not in choices:
                yield DefinitionError(
                    "{code}: {field} must be one of {choices}, not {found!r}",
                    code=self.code, field=name, choices=", ".join(choices), found=found,
                )  # fmt: skip
        if not self.bounds[0] < self.bounds[1]:
            yield DefinitionError("{code}: bounds must rise, not {bounds}", code=self.code, bounds=self.bounds)
        elif not self.has_observed_goalpost and not all(map(isfinite, self.bounds)):
            yield DefinitionError("{code}: bounds must be finite, not {bounds}", code=self.code, bounds=self.bounds)
        if self.component_weight is not None and not 0 < self.component_weight <= 1:
            yield DefinitionError(
                "{code}: component_weight must lie above 0 and not above 1, not {found}",
                code=self.code, found=self.component_weight,
            )  # fmt: skip
        yield from self._unseen_faults()
        yield from self._goalpost_faults()

    @property
    def has_observed_goalpost(self) -> bool:
        """Whether a goalpost is taken from the data, so that units are no longer independent."""
        return OBSERVED in (self.worst, self.best)

    def _unseen_faults(self) -> Iterator[DefinitionError]:
        if not 0 <= self.unseen < 1:
            yield DefinitionError(
                "{code}: unseen must be a share from 0 to below 1, not {found}", code=self.code, found=self.unseen
            )
        elif self.unseen and self.rollup != "arithmetic":
            yield DefinitionError("{code}: unseen goes only with rollup arithmetic", code=self.code)

    def _goalpost_faults(self) -> Iterator[DefinitionError]:
        posts = self.worst, self.best
        if self.measure is None:
            if posts != (None, None):
                yield DefinitionError("{code}: worst and best go only with a measure", code=self.code)
        elif self.rollup is not None:
            yield DefinitionError("{code}: has both a measure and a rollup; take one away", code=self.code)
        elif None in posts:
            yield DefinitionError("{code}: a measured component needs worst and best", code=self.code)
        elif any(p != OBSERVED and not (isinstance(p, (int, float)) and isfinite(p)) for p in posts):
            yield DefinitionError(
                "{code}: worst and best are numbers or 'observed', not {worst!r} and {best!r}",
                code=self.code, worst=self.worst, best=self.best,
            )  # fmt: skip
        elif self.worst == self.best != OBSERVED:
            yield DefinitionError("{code}: worst and best must differ", code=self.code)


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
        refuse([fault for _n, fault in tree_faults([(c.code, c.parent) for c in self.components])])
        refuse([fault for c in self.components for fault in self._part_faults(c)])

    def _part_faults(self, parent: Component) -> Iterator[DefinitionError]:
        """Find parts whose weights do not make the whole."""
        parts = self.children(parent.code)
        if parts and parent.measure is not None:
            yield DefinitionError("{code}: has both a measure and parts; take one away", code=parent.code)
        given = [c.component_weight for c in parts if c.component_weight is not None]
        fault = weight_fault(parent.code, parent.rollup, parent.unseen, given, len(parts)) if given else None
        if fault:
            yield fault

    @cached_property
    def _position(self) -> dict[str, int]:
        return {c.code: i for i, c in enumerate(self.components)}

    @cached_property
    def _parts(self) -> dict[str, tuple[Component, ...]]:
        parts: dict[str, list[Component]] = {}
        for component in self.components:
            if component.parent is not None:
                parts.setdefault(component.parent, []).append(component)
        return {code: tuple(held) for code, held in parts.items()}

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
            raise DefinitionError(
                "{index}-{year}: no component {code!r}; choose one of {known}",
                index=self.code, year=self.year, code=code, known=known,
            ) from None  # fmt: skip

    def children(self, code: str) -> tuple[Component, ...]:
        """Direct parts of a component, in column order."""
        return self._parts.get(code, ())

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


def weight_fault(
    code: str, rollup: str | None, unseen: float, given: Sequence[float], n_parts: int
) -> DefinitionError | None:
    """Say what keeps the given weights of a component's parts from making a whole."""
    if rollup == "sum":
        return DefinitionError("{code}: adds its parts (rollup sum), so these take no component_weight", code=code)
    total = sum(given) + unseen
    if (len(given) < n_parts and total < 1) or (len(given) == n_parts and abs(total - 1) < 1e-6):
        return None  # those without a weight share the rest
    return DefinitionError(
        "{code}: the weights of its parts sum to {total:g}, not to 1; mend them, or name the rest as unseen",
        code=code, total=round(total, 6),
    )  # fmt: skip


def tree_faults(nodes: Sequence[tuple[str, str | None]]) -> Iterator[tuple[int, DefinitionError]]:
    """Find what keeps components from being one tree, parents first.

    Parameters
    ----------
    nodes : sequence of (code, parent)
        In the order of the definition; None is the parent of the top.

    Yields
    ------
    tuple of int and DefinitionError
        Place of the component, and what is wrong with it.

    Examples
    --------
    >>> [str(fault) for _n, fault in tree_faults([("T", None), ("A", "B"), ("B", "A")])]
    ['A: is above itself (A, B, A); give one of them another parent']
    """
    parents, tops = dict(reversed(nodes)), [n for n, (_code, parent) in enumerate(nodes) if parent is None]
    seen: set[str] = set()
    for n, (code, parent) in enumerate(nodes):
        fault = _parent_fault(code, parent, seen, parents) if parent is not None else None
        if code in seen:
            fault = DefinitionError("{code}: defined twice; give each component its own code", code=code)
        if fault:
            yield n, fault
        seen.add(code)
    if not tops and nodes:
        yield 0, DefinitionError("no component is the top; leave out the parent of one")
    for n in tops[1:]:
        first = nodes[tops[0]][0]
        yield n, DefinitionError("{code}: give it a parent; {first} is the top already", code=nodes[n][0], first=first)


def _parent_fault(code: str, parent: str, above: Set[str], parents: Mapping[str, str | None]) -> DefinitionError | None:
    """Say what is wrong with a parent; a loop is said once, at the first of its components."""
    if parent in above:
        return None
    if parent not in parents:
        return DefinitionError("{code}: there is no component {parent!r} to be its parent", code=code, parent=parent)
    path: dict[str, None] = {code: None}
    up: str | None = parent
    while up is not None and up not in path:
        path[up] = None
        up = parents.get(up)
    if up != code:
        return DefinitionError("{code}: define its parent {parent!r} above it", code=code, parent=parent)
    if above & path.keys():
        return None
    loop = ", ".join([*path, code])
    return DefinitionError("{code}: is above itself ({loop}); give one of them another parent", code=code, loop=loop)
