"""The file around the sheets: an .xlsx without macros, of bounded size, whose XML plays no tricks."""

import io
import re
import zipfile
import zlib
from typing import IO

from django.utils.translation import gettext as _

from quantri.errors import DataError

MAX_BYTES = 150 * 2**20
MAX_TEXT_BYTES = 40 * 2**20  # shared texts are read into memory at once
MAX_ENTRIES = 2000
MAX_TAGS = 4_000_000  # reading them takes a few seconds; an official workbook has some 500,000
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_TRICKS = (b"<!DOCTYPE", b"<!ENTITY")
_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")
_CHUNK = 2**20
BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, TypeError, AttributeError, EOFError, OSError,
    SyntaxError, RuntimeError, ArithmeticError,
)  # fmt: skip  # all that zipfile, the XML reader and openpyxl raise on what is no sound workbook


def check_envelope(content: bytes, name: str) -> None:
    """Raise DataError unless the content is a sound .xlsx that can be read without danger."""
    _check_kind(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_entries(archive, name)
            _check_parts(archive, name)
    except DataError:
        raise
    except BROKEN:
        raise broken(name) from None


def broken(name: str) -> DataError:
    """Make the error of a file that cannot be read through."""
    text = _("%(name)s: the file is damaged; open it in Excel, save it again as .xlsx and import that file.")
    return DataError(text % {"name": name})


def _too_big(name: str) -> DataError:
    text = _("%(name)s: the workbook is too big; keep only the sheet of results in it and import that file.")
    return DataError(text % {"name": name})


def _check_kind(content: bytes, name: str) -> None:
    if content.startswith(_OLE):
        text = _(
            "%(name)s: this is an old Excel file (.xls) or one with a password; open it in Excel and save it as .xlsx "
            "without a password."
        )
        raise DataError(text % {"name": name})
    if not content.startswith(b"PK"):
        text = _("%(name)s: this is not an Excel workbook; open it in Excel and save it as .xlsx.")
        raise DataError(text % {"name": name})


def _check_entries(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if name.lower().endswith((".xlsm", ".xltm", ".xlam")) or any(n.endswith("vbaproject.bin") for n in names):
        text = _("%(name)s: the workbook holds macros; save it as .xlsx without macros and import that file.")
        raise DataError(text % {"name": name})
    if "xl/workbook.xml" not in names:
        text = _("%(name)s: this is not an Excel workbook; open it in Excel and save it as .xlsx.")
        raise DataError(text % {"name": name})
    texts = sum(entry.file_size for entry in entries if "sharedstrings" in entry.filename.lower())
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or size > MAX_BYTES or texts > MAX_TEXT_BYTES:
        raise _too_big(name)


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    tags = 0
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(entry) as part:
                tags += _check_xml(part, name)
            if tags > MAX_TAGS:
                raise _too_big(name)


def _check_xml(part: IO[bytes], name: str) -> int:
    """Refuse tricks; return the number of tags."""
    tail = b""
    first = True
    tags = 0
    while chunk := part.read(_CHUNK):
        if first and not _is_utf8(chunk):
            raise broken(name)
        if any(trick in tail + chunk for trick in _TRICKS):
            text = _("%(name)s: the workbook holds XML definitions that Excel never writes; save it again in Excel.")
            raise DataError(text % {"name": name})
        tail, first = chunk[-16:], False
        tags += chunk.count(b"<")
    return tags


def _is_utf8(start: bytes) -> bool:
    """Tell whether the XML is in the encoding in which tricks are looked for."""
    if b"\x00" in start[:8]:
        return False
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf"))
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii", b"ascii")
