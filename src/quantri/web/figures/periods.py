"""Periods of figures by a short key for addresses and forms, such as quarter-2026-1."""

import re

from quantri.errors import DataError
from quantri.web.deadlines.periods import Period, kinds, periods_of

KEY = re.compile(r"([a-z_]{1,12})-(\d{4})-(\d{1,2})", re.ASCII)
YEARS = range(2010, 2101)


def key_of(period: Period) -> str:
    return f"{period.kind}-{period.year}-{period.number}"


def period_of(key: str) -> Period:
    """Return the period that a key names; DataError when there is none.

    Examples
    --------
    >>> period_of("quarter-2026-2").name_vi
    'quý 2/2026'
    """
    found = KEY.fullmatch(key)
    if found and found[1] in kinds() and int(found[2]) in YEARS:
        periods = periods_of(found[1], int(found[2]))
        if 1 <= int(found[3]) <= len(periods):
            return periods[int(found[3]) - 1]
    raise DataError("{key!r} is no period; take one from the list", key=key[:40])


def before(period: Period) -> Period | None:
    """Return the period of the same kind that came before; a part of a year that begins anew follows last year's."""
    if period.number > 1:
        return periods_of(period.kind, period.year)[period.number - 2]
    return periods_of(period.kind, period.year - 1)[-1] if period.year - 1 in YEARS else None
