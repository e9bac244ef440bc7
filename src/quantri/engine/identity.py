"""Who stands in a file: the column that names respondents, none of whom may stand there twice."""

from collections.abc import Sequence
from pathlib import Path

from quantri.engine.microdata import read_microdata
from quantri.engine.tidy import check_ids
from quantri.text import fold

NAMES = ("respondent", "respondent id")  # as `fold` writes them


def id_columns(columns: Sequence[str], chosen: str | None = None) -> tuple[str, ...]:
    """Columns that name respondents: the one that was chosen, else those called respondent or respondent_id.

    Examples
    --------
    >>> id_columns(["Respondent-ID", "id", "weight"]), id_columns(["respondent", "id"], "id")
    (('Respondent-ID',), ('id',))
    """
    return (chosen,) if chosen else tuple(column for column in columns if fold(column) in NAMES)


def check_respondents(path: Path, columns: Sequence[str], chosen: str | None = None) -> None:
    r"""Make sure that no respondent of a file stands there twice.

    Parameters
    ----------
    path : Path
        Any format of `read_microdata`.
    columns : sequence of str
        All columns of the file.
    chosen : str, optional
        Column that names respondents; see `id_columns`.

    Raises
    ------
    DataError
        If the chosen column is not there, or somebody stands there twice; with the rows.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("Respondent,q1\n7,1\n7,2\n", encoding="utf-8")
    >>> check_respondents(path, ["Respondent", "q1"])
    Traceback (most recent call last):
    quantri.errors.DataError: a.csv: column 'Respondent': 7 stands in rows 2, 3; give each respondent an id of their own
    """
    for column in id_columns(columns, chosen):
        check_ids(read_microdata(path, [column]), column)
