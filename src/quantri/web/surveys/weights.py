"""Another weighting of an index's parts: what a visitor asks for, as a definition that the engine scores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from django.utils.formats import number_format

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.design import FloatArray
from quantri.engine.sensitivity import Coherence, coherence, under_other_choices, usual_choices, without
from quantri.web.surveys.lines import number, standing
from quantri.web.surveys.scored import Domain, ScoredRound

OWN = "own"
MOST = 100.0
EQUAL, GEOMETRIC = "equal weights", "geometric means"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A domain's place as defined and under the choice, beside what the sample alone leaves open."""

    domain: Domain
    score: float | None
    score_now: float | None
    rank: int
    rank_now: int
    rank_low: int | None
    rank_high: int | None

    @property
    def places(self) -> int:
        """Places won; below 0: lost."""
        return self.rank - self.rank_now

    @property
    def is_beyond_sampling(self) -> bool:
        """Whether the choice leads outside the ranks that the sample supports."""
        return self.rank_low is not None and not self.rank_low <= self.rank_now <= self.rank_high


@dataclass(frozen=True, kw_only=True)
class Tried:
    """An index under another choice; `error` is the median sampling error, on the same scale from 0 to 100."""

    rows: tuple[Moved, ...]
    error: float | None
    widest: int
    n_beyond: int


def parts(definition: IndexDefinition) -> tuple[Component, ...]:
    """Give the parts whose weights can be set."""
    return definition.children(definition.top.code)


def as_defined(definition: IndexDefinition) -> dict[str, float]:
    """Shares of the parts in percent; parts that are summed count by their length."""
    top = definition.top
    if top.rollup != "sum":
        shares = definition.weights(top.code)
    else:
        lengths = [c.bounds[1] - c.bounds[0] for c in parts(definition)]
        shares = tuple(length / sum(lengths) for length in lengths)
    return {c.code: round(100 * share, 1) for c, share in zip(parts(definition), shares, strict=True)}


def weighted(definition: IndexDefinition, asked: Mapping[str, float]) -> IndexDefinition:
    """Weigh the parts as asked; a part with 0 is left out."""
    kept = {code: weight for code, weight in asked.items() if weight > 0}
    for part in parts(definition):
        if part.code not in kept:
            definition = without(definition, part.code)
    total = sum(kept.values())
    top = replace(definition.top, rollup="arithmetic", unseen=0.0)
    components = [
        top if c.code == top.code else replace(c, component_weight=kept[c.code] / total) if c.code in kept else c
        for c in definition
    ]
    return replace(definition, components=tuple(components))


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What a usual choice does to the ranks: the widest move, and how many leave what the sample supports."""

    choice: str
    widest: int
    n_beyond: int


def usual(found: ScoredRound) -> tuple[Usual, ...]:
    """Try every usual choice."""
    asked = as_defined(found.definition)
    results = {choice: tried(found, choice, asked) for choice in choices(found.definition)}
    return tuple(Usual(choice=name, widest=r.widest, n_beyond=r.n_beyond) for name, r in results.items())


def first_choice(found: ScoredRound) -> str:
    """Choose what is shown before anybody asks: the first usual choice that moves a place, else equal weights."""
    return next((one.choice for one in found.known("usual", usual) if one.widest), EQUAL)


def togetherness(found: ScoredRound) -> list[tuple[Component, Coherence]]:
    """Say of the index and its parts how far what they are made of moves together."""
    above = {found.definition.top.code, *(part.code for part in parts(found.definition))}
    held = coherence(found.definition, found.arrays["value"])
    return [(found.definition[one.code], one) for one in held if one.code in above]


def choices(definition: IndexDefinition) -> tuple[str, ...]:
    """Names of the choices that are offered beside one's own weights."""
    left_out = [f"without {part.code}" for part in parts(definition)]
    return (EQUAL, GEOMETRIC, *(left_out if len(left_out) > 1 else ()))


def tried(found: ScoredRound, choice: str, asked: Mapping[str, float]) -> Tried:
    """Score the index under a choice."""
    definition = found.definition
    if choice in (OWN, EQUAL):
        weights = asked if choice == OWN else dict.fromkeys(asked, 1.0)
        changed = weighted(definition, weights)
    else:
        changed = usual_choices(definition)[choice]
    result = under_other_choices(found.scores, {choice: changed})
    top = definition.column(definition.top.code)
    held = [standing(found, d, top) for d in range(len(found.domains))]
    rows = [
        Moved(
            domain=domain, score=number(result.score[d, 0]), score_now=number(result.score[d, 1]),
            rank=int(result.rank[d, 0]), rank_now=int(result.rank[d, 1]),
            rank_low=held[d].rank_low, rank_high=held[d].rank_high,
        )
        for d, domain in enumerate(found.domains)
    ]  # fmt: skip
    rows = [row for row in rows if row.rank and row.rank_now]
    return Tried(
        rows=tuple(sorted(rows, key=lambda row: row.rank_now)), error=_median(result.standard_error),
        widest=max((abs(row.places) for row in rows), default=0),
        n_beyond=sum(row.is_beyond_sampling for row in rows),
    )  # fmt: skip


def _median(values: FloatArray) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None


def as_given(definition: IndexDefinition) -> dict[str, str]:
    """Fill the form as it is before a choice: the definition's own weights."""
    return {"choice": OWN, **{code: number_format(share, 1) for code, share in as_defined(definition).items()}}
