"""The questions behind an indicator: which answers they have, what each counts, and how likely each is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantri.engine.definition import OBSERVED, Component
from quantri.engine.measure import Code, Measure
from quantri.errors import DataError, DefinitionError

FloatArray = NDArray[np.float64]
MOST_COUNTED = 4  # a ratio's denominator is a count from 1 to this
MOST_ANSWERS = 31  # a number without declared codes takes at most so many values
SIGNED = ("any", "all", "share")


@dataclass(frozen=True, kw_only=True)
class Question:
    """Answers that one question can have.

    Parameters
    ----------
    code : str
    labels : tuple of code or None
        Answers from the worst to the best, then missing codes, last what stands where it was not asked; None is null.
    n_answers : int
        How many labels are answers.
    chances : ndarray of float, shape (U, n_answers)
        Of each answer in each unit; they sum to 1. Of a ratio's numerator and of the questions of ``any`` and ``all``
        they only fill the place, for those depend on each other.

    Examples
    --------
    >>> Question(code="q1", labels=(2, 1, 888, None), n_answers=2, chances=np.array([[0.4, 0.6]])).n_missing
    1
    """

    code: str
    labels: tuple[Code | None, ...]
    n_answers: int
    chances: FloatArray

    @property
    def n_missing(self) -> int:
        """Number of labels that mean that there is no answer."""
        return len(self.labels) - self.n_answers - 1


def measure_of(component: Component) -> Measure:
    """How answers make a leaf; DefinitionError for a component that is not measured."""
    if component.measure is None:
        raise DefinitionError("{code}: has no measure", code=component.code)
    return component.measure


def goalposts(component: Component) -> tuple[float, float]:
    """Worst and best of a measured leaf; an observed one is the outermost value that its answers can make."""
    measure, worst, best = measure_of(component), component.worst, component.best
    given = [post for post in (worst, best) if isinstance(post, (int, float))]
    numbers = list(measure.values.values()) or [*given, 0.0, 1.0]
    if measure.combine in (*SIGNED, "ratio"):
        numbers = [0.0, 1.0]
    low, high = min(numbers), max(numbers)
    if worst == OBSERVED:
        worst = high if isinstance(best, (int, float)) and best <= low else low
    if best == OBSERVED:
        best = low if isinstance(worst, (int, float)) and worst >= high else high
    return float(worst), float(best)  # type: ignore[arg-type]  # both are numbers by now


def wanted_means(component: Component, forms: FloatArray) -> FloatArray:
    """Put 0-1 forms of a leaf, shape (U,), in its own unit."""
    worst, best = goalposts(component)
    return worst + forms * (best - worst)


def answer_values(component: Component) -> tuple[tuple[Code, ...], FloatArray]:
    """List the codes that a leaf's questions can be answered with, worst first, and what each counts."""
    measure = measure_of(component)
    worst, best = goalposts(component)
    taken = {str(code) for code in (*measure.missing, *measure.not_asked)}
    worth = measure.values or {str(n): n for n in _numbers(component, worst, best)}
    pairs = [(_typed(code), float(value)) for code, value in worth.items() if code not in taken]
    if any(isinstance(code, str) for code, _ in pairs):
        pairs = [(str(code), value) for code, value in pairs]
    if measure.combine in SIGNED:
        pairs = [(code, float(value > 0)) for code, value in pairs]
    if measure.combine in ("any", "all") and len({value for _, value in pairs}) < 2:
        raise DefinitionError(
            "{code}: {combine!r} needs an answer above 0 and one that is not",
            code=component.code,
            combine=measure.combine,
        )
    if not pairs:
        raise DefinitionError("{code}: every answer is declared missing", code=component.code)
    pairs.sort(key=lambda pair: pair[1] if best >= worst else -pair[1])
    return tuple(code for code, _ in pairs), np.array([value for _, value in pairs])


