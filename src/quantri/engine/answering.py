"""What simulated people are asked, in which order, and how likely each answer is."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.measure import Code, Measure, condition_columns, condition_literal, parse_condition
from quantri.engine.questions import FloatArray, Question, answer_values, measure_of, tuned_questions, wanted_means
from quantri.errors import DefinitionError
from quantri.said import Said

FILTER_SHARE = 0.65  # of people who give an answer that a skip asks for


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
        raise DefinitionError(
            "{index}: no component has a measure; nothing can be asked", index=f"{definition.code}-{definition.year}"
        )
    questions: dict[str, Question] = {}
    place: dict[str, int] = {}
    indicators, notes = [], []
    for component, form in zip(definition.measured, leaves.T, strict=True):
        own = tuned_questions(component, wanted_means(component, form))
        notes += _notes(component)
        shared = [code for code in own if code in questions]
        if shared:
            notes.append(
                Said(
                    "{code}: shares question {question}, so its own mean is not tuned",
                    code=component.code, question=shared[0],
                )
            )  # fmt: skip
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


def _notes(component: Component) -> list[str]:
    observed = Said("{code}: a goalpost is taken from the data, so its score cannot be tuned", code=component.code)
    return [observed] if component.has_observed_goalpost else []


def _placed(component: Component, form: FloatArray, place: Mapping[str, int]) -> Indicator:
    measure = measure_of(component)
    return Indicator(
        component=component,
        questions=tuple(place[code] for code in measure.questions),
        values=answer_values(component)[1],
        means=wanted_means(component, form),
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
    for code, answers in wanted.items():
        codes = _with_others(list(answers))
        chances = np.array([FILTER_SHARE / len(answers)] * len(answers))
        rest = len(codes) - len(answers)
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
            raise DefinitionError("only_if runs in a circle: {names}; let a skip read an earlier question", names=names)
        done += ready
        left = [i for i in left if all(i is not other for other in ready)]
        waiting = {q for i in left for q in i.questions}
    return done
