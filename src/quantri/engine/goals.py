"""What every indicator's mean must be, so that the scores of the tree come out as given."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.results import EditionResults
from quantri.errors import DataError
from quantri.said import Said

FloatArray = NDArray[np.float64]
STEPS = 80  # bisections; the bracket of 80 logits shrinks below the last digit of a double
CLOSE = 1e-9
APART = 0.7  # spread of the indicators of one part around their common level, in logits


@dataclass(frozen=True, kw_only=True)
class Goals:
    """Scores that synthetic answers shall have in expectation.

    Parameters
    ----------
    units : tuple of str
        Codes of the U provinces.
    scores : ndarray of float, shape (U, M)
        Points, columns as in the definition; NaN where nothing is asked of a component.
    notes : tuple of str
        What is not as published, in sentences.

    Examples
    --------
    >>> Goals(units=("89",), scores=np.array([[5.0, np.nan]])).units
    ('89',)
    """

    units: tuple[str, ...]
    scores: FloatArray
    notes: tuple[str, ...] = ()


def matches(definition: IndexDefinition, edition: EditionResults) -> bool:
    """Whether a definition holds every component of a published edition with the same bounds."""
    return all(c.code in definition and definition[c.code].bounds == c.bounds for c in edition.definition)


def published_goals(definition: IndexDefinition, edition: EditionResults) -> Goals:
    """Take the published scores of an edition as goals, component by component.

    Parameters
    ----------
    definition : IndexDefinition
        Holds at least one component of the edition under the same code and with the same bounds.
    edition : EditionResults

    Returns
    -------
    Goals
        A withheld score becomes the mean of the provinces that have it, and a note names the province.

    Raises
    ------
    DataError
        If the definition and the edition share no component.

    Examples
    --------
    >>> from quantri.engine.loading import DATA, load_archive, load_definition
    >>> demo = load_definition(DATA / "indices" / "demo" / "papi-demo.toml")
    >>> goals = published_goals(demo, load_archive("papi").edition(2024))
    >>> len(goals.units), goals.scores.shape, goals.notes[0][:29]
    (63, (63, 130), '2024: no published scores of ')
    """
    shared = [c.code for c in edition.definition if c.code in definition and definition[c.code].bounds == c.bounds]
    if not shared:
        raise DataError(
            "{index} shares no component with {edition}",
            index=f"{definition.code}-{definition.year}",
            edition=edition.edition,
        )
    scores = np.full((len(edition.units), len(definition.components)), np.nan)
    for code in shared:
        column = edition.column(code)
        scores[:, definition.column(code)] = np.where(np.isnan(column), np.nanmean(column), column)
    withheld = [u for u in edition.units if any(edition.score(u.key, code) is None for code in shared)]
    year = edition.definition.year
    notes = tuple(
        Said(
            "{year}: no published scores of {unit} ({code}); the mean of the others instead",
            year=year,
            unit=unit.name_vi,
            code=unit.code,
        )
        for unit in withheld
    )
    return Goals(units=tuple(unit.code for unit in edition.units), scores=scores, notes=notes)


def drawn_goals(definition: IndexDefinition, units: tuple[str, ...], *, rng: np.random.Generator) -> Goals:
    """Draw an expected score for the top of the tree in each unit, around 60 % of the way up its bounds.

    Examples
    --------
    >>> from quantri.engine.loading import DATA, load_definition
    >>> demo = load_definition(DATA / "indices" / "demo" / "satisfaction-demo.toml")
    >>> drawn_goals(demo, ("01", "02"), rng=np.random.default_rng(1)).scores[:, 0].round(1)
    array([61.5, 63.7])
    """
    scores = np.full((len(units), len(definition.components)), np.nan)
    low, high = definition.top.bounds
    reach = forms(definition, np.ones((len(units), len(definition.measured))))[
        :, definition.column(definition.top.code)
    ]
    level = expit(0.4 + 0.2 * rng.standard_normal(len(units))) * reach
    scores[:, definition.column(definition.top.code)] = low + (high - low) * level
    return Goals(units=units, scores=scores, notes=("expected scores were drawn, for none were given",))


def forms(definition: IndexDefinition, leaves: FloatArray) -> FloatArray:
    """Roll 0-1 forms of the measured leaves up the tree.

    Parameters
    ----------
    definition : IndexDefinition
    leaves : ndarray of float, shape (U, K)
        0 at the worst goalpost, 1 at the best; columns as in `IndexDefinition.measured`.

    Returns
    -------
    ndarray of float, shape (U, M)
        0-1 form of every component; NaN for what is published only.
    """
    tree = np.full((len(leaves), len(definition.components)), np.nan)
    tree[:, [definition.column(c.code) for c in definition.measured]] = leaves
    for parent in reversed(definition.components):
        columns = [definition.column(c.code) for c in definition.children(parent.code)]
        if columns:
            tree[:, definition.column(parent.code)] = _rolled(definition, parent.code, tree[:, columns])
    return tree


def leaf_forms(definition: IndexDefinition, goals: Goals, *, rng: np.random.Generator) -> FloatArray:
    """Find 0-1 forms of the leaves that give every goal.

    Parameters
    ----------
    definition : IndexDefinition
    goals : Goals
        The deepest goal on a path counts; one above it shapes only the parts that are still free.
    rng : numpy.random.Generator
        Draws how far the indicators of one part lie apart.

    Returns
    -------
    ndarray of float, shape (U, K)
        0 at the worst goalpost, 1 at the best.

    Raises
    ------
    DataError
        If no forms give a goal; the text names component, unit and what can be reached.

    Notes
    -----
    From the top down, the free parts of a component get ``reach * expit(shift + offset)``, one shift in each unit,
    found by bisection, so that the roll-up of the parts equals the component's form. Offsets are normal, shared by the
    units but for a quarter of their variance. Without any goal above it, the top is at one half.
    """
    tree = _given(definition, goals)
    reach = forms(definition, np.ones((1, len(definition.measured))))[0]
    top = definition.column(definition.top.code)
    tree[:, top] = np.where(np.isnan(tree[:, top]), 0.5, tree[:, top])
    for parent in definition.components:
        columns = [definition.column(c.code) for c in definition.children(parent.code)]
        if columns and np.isnan(tree[:, columns]).any():
            goal = tree[:, definition.column(parent.code)]
            tree[:, columns] = _shared_out(definition, parent.code, goal, tree[:, columns], reach[columns], rng)
            _check_reached(definition, goals, parent.code, tree)
    return tree[:, [definition.column(c.code) for c in definition.measured]]


def _given(definition: IndexDefinition, goals: Goals) -> FloatArray:
    """0-1 forms of what is given, or follows from parts that are all given; NaN elsewhere."""
    low, high = np.array([c.bounds for c in definition]).T
    outside = (goals.scores < low - 0.005) | (goals.scores > high + 0.005)  # thirds are printed as 0.33
    if outside.any():
        u, m = (int(n) for n in np.argwhere(outside)[0])
        c = definition.components[m]
        raise DataError(
            "{code}: goal {goal:g} of unit {unit} lies outside {low:g} to {high:g}",
            code=c.code,
            goal=float(goals.scores[u, m]),
            unit=goals.units[u],
            low=c.bounds[0],
            high=c.bounds[1],
        )
    with np.errstate(invalid="ignore"):  # a leaf whose goalposts are observed has no bounds
        tree = np.clip((goals.scores - low) / (high - low), 0, 1)
    for parent in reversed(definition.components):
        columns = [definition.column(c.code) for c in definition.children(parent.code)]
        if columns:
            m, rolled = definition.column(parent.code), _rolled(definition, parent.code, tree[:, columns])
            tree[:, m] = np.where(np.isnan(rolled), tree[:, m], rolled)
    return np.asarray(tree)


def _rolled(definition: IndexDefinition, code: str, parts: FloatArray) -> FloatArray:
    """0-1 form of a component from those of its parts, shape (U,)."""
    parent, children = definition[code], definition.children(code)
    if parent.rollup == "sum":
        low, high = np.array([_ends(c) for c in children]).T
        points = (low + (high - low) * parts).sum(axis=1)
        return np.asarray((points - parent.bounds[0]) / (parent.bounds[1] - parent.bounds[0]))
    weights = np.array(definition.weights(code))
    if parent.rollup == "geometric":
        with np.errstate(divide="ignore"):
            return np.asarray(np.exp(np.log(parts) @ weights))
    return np.asarray(parts @ weights)


def _ends(component: Component) -> tuple[float, float]:
    """Scores at which the 0-1 form of a component is 0 and 1."""
    if isinstance(component.worst, (int, float)) and isinstance(component.best, (int, float)):
        return component.worst, component.best
    return component.bounds


def _shared_out(
    definition: IndexDefinition,
    code: str,
    goal: FloatArray,
    parts: FloatArray,
    reach: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Fill in the free parts (U, C) so that they make the goal (U,); none above its reach (C,)."""
    free = np.isnan(parts)
    shared, own = rng.standard_normal(parts.shape[1]), rng.standard_normal(parts.shape)
    offset = APART * (np.sqrt(0.75) * shared + np.sqrt(0.25) * own)
    low, high = np.full(len(goal), -40.0), np.full(len(goal), 40.0)
    for _ in range(STEPS):
        middle = (low + high) / 2
        tried = np.where(free, reach * expit(middle[:, None] + offset), parts)
        below = _rolled(definition, code, tried) < goal
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(np.where(free, reach * expit(((low + high) / 2)[:, None] + offset), parts))


def _check_reached(definition: IndexDefinition, goals: Goals, code: str, tree: FloatArray) -> None:
    m, columns = definition.column(code), [definition.column(c.code) for c in definition.children(code)]
    reached = _rolled(definition, code, tree[:, columns])
    missed = np.abs(reached - tree[:, m]) > CLOSE
    if missed.any():
        unit = int(np.argmax(missed))
        low, high = definition[code].bounds
        asked, got = (low + (high - low) * float(form[unit]) for form in (tree[:, m], reached))
        raise DataError(
            "{code}: no answers give {asked:.4g} points in unit {unit}; its parts reach {got:.4g}",
            code=code,
            asked=asked,
            unit=goals.units[unit],
            got=got,
        )
