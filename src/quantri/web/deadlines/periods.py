"""Report periods: from when to when their figures run, and by when they are sent; the days are data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Period:
    """One report period (kỳ báo cáo); `cut_off_on` is the last day for units, `province_until` for the synthesis."""

    kind: str
    year: int
    number: int
    starts_on: date
    ends_on: date
    cut_off_on: date
    province_until: date
    name_vi: str
    name_en: str

    @property
    def name(self) -> str:
        """Name in the language of documents."""
        return self.name_vi


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Days of a period's last month by which units and the province send, from a day on."""

    valid_from: date
    units_until: int
    province_until: int
    document: str


@cache
def reporting_rule() -> Mapping[str, Any]:
    """Read the rule of report periods that comes with the package."""
    return tomllib.loads(resources.files("quantri").joinpath("data/rules/reporting.toml").read_text("utf-8"))


def model_sending() -> Sending:
    """Give the days of sending that the package holds: the model of another field, not a rule for PAPI plans."""
    sending = reporting_rule()["sending"]
    return Sending(
        valid_from=date.min, units_until=sending["units_until"], province_until=sending["province_until"],
        document=sending["document"],
    )  # fmt: skip


def kinds() -> tuple[str, ...]:
    """Codes of the kinds of periods."""
    return tuple(kind["code"] for kind in reporting_rule()["kind"])


def periods_of(kind: str, year: int, sendings: Sequence[Sending] = ()) -> tuple[Period, ...]:
    """Periods of a kind in a year, first to last.

    Parameters
    ----------
    sendings
        Days of sending that a province set; without any that holds on a period's last day the model of the package.

    Examples
    --------
    >>> [(p.starts_on.isoformat(), p.ends_on.isoformat()) for p in periods_of("quarter", 2026)][0]
    ('2025-12-15', '2026-03-14')
    """
    found = next(k for k in reporting_rule()["kind"] if k["code"] == kind)
    n = 1 if found["from_start"] else 12 // found["months"]
    return tuple(_period(found, year, number, sendings) for number in range(1, n + 1))


def _period(kind: Mapping[str, Any], year: int, number: int, sendings: Sequence[Sending]) -> Period:
    rule, last_month = reporting_rule(), kind["months"] * number
    ends_on = _on(year, last_month, rule["last_day"])
    held = [sending for sending in (model_sending(), *sendings) if sending.valid_from <= ends_on]
    sending = max(held, key=lambda each: each.valid_from)
    first = _on(year, last_month - kind["months"], rule["first_day"])
    words = {"number": number, "year": year}
    return Period(
        kind=kind["code"], year=year, number=number, starts_on=first,
        ends_on=ends_on, cut_off_on=_on(year, last_month, sending.units_until),
        province_until=_on(year, last_month, sending.province_until), name_vi=kind["name_vi"].format(**words),
        name_en=kind["name_en"].format(**words),
    )  # fmt: skip


def _on(year: int, month: int, day: int) -> date:
    """Give a day of a month; month 0 is December of the year before."""
    return date(year - 1, 12, day) if month == 0 else date(year, month, day)
