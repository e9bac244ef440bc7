"""Codes of a definition as a column holds them, and comparisons with them."""

from collections.abc import Iterable, Mapping, Sequence

import narwhals as nw

from quantri.engine.measure import Code

Schema = Mapping[str, nw.dtypes.DType]


def is_text(dtype: nw.dtypes.DType) -> bool:
    """Whether a column holds text, so that codes are compared as text."""
    return isinstance(dtype, (nw.String, nw.Categorical, nw.Enum))


def held(questions: Sequence[str], dtype: nw.dtypes.DType) -> nw.Expr:
    """Columns in the type in which codes are compared."""
    columns = nw.col(*questions)
    if is_text(dtype):
        return columns if isinstance(dtype, nw.String) else columns.cast(nw.String)
    return columns.cast(nw.Int8) if dtype == nw.Boolean else columns


def held_codes(codes: Iterable[Code], dtype: nw.dtypes.DType) -> list[Code]:
    """Codes as the column holds them; one that the column cannot hold is left out."""
    return [own for code in codes if (own := as_held(code, dtype)) is not None]


def worths(values: Mapping[str, float], dtype: nw.dtypes.DType) -> dict[Code, float]:
    """Give what codes are worth by the code as the column holds it; one that it cannot hold is left out."""
    return {own: value for code, value in values.items() if (own := as_held(code, dtype)) is not None}


def as_held(code: Code, dtype: nw.dtypes.DType) -> Code | None:
    """Write a code as a column of this type holds it; None where it cannot.

    Examples
    --------
    >>> as_held("1", nw.Int8()), as_held("1", nw.String()), as_held("x", nw.Int8()), as_held(1.5, nw.Int8())
    (1, '1', None, None)
    """
    if is_text(dtype):
        return str(code)
    try:
        number = float(code)
    except ValueError:
        return None
    if dtype.is_integer() or dtype == nw.Boolean:
        return int(number) if number.is_integer() else None
    return number


def look_up(column: nw.Expr, worth: Mapping[Code, float]) -> nw.Expr:
    """Values of the codes, null for others; codes of one value share a comparison."""
    by_value: dict[float, list[Code]] = {}
    for code, value in worth.items():
        by_value.setdefault(value, []).append(code)
    found: nw.Expr = nw.lit(None, dtype=nw.Float64)
    for value, codes in by_value.items():
        found = nw.when(among(column, codes)).then(nw.lit(float(value))).otherwise(found)
    return found


def among(column: nw.Expr, codes: Sequence[Code]) -> nw.Expr:
    """Whether a column holds one of the codes; null where it holds nothing."""
    return column == codes[0] if len(codes) == 1 else column.is_in(list(codes))
