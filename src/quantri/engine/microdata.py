"""Respondents' answers from a file, whatever its format: checked, named, and lazily where the format allows it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.engine.files.columnar import read_columnar
from quantri.engine.files.content import Code, CodeRange, Content
from quantri.engine.files.labelled import read_spss, read_stata
from quantri.engine.files.separated import read_separated, read_separated_texts
from quantri.engine.files.workbook import read_workbook
from quantri.errors import DataError
from quantri.said import Said, reason

if TYPE_CHECKING:
    import polars as pl

_READERS: dict[str, Callable[[Path, Sequence[str] | None], Content]] = {
    ".parquet": read_columnar, ".csv": read_separated, ".tsv": read_separated, ".txt": read_separated,
    ".sav": read_spss, ".zsav": read_spss, ".dta": read_stata,
}  # fmt: skip
_WORKBOOKS = (".xlsx", ".xlsm")
ENDINGS = (*_READERS, ".xlsx")


@dataclass(frozen=True, kw_only=True)
class Microdata:
    """Answers of n respondents, one row each.

    Parameters
    ----------
    frame : polars.LazyFrame, shape (n, columns)
        The columns that were asked for. Missing is null, never NaN.
    name : str
        Name of the file, for messages.
    columns : tuple of str
        Names of all columns of the file, also those that were not asked for.
    labels : mapping of column to mapping of code to text
        Value labels of SPSS and Stata, NFC; Stata's missing codes are written ``.a``.
    missing : mapping of column to tuple of code or CodeRange
        Codes that the file declares to be missing. Those of SPSS still stand in `frame`, see `tidy.without_missing`;
        Stata's are null there already.
    first_row : int
        Number of the first respondent's row in messages: 2 below a header, else 1.
    """

    frame: "pl.LazyFrame"
    name: str
    columns: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[Code | CodeRange, ...]] = field(default_factory=dict)
    first_row: int = 1


def read_microdata(path: Path, columns: Sequence[str] | None = None, *, sheet: str | None = None) -> Microdata:
    r"""Read respondents' answers from Parquet, CSV, Excel, SPSS or Stata.

    Parameters
    ----------
    path : Path
        A file; the ending of its name says the format: ``.parquet``, ``.csv``, ``.xlsx``, ``.sav``, ``.dta`` …
    columns : sequence of str, optional
        Columns to read, by their names in NFC; all when not given.
    sheet : str, optional
        Sheet of a workbook; its first visible one when not given.

    Returns
    -------
    Microdata
        Its frame is lazy for Parquet and CSV, so that large files stream; the others are read in parts, and only
        the columns asked for are kept, whole numbers in as few bytes as they need.

    Raises
    ------
    DataError
        If the file is not there, cannot be read, is empty, damaged, cut off or not UTF-8; if two columns have the
        same name or names that differ only in case or marks; if a column that is asked for is missing.

    Notes
    -----
    The bytes of a CSV are checked in a pass of their own. Of a Parquet file the ends and the schema are; what is
    damaged between them shows when rows are fetched, which `reading` turns into a DataError.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("id,weight,q1\n1,0.5,2\n2,1.5,\n", encoding="utf-8")
    >>> read_microdata(path, ["weight", "q1"]).frame.collect().rows()
    [(0.5, 2), (1.5, None)]
    """
    if path.suffix.lower() not in (*ENDINGS, *_WORKBOOKS) and not path.is_dir():
        known = ", ".join(ENDINGS)
        raise DataError(
            "{path}: the ending {ending!r} is not known; save the answers as one of {known}",
            path=path,
            ending=path.suffix,
            known=known,
        )
    _check_file(path)
    with reading(path.name):
        content = _read(path, columns, sheet)
    return Microdata(
        frame=content.frame, name=path.name, columns=content.columns, labels=content.labels, missing=content.missing,
        first_row=content.first_row,
    )  # fmt: skip


def read_texts(path: Path) -> Microdata:
    """Read a list from CSV, every column as text: a name such as ``1.10`` or ``01`` stays what it is.

    Raises
    ------
    DataError
        As `read_microdata`.
    """
    _check_file(path)
    with reading(path.name):
        content = read_separated_texts(path)
    return Microdata(frame=content.frame, name=path.name, columns=content.columns, first_row=content.first_row)


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes, read in parts.

    Raises
    ------
    DataError
        If the file is not there or cannot be read.
    """
    _check_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise _unreadable(path.name, fault.strerror) from None


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what can go wrong while rows of a file are fetched into a DataError that names the file.

    Examples
    --------
    >>> with reading("answers.parquet"):
    ...     raise OSError(5, "Input/output error")
    Traceback (most recent call last):
    quantri.errors.DataError: answers.parquet: cannot be read (Input/output error); copy it again, or write it anew
    """
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise _unreadable(name, getattr(fault, "strerror", None) or str(fault)) from None


def _unreadable(name: str, reason: str | None) -> DataError:
    first = Said((reason or "no reason given").strip().split("\n")[0])
    return DataError("{file}: cannot be read ({first}); copy it again, or write it anew", file=name, first=first)


def _check_file(path: Path) -> None:
    """Refuse what is no file that can be read; OSError and ValueError are what the system says of a bad name."""
    try:
        if path.is_dir():
            raise DataError("{path}: is a folder; name one file in it", path=path)
        if not path.exists():
            raise DataError("{path}: there is no such file; check the name and the folder", path=path)
        if not path.is_file():
            raise DataError("{path}: is no ordinary file; save the answers into a file and name that", path=path)
        with path.open("rb") as file:
            is_empty = not file.read(1)
    except OSError as fault:
        raise DataError(
            "{path}: cannot be opened ({reason}); check the name and your rights to it", path=path, reason=reason(fault)
        ) from None
    except ValueError as fault:
        raise (
            fault if isinstance(fault, DataError) else DataError("{path!s:.80}: is no name of a file", path=path)
        ) from None
    if is_empty:
        raise DataError("{path}: the file is empty (0 bytes); copy it again from its source", path=path)


def _read(path: Path, columns: Sequence[str] | None, sheet: str | None) -> Content:
    ending = path.suffix.lower()
    if sheet is not None and ending not in _WORKBOOKS:
        raise DataError("{file}: has no sheets; leave the name of the sheet out", file=path.name)
    if ending in _WORKBOOKS:
        return read_workbook(path, columns, sheet)
    return _READERS[ending](path, columns)
