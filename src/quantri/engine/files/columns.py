"""Names of columns: none twice, none that differ only in case or marks, all there that are needed."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from quantri.errors import DataError
from quantri.text import bare, nfc

_SHOWN = 8


def name_columns(header: Sequence[str], name: str) -> dict[str, int]:
    """Place of each column by its name in NFC, from 0; columns without a name are left out.

    Raises
    ------
    DataError
        If a name stands there twice, or two differ only in case or marks; `name` stands for the file.

    Examples
    --------
    >>> name_columns(["id", "", " q1"], "survey.csv")
    {'id': 0, 'q1': 2}
    """
    places: dict[str, int] = {}
    seen: dict[str, str] = {}
    for place, raw in enumerate(header):
        column = nfc(raw)
        if not column:
            continue
        if column in places:
            where = f"columns {places[column] + 1} and {place + 1}"
            raise DataError(f"{name}: two columns have the name {column!r} ({where}); rename one of them")
        if bare(column) in seen:
            both = f"{seen[bare(column)]!r} and {column!r}"
            raise DataError(f"{name}: columns {both} differ only in case or marks; rename one of them")
        places[column] = place
        seen[bare(column)] = column
    if not places:
        raise DataError(f"{name}: the first row holds no names of columns; write them there")
    return places


def choose_columns(places: Mapping[str, int], wanted: Sequence[str] | None, name: str) -> dict[str, int]:
    """Keep the columns that are wanted, in that order; all when nothing is said.

    Raises
    ------
    DataError
        If one is not there; the text names those that look like it.

    Examples
    --------
    >>> choose_columns({"id": 0, "q1": 1}, ["q1"], "survey.csv")
    {'q1': 1}
    """
    if wanted is None:
        return dict(places)
    needed = list(dict.fromkeys(nfc(column) for column in wanted))
    absent = [column for column in needed if column not in places]
    if absent:
        asked = ", ".join(repr(column) + _near(column, places) for column in absent[:_SHOWN])
        more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
        raise DataError(f"{name}: no column {asked}{more}; the file has {_some(list(places))}; correct the name")
    return {column: places[column] for column in needed}


def _near(column: str, places: Mapping[str, int]) -> str:
    by_key = {bare(other): other for other in places}
    found = [by_key[key] for key in get_close_matches(bare(column), list(by_key), n=3, cutoff=0.7)]
    return f" (is it {' or '.join(map(repr, found))}?)" if found else ""


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
