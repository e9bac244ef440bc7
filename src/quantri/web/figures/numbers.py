"""A cell of a sheet as a number: Vietnamese decimals, percent cells, numbers that were written as text."""

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from quantri.errors import DataError
from quantri.text import nfc
from quantri.web.figures.models import Measure

BLANK = {"", "-", "–", "—"}
PLAIN = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)
GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
UNSURE = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)  # a thousand, or three decimals
DIGITS = Decimal("0.0001")
LARGEST = Decimal(10) ** 10


@dataclass(frozen=True, kw_only=True)
class Number:
    """A value, and how it was read: plain, text or percent."""

    value: Decimal
    how: str


def number_in(cell: object, measure: Measure, *, is_percent: bool) -> Number | None:
    """Read a cell for a measure; None where it is blank; DataError says what is wrong with it."""
    if cell is None or (isinstance(cell, str) and nfc(cell) in BLANK):
        return None
    if isinstance(cell, bool | date | time):
        raise DataError(_("This is no number. Check the format of the cell."))
    text = nfc(str(cell))
    is_written, is_share = isinstance(cell, str), is_percent and not isinstance(cell, str)
    value = _written(text.removesuffix("%").strip()) if is_written else _kept(text)
    if (is_share or text.endswith("%")) and measure.unit != Measure.Unit.PERCENT:
        raise DataError(_("This is a percentage, but the measure is counted otherwise."))
    value = (value * 100 if is_share else value).quantize(DIGITS)
    _check_range(value, measure)
    return Number(value=value, how="text" if is_written else "percent" if is_share else "plain")


def _written(text: str) -> Decimal:
    if UNSURE.fullmatch(text):
        raise DataError(
            _("“%(text)s” may be thousands or a decimal number. Write it as a number, not as a text.") % {"text": text}
        )
    if PLAIN.fullmatch(text):
        return _bounded(Decimal(text.replace(",", ".")))
    if GROUPED.fullmatch(text):
        return _bounded(Decimal(text.replace(".", "").replace(",", ".")))
    raise DataError(_("“%(text)s” is no number. Leave the cell empty if there is none.") % {"text": text[:40]})


def _kept(text: str) -> Decimal:
    try:
        return _bounded(Decimal(text))
    except InvalidOperation:
        raise DataError(
            _("“%(text)s” is no number. Leave the cell empty if there is none.") % {"text": text[:40]}
        ) from None


def _bounded(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= LARGEST:
        raise DataError(_("This number is larger than any figure can be."))
    return value


def _check_range(value: Decimal, measure: Measure) -> None:
    if (measure.lowest is not None and value < measure.lowest) or (
        measure.highest is not None and value > measure.highest
    ):
        facts = {"low": _said(measure.lowest), "high": _said(measure.highest)}
        raise DataError(_("This lies outside what the measure can be: %(low)s to %(high)s.") % facts)


def _said(bound: Decimal | None) -> str:
    return "…" if bound is None else f"{bound.normalize():f}".replace(".", ",")
