"""Columns made ready for use: no answer is null, numbers are numbers, texts are NFC, an id is one person's."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from quantri.engine.files.columns import choose_columns
from quantri.engine.files.content import Code, CodeRange
from quantri.engine.microdata import Microdata, reading
from quantri.errors import DataError
from quantri.said import SHOWN, Said, listed

if TYPE_CHECKING:
    import polars as pl


def without_missing(data: Microdata) -> Microdata:
    """Put null in the place of the codes that the file itself declares to be missing.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.LazyFrame({"q1": [1, 888, -5]})
    >>> data = Microdata(frame=frame, name="a.sav", missing={"q1": (888, CodeRange(low=-9, high=-1))})
    >>> without_missing(data).frame.collect().rows()
    [(1,), (None,), (None,)]
    """
    import polars as pl

    columns = {name: kind for name, kind in data.frame.collect_schema().items() if data.missing.get(name)}
    known = [
        pl.when(~_is_declared(pl.col(c), data.missing[c], kind)).then(pl.col(c)).alias(c) for c, kind in columns.items()
    ]
    return replace(data, frame=data.frame.with_columns(known))


def collected(data: Microdata) -> "pl.DataFrame":
    """Fetch all rows: texts in NFC, null where the file itself declares a code to be missing.

    Raises
    ------
    DataError
        If the file is damaged where it was not looked at before.

    Examples
    --------
    >>> import polars as pl
    >>> collected(Microdata(frame=pl.LazyFrame({"sex": [1, 9]}), name="a.sav", missing={"sex": (9,)})).rows()
    [(1,), (None,)]
    """
    frame = without_missing(data).frame
    with reading(data.name):
        return normalise_text(frame, frame.collect_schema().names()).collect()


def numbers(data: Microdata, columns: Sequence[str], *, missing: Collection[Code] = ()) -> Microdata:
    """Make sure that columns hold numbers, as weights and amounts must.

    Parameters
    ----------
    data : Microdata
        Answers as they were read.
    columns : sequence of str
        Columns that must be numbers; text is read as numbers with a decimal point, truths as 1 and 0.
    missing : collection of code
        Codes that stand for no answer, such as ``NA`` or ``888``; they become null.

    Returns
    -------
    Microdata
        The same rows; these columns hold finite numbers or null.

    Raises
    ------
    DataError
        If a column is not there, or holds a text that is no number, an infinity or a date; with its row and value.

    Examples
    --------
    >>> import polars as pl
    >>> data = Microdata(frame=pl.LazyFrame({"w": ["0.5", "NA"]}), name="a.csv", first_row=2)
    >>> numbers(data, ["w"], missing=["NA"]).frame.collect().rows()
    [(0.5,), (None,)]
    >>> numbers(data, ["w"])
    Traceback (most recent call last):
    quantri.errors.DataError: a.csv: column 'w', row 3: 'NA' is no number; correct it, or declare it as missing
    """
    import polars as pl

    schema = data.frame.collect_schema()
    _check_there(data, schema.names(), columns)
    for column in columns:
        kind = schema[column]
        if not (kind.is_numeric() or kind in (pl.String, pl.Boolean, pl.Null)):
            raise DataError(
                "{file}: column {column!r} holds {kind}, not numbers; change its type or leave it out",
                file=data.name,
                column=column,
                kind=kind,
            )
    given = data.frame.with_columns(_answered(pl.col(c), schema[c], missing) for c in columns)
    _check_numbers(data, given, [c for c in columns if schema[c] == pl.String or schema[c].is_float()])
    return replace(data, frame=given.with_columns(_number(pl.col(c), schema[c]) for c in columns))


def normalise_text(frame: "pl.LazyFrame", columns: Sequence[str]) -> "pl.LazyFrame":
    r"""Write the texts of columns in NFC without outer spaces, empty as null; other types stay as they are.

    Labels of domains and strata that look the same are then the same.

    Examples
    --------
    >>> import polars as pl
    >>> normalise_text(pl.LazyFrame({"p": ["Hue\u0301 ", ""]}), ["p"]).collect().rows() == [("Hué",), (None,)]
    True
    """
    import polars as pl

    schema = frame.collect_schema()
    texts = [pl.col(column) for column in columns if schema[column] == pl.String]
    return frame.with_columns(text.str.normalize("NFC").str.strip_chars().replace("", None) for text in texts)


def check_ids(data: Microdata, column: str) -> None:
    """Make sure that no id of a respondent stands there twice; null is no id.

    Raises
    ------
    DataError
        If the column is not there, or an id stands there twice; the text lists the first few with their rows.

    Examples
    --------
    >>> import polars as pl
    >>> check_ids(Microdata(frame=pl.LazyFrame({"id": [7, 8, 7]}), name="a.csv", first_row=2), "id")
    Traceback (most recent call last):
    quantri.errors.DataError: a.csv: column 'id': 7 stands in rows 2, 4; give each respondent an id of their own
    """
    import polars as pl

    _check_there(data, data.frame.collect_schema().names(), [column])
    rows = data.frame.select(pl.col(column).alias("id")).with_row_index("row", offset=data.first_row)
    groups = rows.drop_nulls("id").group_by("id").agg(pl.col("row").sort(), n=pl.len())
    with reading(data.name):
        twice = groups.filter(pl.col("n") > 1).sort(pl.col("row").list.first()).collect(engine="streaming")
    if twice.is_empty():
        return
    shown = [
        Said("{id!r} stands in rows {rows}", id=one, rows=listed(at))
        for one, at in twice.head(SHOWN).select("id", "row").rows()
    ]
    found = reduce(lambda one, other: Said("{one}; {other}", one=one, other=other), shown)
    if len(twice) > SHOWN:
        found = Said("{one}; and {n} more", one=found, n=len(twice) - SHOWN)
    raise DataError(
        "{file}: column {column!r}: {found}; give each respondent an id of their own",
        file=data.name, column=column, found=found,
    )  # fmt: skip


def _check_there(data: Microdata, names: Sequence[str], columns: Sequence[str]) -> None:
    choose_columns({name: n for n, name in enumerate(names)}, columns, data.name)


def _is_declared(column: "pl.Expr", declared: Sequence[Code | CodeRange], kind: "pl.DataType") -> "pl.Expr":
    """Whether a value is declared missing; a column of numbers holds no codes such as Stata's ``.a``: they are null."""
    import polars as pl

    spans = [span for span in declared if isinstance(span, CodeRange)]
    codes = [code for code in declared if not isinstance(code, CodeRange)]
    found = [column == str(code) for code in codes] if kind == pl.String else []
    if kind.is_numeric():
        found = [column == float(code) for code in codes if _is_number(code)]
        found += [column.is_between(span.low, span.high) for span in spans]
    return pl.any_horizontal(found).fill_null(False) if found else pl.lit(False)


