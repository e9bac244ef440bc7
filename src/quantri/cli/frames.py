"""Tables on disk: read with their faults named, written whole or not at all."""

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.errors import DataError
from quantri.text import nfc

if TYPE_CHECKING:
    import polars as pl


def read_text(path: Path) -> str:
    """Read a UTF-8 text; DataError says why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise DataError(f"{path}: cannot be read ({fault.strerror}); check the name and the rights") from None
    except UnicodeDecodeError:
        raise DataError(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None


def read_csv_table(path: Path) -> "pl.DataFrame":
    """Read a CSV as texts, as they stand; an empty cell is null. DataError names the line of a fault."""
    import polars as pl

    try:
        header, *rows = list(csv.reader(io.StringIO(read_text(path), newline=""), strict=True)) or [[]]
    except csv.Error as fault:
        raise DataError(
            f"{path.name}: is no CSV ({fault}); is the file cut off, or a quotation mark left open?"
        ) from None
    names = [nfc(name) for name in header]
    if not any(names):
        raise DataError(f"{path.name}: has no header; the first line must name the columns")
    if twice := next((name for n, name in enumerate(names) if name in names[:n]), None):
        raise DataError(f"{path.name}: column {twice!r} stands twice in the header; rename one")
    rows = [row for row in rows if row]
    for line, row in enumerate(rows, 2):
        if len(row) != len(names):
            raise DataError(f"{path.name}: line {line} has {len(row)} cells, the header {len(names)}; is it cut off?")
    cells = zip(*rows, strict=True) if rows else [()] * len(names)
    texts = [[nfc(cell) or None for cell in column] for column in cells]
    return pl.DataFrame([pl.Series(name, column, pl.String) for name, column in zip(names, texts, strict=True)])


def read_data(path: Path) -> "pl.DataFrame":
    """Read answers from CSV or Parquet, numbers as numbers; DataError says what is wrong with the file."""
    import polars as pl

    if path.suffix.lower() == ".csv":
        table = read_csv_table(path)
        return table.select(_typed(table[name]) for name in table.columns)
    if path.suffix.lower() != ".parquet":
        raise DataError(f"{path.name}: is neither .csv nor .parquet; convert it to one of them")
    try:
        return pl.read_parquet(path)
    except OSError as fault:
        raise DataError(f"{path}: cannot be read ({fault.strerror or 'not found'}); check the name") from None
    except pl.exceptions.PolarsError:
        raise DataError(f"{path.name}: is not a whole Parquet file; is it cut off?") from None


def write_csv_table(table: "pl.DataFrame", path: Path) -> None:
    """Write a table as CSV, whole or not at all."""
    _write_whole(path, table.write_csv)


def write_data(table: "pl.DataFrame", path: Path) -> None:
    """Write a table as CSV or Parquet, by the name's ending, whole or not at all."""
    _write_whole(path, table.write_csv if path.suffix.lower() == ".csv" else table.write_parquet)


def check_output(path: Path, endings: tuple[str, ...], inputs: tuple[Path, ...]) -> None:
    """Refuse an output before the work is done: of another kind, in no folder, or in the place of an input."""
    if path.suffix.lower() not in endings:
        raise DataError(f"--out {path}: the name must end in {' or '.join(endings)}")
    if not path.parent.is_dir():
        raise DataError(f"--out {path}: there is no folder {path.parent}; make it first")
    if path.is_dir() or path.resolve() in {given.resolve() for given in inputs}:
        raise DataError(f"--out {path}: would overwrite a folder or an input; choose another name")


def _write_whole(path: Path, write: Callable[[Path], object]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(beside)
        beside.replace(path)
    except OSError as fault:
        raise DataError(f"{path}: cannot be written ({fault.strerror or fault}); check the folder's rights") from None
    finally:
        beside.unlink(missing_ok=True)


def _typed(column: "pl.Series") -> "pl.Series":
    """Make a column of texts one of numbers, unless that would lose a leading zero."""
    import polars as pl

    texts = column.drop_nulls()
    if not len(texts) or texts.str.contains(r"^[+-]?0\d").any():
        return column
    for kind in (pl.Int64, pl.Float64):
        if not texts.cast(kind, strict=False).null_count():
            return column.cast(kind)
    return column
