"""Conditions of a definition, `only_if`, as expressions over the columns that they read."""

import ast
from collections.abc import Callable
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_

import narwhals as nw

from quantri.engine.codes import Schema, among, held, held_codes, is_text
from quantri.engine.measure import Code, condition_literal
from quantri.errors import DataError
from quantri.said import Said

_COMPARE: dict[type[ast.cmpop], Callable[[nw.Expr, Code], nw.Expr]] = {
    ast.Eq: eq, ast.NotEq: ne, ast.Lt: lt, ast.LtE: le, ast.Gt: gt, ast.GtE: ge,
}  # fmt: skip


def carried_out(node: ast.expr, schema: Schema, code: str) -> nw.Expr:
    """Write a checked condition of the measure of `code` as an expression.

    Raises
    ------
    DataError
        If a column of numbers is compared with a text, or the other way about.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.measure import parse_condition
    >>> frame = nw.from_native(pl.DataFrame({"q1": [1, 2, None]}))
    >>> frame.select(carried_out(parse_condition("q1 in (1, 3)"), frame.schema, "X"))["q1"].to_list()
    [True, False, None]
    """
    if isinstance(node, ast.BoolOp):
        join = and_ if isinstance(node.op, ast.And) else or_
        return reduce(join, (carried_out(part, schema, code) for part in node.values))
    if isinstance(node, ast.UnaryOp):
        return ~carried_out(node.operand, schema, code)
    if not (isinstance(node, ast.Compare) and isinstance(node.left, ast.Name)):
        raise DataError("{code}: only_if cannot be carried out", code=code)
    literal, operator = condition_literal(node.comparators[0]), node.ops[0]
    many = literal if isinstance(literal, tuple) else (literal,)
    text = is_text(schema[node.left.id])
    column = held((node.left.id,), schema[node.left.id])
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
        inside = among(column, held_codes(many, schema[node.left.id]))
        return inside if isinstance(operator, ast.In) else ~inside
    return _COMPARE[type(operator)](column, many[0])