def _answered(column: "pl.Expr", kind: "pl.DataType", missing: Collection[Code]) -> "pl.Expr":
    """Put null in the place of codes of no answer, as far as the column can hold them."""
    import polars as pl

    if kind == pl.String:
        is_missing = [column == str(code) for code in missing]
    else:
        is_missing = [column == float(code) for code in missing if _is_number(code)] if kind.is_numeric() else []
    return (
        pl.when(~pl.any_horizontal(is_missing)).then(column).alias(column.meta.output_name()) if is_missing else column
    )


def _check_numbers(data: Microdata, given: "pl.LazyFrame", columns: Sequence[str]) -> None:
    import polars as pl

    if not columns:
        return
    schema = given.collect_schema()
    bad = [(pl.col(c).is_not_null() & ~_number(pl.col(c), schema[c]).is_finite().fill_null(False)) for c in columns]
    first = [flag.arg_max().alias(f"row {n}") for n, flag in enumerate(bad)]
    value = [
        pl.col(c).filter(flag).first().alias(f"value {n}") for n, (c, flag) in enumerate(zip(columns, bad, strict=True))
    ]
    with reading(data.name):
        found = given.select(*first, *value).collect(engine="streaming").row(0, named=True)
    for n, column in enumerate(columns):
        if found[f"value {n}"] is not None:
            row = data.first_row + found[f"row {n}"]
            raise DataError(
                "{file}: column {column!r}, row {row}: {found!r} is no number; correct it, or declare it as missing",
                file=data.name,
                column=column,
                row=row,
                found=found[f"value {n}"],
            )


def _number(column: "pl.Expr", kind: "pl.DataType") -> "pl.Expr":
    import polars as pl

    if kind == pl.String:
        return column.str.strip_chars().cast(pl.Float64, strict=False)
    return column.cast(pl.Int8) if kind == pl.Boolean else column.cast(pl.Float64) if kind == pl.Null else column


def _is_number(code: Code) -> bool:
    try:
        float(code)
    except ValueError:
        return False
    return True
