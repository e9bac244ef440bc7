"""Which answer each simulated person gives to each question, skips and missing answers included."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import eq, ge, gt, le, lt, ne

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, ndtri

from quantri.engine.answering import Answers, Indicator
from quantri.engine.likeness import Likeness
from quantri.engine.measure import condition_literal
from quantri.engine.questions import MOST_COUNTED, Question, goalposts

FloatArray = NDArray[np.float32]
States = NDArray[np.int8]
AGAIN = 0.4  # chance that one more question of `any` is answered as the one that decides it
_COMPARE: Mapping[type[ast.cmpop], Callable[..., bool]] = {
    ast.Eq: eq, ast.NotEq: ne, ast.Lt: lt, ast.LtE: le, ast.Gt: gt, ast.GtE: ge,
    ast.In: lambda value, many: value in many, ast.NotIn: lambda value, many: value not in many,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Responding:
    """Draws answers as states: the place of the answer in its question's labels.

    Parameters
    ----------
    answers : Answers
    likeness : Likeness
    missing : ndarray of float, shape (Q,)
        Chance that a question stays without an answer.
    """

    answers: Answers
    likeness: Likeness
    missing: FloatArray

    def states(self, unit: int, areas: FloatArray, rng: np.random.Generator) -> States:
        """Let n people of a unit answer.

        Parameters
        ----------
        unit : int
        areas : ndarray of float, shape (F, n)
            Effects of the areas in which they live.
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of int8, shape (Q, n)
        """
        behind = self.likeness.behind(areas, rng)
        states = np.zeros(behind.shape, dtype=np.int8)
        for rows, cuts in self._cuts:
            states[rows] += behind[rows] > cuts[unit][:, None]
        for indicator in self.answers.indicators:
            if indicator.measure.combine in ("any", "all"):
                self._answer_together(indicator, unit, behind, states, rng)
            if indicator.measure.combine == "ratio":
                self._count(indicator, unit, behind, states)
        self._leave_out(states, rng)
        for indicator in self.answers.indicators:
            if indicator.asks is not None:
                skipped = self._truth(indicator.asks, states) < 1
                for q in indicator.questions:
                    states[q, skipped] = len(self.answers.questions[q].labels) - 1
        return states

    @cached_property
    def _cuts(self) -> list[tuple[NDArray[np.int64], FloatArray]]:
        """For each step from one answer to the next: the questions that have it, and its cut points (U, questions)."""
        tops = [ndtri(np.clip(np.cumsum(q.chances, axis=1)[:, :-1], 0, 1)) for q in self.answers.questions]
        steps = range(max(top.shape[1] for top in tops))
        having = [np.array([q for q, top in enumerate(tops) if top.shape[1] > step]) for step in steps]
        return [
            (rows, np.stack([tops[q][:, step] for q in rows], axis=1).astype(np.float32))
            for step, rows in enumerate(having)
        ]

    def _answer_together(
        self, indicator: Indicator, unit: int, behind: FloatArray, states: States, rng: np.random.Generator
    ) -> None:
        """Decide `any` or `all` as a whole, then give its questions answers that make it so."""
        rows, n = list(indicator.questions), behind.shape[1]
        met = behind[rows[0]] > np.float32(ndtri(1 - np.clip(indicator.means[unit], 0, 1)))
        decided = met if indicator.measure.combine == "any" else ~met
        marked = rng.random((len(rows), n), dtype=np.float32) < AGAIN
        marked[rng.integers(len(rows), size=n), np.arange(n)] = True
        marked &= decided
        positive = marked if indicator.measure.combine == "any" else ~marked
        pick = rng.random((len(rows), n), dtype=np.float32)
        for q, up, which in zip(rows, positive, pick, strict=True):
            above, below = np.flatnonzero(indicator.values > 0), np.flatnonzero(indicator.values <= 0)
            states[q] = np.where(
                up, above[(which * len(above)).astype(np.int8)], below[(which * len(below)).astype(np.int8)]
            )

    def _count(self, indicator: Indicator, unit: int, behind: FloatArray, states: States) -> None:
        """Draw a ratio's numerator out of its denominator: binomial, and whole times where the ratio exceeds 1."""
        above, below = indicator.questions
        worst, best = goalposts(indicator.component)
        whole, part = divmod(float(indicator.means[unit]), 1)
        out_of = np.arange(1, MOST_COUNTED + 1)[:, None]
        count = np.arange(self.answers.questions[above].n_answers - 1) - whole * out_of
        until = np.where(count < 0, 0, np.where(count >= out_of, 1, bdtr(np.clip(count, 0, out_of), out_of, part)))
        cuts = ndtri(until).astype(np.float32)
        pull = behind[above] if best >= worst else -behind[above]
        states[above] = (pull[:, None] > cuts[states[below]]).sum(axis=1)

    def _leave_out(self, states: States, rng: np.random.Generator) -> None:
        """Take answers away, whatever they were; the questions of `any` and `all` stay or go together."""
        reluctance = np.clip(rng.lognormal(-0.125, 0.5, states.shape[1]), 0, 4).astype(np.float32)
        gone = rng.random(states.shape, dtype=np.float32) < self.missing[:, None] * reluctance
        for indicator in self.answers.indicators:
            if indicator.measure.combine in ("any", "all"):
                gone[list(indicator.questions)] = gone[indicator.questions[0]]
        at = np.nonzero(gone)
        n_answers, n_missing = np.array([(q.n_answers, q.n_missing) for q in self.answers.questions]).T
        often_the_first = rng.random(len(at[0])) ** 2
        states[at] = (n_answers[at[0]] + often_the_first * n_missing[at[0]]).astype(np.int8)

    def _truth(self, node: ast.expr, states: States) -> FloatArray:
        """Whether a condition holds for each person, shape (n,): 1 yes, 0 no, and 0.5 where an answer is null."""
        if isinstance(node, ast.BoolOp):
            parts = [self._truth(part, states) for part in node.values]
            join = np.minimum if isinstance(node.op, ast.And) else np.maximum
            return np.asarray(join.reduce(parts))
        if isinstance(node, ast.UnaryOp):
            return np.asarray(1 - self._truth(node.operand, states))
        assert isinstance(node, ast.Compare) and isinstance(node.left, ast.Name)  # noqa: S101  (a checked condition)
        q = self._place[node.left.id]
        return np.asarray(_verdicts(self.answers.questions[q], node)[states[q]])

    @cached_property
    def _place(self) -> dict[str, int]:
        return {question.code: q for q, question in enumerate(self.answers.questions)}


def _verdicts(question: Question, node: ast.Compare) -> FloatArray:
    """Say of each label of its question whether a comparison holds: 1, 0, or 0.5 for null."""
    literal, compare = condition_literal(node.comparators[0]), _COMPARE[type(node.ops[0])]
    verdicts = []
    for label in question.labels:
        try:
            verdicts.append(0.5 if label is None else float(compare(label, literal)))
        except TypeError:  # a word is neither above nor below a number
            verdicts.append(0.0)
    return np.array(verdicts, dtype=np.float32)
