"""Answers to values: one definition's measures as narwhals expressions, the same on Polars and on Spark."""

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw
from narwhals.typing import IntoFrame

from quantri.engine.codes import Schema, among, held, held_codes, is_text, look_up, worths
from quantri.engine.combining import COMBINE, Answer, any_true
from quantri.engine.conditions import carried_out
from quantri.engine.measure import Measure, parse_condition
from quantri.engine.naming import no_column
from quantri.errors import DataError, placed


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
                raise placed("{code}: {fault}", no_column(column, schema), code=code)
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
            column = held((question,), schema[question])
            codes = held_codes((*measure.values, *measure.missing, *measure.not_asked), schema[question])
            strange = rows.select(column.alias("code")).filter(~among(nw.col("code"), codes))
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
    inside = carried_out(parse_condition(measure.only_if), schema, code) if measure.only_if else None
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
    worth = {int(code): value for code, value in worths(measure.values, dtype).items()}
    silent = tuple(int(code) for code in held_codes((*measure.missing, *measure.not_asked), dtype))
    return CodeBook(worth=worth, silent=silent)


def _combined(measure: Measure, schema: Schema, code: str) -> Batch:
    """Make a batch of one variable, whose questions or codes need branches."""
    answers = [_answer((question,), measure, schema[question], code) for question in measure.questions]
    inside = carried_out(parse_condition(measure.only_if), schema, code) if measure.only_if else None
    unknown = any_true([answer.unknown for answer in answers if answer.unknown is not None])
    variables, outputs = (code,), measure.questions[:1]
    if measure.combine == "ratio":
        top, bottom = (answer.value for answer in answers)
        known = _inside(~top.is_null() & ~bottom.is_null(), inside)
        return Batch(
            variables=variables, outputs=outputs, numerator=top, denominator=bottom, known=known, unknown=unknown
        )
    value = COMBINE[measure.combine](answers)
    known = _inside(~value.is_null(), inside)
    ones = known & (value == 1) if measure.combine in ("any", "all") else None
    codes = _code_book(measure, schema[measure.questions[0]])
    return Batch(
        variables=variables, outputs=outputs, numerator=value, known=known, ones=ones, unknown=unknown, codes=codes
    )


def _inside(truth: nw.Expr, inside: nw.Expr | None) -> nw.Expr:
    return truth if inside is None else truth & inside


def _answer(questions: tuple[str, ...], measure: Measure, dtype: nw.dtypes.DType, code: str) -> Answer:
    text = is_text(dtype)
    column = held(questions, dtype)
    silent = held_codes((*measure.missing, *measure.not_asked), dtype)
    not_asked = held_codes(measure.not_asked, dtype)
    asked = ~among(column, not_asked).fill_null(value=False) if not_asked else None
    if not measure.values:
        if text:
            raise DataError(
                "{code}: {question!r} holds text; declare what each answer is worth under values",
                code=code,
                question=questions[0],
            )
        if not (dtype.is_numeric() or dtype == nw.Boolean):
            raise DataError(
                "{code}: {question!r} holds {kind}, not numbers; write it as numbers in the data",
                code=code, question=questions[0], kind=dtype,
            )  # fmt: skip
        known = ~among(column, silent) if silent else ~column.is_null()
        value = column.cast(nw.Float64)
        return Answer(
            value=nw.when(known).then(value) if silent and len(questions) == 1 else value, known=known, asked=asked
        )
    worth = worths(measure.values, dtype)
    ones = [c for c, value in worth.items() if value == 1]
    is_binary = bool(ones) and set(worth.values()) <= {0.0, 1.0}
    return Answer(
        value=among(column, ones).cast(nw.Float64) if len(questions) > 1 else look_up(column, worth),
        known=among(column, list(worth)), asked=asked, unknown=~among(column, [*worth, *silent]),
        ones=among(column, ones) if is_binary else None,
    )  # fmt: skip