def tilted(values: FloatArray, means: FloatArray) -> FloatArray:
    """Find chances of values that give each mean, as near to equal ones as can be.

    Parameters
    ----------
    values : ndarray of float, shape (C,)
    means : ndarray of float, shape (U,)
        Each between the smallest and the largest value.

    Returns
    -------
    ndarray of float, shape (U, C)
        Each row sums to 1.

    Examples
    --------
    >>> tilted(np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0])).round(3).tolist()
    [[0.333, 0.333, 0.333], [1.0, 0.0, 0.0]]
    """
    width = float(np.ptp(values)) or 1.0
    steps, goal = (values - values.min()) / width, (means - values.min()) / width
    low, high = np.full(len(means), -1e5), np.full(len(means), 1e5)
    for _ in range(70):
        middle = (low + high) / 2
        below = _softmax(middle[:, None] * steps) @ steps < goal
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return _softmax(((low + high) / 2)[:, None] * steps)


def tuned_questions(component: Component, means: FloatArray) -> dict[str, Question]:
    """Give the questions of a leaf, so likely answered that its values have the means wanted in each unit, shape (U,).

    Raises
    ------
    DataError
        If no answers have such a mean.
    DefinitionError
        If answers cannot be made up.
    """
    measure = measure_of(component)
    codes, values = answer_values(component)
    reach = values * (len(measure.questions) if measure.combine == "sum" else 1)
    reach = np.array([0.0, np.inf]) if measure.combine == "ratio" else reach
    if (means < reach.min() - 1e-9).any() or (means > reach.max() + 1e-9).any():
        raise DataError(
            "{code}: no answers have a mean of {mean:.4g}; they reach {low:g} to {high:g}",
            code=component.code,
            mean=float(means[np.argmax(np.abs(means))]),
            low=float(reach.min()),
            high=float(reach.max()),
        )
    if measure.combine == "ratio":
        return _ratio_questions(measure, means)
    share = means / len(measure.questions) if measure.combine == "sum" else means
    chances = tilted(values, share)
    after = (*measure.missing, *(() if measure.missing else (None,)), *(measure.not_asked[:1] or (None,)))
    return {
        code: Question(code=code, labels=(*codes, *after), n_answers=len(codes), chances=chances)
        for code in measure.questions
    }


def _numbers(component: Component, worst: float, best: float) -> list[float]:
    """Numbers that stand for themselves: whole ones between the goalposts where these are whole."""
    measure = measure_of(component)
    if measure.combine in (*SIGNED, "ratio"):
        return [0, 1]
    parts = len(measure.questions) if measure.combine == "sum" else 1
    low, high = sorted((worst / parts, best / parts))
    if low == int(low) and high == int(high):
        return sorted({int(n) for n in np.linspace(low, high, MOST_ANSWERS).round()})
    return [round(float(n), 6) for n in np.linspace(low, high, 11)]


def _ratio_questions(measure: Measure, means: FloatArray) -> dict[str, Question]:
    """Count from 1 up below, and above what is drawn out of it."""
    if measure.values:
        raise DefinitionError(
            "{questions}: a ratio with values cannot be made up; use plain numbers",
            questions="/".join(measure.questions),
        )
    counts = tuple(range(1, MOST_COUNTED + 1))
    above = tuple(range(MOST_COUNTED * max(1, int(np.ceil(means.max()))) + 1))
    after = (*measure.missing, *(() if measure.missing else (None,)), *(measure.not_asked[:1] or (None,)))
    return {
        code: Question(
            code=code, labels=(*labels, *after), n_answers=len(labels),
            chances=np.full((len(means), len(labels)), 1 / len(labels)),
        )
        for code, labels in zip(measure.questions, (above, counts), strict=True)
    }  # fmt: skip


def _softmax(exponents: FloatArray) -> FloatArray:
    powers = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _typed(code: str) -> Code:
    """Read a code as it stands in the data: a whole number, another number, or a word."""
    for kind in (int, float):
        try:
            return kind(code)
        except ValueError:
            continue
    return code
