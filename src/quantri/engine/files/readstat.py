"""Rows of an SPSS or Stata file through the library ReadStat, a part at a time, with texts decoded by us."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from quantri.engine.files.columns import choose_columns, name_columns
from quantri.engine.files.content import Code
from quantri.errors import DataError
from quantri.text import nfc

if TYPE_CHECKING:
    import polars as pl

Read = Callable[..., tuple[Any, Any]]
_CELLS = 2**22  # of one part: 32 MB of numbers
_BYTES = "ISO-8859-1"  # each byte becomes one letter, and can be made a byte again


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What was read, and the names of all `columns`; `names` gives those read by their raw names in `about`."""

    frame: "pl.DataFrame"
    columns: tuple[str, ...]
    about: Any
    names: dict[str, str]
    encoding: str

    def labels(self) -> dict[str, dict[Code, str]]:
        """Value labels of the columns that were read, codes as the library gives them."""
        found = self.about.variable_value_labels.items()
        return {
            self.names[raw]: {self._code(code): nfc(_decoded(text, self.encoding)) for code, text in codes.items()}
            for raw, codes in found
            if raw in self.names
        }

    def _code(self, code: Code) -> Code:
        return _decoded(code, self.encoding) if isinstance(code, str) else code


def read_rows(read: Read, encoding: str, columns: Sequence[str] | None, name: str) -> Rows:
    """Read all rows of the columns wanted.

    Parameters
    ----------
    read : callable
        A reading function of pyreadstat with its file, giving Polars frames.
    encoding : str
        That of the file's texts.
    columns : sequence of str or None
        Those to read, all for None.
    name : str
        Stands for the file in messages.

    Raises
    ------
    DataError
        If the file is damaged, cut off, without rows, or holds a text that is not in the encoding.

    Notes
    -----
    ReadStat hands each text to iconv, which for Vietnamese code pages keeps the last letter back and puts it before
    the next text, gives nothing for a text that is not UTF-8, and ends the
    process over a label. So it is told that bytes are letters, and the
    texts are decoded here.
    """
    read = partial(read, encoding=_BYTES)
    about = _guarded(partial(read, metadataonly=True), name)[1]
    header = [_decoded(raw, encoding) for raw in about.column_names]
    every = name_columns(header, name)
    places = choose_columns(every, columns, name)
    names = {about.column_names[place]: column for column, place in places.items()}
    frame = _joined(list(_parts(read, list(names), about.number_rows, name)), about.number_rows, name)
    decoded = _decode(frame.rename(names), encoding, name)
    return Rows(frame=decoded, columns=tuple(every), about=about, names=names, encoding=encoding)


def _guarded(read: Callable[[], tuple[Any, Any]], name: str) -> tuple[Any, Any]:
    """Call the library; what it raises becomes a DataError that names the file."""
    from pyreadstat import PyreadstatError, ReadstatError

    try:
        return read()
    except (PyreadstatError, ReadstatError, UnicodeError, ValueError, OverflowError, MemoryError, OSError) as fault:
        reason = str(fault).strip() or type(fault).__name__
        raise DataError(
            "{file}: the file is damaged or cut off ({reason}); copy it again, or save it anew where it was made",
            file=name,
            reason=reason,
        ) from None


def _parts(read: Read, columns: list[str], n_rows: int | None, name: str) -> "Iterator[pl.DataFrame]":
    limit = max(_CELLS // max(len(columns), 1), 1)
    offset = 0
    while n_rows is None or offset < n_rows:
        part = _guarded(partial(read, usecols=columns, row_offset=offset, row_limit=limit), name)[0]
        yield _narrow(part.select(columns))
        offset += limit
        if len(part) < limit:
            return


def _joined(parts: "list[pl.DataFrame]", n_rows: int | None, name: str) -> "pl.DataFrame":
    import polars as pl

    found = sum(len(part) for part in parts)
    if n_rows is not None and found < n_rows:
        raise DataError(
            "{file}: the file is cut off: it holds {found} of {n_rows} rows; copy it again",
            file=name,
            found=found,
            n_rows=n_rows,
        )
    if not found:
        raise DataError("{file}: the file holds no rows; choose the file that holds the answers", file=name)
    return pl.concat(parts, how="vertical_relaxed")


def _narrow(part: "pl.DataFrame") -> "pl.DataFrame":
    """Store whole numbers in as few bytes as they need, and nothing as null."""
    import polars as pl
    import polars.selectors as cs

    part = part.with_columns(cs.float().fill_nan(None), cs.string().replace("", None))
    floats = part.select(cs.float())
    are_whole = floats.select((pl.all() == pl.all().round()).all() & (pl.all().abs() < 2**53).all())
    ints = part.with_columns(pl.col(column).cast(pl.Int64) for column in floats.columns if are_whole[column][0])
    return ints.with_columns(whole.shrink_dtype() for whole in ints.select(cs.integer()))


def _decode(frame: "pl.DataFrame", encoding: str, name: str) -> "pl.DataFrame":
    """Make letters of bytes in all columns of text; the Vietnamese code page has marks apart, so NFC."""
    import polars as pl
    import polars.selectors as cs

    for column in frame.select(cs.string()).columns:
        raw = [text for text in frame[column].unique().to_list() if text is not None and not text.isascii()]
        try:
            texts = [unicodedata.normalize("NFC", text.encode(_BYTES).decode(encoding)) for text in raw]
        except UnicodeError:
            row = 1 + next(n for n, text in enumerate(frame[column]) if text and not _can_decode(text, encoding))
            raise DataError(
                "{file}: column {column!r}, row {row}: the text is not {encoding}; save the file as UTF-8 "
                "(Stata 14 or newer: 'unicode translate'; SPSS: Unicode mode)",
                file=name,
                column=column,
                row=row,
                encoding=encoding.upper(),
            ) from None
        frame = frame.with_columns(pl.col(column).replace(raw, texts))
    return frame


def _can_decode(text: str, encoding: str) -> bool:
    try:
        text.encode(_BYTES).decode(encoding)
    except UnicodeError:
        return False
    return True


def _decoded(text: str, encoding: str) -> str:
    """Decode a name or label, which old programs cut anywhere: what is no letter is shown as such."""
    return text.encode(_BYTES).decode(encoding, errors="replace")
