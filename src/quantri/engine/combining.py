"""Several answers of one person to one value: any, all, sum, mean, share, with Kleene's logic of three values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_

import narwhals as nw


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one question of a measure, as expressions."""

    value: nw.Expr  # null when unknown or not asked
    known: nw.Expr
    asked: nw.Expr | None = None  # None: everybody
    unknown: nw.Expr | None = None  # a code that is not declared
    ones: nw.Expr | None = None  # the value is 1, when all are 0 or 1


def any_true(truths: Sequence[nw.Expr]) -> nw.Expr | None:
    """Whether any of them is true; None where there are none."""
    return reduce(or_, truths).fill_null(value=False) if truths else None


def _somebody_silent(answers: Sequence[Answer]) -> nw.Expr:
    """Whether a question was asked and stayed without a known value."""
    return reduce(or_, (a.value.is_null() if a.asked is None else a.value.is_null() & a.asked for a in answers))


def _nobody_known(answers: Sequence[Answer]) -> nw.Expr:
    return reduce(and_, (a.value.is_null() for a in answers))


def _first(answers: Sequence[Answer]) -> nw.Expr:
    return answers[0].value if len(answers) == 1 else nw.coalesce(*(a.value for a in answers))


def _decided(answers: Sequence[Answer], *, by: nw.Expr, then: float) -> nw.Expr:
    """`then` where one known value decides; the opposite where all asked are known; else null."""
    open_ = _somebody_silent(answers) | _nobody_known(answers)
    return nw.when(by.fill_null(value=False)).then(nw.lit(then)).otherwise(nw.when(~open_).then(nw.lit(1.0 - then)))


def _true(answer: Answer) -> nw.Expr:
    return (answer.value > 0).fill_null(value=False)


def _any_of(answers: Sequence[Answer]) -> nw.Expr:
    return _decided(answers, by=reduce(or_, map(_true, answers)), then=1.0)


def _all_of(answers: Sequence[Answer]) -> nw.Expr:
    denied = (((a.value <= 0).fill_null(value=False)) for a in answers)
    return _decided(answers, by=reduce(or_, denied), then=0.0)


def _sum(answers: Sequence[Answer]) -> nw.Expr:
    if len(answers) == 1:
        return answers[0].value
    open_ = _somebody_silent(answers) | _nobody_known(answers)
    return nw.when(~open_).then(reduce(add, (a.value.fill_null(0.0) for a in answers)))


def _mean(answers: Sequence[Answer]) -> nw.Expr:
    if len(answers) == 1:
        return answers[0].value
    total = reduce(add, (a.value.fill_null(0.0) for a in answers))
    return nw.when(~_nobody_known(answers)).then(total / _count_known(answers))


def _share(answers: Sequence[Answer]) -> nw.Expr:
    total = reduce(add, (_true(a).cast(nw.Float64) for a in answers))
    return nw.when(~_nobody_known(answers)).then(total / _count_known(answers))


def _count_known(answers: Sequence[Answer]) -> nw.Expr:
    return reduce(add, ((~a.value.is_null()).cast(nw.Float64) for a in answers))


COMBINE: dict[str, Callable[[Sequence[Answer]], nw.Expr]] = {
    "first": _first, "any": _any_of, "all": _all_of, "sum": _sum, "mean": _mean, "share": _share,
}  # fmt: skip
