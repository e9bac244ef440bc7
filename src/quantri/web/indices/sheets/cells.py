"""One cell becomes a number, or nothing where nothing is published, or a sentence about what is wrong."""

import math
import re
from datetime import date, time, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from quantri.web.indices.sheets.grid import Value

_EMPTY = {"", "-", "–", "—", "n/a", "na", "n.a.", "n.a"}
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


class CellError(ValueError):
    """A cell that is neither a number nor empty; the text is translated."""


def number(value: Value) -> float | None:
    """Read a cell as a number, with comma or point; None where it says that nothing is published."""
    if isinstance(value, bool):
        raise CellError(_("This is TRUE or FALSE, not a number; type the score."))
    if isinstance(value, int | float):
        return _finite(value)
    if isinstance(value, date | time | timedelta):  # datetime is a date
        raise CellError(_("Excel took this for a date; set the cell's format to number and type the score again."))
    text = "" if value is None else str(value).strip()
    if text.lower() in _EMPTY:
        return None
    if not _NUMBER.fullmatch(text):
        raise CellError(_("“%(text)s” is no number; correct it, or leave the cell empty.") % {"text": text[:40]})
    return _finite(float(text.replace(",", ".")))


def share(value: Value) -> float | None:
    """Read a cell as `number` does, and a text such as ``74,5%`` as the share 0.745."""
    if isinstance(value, str) and value.endswith("%"):
        percent = number(value[:-1])
        return None if percent is None else percent / 100
    return number(value)


def _finite(value: float) -> float:
    try:
        exact = float(value)
    except OverflowError:
        exact = math.inf
    if not math.isfinite(exact):
        raise CellError(_("This number is too big to be a score; correct it."))
    return exact


def written(value: float) -> str:
    """Write a score as the reader's language does, with two decimals or more: 5,40 and 5,427534 in Vietnamese."""
    if abs(value) >= 1e6:  # no score: a hundred digits would help nobody
        return f"{value:g}"
    text = f"{value:.6f}".rstrip("0")
    return number_format(text, max(2, len(text.partition(".")[2])))


def written_bound(value: float) -> str:
    """Write the end of a scale as the reader's language does, without needless zeros: 0,25 and 10."""
    return number_format(f"{value:g}")


def n_decimals(value: float) -> int:
    """Decimals with which a score was printed, from 2 to 9."""
    return next((n for n in range(2, 9) if abs(round(value, n) - value) < 1e-9), 9)
