"""The calendar that holds: that of the package, replaced by locked years, with the days that people set apart."""

import hashlib
from datetime import date
from functools import lru_cache
from time import monotonic
from typing import NamedTuple

from django.db.models import BooleanField, DateField, Field, IntegerField, Value
from django.db.models.functions import Cast

from quantri.web.accounts.remembering import once_a_page
from quantri.web.deadlines.counting import SpecialDay, WorkingCalendar
from quantri.web.deadlines.models import CalendarYear, DayOverride
from quantri.web.deadlines.reading import YearCalendar, calendar_of, package_calendars

OCTOBER = 10  # from then on a missing calendar of the next year is warned of; our own choice
BELIEVED = 60  # seconds in which a process does not ask again whether a year is missing
_missing_until: dict[int, float] = {}


class Stored(NamedTuple):
    """A locked year with its text, or a day that is set apart."""

    year: int | None
    text: str
    date: date
    is_off: bool
    name_vi: str
    document: str


def years() -> dict[int, YearCalendar]:
    """Calendars by their year, locked ones before those of the package."""
    locked = {row.year: _parsed(row.text, str(row.year)) for row in _stored() if row.year is not None}
    found = dict(package_calendars()) | locked
    for year in found:
        _missing_until.pop(year, None)
    return found


def _stored() -> list[Stored]:
    """Locked years and days set apart, in one question; while a page is made it is asked once."""
    return once_a_page("calendars", _read_stored)


def _read_stored() -> list[Stored]:
    no_day = {"date": _null(DateField()), "is_off": _null(BooleanField()), "name_vi": Value(""), "document": Value("")}
    locked = CalendarYear.objects.filter(state=CalendarYear.State.LOCKED).annotate(**no_day)
    days = DayOverride.objects.filter(retracted_at=None).annotate(year=_null(IntegerField()), text=Value(""))
    first, second = (rows.order_by().values_list(*Stored._fields) for rows in (locked, days))
    return [Stored(*row) for row in first.union(second, all=True)]


def _null(kind: Field) -> Cast:
    return Cast(Value(None), kind)


@lru_cache(maxsize=16)
def _parsed(text: str, name: str) -> YearCalendar:
    return calendar_of(text, name)


def known_years() -> frozenset[int]:
    """Years whose calendar is there."""
    return frozenset(years())


def overrides() -> list[DayOverride]:
    """Days that are set apart and were not retracted."""
    return list(DayOverride.objects.filter(retracted_at=None))


def current() -> WorkingCalendar:
    """Return the calendar as it holds now; one query."""
    known = years()
    days = {day.date: day for each in known.values() for day in each.days}
    days |= {row.date: _special(row) for row in _stored() if row.year is None}
    return WorkingCalendar(years=frozenset(known), days=days)


def mark_of(calendar: WorkingCalendar) -> str:
    """Short name of a calendar's content; another content has another."""
    told = [f"{day.date}{'-' if day.is_off else '+'}" for day in calendar.days.values()]
    return hashlib.sha256(" ".join([*map(str, sorted(calendar.years)), *sorted(told)]).encode()).hexdigest()


def missing_year(today: date) -> int | None:
    """Year whose calendar is needed and not there: this one, and from October the next one.

    What the package brings needs no question, and that a year is missing is believed for a minute, so that a page that
    warns asks nothing more than before. A calendar that is read or locked here ends the belief at once.
    """
    needed = [today.year, *([today.year + 1] if today.month >= OCTOBER else [])]
    return next((year for year in needed if year not in package_calendars() and _is_missing(year)), None)


def believe_nothing() -> None:
    """Forget which calendars are missing; called when one is locked."""
    _missing_until.clear()


def _is_missing(year: int) -> bool:
    if _missing_until.get(year, 0) > monotonic():
        return True
    if year in known_years():
        return False
    _missing_until[year] = monotonic() + BELIEVED
    return True


def _special(row: Stored) -> SpecialDay:
    return SpecialDay(
        date=row.date, is_off=row.is_off, name_vi=row.name_vi, name_en=row.name_vi, document=row.document
    )  # fmt: skip
