"""How answers become an indicator: questions, codes, missing answers and skips, declared and checked."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, get_args

from quantri.errors import DefinitionError

Combine = Literal["first", "any", "all", "sum", "mean", "share", "ratio"]
COMBINES: tuple[str, ...] = get_args(Combine)
Code = int | float | str
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """The way from one or more questions to one value for each respondent.

    Parameters
    ----------
    questions : tuple of str
        Columns of the microdata. A ratio takes two, numerator first.
    combine : {'first', 'any', 'all', 'sum', 'mean', 'share', 'ratio'}
        How several questions make one value; see Notes.
    values : mapping of code to number
        What each code is worth; empty when the answer is the number itself. A code for "don't know" may stand here
        too, and then counts with its value. Reversal is a mapping such as ``{1: 4, 2: 3, 3: 2, 4: 1}``.
    missing : tuple of code
        Asked, but without an answer (don't know, refused): the value is unknown.
    not_asked : tuple of code
        The question was not put to this person; it is left out of the combination.
    only_if : str
        Condition on other questions, such as ``q100 == 1 and q3 in (1, 2)``; who does not meet it is not in the base.

    Raises
    ------
    DefinitionError
        If a part of it contradicts another or cannot be understood.

    Notes
    -----
    With several questions: ``first`` takes the first known value in the order given; ``any`` is 1 when a known value is
    above 0, 0 when all asked are known and none is, else unknown; ``all`` is 0 when a known value is 0 or less, 1 when
    all asked are known and above 0, else unknown; ``sum`` is unknown when one asked is unknown; ``mean`` and ``share``
    (of values above 0) are taken over the known; ``ratio`` is the ratio of two sums over those who know both.

    Examples
    --------
    >>> Measure(questions=("q1",), values={"1": 1.0, "2": 0.0}, missing=(888, 999)).columns
    ('q1',)
    """

    questions: tuple[str, ...]
    combine: str = "mean"
    values: Mapping[str, float] = field(default_factory=dict)
    missing: tuple[Code, ...] = ()
    not_asked: tuple[Code, ...] = ()
    only_if: str = ""

    def __post_init__(self) -> None:
        if not self.questions:
            raise DefinitionError("measure: questions must name at least one column")
        if len(set(self.questions)) != len(self.questions):
            raise DefinitionError(
                "measure: a question is named twice in {questions}", questions=", ".join(self.questions)
            )
        if self.combine not in COMBINES:
            raise DefinitionError(
                "measure: combine must be one of {choices}, not {combine!r}",
                choices=", ".join(COMBINES),
                combine=self.combine,
            )
        if self.combine == "ratio" and len(self.questions) != 2:
            raise DefinitionError("measure: a ratio takes two questions, not {n}", n=len(self.questions))
        for code, value in self.values.items():
            if not isfinite(value):
                raise DefinitionError(
                    "measure: code {code!r} must have a finite number, not {value}", code=code, value=value
                )
        twice = {str(c) for c in (*self.missing, *self.not_asked)} & {str(c) for c in self.values}
        twice |= {str(c) for c in self.missing} & {str(c) for c in self.not_asked}
        if twice:
            raise DefinitionError("measure: code {code} is declared twice; give it one meaning", code=sorted(twice)[0])
        if self.only_if:
            parse_condition(self.only_if)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it reads: its questions, then those of the condition."""
        asked = condition_columns(parse_condition(self.only_if)) if self.only_if else ()
        return tuple(dict.fromkeys((*self.questions, *asked)))


def parse_condition(text: str) -> ast.expr:
    """Read a condition of comparisons joined by ``and``, ``or`` and ``not``; nothing else is understood.

    Raises
    ------
    DefinitionError
        If it is anything but comparisons of a column with a number, a text or a list of them.

    Examples
    --------
    >>> condition_columns(parse_condition("q100 == 1 and q3 in (1, 2)"))
    ('q100', 'q3')
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise DefinitionError("only_if: {text!r} is no condition; write such as q100 == 1", text=text[:80]) from None
    _check_condition(tree, text)
    return tree


def condition_columns(tree: ast.expr) -> tuple[str, ...]:
    """Columns that a condition reads, in order."""
    return tuple(dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))


def condition_literal(node: ast.expr) -> Code | tuple[Code, ...]:
    """Give the number, text or tuple of them that a checked comparison is made with."""
    value: Code | tuple[Code, ...] = ast.literal_eval(node)
    return tuple(value) if isinstance(value, list) else value


def _check_condition(node: ast.expr, text: str) -> None:
    if isinstance(node, ast.BoolOp):
        for part in node.values:
            _check_condition(part, text)
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _check_condition(node.operand, text)
        return
    if not (
        isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.left, ast.Name)
        and isinstance(node.ops[0], _COMPARISONS)
        and _is_literal(node.comparators[0], many=isinstance(node.ops[0], (ast.In, ast.NotIn)))
    ):
        raise DefinitionError(
            "only_if: {text!r} is no condition; compare a column with a value: q100 == 1", text=text[:80]
        )


def _is_literal(node: ast.expr, *, many: bool) -> bool:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    parts = value if many and isinstance(value, (tuple, list)) else [value]
    return isinstance(value, (tuple, list)) == many and all(
        isinstance(part, (int, float, str)) and not isinstance(part, bool) for part in parts
    )
