"""Answers to values: one definition's measures as narwhals expressions, the same on Polars and on Spark."""

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, eq, ge, gt, le, lt, ne, or_

import narwhals as nw
from narwhals.typing import IntoFrame

from quantri.engine.measure import Code, Measure, condition_literal, parse_condition
from quantri.errors import DataError
from quantri.said import Said

Schema = Mapping[str, nw.dtypes.DType]
_COMPARE: dict[type[ast.cmpop], Callable[[nw.Expr, Code], nw.Expr]] = {
    ast.Eq: eq, ast.NotEq: ne, ast.Lt: lt, ast.LtE: le, ast.Gt: gt, ast.GtE: ge,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CodeBook:
    """What each code of a column of whole numbers means: a value, or silence; any other code is undeclared.

    Examples
    --------
    >>> CodeBook(worth={1: 1.0, 2: 0.0}, silent=(888,)).worth[1]
    1.0
    """

    worth: Mapping[int, float]
    silent: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Variables of one shape, whose values one set of expressions gives.

    Ninety questions with the same codes make one batch, because an expression over many columns is built once; a
    measure of several questions is a batch of its own.

    Parameters
    ----------
    variables : tuple of str
        Names of the V variables.
    outputs : tuple of str
        V names under which the expressions give their columns.
    numerator : narwhals.Expr
        The value, in the variable's own unit; anything where it is not known.
    known : narwhals.Expr
        True where the value is known; false or null elsewhere.
    denominator : narwhals.Expr or None
        What it is divided by; None for a mean, where every known value counts 1.
    ones : narwhals.Expr or None
        True where the value is 1, if every value is 0 or 1: squares then need no sum of their own.
    unknown : narwhals.Expr or None
        True where an answer bears a code that is not declared.
    codes : CodeBook or None
        The same said by codes, where each variable is one column of whole numbers: such columns can be counted instead
        of computed.

    Examples
    --------
    >>> plain("age").outputs
    ('age',)
    """

    variables: tuple[str, ...]
    outputs: tuple[str, ...]
    numerator: nw.Expr
    known: nw.Expr
    denominator: nw.Expr | None = None
    ones: nw.Expr | None = None
    unknown: nw.Expr | None = None
    codes: CodeBook | None = None

    def named(self, part: nw.Expr, suffix: str) -> nw.Expr:
        """Name the columns that one of the expressions gives: each output with a suffix."""
        return part.name.suffix(suffix) if len(self.outputs) > 1 else part.alias(f"{self.outputs[0]}{suffix}")


def plain(column: str) -> Batch:
    """Take a column of numbers as it is; null is unknown."""
    return Batch(
        variables=(column,), outputs=(column,), numerator=nw.col(column).cast(nw.Float64),
        known=~nw.col(column).is_null(),
    )  # fmt: skip


def recode_answers(measures: Mapping[str, Measure], frame: IntoFrame) -> tuple[Batch, ...]:
    """Write measures as expressions, those of one shape together.

    Parameters
    ----------
    measures : mapping of variable to Measure
        How answers become each value; see its Notes for what each combination does with unknown answers.
    frame : Polars or Spark data frame
        Whose columns are read by type only: a code is compared as text with a text and as a number with others.

    Returns
    -------
    tuple of Batch
        Together they hold each variable once, not always in the order given.

    Raises
    ------
    DataError
        If a column is missing, or holds text where the measure takes the number itself.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"q1": [1, 2, 888, None]})
    >>> measure = Measure(questions=("q1",), values={"1": 1, "2": 0}, missing=(888,))
    >>> (batch,) = recode_answers({"X": measure}, frame)
    >>> nw.from_native(frame).select(batch.ones, known=batch.known)["known"].to_list()
    [True, True, False, None]
    """
    schema = dict(nw.from_native(frame).lazy().collect_schema())
    shapes: dict[tuple[object, ...], dict[str, tuple[str, Measure]]] = {}
    alone = []
    for code, measure in measures.items():
        for column in measure.columns:
            if column not in schema:
                raise DataError(
                    "{code}: the data have no column {column!r}; its measure reads it", code=code, column=column
                )
        (question, *others), dtype = measure.questions, schema[measure.questions[0]]
        like = shapes.setdefault(_shape(measure, dtype), {}) if not others else {}
        if others or question in like or not _is_linear(measure, dtype):
            alone.append(_combined(measure, schema, code))
        else:
            like[question] = (code, measure)
    return (*(_batch(like, schema) for like in shapes.values() if like), *alone)


def undeclared(measures: Mapping[str, Measure], frame: IntoFrame) -> dict[str, dict[str, int]]:
    """Count answers whose code a measure does not declare, by question and code.

    This goes over the rows once more for each question that lists its codes, and so is asked only when there are some.

    Examples
    --------
    >>> import polars as pl
    >>> undeclared({"X": Measure(questions=("q",), values={"1": 1, "2": 0})}, pl.DataFrame({"q": [1, 7, 7]}))
    {'q': {'7': 2}}
    """
    rows = nw.from_native(frame).lazy()
    schema = rows.collect_schema()
    found: dict[str, dict[str, int]] = {}
    for measure in measures.values():
        for question in measure.questions if measure.values else ():
            column = _held((question,), schema[question])
            codes = _codes((*measure.values, *measure.missing, *measure.not_asked), schema[question])
            strange = rows.select(column.alias("code")).filter(~_among(nw.col("code"), codes))
            counted = strange.group_by("code").agg(nw.len().alias("n")).sort("code").collect(backend="polars")
            if len(counted):
                found[question] = {str(code): int(n) for code, n in counted.iter_rows()}
    return found


def _shape(measure: Measure, dtype: nw.dtypes.DType) -> tuple[object, ...]:
    codes = tuple(sorted(measure.values.items())), measure.missing, measure.not_asked
    return measure.combine in ("any", "all", "share"), *codes, measure.only_if, is_text(dtype)


def _is_linear(measure: Measure, dtype: nw.dtypes.DType) -> bool:
    """Whether one expression without branches gives the value of many columns: 0 or 1, or the number itself."""
    if measure.combine in ("any", "all", "share"):
        return False
    if measure.values:
        return set(measure.values.values()) == {0.0, 1.0}
    some_are_out = measure.missing or measure.not_asked or measure.only_if  # 888 must not be summed as a number
    return not is_text(dtype) and not some_are_out


def _batch(like: Mapping[str, tuple[str, Measure]], schema: Schema) -> Batch:
    """One batch for many questions that are answered and coded alike."""
    code, measure = next(iter(like.values()))
    answer = _answer(tuple(like), measure, schema[next(iter(like))], code)
    inside = _condition(parse_condition(measure.only_if), schema, code) if measure.only_if else None
    ones = None if answer.ones is None else _inside(answer.ones, inside)
    return Batch(
        variables=tuple(code for code, _ in like.values()), outputs=tuple(like), numerator=answer.value,
        known=_inside(answer.known, inside), ones=ones, unknown=answer.unknown,
        codes=_code_book(measure, schema[next(iter(like))]),
    )  # fmt: skip


def _code_book(measure: Measure, dtype: nw.dtypes.DType) -> CodeBook | None:
    """Codes of a measure that is one column of coded whole numbers, asked of everybody."""
    if len(measure.questions) > 1 or measure.only_if or measure.combine in ("any", "all", "share"):
        return None
    if not measure.values or not dtype.is_integer():
        return None
    worth = {int(code): value for code, value in _worths(measure.values, dtype).items()}
    silent = tuple(int(code) for code in _codes((*measure.missing, *measure.not_asked), dtype))
    return CodeBook(worth=worth, silent=silent)


def _combined(measure: Measure, schema: Schema, code: str) -> Batch:
    """Make a batch of one variable, whose questions or codes need branches."""
    answers = [_answer((question,), measure, schema[question], code) for question in measure.questions]
    inside = _condition(parse_condition(measure.only_if), schema, code) if measure.only_if else None
    unknown = _any([answer.unknown for answer in answers if answer.unknown is not None])
    variables, outputs = (code,), measure.questions[:1]
    if measure.combine == "ratio":
        top, bottom = (answer.value for answer in answers)
        known = _inside(~top.is_null() & ~bottom.is_null(), inside)
        return Batch(
            variables=variables, outputs=outputs, numerator=top, denominator=bottom, known=known, unknown=unknown
        )
    value = _COMBINE[measure.combine](answers)
    known = _inside(~value.is_null(), inside)
    ones = known & (value == 1) if measure.combine in ("any", "all") else None
    codes = _code_book(measure, schema[measure.questions[0]])
    return Batch(
        variables=variables, outputs=outputs, numerator=value, known=known, ones=ones, unknown=unknown, codes=codes
    )


def is_text(dtype: nw.dtypes.DType) -> bool:
    """Whether a column holds text, so that codes are compared as text."""
    return isinstance(dtype, (nw.String, nw.Categorical, nw.Enum))


def _held(questions: Sequence[str], dtype: nw.dtypes.DType) -> nw.Expr:
    """Columns in the type in which codes are compared."""
    columns = nw.col(*questions)
    if is_text(dtype):
        return columns if isinstance(dtype, nw.String) else columns.cast(nw.String)
    return columns.cast(nw.Int8) if dtype == nw.Boolean else columns


def _inside(truth: nw.Expr, inside: nw.Expr | None) -> nw.Expr:
    return truth if inside is None else truth & inside


@dataclass(frozen=True, kw_only=True)
class _Answer:
    value: nw.Expr  # null when unknown or not asked
    known: nw.Expr
    asked: nw.Expr | None = None  # None: everybody
    unknown: nw.Expr | None = None  # a code that is not declared
    ones: nw.Expr | None = None  # the value is 1, when all are 0 or 1


def _answer(questions: tuple[str, ...], measure: Measure, dtype: nw.dtypes.DType, code: str) -> _Answer:
    text = is_text(dtype)
    column = _held(questions, dtype)
    silent = _codes((*measure.missing, *measure.not_asked), dtype)
    not_asked = _codes(measure.not_asked, dtype)
    asked = ~_among(column, not_asked).fill_null(value=False) if not_asked else None
    if not measure.values:
        if text:
            raise DataError(
                "{code}: {question!r} holds text; declare what each answer is worth under values",
                code=code,
                question=questions[0],
            )
        known = ~_among(column, silent) if silent else ~column.is_null()
        value = column.cast(nw.Float64)
        return _Answer(
            value=nw.when(known).then(value) if silent and len(questions) == 1 else value, known=known, asked=asked
        )
    worth = _worths(measure.values, dtype)
    ones = [c for c, value in worth.items() if value == 1]
    is_binary = bool(ones) and set(worth.values()) <= {0.0, 1.0}
    return _Answer(
        value=_among(column, ones).cast(nw.Float64) if len(questions) > 1 else _look_up(column, worth),
        known=_among(column, list(worth)), asked=asked, unknown=~_among(column, [*worth, *silent]),
        ones=_among(column, ones) if is_binary else None,
    )  # fmt: skip


def _codes(codes: Iterable[Code], dtype: nw.dtypes.DType) -> list[Code]:
    """Codes as the column holds them; one that the column cannot hold is left out."""
    return [held for code in codes if (held := _as_held(code, dtype)) is not None]


def _worths(values: Mapping[str, float], dtype: nw.dtypes.DType) -> dict[Code, float]:
    return {held: value for code, value in values.items() if (held := _as_held(code, dtype)) is not None}


def _as_held(code: Code, dtype: nw.dtypes.DType) -> Code | None:
    if is_text(dtype):
        return str(code)
    try:
        number = float(code)
    except ValueError:
        return None
    if dtype.is_integer() or dtype == nw.Boolean:
        return int(number) if number.is_integer() else None
    return number


def _look_up(column: nw.Expr, worth: Mapping[Code, float]) -> nw.Expr:
    """Values of the codes, null for others; codes of one value share a comparison."""
    by_value: dict[float, list[Code]] = {}
    for code, value in worth.items():
        by_value.setdefault(value, []).append(code)
    found: nw.Expr = nw.lit(None, dtype=nw.Float64)
    for value, codes in by_value.items():
        found = nw.when(_among(column, codes)).then(nw.lit(float(value))).otherwise(found)
    return found


def _among(column: nw.Expr, codes: Sequence[Code]) -> nw.Expr:
    return column == codes[0] if len(codes) == 1 else column.is_in(list(codes))


def _any(truths: Sequence[nw.Expr]) -> nw.Expr | None:
    return reduce(or_, truths).fill_null(value=False) if truths else None


def _is_asked(answer: _Answer) -> nw.Expr:
    return nw.lit(True) if answer.asked is None else answer.asked


def _somebody_silent(answers: Sequence[_Answer]) -> nw.Expr:
    """Whether a question was asked and stayed without a known value."""
    return reduce(or_, (a.value.is_null() if a.asked is None else a.value.is_null() & a.asked for a in answers))


def _nobody_known(answers: Sequence[_Answer]) -> nw.Expr:
    return reduce(and_, (a.value.is_null() for a in answers))


def _first(answers: Sequence[_Answer]) -> nw.Expr:
    return answers[0].value if len(answers) == 1 else nw.coalesce(*(a.value for a in answers))


def _decided(answers: Sequence[_Answer], *, by: nw.Expr, then: float) -> nw.Expr:
    """`then` where one known value decides; the opposite where all asked are known; else null."""
    open_ = _somebody_silent(answers) | _nobody_known(answers)
    return nw.when(by.fill_null(value=False)).then(nw.lit(then)).otherwise(nw.when(~open_).then(nw.lit(1.0 - then)))


def _true(answer: _Answer) -> nw.Expr:
    return (answer.value > 0).fill_null(value=False)


def _any_of(answers: Sequence[_Answer]) -> nw.Expr:
    return _decided(answers, by=reduce(or_, map(_true, answers)), then=1.0)


def _all_of(answers: Sequence[_Answer]) -> nw.Expr:
    denied = (((a.value <= 0).fill_null(value=False)) for a in answers)
    return _decided(answers, by=reduce(or_, denied), then=0.0)


def _sum(answers: Sequence[_Answer]) -> nw.Expr:
    if len(answers) == 1:
        return answers[0].value
    open_ = _somebody_silent(answers) | _nobody_known(answers)
    return nw.when(~open_).then(reduce(add, (a.value.fill_null(0.0) for a in answers)))


def _mean(answers: Sequence[_Answer]) -> nw.Expr:
    if len(answers) == 1:
        return answers[0].value
    total = reduce(add, (a.value.fill_null(0.0) for a in answers))
    return nw.when(~_nobody_known(answers)).then(total / _count_known(answers))


def _share(answers: Sequence[_Answer]) -> nw.Expr:
    total = reduce(add, (_true(a).cast(nw.Float64) for a in answers))
    return nw.when(~_nobody_known(answers)).then(total / _count_known(answers))


def _count_known(answers: Sequence[_Answer]) -> nw.Expr:
    return reduce(add, ((~a.value.is_null()).cast(nw.Float64) for a in answers))


_COMBINE: dict[str, Callable[[Sequence[_Answer]], nw.Expr]] = {
    "first": _first, "any": _any_of, "all": _all_of, "sum": _sum, "mean": _mean, "share": _share,
}  # fmt: skip


def _condition(node: ast.expr, schema: Schema, code: str) -> nw.Expr:
    if isinstance(node, ast.BoolOp):
        join = and_ if isinstance(node.op, ast.And) else or_
        return reduce(join, (_condition(part, schema, code) for part in node.values))
    if isinstance(node, ast.UnaryOp):
        return ~_condition(node.operand, schema, code)
    if not (isinstance(node, ast.Compare) and isinstance(node.left, ast.Name)):
        raise DataError("{code}: only_if cannot be carried out", code=code)
    literal, operator = condition_literal(node.comparators[0]), node.ops[0]
    many = literal if isinstance(literal, tuple) else (literal,)
    text = is_text(schema[node.left.id])
    column = _held((node.left.id,), schema[node.left.id])
    if text != all(isinstance(one, str) for one in many):
        kind = Said("text" if text else "numbers")
        raise DataError(
            "{code}: only_if compares {column!r}, which holds {kind}, with {literal!r}",
            code=code,
            column=node.left.id,
            kind=kind,
            literal=literal,
        )
    if isinstance(operator, (ast.In, ast.NotIn)):
        among = _among(column, _codes(many, schema[node.left.id]))
        return among if isinstance(operator, ast.In) else ~among
    return _COMPARE[type(operator)](column, many[0])
