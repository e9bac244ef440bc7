"""One pass over the bytes of a CSV: they are UTF-8, and each row has as many fields as the header."""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quantri.errors import DataError
from quantri.said import Said

_CHUNK = 2**22
_TAIL = 2**20
_LONGEST_ROW = 2**26
_LINE_END = ord("\n")


def count_rows(path: Path, separator: str, n_columns: int) -> int:
    """Check every byte of a CSV and count its rows below the header, without blank ones at the end.

    Parameters
    ----------
    path : Path
        A file of text with a header.
    separator : str
        One ASCII sign.
    n_columns : int
        Number of fields in the header.

    Raises
    ------
    DataError
        At the first byte that is zero or not UTF-8, the first row with another number of fields than the header, a
        quotation mark that is never closed, or a last row that is cut off.

    Notes
    -----
    Signs between quotation marks are text. Numpy counts 4 MB at a time, so memory stays small.
    """
    n_rows = 0
    for block in _whole_rows(_checked(path), path.name):
        fields = _count_fields(np.frombuffer(block, dtype=np.uint8), ord(separator))
        if block.count(b'"') % 2:
            raise DataError(
                "{file}: row {row}: a quotation mark is never closed; close it",
                file=path.name,
                row=n_rows + len(fields) + 1,
            )
        uneven = np.flatnonzero(fields != n_columns)
        if len(uneven):
            is_last = uneven[0] == len(fields) - 1 and not block.endswith(b"\n")
            fault = _unevenness(int(fields[uneven[0]]), n_columns, is_last=is_last)
            raise DataError("{file}: row {row} {fault}", file=path.name, row=n_rows + int(uneven[0]) + 1, fault=fault)
        n_rows += len(fields)
    return n_rows - 1


def _count_fields(data: NDArray[np.uint8], separator: int) -> NDArray[np.int64]:
    """Count the fields of each row."""
    if data[-1] != _LINE_END:
        data = np.append(data, np.uint8(_LINE_END))
    marks = (data == separator) | (data == _LINE_END)
    quotes = data == ord('"')
    if quotes.any():
        marks &= ~np.logical_xor.accumulate(quotes)
    return np.diff(np.flatnonzero(data[marks] == _LINE_END), prepend=-1)


def _unevenness(n_fields: int, n_columns: int, *, is_last: bool) -> str:
    if is_last and n_fields < n_columns:
        return Said(
            "has {found} of {n} fields: the file is cut off; copy it again, or complete the row",
            found=n_fields, n=n_columns,
        )  # fmt: skip
    if n_fields == 1:
        return Said("is blank, or has one field where the header has {n}; delete or complete it", n=n_columns)
    return Said(
        "has {found} fields where the header has {n}; put text that holds the separator in quotes",
        found=n_fields, n=n_columns,
    )  # fmt: skip


def _whole_rows(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Cut between rows instead of anywhere; a line end between quotation marks is text."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = _last_line_end(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            raise DataError("{file}: a row is longer than 64 MB: a quotation mark is never closed; close it", file=name)
    if rest:
        yield rest


def _last_line_end(text: bytes) -> int:
    """Place after the last line end outside quotation marks, or 0."""
    cut = text.rfind(b"\n") + 1
    while cut and text.count(b'"', 0, cut) % 2:
        cut = text.rfind(b"\n", 0, cut - 1) + 1
    return cut


def _checked(path: Path) -> Iterator[bytes]:
    """Give the bytes up to the last that is no line end, once they are known to be UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    left = _filled_bytes(path)
    offset = lines = 0
    with path.open("rb") as file:
        while chunk := file.read(min(_CHUNK, left)):
            left -= len(chunk)
            refuse_zero(chunk, path.name, offset)
            pending = len(decoder.getstate()[0])  # bytes of a letter that began in the chunk before
            try:
                decoder.decode(chunk, not left)
            except UnicodeDecodeError as fault:
                at = fault.start - pending
                line = lines + chunk.count(b"\n", 0, max(at, 0)) + 1
                raise DataError(
                    "{file}: byte 0x{byte:02X} at offset {offset} (line {line}) is not UTF-8; "
                    "save the file as UTF-8 (in Excel: Save As, CSV UTF-8)",
                    file=path.name, byte=fault.object[fault.start], offset=offset + at, line=line,
                ) from None  # fmt: skip
            offset += len(chunk)
            lines += chunk.count(b"\n")
            yield chunk


def refuse_zero(chunk: bytes, name: str, offset: int = 0) -> None:
    """Refuse bytes, which begin at an offset of a file, that hold a zero: they are no text."""
    if (zero := chunk.find(b"\0")) >= 0:
        raise DataError(
            "{file}: zero byte at offset {offset}: this is no text, or is damaged; "
            "save the file as UTF-8 (in Excel: Save As, CSV UTF-8)",
            file=name, offset=offset + zero,
        )  # fmt: skip


def _filled_bytes(path: Path) -> int:
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.seek(max(size - _TAIL, 0))
        return start + len(file.read().rstrip(b"\r\n"))
