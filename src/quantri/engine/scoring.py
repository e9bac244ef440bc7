"""Estimates of leaves to scores of the whole tree, with the influence of each drawn unit carried to every component."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantri.engine.definition import OBSERVED, Component, IndexDefinition
from quantri.engine.design import FloatArray, Inference, IntArray
from quantri.engine.estimate import (
    Estimates,
    by_domain,
    infer,
    influence_domains,
    interval,
    linear_means,
    unit_variances,
)
from quantri.engine.pooling import pooled
from quantri.engine.totals import PsuTotals
from quantri.errors import DefinitionError
from quantri.said import Said

Note = str


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Scores of M components in D domains.

    Parameters
    ----------
    definition : IndexDefinition
        Its order is the column order.
    domains : tuple of str
        D names.
    estimates : Estimates
        Values, standard errors and intervals, shape (D, M), in each component's points; leaves in their own unit.
    design_effect : ndarray of float, shape (D, M)
        Variance over that of a simple random sample with replacement of the same size; leaves that are means only.
    notes : dict of (domain, code) to str
        Why a figure is missing.
    totals : PsuTotals

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.design import SampleDesign
    >>> from quantri.engine.measure import Measure
    >>> from quantri.engine.recode import recode_answers
    >>> from quantri.engine.totals import psu_totals
    >>> leaf = Component(code="A", level="indicator", name_vi="A", name_en="A", bounds=(0, 1), worst=0, best=1,
    ...                  measure=Measure(questions=("q",)), parent="T")
    >>> top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(1, 10), rollup="arithmetic")
    >>> tree = IndexDefinition(code="demo", year=2024, name_vi="T", name_en="T", components=(top, leaf))
    >>> frame = pl.DataFrame({"q": [0.0, 1.0, 1.0, 0.0]})
    >>> sums = psu_totals(frame, recode_answers({"A": leaf.measure}, frame), SampleDesign())
    >>> score(tree, sums, Inference()).estimates.value.tolist()
    [[5.5, 0.5]]
    """

    definition: IndexDefinition
    domains: tuple[str, ...]
    estimates: Estimates
    design_effect: FloatArray
    notes: dict[tuple[str, str], Note]
    totals: PsuTotals


def score(definition: IndexDefinition, totals: PsuTotals, inference: Inference) -> Scores:
    """Score every component of a tree in every domain.

    Parameters
    ----------
    definition : IndexDefinition
        With measures at its leaves.
    totals : PsuTotals
        Sums of the measured leaves, named by their codes, in any order.
    inference : Inference
        How standard errors and intervals are made.

    Returns
    -------
    Scores
        NaN with a note where a score cannot be made.

    Raises
    ------
    DefinitionError
        If nothing is measured, or a measured leaf has no sums.
    DesignError
        If a stratum has one PSU and the policy is to fail.

    Notes
    -----
    A score is a smooth function of the leaves' means; its influence is the Jacobian times theirs, so that covariances
    between leaves, different missingness included, need no further work [1]_. Goalposts that are observed count as
    fixed here: only replicates carry their own error.

    References
    ----------
    .. [1] Deville (1999), Survey Methodology 25(2), on influence functions of complex statistics.
    """
    leaves = definition.measured
    if not leaves:
        raise DefinitionError(
            "{index}-{year}: no component has a measure to score", index=definition.code, year=definition.year
        )
    missing = [c.code for c in leaves if c.code not in totals.variables]
    if missing:
        raise DefinitionError(
            "{index}-{year}: no sums of {components}",
            index=definition.code,
            year=definition.year,
            components=", ".join(missing),
        )
    value, influence = linear_means(totals)
    order = [totals.variables.index(c.code) for c in leaves]
    tree = grow(definition, value[:, order], influence[:, order], influence_domains(totals))
    shape = (len(totals.n_rows), len(definition.components))
    present = np.broadcast_to(totals.n_rows[:, None] > 0, shape).copy()
    columns = [definition.column(c.code) for c in leaves]
    present[:, columns] = totals.n[:, order] > 0
    estimates = infer(tree.value, tree.influence, present, totals, inference)
    n = np.repeat(by_domain(totals.n_rows, totals)[:, None], shape[1], axis=1)
    n[:, columns] = by_domain(totals.n, totals)[:, order]
    estimates = replace(estimates, n=n)
    unit_variance = np.full(tree.value.shape, np.nan)
    unit_variance[:, columns] = unit_variances(totals, value)[:, order]
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = estimates.standard_error**2 * n / unit_variance
    effect[~np.isfinite(effect)] = np.nan
    if inference.variance_rule == "pooled":
        estimates = pooled(estimates, inference, unit_variance)
    names = tuple(" · ".join(map(str, label)) or "all" for label in totals.domains)
    return Scores(
        definition=definition, domains=names, estimates=estimates, design_effect=effect, totals=totals,
        notes=_notes(definition, names, estimates, tree),
    )  # fmt: skip


def with_observed_goalposts(scores: Scores, variance: FloatArray, inference: Inference) -> Scores:
    """Take errors from replicates, variance (D, M), where goalposts come from the data; leave other scores."""
    touched = _above_observed(scores.definition)
    if not touched.any():
        return scores
    found = scores.estimates
    error = np.where(touched, np.sqrt(variance), found.standard_error)
    low, high = interval(found.value, error, found.df[:, None], inference.confidence_level)
    return replace(scores, estimates=replace(found, standard_error=error, low=low, high=high))


def _above_observed(definition: IndexDefinition) -> NDArray[np.bool_]:
    """Components whose score depends on an observed goalpost, shape (M,): those above such a leaf."""
    touched = np.zeros(len(definition.components), dtype=bool)
    for m in reversed(range(len(touched))):
        component = definition.components[m]
        if component.parent is not None and (touched[m] or component.has_observed_goalpost):
            touched[definition.column(component.parent)] = True
    return touched


