"""What is printed arrives: quietly where a reader has enough, and readable on a terminal without our letters."""

import codecs
import io
import os
import sys
import unicodedata

from quantri.errors import DataError
from quantri.said import reason
from quantri.text import one_line

BROKEN_PIPE = 141  # what a shell reports of a program that ended because nobody reads on
_SIGNS = {"đ": "d", "Đ": "D", "→": "->", "–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "…": "...", "−": "-"}


def prepare(form: str) -> None:
    """Write JSON and CSV as UTF-8 wherever they go; write a table with bare letters where ours cannot be shown."""
    codecs.register_error("quantri.bare", _bare)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if form != "table" and stream is sys.stdout:
                stream.reconfigure(encoding="utf-8")
            else:
                stream.reconfigure(errors="quantri.bare")


def put(text: str) -> int:
    """Print an answer; return the exit code.

    Raises
    ------
    DataError
        If it cannot be written where it goes, as on a full disk.
    """
    if sys.stdout is None:  # closed by who called
        return 0
    try:
        print(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget()
        return BROKEN_PIPE
    except OSError as fault:
        _forget()
        raise DataError(
            "the answer cannot be written ({reason}); check the space left where it goes", reason=reason(fault)
        ) from None
    return 0


def _forget() -> None:
    """Let what is left go nowhere, so that Python's own last flush is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(sentence: str) -> None:
    """Print one fault as one line."""
    print(f"quantri: {one_line(sentence)}", file=sys.stderr)


def _bare(fault: UnicodeError) -> tuple[str, int]:
    """Take the marks from letters that a terminal cannot show; a question mark for what has no bare form."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return "".join(map(_letter, fault.object[fault.start : fault.end])), fault.end


def _letter(sign: str) -> str:
    bare = _SIGNS.get(sign, unicodedata.normalize("NFD", sign)[0])
    return bare if bare.isascii() else "?"
