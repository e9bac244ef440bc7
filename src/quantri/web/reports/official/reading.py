"""A content is checked when it is read: each field there, of its type, and of bounded size."""

import types
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from quantri.errors import DataError
from quantri.web.reports.official.contents import Annex

Made = TypeVar("Made")
MAX_TEXT, MAX_ITEMS = 20_000, 5_000  # letters of a text, items of a list: more than any office prints


def read(kind: type[Made], value: object, place: str) -> Made:
    """Make a frozen content of a plain JSON value.

    Raises
    ------
    DataError
        If a field is missing, unknown, of another type or too long; the message names its place.
    """
    if not isinstance(value, dict):
        raise _wrong(place, "an object", value)
    hints = get_type_hints(kind)
    unknown = sorted(set(map(str, value)) - hints.keys())
    if unknown:
        raise DataError("{place}: unknown field {name}", place=place, name=unknown[0])
    missing = [f.name for f in fields(kind) if f.name not in value and f.default is MISSING]
    if missing:
        raise DataError("{place}: the field {name} is missing", place=place, name=missing[0])
    made = kind(**{name: _value(hints[name], item, f"{place}.{name}") for name, item in value.items()})
    if isinstance(made, Annex) and any(len(row) != len(made.columns) for row in made.rows):
        raise DataError("{place}: each row needs {n} cells, one for each column", place=place, n=len(made.columns))
    return made


def _value(kind: Any, value: Any, place: str) -> Any:
    if is_dataclass(kind):
        return read(kind, value, place)
    if get_origin(kind) is tuple:
        return _items(get_args(kind)[0], value, place)
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise _wrong(place, "one of " + ", ".join(get_args(kind)), value)
        return value
    if isinstance(kind, types.UnionType) or type(value) is not kind:
        raise _wrong(place, kind.__name__, value)
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise DataError("{place}: {n} letters; a text has at most {most}", place=place, n=len(value), most=MAX_TEXT)
    return value


def _items(kind: Any, value: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(place, "a list", value)
    if len(value) > MAX_ITEMS:
        raise DataError("{place}: {n} items; a list has at most {most}", place=place, n=len(value), most=MAX_ITEMS)
    return tuple(_value(kind, item, f"{place}[{i}]") for i, item in enumerate(value))


def _wrong(place: str, wanted: str, value: object) -> DataError:
    return DataError("{place}: must be {wanted}, not {found}", place=place, wanted=wanted, found=repr(value)[:60])
