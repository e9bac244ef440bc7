"""What the pages show of a round: where each domain stands on each component, with what the sample allows to say."""

from dataclasses import dataclass

import numpy as np

from quantri.engine.definition import Component
from quantri.engine.groups import GROUPS
from quantri.engine.power import detectable_change
from quantri.web.surveys.scored import Domain, ScoredRound

UNLIKELY = 0.05  # groups with less support are not named


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One domain on one component; None where nothing can be said."""

    domain: Domain
    component: Component
    depth: int
    value: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    n: int
    design_effect: float | None
    effective_n: float | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    joint_low: int | None
    joint_high: int | None
    group: str | None
    support: tuple[tuple[str, float], ...]
    detectable: float | None
    note: str


def league(found: ScoredRound, component: Component) -> tuple[Standing, ...]:
    """Give all domains on a component, highest first."""
    m = found.definition.column(component.code)
    lines = [standing(found, d, m) for d in range(len(found.domains))]
    return tuple(sorted(lines, key=lambda s: (s.rank is None, s.rank)))


def tree(found: ScoredRound, d: int) -> tuple[Standing, ...]:
    """Give a domain on all components, in the order of the definition."""
    return tuple(standing(found, d, m) for m in range(len(found.definition.components)))


def standing(found: ScoredRound, d: int, m: int) -> Standing:
    held = found.arrays
    component = found.definition.components[m]
    value, effect, n = number(held["value"][d, m]), number(held["design_effect"][d, m]), int(held["n"][d, m])
    shares = found.support(d, m) if value is not None else {}
    return Standing(
        domain=found.domains[d], component=component, depth=depth_of(found, component), value=value,
        standard_error=number(held["standard_error"][d, m]), low=number(held["low"][d, m]),
        high=number(held["high"][d, m]), n=n, design_effect=effect, effective_n=n / effect if effect else None,
        rank=_whole(found.rank[d, m]), rank_low=_whole(held["rank_low"][d, m]),
        rank_high=_whole(held["rank_high"][d, m]), joint_low=_whole(held["joint_low"][d, m]),
        joint_high=_whole(held["joint_high"][d, m]), group=found.group(d, m),
        support=tuple((name, shares[name]) for name in reversed(GROUPS) if shares.get(name, 0) >= UNLIKELY),
        detectable=detectable(found, d, m), note=found.notes.get(found.domains[d].label, {}).get(component.code, ""),
    )  # fmt: skip


def detectable(found: ScoredRound, d: int, m: int) -> float | None:
    """Smallest true change to a second round of this design that is found four times in five."""
    error, df = found.arrays["standard_error"][d : d + 1, m], found.arrays["df"][d : d + 1]
    return number(detectable_change(error, df, confidence_level=found.facts["confidence"])[0])


def n_sure(lines: tuple[Standing, ...]) -> int:
    """Count the domains whose group hardly any replicate leaves."""
    return sum(any(share > 1 - UNLIKELY for _name, share in line.support) for line in lines)


def depth_of(found: ScoredRound, component: Component) -> int:
    """Count the components above one."""
    return 0 if component.parent is None else 1 + depth_of(found, found.definition[component.parent])


def number(value: float) -> float | None:
    """Give None for a number that is none."""
    return float(value) if np.isfinite(value) else None


def _whole(value: int) -> int | None:
    return int(value) or None
