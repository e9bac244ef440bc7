"""The file around the sheets: an .xlsx without macros, of bounded size, whose XML plays no tricks."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import Enum, auto
from typing import IO

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_TRICKS = (b"<!DOCTYPE", b"<!ENTITY")
_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")
_CHUNK = 2**20
BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, TypeError, AttributeError, EOFError, OSError,
    SyntaxError, RuntimeError, ArithmeticError,
)  # fmt: skip  # all that zipfile, the XML reader and openpyxl raise on what is no sound workbook


class EnvelopeFault(Enum):
    """Why a file is not opened as a workbook."""

    OLD_OR_LOCKED = auto()
    NO_WORKBOOK = auto()
    MACROS = auto()
    TOO_BIG = auto()
    TRICKS = auto()
    DAMAGED = auto()


@dataclass(frozen=True, kw_only=True)
class EnvelopeBounds:
    """How much a workbook may hold once it is unpacked.

    Parameters
    ----------
    n_bytes, n_text_bytes : int
        Size of all entries, and of the shared texts, which are read into memory at once.
    n_entries : int
        Files in the archive.
    n_tags : int
        Tags in all XML; a cell takes about four.
    """

    n_bytes: int
    n_text_bytes: int
    n_entries: int
    n_tags: int


def find_envelope_fault(file: IO[bytes], name: str, bounds: EnvelopeBounds) -> EnvelopeFault | None:
    """Say why a workbook must not be opened, or None; nothing is unpacked into memory.

    Parameters
    ----------
    file : binary file
        Can be read anywhere; the first bytes and then the archive are looked at.
    name : str
        Name of the file, for its ending.
    bounds : EnvelopeBounds
        What it may hold.
    """
    start = file.read(8)
    if start == _OLE:
        return EnvelopeFault.OLD_OR_LOCKED
    if not start.startswith(b"PK"):
        return EnvelopeFault.NO_WORKBOOK
    try:
        with zipfile.ZipFile(file) as archive:
            return _in_entries(archive, name, bounds) or _in_parts(archive, bounds)
    except BROKEN:
        return EnvelopeFault.DAMAGED


def _in_entries(archive: zipfile.ZipFile, name: str, bounds: EnvelopeBounds) -> EnvelopeFault | None:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if name.lower().endswith((".xlsm", ".xltm", ".xlam")) or any(n.endswith("vbaproject.bin") for n in names):
        return EnvelopeFault.MACROS
    if "xl/workbook.xml" not in names:
        return EnvelopeFault.NO_WORKBOOK
    texts = sum(entry.file_size for entry in entries if "sharedstrings" in entry.filename.lower())
    size = sum(entry.file_size for entry in entries)
    if len(entries) > bounds.n_entries or size > bounds.n_bytes or texts > bounds.n_text_bytes:
        return EnvelopeFault.TOO_BIG
    return None


def _in_parts(archive: zipfile.ZipFile, bounds: EnvelopeBounds) -> EnvelopeFault | None:
    left = bounds.n_tags
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(entry) as part:
                found = _in_xml(part, left)
            if isinstance(found, EnvelopeFault):
                return found
            left -= found
    return None


def _in_xml(part: IO[bytes], n_tags: int) -> EnvelopeFault | int:
    """Look for tricks; without any, the number of tags."""
    tail = b""
    first = True
    tags = 0
    while chunk := part.read(_CHUNK):
        if first and not _is_utf8(chunk):
            return EnvelopeFault.DAMAGED
        if any(trick in tail + chunk for trick in _TRICKS):
            return EnvelopeFault.TRICKS
        found = chunk.count(b"<")
        if len(chunk) == _CHUNK and not found:  # a cell holds 32,767 letters at most
            return EnvelopeFault.DAMAGED
        tail, first, tags = chunk[-16:], False, tags + found
        if tags > n_tags:
            return EnvelopeFault.TOO_BIG
    return tags


def _is_utf8(start: bytes) -> bool:
    """Tell whether the XML is in the encoding in which tricks are looked for."""
    if b"\x00" in start[:8]:
        return False
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf"))
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii", b"ascii")
