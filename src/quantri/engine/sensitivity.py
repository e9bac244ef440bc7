"""Scores under other choices of method, and whether the parts of an index belong together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from quantri.engine.definition import OBSERVED, Component, IndexDefinition
from quantri.engine.design import FloatArray, IntArray
from quantri.engine.noise import NOISE, without_noise
from quantri.engine.ranking import ranks
from quantri.engine.scoring import Scores, grow


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """The whole index of D domains under V choices of method, beside its sampling error.

    Parameters
    ----------
    choices : tuple of str
        V names; the first, ``as defined``, is the definition itself.
    score : ndarray of float, shape (D, V)
        The index on a scale from 0 (every part at its worst) to 100.
    rank : ndarray of int, shape (D, V)
    standard_error : ndarray of float, shape (D,)
        Sampling error of the first column, on the same scale.

    Examples
    --------
    >>> found = Sensitivity(choices=("as defined",), score=np.array([[50.0]]), rank=np.array([[1]]),
    ...                     standard_error=np.array([1.0]))
    >>> found.widest_rank_move
    0
    """

    choices: tuple[str, ...]
    score: FloatArray
    rank: IntArray
    standard_error: FloatArray

    @property
    def widest_rank_move(self) -> int:
        """Most places that a choice moves any domain."""
        known = (self.rank > 0) & (self.rank[:, :1] > 0)
        return int(np.abs(self.rank - self.rank[:, :1])[known].max(initial=0))


def under_other_choices(scores: Scores, choices: Mapping[str, IndexDefinition] | None = None) -> Sensitivity:
    """Score the index again under other choices, from the same means.

    Parameters
    ----------
    scores : Scores
        Of a definition with measures.
    choices : mapping of name to IndexDefinition, optional
        With the same measured leaves or fewer; the usual ones when None.

    Returns
    -------
    Sensitivity

    Notes
    -----
    Reversed goalposts, worst above best, stay as they are under "goalposts from the data". A geometric index of a
    domain with a part at its worst is 0.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import Inference, SampleDesign
    >>> from quantri.engine.measure import Measure
    >>> from quantri.engine.recode import recode_answers
    >>> from quantri.engine.scoring import score
    >>> from quantri.engine.totals import psu_totals
    >>> part = {"level": "indicator", "name_vi": "x", "name_en": "x", "bounds": (0, 1), "parent": "T"}
    >>> part |= {"worst": 0, "best": 1}
    >>> top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(0, 10), rollup="arithmetic")
    >>> parts = [Component(code=q, measure=Measure(questions=(q,)), **part) for q in "ab"]
    >>> tree = IndexDefinition(code="d", year=2024, name_vi="T", name_en="T", components=(top, *parts))
    >>> frame = pl.DataFrame({"a": [0.2, 0.4, 0.9, 0.7], "b": [0.5, 0.3, 0.1, 0.1], "g": [1, 1, 2, 2]})
    >>> batches = recode_answers({c.code: c.measure for c in parts}, frame)
    >>> sums = psu_totals(frame, batches, SampleDesign(), domains=["g"])
    >>> under_other_choices(score(tree, sums, Inference())).rank[:, -2:].tolist()
    [[1, 2], [2, 1]]
    """
    own = scores.definition
    named = {"as defined": own, **(usual_choices(own) if choices is None else choices)}
    value = np.stack([_index(definition, scores) for definition in named.values()], axis=1)
    low, high = own.top.bounds
    top = scores.estimates.standard_error[:, own.column(own.top.code)]
    return Sensitivity(
        choices=tuple(named), score=value, rank=ranks(value.T[:, :, None])[:, :, 0].T,
        standard_error=100 * top / (high - low),
    )  # fmt: skip


def usual_choices(definition: IndexDefinition) -> dict[str, IndexDefinition]:
    """Give the choices that are usually questioned: weights, roll-up, goalposts, and each part of the index left out.

    Examples
    --------
    >>> from quantri.engine.measure import Measure
    >>> part = {"level": "indicator", "name_vi": "x", "name_en": "x", "bounds": (0, 1), "parent": "T"}
    >>> part |= {"worst": 0, "best": 1}
    >>> top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(0, 10), rollup="arithmetic")
    >>> parts = [Component(code=q, measure=Measure(questions=(q,)), **part) for q in "ab"]
    >>> list(usual_choices(IndexDefinition(code="d", year=2024, name_vi="T", name_en="T", components=(top, *parts))))
    ['equal weights', 'geometric means', 'goalposts from the data', 'without a', 'without b']
    """
    choices = {
        "equal weights": _changed(definition, lambda c: replace(c, component_weight=None)),
        "geometric means": _changed(definition, _geometric),
        "goalposts from the data": _changed(definition, _observed),
    }
    for part in definition.children(definition.top.code):
        if len(definition.children(definition.top.code)) > 1:
            choices[f"without {part.code}"] = without(definition, part.code)
    return choices


def without(definition: IndexDefinition, code: str) -> IndexDefinition:
    """Leave a component and all below it out; weights of the others grow, and bounds of a sum shrink, to make a whole.

    Examples
    --------
    >>> from quantri.engine.loading import DATA, load_definition
    >>> without(load_definition(DATA / "indices" / "papi-2017.toml"), "D6").top.bounds
    (5.0, 50.0)
    """
    gone = {code}
    for component in definition:
        if component.parent in gone:
            gone.add(component.code)
    parent = definition[definition[code].parent or code]
    kept = [c for c in definition if c.code not in gone]
    shares = dict(zip((c.code for c in definition.children(parent.code)), definition.weights(parent.code), strict=True))
    rest = sum(share for part, share in shares.items() if part != code)
    parts = []
    for component in kept:
        if component.parent == parent.code and component.component_weight is not None:
            share = component.component_weight * (1 - parent.unseen) / rest
            parts.append(replace(component, component_weight=share))
        elif component.code == parent.code and parent.rollup == "sum":
            children = [c for c in definition.children(parent.code) if c.code != code]
            bounds = sum(c.bounds[0] for c in children), sum(c.bounds[1] for c in children)
            parts.append(replace(component, bounds=bounds))
        else:
            parts.append(component)
    return replace(definition, components=tuple(parts))


@dataclass(frozen=True, kw_only=True)
class Coherence:
    """How the parts of one component move over the domains.

    Parameters
    ----------
    code : str
    with_parent : dict of code to float
        Correlation of each part with the component; negative: it pulls against its parent.
    between_parts : float
        Mean correlation between parts.
    alpha : float
        Cronbach's alpha of the parts, NaN for one part.

    Examples
    --------
    >>> Coherence(code="D1", with_parent={"D1.1": 0.8, "D1.2": -0.1}, between_parts=0.1, alpha=0.2).pulls_against
    ('D1.2',)
    """

    code: str
    with_parent: dict[str, float]
    between_parts: float
    alpha: float

    @property
    def pulls_against(self) -> tuple[str, ...]:
        """Parts that fall where the component rises."""
        return tuple(code for code, r in self.with_parent.items() if r < 0)


def coherence(definition: IndexDefinition, value: FloatArray) -> tuple[Coherence, ...]:
    """Say how parts move together, for each component with parts, over the domains that have them all.

    Parameters
    ----------
    definition : IndexDefinition
    value : ndarray of float, shape (D, M)
        Scores, published or estimated; at least three domains.

    Notes
    -----
    A leaf of which less is better is turned round. Correlations are Pearson's; alpha is Cronbach's [1]_ of the parts
    put on one variance. Correlations between estimates are weakened by their sampling error.

    References
    ----------
    .. [1] Cronbach (1951), Psychometrika 16(3), on the internal structure of tests.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> edition = load_archive("papi").edition(2017)
    >>> found = {c.code: c for c in coherence(edition.definition, edition.scores)}
    >>> 0 < found["PAPI"].alpha < 1
    True
    """
    found = []
    for component in definition:
        parts = [definition.column(c.code) for c in definition.children(component.code)]
        turned = [-1.0 if _falls(definition.components[m]) else 1.0 for m in parts]
        columns = value[:, [definition.column(component.code), *parts]] * [1.0, *turned]
        known = columns[~np.isnan(columns).any(axis=1)]
        if parts and len(known) > 2:
            found.append(_coherence(definition, component, parts, known))
    return tuple(found)


def _coherence(definition: IndexDefinition, component: Component, parts: list[int], known: FloatArray) -> Coherence:
    apart = without_noise(known - known.mean(axis=0), np.abs(known).max(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.atleast_2d(np.corrcoef(apart, rowvar=False))
    k = int(np.isfinite(np.diag(r)[1:]).sum())  # parts that vary
    between = (np.nansum(r[1:, 1:]) - k) / (k * (k - 1)) if k > 1 else np.nan
    whole = 1 + (k - 1) * between
    alpha = k * between / whole if k > 1 and whole > NOISE else np.nan
    codes = [definition.components[m].code for m in parts]
    return Coherence(
        code=component.code, with_parent={c: float(x) for c, x in zip(codes, r[0, 1:], strict=True)},
        between_parts=float(between), alpha=float(alpha),
    )  # fmt: skip


def _index(definition: IndexDefinition, scores: Scores) -> FloatArray:
    """Score the top of a tree from the means of its leaves, on 0 to 100, shape (D,)."""
    columns = [scores.definition.column(c.code) for c in definition.measured]
    leaves = scores.estimates.value[:, columns]
    value = grow(definition, leaves, np.zeros((0, len(columns))), np.zeros(0, dtype=np.int64)).value
    low, high = definition.top.bounds
    return np.asarray(100 * (value[:, definition.column(definition.top.code)] - low) / (high - low))


def _changed(definition: IndexDefinition, change: Callable[[Component], Component]) -> IndexDefinition:
    return replace(definition, components=tuple(change(c) for c in definition))


def _geometric(component: Component) -> Component:
    return component if component.rollup is None or component.unseen else replace(component, rollup="geometric")


def _observed(component: Component) -> Component:
    is_fixed = component.measure is None or _falls(component)
    return component if is_fixed else replace(component, worst=OBSERVED, best=OBSERVED)


def _falls(component: Component) -> bool:
    """Whether less is better: its goalposts are reversed."""
    worst, best = component.worst, component.best
    return isinstance(worst, (int, float)) and isinstance(best, (int, float)) and worst > best
