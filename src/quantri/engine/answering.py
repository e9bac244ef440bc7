"""How likely each answer to each question is, so that every indicator has the mean it shall have."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from quantri.engine.definition import OBSERVED, Component, IndexDefinition
from quantri.engine.measure import Code, Measure, condition_columns, condition_literal, parse_condition
from quantri.errors import DataError, DefinitionError

FloatArray = NDArray[np.float64]
MOST_COUNTED = 4  # a ratio's denominator is a count from 1 to this
MOST_ANSWERS = 31  # a number without declared codes takes at most so many values
FILTER_SHARE = 0.65  # of people who give an answer that a skip asks for
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


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A measured leaf: its questions, and the mean that its values shall have.

    Parameters
    ----------
    component : Component
    questions : tuple of int
        Places of its questions in `Answers.questions`.
    values : ndarray of float
        What each answer counts, worst first; with ``any``, ``all`` and ``share`` 1 when above 0, else 0.
    means : ndarray of float, shape (U,)
        Expected value in each unit, in the indicator's unit.
    asks : ast.expr, optional
        Its condition; None asks everybody.
    """

    component: Component
    questions: tuple[int, ...]
    values: FloatArray
    means: FloatArray
    asks: ast.expr | None

    @property
    def measure(self) -> Measure:
        """How its answers make its value."""
        return measure_of(self.component)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Everything that simulated people can be asked, indicators in the order in which skips are decided.

    Parameters
    ----------
    questions : tuple of Question
        Q questions; those that only a skip reads stand behind the others.
    indicators : tuple of Indicator
        An indicator stands behind those whose answers decide whether it is asked.
    filters : frozenset of int
        Places of the questions that a skip reads.
    notes : tuple of str
        What could not be tuned, in sentences.
    """

    questions: tuple[Question, ...]
    indicators: tuple[Indicator, ...]
    filters: frozenset[int]
    notes: tuple[str, ...]


def plan_answers(definition: IndexDefinition, leaves: FloatArray) -> Answers:
    """Find the chance of every answer.

    Parameters
    ----------
    definition : IndexDefinition
    leaves : ndarray of float, shape (U, K)
        0-1 form that each measured leaf shall have in expectation.

    Returns
    -------
    Answers

    Raises
    ------
    DefinitionError
        If skips run in a circle, or a question's answers cannot be made up.
    DataError
        If no answers have the mean that a leaf shall have.

    Notes
    -----
    Chances are those nearest to equal ones that have the wanted mean (largest entropy): ``exp(tilt * value)``, scaled.
    A question that two indicators share is tuned for the first. A goalpost taken from the data cannot be tuned to,
    for it moves with the sample; the outermost values stand in its place. Both are said in the notes.

    References
    ----------
    .. [1] Jaynes (1957), Phys. Rev. 106(4), on the distribution of largest entropy with a given mean.

    Examples
    --------
    >>> from quantri.engine.loading import DATA, load_definition
    >>> demo = load_definition(DATA / "indices" / "demo" / "satisfaction-demo.toml")
    >>> answers = plan_answers(demo, np.full((1, 15), 0.6))
    >>> answers.questions[0].labels, answers.questions[0].chances.round(3)
    ((1, 2, 3, 4, 5, 8, 9, None), array([[0.128, 0.157, 0.192, 0.235, 0.288]]))
    """
    if not definition.measured:
        raise DefinitionError(f"{definition.code}-{definition.year}: no component has a measure; nothing can be asked")
    questions: dict[str, Question] = {}
    place: dict[str, int] = {}
    indicators, notes = [], []
    for component, form in zip(definition.measured, leaves.T, strict=True):
        own, note = _indicator(component, form)
        notes += note
        shared = [code for code in own if code in questions]
        if shared:
            notes.append(f"{component.code}: shares question {shared[0]}, so its own mean is not tuned")
        for code, question in own.items():
            if code not in questions:
                place[code] = len(place)
                questions[code] = question
        indicators.append(_placed(component, form, place))
    for code, question in _filters(definition, len(leaves), place):
        place[code] = len(place)
        questions[code] = question
    read = chain.from_iterable(condition_columns(i.asks) for i in indicators if i.asks is not None)
    return Answers(
        questions=tuple(questions.values()), indicators=tuple(_in_order(indicators, place)),
        filters=frozenset(place[code] for code in read), notes=tuple(notes),
    )  # fmt: skip


def measure_of(component: Component) -> Measure:
    """How answers make a leaf; DefinitionError for a component that is not measured."""
    if component.measure is None:
        raise DefinitionError(f"{component.code}: has no measure")
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


def _softmax(exponents: FloatArray) -> FloatArray:
    powers = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _indicator(component: Component, form: FloatArray) -> tuple[dict[str, Question], list[str]]:
    """Give the questions of one leaf, tuned, and what must be said about it."""
    measure = measure_of(component)
    means = _means(component, form)
    codes, values = answer_values(component)
    reach = values * (len(measure.questions) if measure.combine == "sum" else 1)
    reach = np.array([0.0, np.inf]) if measure.combine == "ratio" else reach
    if (means < reach.min() - 1e-9).any() or (means > reach.max() + 1e-9).any():
        raise DataError(
            f"{component.code}: no answers have a mean of {means[np.argmax(np.abs(means))]:.4g}; "
            f"they reach {reach.min():g} to {reach.max():g}"
        )
    if measure.combine == "ratio":
        return _ratio_questions(measure, means), _notes(component)
    share = means / len(measure.questions) if measure.combine == "sum" else means
    chances = tilted(values, share)
    after = (*measure.missing, *(() if measure.missing else (None,)), *(measure.not_asked[:1] or (None,)))
    one = {
        code: Question(code=code, labels=(*codes, *after), n_answers=len(codes), chances=chances)
        for code in measure.questions
    }
    return one, _notes(component)


def _notes(component: Component) -> list[str]:
    observed = f"{component.code}: a goalpost is taken from the data, so its score cannot be tuned"
    return [observed] if component.has_observed_goalpost else []


def _means(component: Component, form: FloatArray) -> FloatArray:
    worst, best = goalposts(component)
    return worst + form * (best - worst)


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
        raise DefinitionError(f"{component.code}: {measure.combine!r} needs an answer above 0 and one that is not")
    if not pairs:
        raise DefinitionError(f"{component.code}: every answer is declared missing")
    pairs.sort(key=lambda pair: pair[1] if best >= worst else -pair[1])
    return tuple(code for code, _ in pairs), np.array([value for _, value in pairs])


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
            f"{'/'.join(measure.questions)}: a ratio with values cannot be made up; use plain numbers"
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


def _placed(component: Component, form: FloatArray, place: Mapping[str, int]) -> Indicator:
    measure = measure_of(component)
    return Indicator(
        component=component,
        questions=tuple(place[code] for code in measure.questions),
        values=answer_values(component)[1],
        means=_means(component, form),
        asks=parse_condition(measure.only_if) if measure.only_if else None,
    )


def _filters(definition: IndexDefinition, n_units: int, place: Mapping[str, int]) -> Iterator[tuple[str, Question]]:
    """Questions that no indicator asks, but a skip reads: the answers that conditions name, and another one."""
    wanted: dict[str, dict[Code, None]] = {}
    for component in definition.measured:
        condition = measure_of(component).only_if
        tree = parse_condition(condition) if condition else ast.Constant(0)
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id not in place:
                literal = condition_literal(node.comparators[0])
                named = literal if isinstance(literal, tuple) else (literal,)
                wanted.setdefault(node.left.id, {}).update(dict.fromkeys(named))
    for code, named in wanted.items():
        codes = _with_others(list(named))
        chances = np.array([FILTER_SHARE / len(named)] * len(named))
        rest = len(codes) - len(named)
        chances = np.append(chances, [(1 - FILTER_SHARE) / rest] * rest)
        yield (
            code,
            Question(code=code, labels=(*codes, None), n_answers=len(codes), chances=np.tile(chances, (n_units, 1))),
        )


def _with_others(named: list[Code]) -> list[Code]:
    """Add answers that a condition does not name: one below and one above the numbers, or another word."""
    numbers = [code for code in named if isinstance(code, (int, float))]
    if len(numbers) < len(named):
        return [*(str(code) for code in named), "other"]
    return [*named, min(numbers) - 1, max(numbers) + 1] if min(numbers) > 1 else [*named, max(numbers) + 1]


def _in_order(indicators: list[Indicator], place: Mapping[str, int]) -> list[Indicator]:
    """Put an indicator behind those whose questions its condition reads."""
    done: list[Indicator] = []
    left, waiting = list(indicators), {place[c] for i in indicators for c in i.measure.questions}
    while left:
        ready = [i for i in left if i.asks is None or not {place[c] for c in condition_columns(i.asks)} & waiting]
        if not ready:
            names = ", ".join(i.component.code for i in left)
            raise DefinitionError(f"only_if runs in a circle: {names}; let a skip read an earlier question")
        done += ready
        left = [i for i in left if all(i is not other for other in ready)]
        waiting = {q for i in left for q in i.questions}
    return done


def _typed(code: str) -> Code:
    """Read a code as it stands in the data: a whole number, another number, or a word."""
    for kind in (int, float):
        try:
            return kind(code)
        except ValueError:
            continue
    return code
