"""A column that is not there, told with those that are and those whose names are near."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import reduce

from quantri.errors import DataError
from quantri.said import Said, listed
from quantri.text import bare

SHOWN = 8


def no_column(column: str, columns: Iterable[str]) -> DataError:
    """Make the fault of data that have other columns than the one asked for.

    Examples
    --------
    >>> print(no_column("wieght", ["id", "weight"]))
    no column 'wieght' (is it 'weight'?); the data have id, weight; correct the name
    """
    has = list(columns)
    return DataError(
        "no column {asked}; the data have {has}; correct the name", asked=near(column, has), has=listed(has, SHOWN)
    )


def near(column: str, columns: Iterable[str]) -> str:
    """Quote a name, with those of columns that look like it.

    Examples
    --------
    >>> near("Wieght", ["weight", "q1"]), near("q1", ["weight"])
    ("'Wieght' (is it 'weight'?)", "'q1'")
    """
    by_key = {bare(other): other for other in columns}
    found = [by_key[key] for key in get_close_matches(bare(column), list(by_key), n=3, cutoff=0.6)]
    if not found:
        return repr(column)
    choices = reduce(lambda one, other: Said("{one} or {other}", one=one, other=other), map(repr, found))
    return Said("{column!r} (is it {choices}?)", column=column, choices=choices)
