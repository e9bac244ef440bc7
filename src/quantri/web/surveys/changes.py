"""Change between two rounds, in words that a reader can use: what was found, and what may be chance."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from quantri.engine.comparability import Link, Links, same_tree
from quantri.engine.definition import Component
from quantri.engine.design import Inference
from quantri.engine.differences import Differences, compare_rounds, contributions
from quantri.web.core.charts import Scale
from quantri.web.surveys.charts import LEFT, RIGHT
from quantri.web.surveys.lines import depth_of, number
from quantri.web.surveys.lookup import scored_by
from quantri.web.surveys.models import SurveyRound
from quantri.web.surveys.scored import Domain, ScoredRound

FOUND = 0.05  # false-discovery rate up to which a change counts as found
LARGEST = 6  # contributions that are named


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two rounds and their differences."""

    before: ScoredRound
    after: ScoredRound
    differences: Differences

    @property
    def n_tests(self) -> int:
        return int(np.isfinite(self.differences.q).sum())

    @property
    def n_found(self) -> int:
        return int((self.differences.q <= FOUND).sum())


@dataclass(frozen=True, kw_only=True)
class Change:
    """A domain's change on a component; `verdict` is found, unsure (lost among so many tests), noise or none."""

    domain: Domain
    component: Component
    depth: int
    before: float | None
    after: float | None
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    q: float | None
    verdict: str
    link: Link


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """Points that an indicator brought to a component's change."""

    component: Component
    points: float


def compared(before: SurveyRound, after: SurveyRound) -> Compared:
    """Compare two rounds, once."""
    return _compared(before.content_sha256, before.pk, after.content_sha256, after.pk)


@lru_cache(maxsize=4)
def _compared(sha_before: str, before_pk: int, sha_after: str, after_pk: int) -> Compared:
    before, after = scored_by(sha_before, before_pk), scored_by(sha_after, after_pk)
    links = Links([before.definition, after.definition], ())
    inference = Inference(confidence_level=after.facts["confidence"])
    return Compared(
        before=before, after=after, differences=compare_rounds(before.scores, after.scores, links, inference)
    )


def findings(found: Compared, *levels: str) -> list[Change]:
    """Give the changes of these levels that count as found, the surest first."""
    q = found.differences.q
    places = [(d, c) for d, c in np.argwhere(q <= FOUND) if _level(found, c) in levels]
    return [change(found, d, c) for d, c in sorted(places, key=lambda place: float(q[place[0], place[1]]))]


def changes_of(found: Compared, label: str) -> tuple[Change, ...]:
    """Give a domain's changes on all components."""
    if label not in found.differences.domains:
        return ()
    d = found.differences.domains.index(label)
    return tuple(change(found, d, c) for c in range(len(found.differences.codes)))


def change(found: Compared, d: int, c: int) -> Change:
    held = found.differences
    component = found.after.definition[held.codes[c]]
    p, q = number(held.p[d, c]), number(held.q[d, c])
    row = found.after.row(held.domains[d])
    return Change(
        domain=found.after.domains[row], component=component, depth=depth_of(found.after, component),
        before=number(held.before[d, c]), after=number(held.after[d, c]), value=number(held.value[d, c]),
        low=number(held.low[d, c]), high=number(held.high[d, c]), p=p, q=q, verdict=_verdict(p, q),
        link=held.links[c],
    )  # fmt: skip


def contributed(found: Compared, label: str, component: Component) -> list[Contribution]:
    """Say which indicators brought most of a component's change; nothing where the trees differ."""
    before, after = found.before, found.after
    leaves = after.definition.measured
    is_fixed = not any(leaf.has_observed_goalpost for leaf in leaves)
    is_common = label in found.differences.domains and same_tree(before.definition, after.definition)
    if not (is_common and is_fixed) or component.measure is not None:
        return []
    columns = [after.definition.column(leaf.code) for leaf in leaves]
    first, second = (side.arrays["value"][side.row(label), columns] for side in (before, after))
    points = contributions(after.definition, first, second)[:, after.definition.column(component.code)]
    order = np.argsort(-np.abs(points), kind="stable")[:LARGEST]
    return [Contribution(component=leaves[k], points=float(points[k])) for k in order if abs(points[k]) >= 0.005]


@dataclass(frozen=True, kw_only=True)
class Span:
    """A change with its interval on a drawing whose middle is no change."""

    x: float
    start: float
    width: float
    zero: float


def span(one: Change, scale: Scale) -> Span | None:
    """Place a change in a table's cell."""
    if one.value is None or one.low is None or one.high is None:
        return None
    start, end = (min(max(scale(v), 0.0), 100.0) for v in (one.low, one.high))
    return Span(x=scale(one.value), start=start, width=round(end - start, 1), zero=scale(0.0))


def around_zero(changes: list[Change]) -> Scale:
    """Make a scale with no change in the middle, wide enough for all intervals."""
    ends = [abs(v) for c in changes for v in (c.low, c.high) if v is not None]
    most = max(ends, default=1.0)
    return Scale(low=-most, high=most, start=LEFT, end=RIGHT)


def _verdict(p: float | None, q: float | None) -> str:
    if p is None or q is None:
        return "none"
    if q <= FOUND:
        return "found"
    return "unsure" if p <= FOUND else "noise"


def _level(found: Compared, c: int) -> str:
    return found.after.definition[found.differences.codes[c]].level
