"""Parquet, read as a stream of the columns that are needed."""

from collections.abc import Sequence
from pathlib import Path

from quantri.engine.files.columns import choose_columns, name_columns
from quantri.engine.files.content import Content
from quantri.errors import DataError

_MAGIC = (b"PAR1", b"PARE")


def read_columnar(path: Path, columns: Sequence[str] | None) -> Content:
    """Read a Parquet file lazily.

    Returns
    -------
    Content
        Types are those of the file, except that categories become text and decimals Float64; NaN is null.

    Raises
    ------
    DataError
        If the file is no Parquet or is cut off; as `name_columns` and `choose_columns`.
    """
    import polars as pl
    import polars.selectors as cs

    _check_ends(path)
    try:
        scan = pl.scan_parquet(path, glob=False)
        names = scan.collect_schema().names()
        is_empty = scan.select(pl.len()).collect().item() == 0
    except pl.exceptions.DuplicateError as fault:
        raise DataError(
            "{file}: two columns have the same name ({reason}); rename one of them", file=path.name, reason=fault
        ) from None
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise DataError(
            "{file}: the file is damaged ({reason}); copy it again, or write it anew", file=path.name, reason=fault
        ) from None
    if is_empty:
        raise DataError("{file}: the file holds no rows; choose the file that holds the answers", file=path.name)
    every = name_columns(names, path.name)
    places = choose_columns(every, columns, path.name)
    chosen = scan.select(pl.col(names[place]).alias(column) for column, place in places.items())
    frame = chosen.with_columns(
        cs.categorical().cast(pl.String), cs.enum().cast(pl.String), cs.decimal().cast(pl.Float64),
        cs.float().fill_nan(None),
    )  # fmt: skip
    return Content(frame=frame, columns=tuple(every))


def _check_ends(path: Path) -> None:
    with path.open("rb") as file:
        start, size = file.read(4), file.seek(0, 2)
        file.seek(max(size - 4, 0))
        end = file.read()
    if start not in _MAGIC:
        raise DataError(
            "{file}: this is no Parquet file; check the ending of its name, or write it anew", file=path.name
        )
    if size < 12 or end not in _MAGIC:
        raise DataError(
            "{file}: the file is cut off: its end is missing; copy it again from its source", file=path.name
        )
