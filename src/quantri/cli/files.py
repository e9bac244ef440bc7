"""Files of a command: texts are read with their faults named, outputs appear whole or not at all."""

import re
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.drafts import draft_of
from quantri.errors import DataError
from quantri.said import Said, reason

if TYPE_CHECKING:
    import polars as pl

_SYSTEM = re.compile(r"([^:\s][^:]*) \(os error \d+\)")


def read_text(path: Path) -> str:
    """Read a UTF-8 text; DataError says why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise DataError(
            "{file}: cannot be read ({reason}); check the name and the rights", file=path, reason=reason(fault)
        ) from None
    except UnicodeDecodeError:
        raise DataError("{file}: is not UTF-8 text; save it as UTF-8", file=path.name) from None


def check_output(path: Path, endings: tuple[str, ...], inputs: tuple[Path, ...]) -> None:
    """Refuse an output before the work is done: of another kind, in no folder, or in the place of an input."""
    if path.suffix.lower() not in endings:
        names = reduce(lambda one, other: Said("{one} or {other}", one=one, other=other), endings)
        raise DataError("--out {path}: the name must end in {endings}", path=path, endings=names)
    if not path.parent.is_dir():
        raise DataError("--out {path}: there is no folder {folder}; make it first", path=path, folder=path.parent)
    if path.is_dir() or path.resolve() in {given.resolve() for given in inputs}:
        raise DataError("--out {path}: would overwrite a folder or an input; choose another name", path=path)


def write_table(table: "pl.DataFrame", path: Path) -> None:
    """Write a table as CSV or Parquet, by the name's ending, whole or not at all.

    Raises
    ------
    DataError
        If CSV has no writing for a column; as `write_whole`.
    """
    if path.suffix.lower() != ".csv":
        return write_whole(path, table.write_parquet)
    _refuse_what_csv_cannot_hold(table, path)
    return write_whole(path, table.write_csv)


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file beside `path`, and give it that name once it is complete.

    Parameters
    ----------
    path : Path
        Where the file belongs; what lies there is replaced at the end, in one step.
    write : callable
        Writes a whole file to the path that it is given. If it raises, nothing is left and `path` is as before.

    Raises
    ------
    DataError
        If the folder is missing or cannot be written, `path` is no place for a file, or the space does not suffice.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_whole(folder / "a.txt", lambda draft: draft.write_text("whole", encoding="utf-8"))
    >>> [p.name for p in folder.iterdir()]
    ['a.txt']
    """
    from polars.exceptions import PolarsError

    try:
        target = path.resolve()  # a link keeps pointing at what is replaced
        if target.is_dir():
            raise DataError("{path}: is a folder; name a file in it", path=path)
        if target.exists() and not target.is_file():  # such as /dev/stdout
            write(target)
            return
        with draft_of(target) as draft:
            write(draft)
            draft.replace(target)
    except (OSError, PolarsError) as fault:
        raise DataError(
            "{path}: cannot be written ({reason}); check that its folder exists, your rights to it, and the space left",
            path=path,
            reason=_reason(fault),
        ) from None


def _reason(fault: Exception) -> str:
    """Say why the operating system refused, also where Polars wraps its words."""
    found = _SYSTEM.search(str(fault))
    if found is None and isinstance(fault, OSError):
        return reason(fault)
    return Said(found[1] if found else str(fault).strip().partition("\n")[0])


def _refuse_what_csv_cannot_hold(table: "pl.DataFrame", path: Path) -> None:
    import polars as pl

    for column, kind in table.schema.items():
        if kind.is_nested() or kind in (pl.Binary, pl.Duration, pl.Object):
            raise DataError(
                "--out {path}: CSV cannot hold column {column!r}, which is of the type {kind}; let the name end in "
                ".parquet, or leave the column out",
                path=path, column=column, kind=kind,
            )  # fmt: skip
