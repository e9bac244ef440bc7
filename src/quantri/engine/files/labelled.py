"""SPSS and Stata files: answers with value labels and declared missing codes."""

import codecs
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from quantri.engine.files.content import Code, CodeRange, Content, whole
from quantri.engine.files.readstat import read_rows
from quantri.errors import DataError

_END = b"</stata_dta>"
_UTF8_PAGE = 65001
_OLDEST_PAGE = 100  # below it stand EBCDIC, ASCII and "8-bit", which name no code page
_HEAD = 2**24  # of an SPSS file: its dictionary lies there
_NAME = re.compile(
    rb"(?:\x07\0\0\0\x14\0\0\0\x01\0\0\0(.)\0\0\0|\0\0\0\x07\0\0\0\x14\0\0\0\x01\0\0\0(.))([\w.:-]+)", re.S
)
_PAGE = re.compile(rb"\x07\0\0\0\x03\0\0\0\x04\0\0\0\x08\0\0\0.{28}(..)\0\0", re.S)


def read_spss(path: Path, columns: Sequence[str] | None) -> Content:
    """Read SPSS ``.sav`` or ``.zsav``, in whatever encoding it declares.

    Returns
    -------
    Content
        System-missing and empty text are null. Codes that the file declares to be missing stay in the frame, so that
        a definition can tell "refused" from "not asked"; `missing` lists them, ranges as `CodeRange`.

    Raises
    ------
    DataError
        As `read_rows`, `name_columns` and `choose_columns`.
    """
    import pyreadstat

    read = partial(pyreadstat.read_sav, str(path), user_missing=True, output_format="polars")
    rows = read_rows(read, _spss_encoding(path), columns, path.name)
    labels = {column: {whole(code): text for code, text in codes.items()} for column, codes in rows.labels().items()}
    spans = {rows.names[raw]: found for raw, found in rows.about.missing_ranges.items() if raw in rows.names}
    missing = {column: tuple(_declared(span) for span in found) for column, found in spans.items()}
    return Content(frame=rows.frame.lazy(), columns=rows.columns, labels=labels, missing=missing)


def read_stata(path: Path, columns: Sequence[str] | None) -> Content:
    """Read Stata ``.dta``, whose texts must be UTF-8.

    Returns
    -------
    Content
        Every missing value, ``.`` and ``.a`` to ``.z``, and empty text are null; `missing` lists those of ``.a`` to
        ``.z`` that bear a label.

    Raises
    ------
    DataError
        If a file of Stata 13 or newer lacks its end; as `read_rows`, `name_columns` and `choose_columns`.
    """
    import pyreadstat

    _check_end(path)
    rows = read_rows(partial(pyreadstat.read_dta, str(path), output_format="polars"), "utf-8", columns, path.name)
    labels = {column: {_stata_code(c): text for c, text in codes.items()} for column, codes in rows.labels().items()}
    tags = {column: tuple(code for code in codes if isinstance(code, str)) for column, codes in labels.items()}
    missing = {column: found for column, found in tags.items() if found}
    return Content(frame=rows.frame.lazy(), columns=rows.columns, labels=labels, missing=missing)


def _spss_encoding(path: Path) -> str:
    """Find the encoding that the dictionary declares by name, or else by a Windows code page; else UTF-8.

    ReadStat knows it too, but ends the whole process when a label is not in it.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    named, page = _NAME.search(head), _PAGE.search(head)
    if named:
        length = (named[1] or named[2])[0]
        declared = named[3][:length].decode("ascii", errors="replace")
    else:
        number = int.from_bytes(page[1], "little") if page else _UTF8_PAGE
        declared = "utf-8" if number == _UTF8_PAGE else f"cp{number}" if number > _OLDEST_PAGE else "cp1252"
    try:
        return codecs.lookup(declared).name
    except LookupError:
        raise DataError(
            "{file}: its texts are in {declared!r}, which is not known; save it as UTF-8",
            file=path.name,
            declared=declared,
        ) from None


def _check_end(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(len(b"<stata_dta>"))
        file.seek(max(path.stat().st_size - 64, 0))
        end = file.read()
    if start == b"<stata_dta>" and not end.rstrip().endswith(_END):
        raise DataError(
            "{file}: the file is cut off: its end is missing; copy it again from its source", file=path.name
        )


def _stata_code(code: Code) -> Code:
    """Write ``.a`` for Stata's missing value a: only numbers bear labels there."""
    return f".{code}" if isinstance(code, str) else whole(code)


def _declared(span: Mapping[str, Any]) -> Code | CodeRange:
    low, high = whole(span["lo"]), whole(span["hi"])
    if low == high or isinstance(low, str) or isinstance(high, str):
        return low
    return CodeRange(low=low, high=high)