@dataclass(frozen=True, kw_only=True)
class Tree:
    """Values of all components, and what each row adds to them, before any standard error.

    Parameters
    ----------
    value : ndarray of float, shape (D, M)
    influence : ndarray of float, shape (L, M)
    goalposts : ndarray of float, shape (M, 2)
        Worst and best of measured leaves as used, NaN for other components.

    Examples
    --------
    >>> Tree(value=np.ones((1, 1)), influence=np.zeros((2, 1)), goalposts=np.full((1, 2), np.nan)).value.shape
    (1, 1)
    """

    value: FloatArray
    influence: FloatArray
    goalposts: FloatArray


def grow(definition: IndexDefinition, leaves: FloatArray, influence: FloatArray, domain: IntArray) -> Tree:
    """Roll values of measured leaves up to every component, with the influence of each row.

    Parameters
    ----------
    definition : IndexDefinition
        M components, K of them measured.
    leaves : ndarray of float, shape (D, K)
        In their own unit, in the order of the definition.
    influence : ndarray of float, shape (L, K)
        May have no rows, when only values are wanted.
    domain : ndarray of int, shape (L,)
        Domain of each row.

    Examples
    --------
    >>> from quantri.engine.measure import Measure
    >>> part = {"level": "indicator", "name_vi": "x", "name_en": "x", "bounds": (0, 1), "parent": "T"}
    >>> part |= {"worst": 0, "best": 1}
    >>> top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(0, 10), rollup="geometric")
    >>> parts = [Component(code=q, measure=Measure(questions=(q,)), **part) for q in "ab"]
    >>> tree = IndexDefinition(code="demo", year=2024, name_vi="T", name_en="T", components=(top, *parts))
    >>> grow(tree, np.array([[0.9, 0.4]]), np.zeros((0, 2)), np.zeros(0, dtype=int)).value[0].round(3).tolist()
    [6.0, 0.9, 0.4]
    """
    size = len(definition.components)
    value = np.full((size, len(leaves)), np.nan)
    spread = np.zeros((size, len(influence)))
    goalposts = np.full((size, 2), np.nan)
    for k, leaf in enumerate(definition.measured):
        m = definition.column(leaf.code)
        value[m], spread[m] = leaves[:, k], influence[:, k]
        goalposts[m] = _goalposts(leaf, leaves[:, k])
    ends = np.where(np.isnan(goalposts), [c.bounds for c in definition.components], goalposts)
    for m in reversed(range(size)):
        component = definition.components[m]
        parts = [definition.column(c.code) for c in definition.children(component.code)]
        if parts:
            weights = np.array(definition.weights(component.code))
            value[m], spread[m] = _rolled_up(component, value[parts], spread[parts], ends[parts], weights, domain)
    return Tree(value=value.T, influence=spread.T, goalposts=goalposts)


def _goalposts(leaf: Component, estimates: FloatArray) -> tuple[float, float]:
    known = estimates[~np.isnan(estimates)]
    low, high = (known.min(), known.max()) if known.size else (np.nan, np.nan)
    worst, best = leaf.worst, leaf.best
    return (low if worst == OBSERVED else float(worst or 0.0)), (high if best == OBSERVED else float(best or 0.0))


def _rolled_up(
    component: Component, value: FloatArray, spread: FloatArray, ends: FloatArray, weights: FloatArray, domain: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Value (D,) and influence (L,) of a component from those of its C parts, (C, D) and (C, L)."""
    if component.rollup == "sum":
        return value.sum(axis=0), spread.sum(axis=0)
    low, high = component.bounds
    length = ends[:, 1] - ends[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = (value - ends[:, :1]) / length[:, None]
        per_unit = weights / length
        if component.rollup == "arithmetic":
            return low + (high - low) * (weights @ unit), (high - low) * (per_unit @ spread)
        mean = np.exp(weights @ np.log(np.where(unit < 0, np.nan, unit)))
        slope = per_unit[:, None] * (mean / unit)
        return low + (high - low) * mean, (high - low) * (slope[:, domain] * spread).sum(axis=0)


def _notes(
    definition: IndexDefinition, domains: tuple[str, ...], estimates: Estimates, tree: Tree
) -> dict[tuple[str, str], Note]:
    """Say why, for each figure that is missing."""
    figures = np.stack([estimates.value, estimates.standard_error, estimates.low])
    notes = {}
    for d, m in np.argwhere(~np.isfinite(figures).all(axis=0)):
        component = definition.components[m]
        notes[domains[d], component.code] = _note(definition, component, tree.value[d], estimates, (d, m))
    return notes


def _note(
    definition: IndexDefinition, component: Component, values: FloatArray, estimates: Estimates, at: tuple[int, int]
) -> Note:
    """Why a score or its standard error is missing; nothing when both are there."""
    if np.isnan(estimates.value[at]):
        if component.measure is not None:
            return "nobody in this domain has a known answer"
        parts = definition.children(component.code)
        if not parts:
            return "published only: it has neither parts nor a measure"
        without = [c.code for c in parts if np.isnan(values[definition.column(c.code)])]
        return (
            Said("no score of {components}", components=", ".join(without))
            if without
            else "a part lies outside its goalposts"
        )
    if np.isnan(estimates.standard_error[at]):
        if component.rollup == "geometric":
            return "a part is at its worst, where a geometric mean has no standard error"
        return "no stratum with two sampled units, so no standard error"
    if np.isnan(estimates.low[at]):
        return "no degree of freedom is left for an interval"
    return ""
