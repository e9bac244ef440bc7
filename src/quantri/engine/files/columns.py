"""Names of columns: none twice, none that differ only in case or marks, all there that are needed."""

from collections.abc import Mapping, Sequence

from quantri.engine.naming import SHOWN, near
from quantri.errors import DataError
from quantri.said import listed
from quantri.text import bare, nfc


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
            raise DataError(
                "{file}: two columns have the name {column!r} (columns {first} and {second}); rename one of them",
                file=name, column=column, first=places[column] + 1, second=place + 1,
            )  # fmt: skip
        if bare(column) in seen:
            raise DataError(
                "{file}: columns {one!r} and {other!r} differ only in case or marks; rename one of them",
                file=name, one=seen[bare(column)], other=column,
            )  # fmt: skip
        places[column] = place
        seen[bare(column)] = column
    if not places:
        raise DataError("{file}: the first row holds no names of columns; write them there", file=name)
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
        raise DataError(
            "{file}: no column {asked}; the file has {has}; correct the name",
            file=name, asked=listed(absent, SHOWN, write=lambda column: near(column, places)),
            has=listed(list(places), SHOWN),
        )  # fmt: skip
    return {column: places[column] for column in needed}
