"""A year as twelve small months, each day with what it is."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from quantri.web.deadlines.counting import SpecialDay, WorkingCalendar


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A day of a month's sheet; `kind` is working, weekend, off or worked; days of other months are empty."""

    day: date | None
    kind: str = ""
    special: SpecialDay | None = None


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month as weeks from Monday to Sunday."""

    first: date
    weeks: tuple[tuple[Cell, ...], ...]


def months_of(year: int, held: WorkingCalendar) -> Iterator[Month]:
    """Give the months of a year that the calendar knows."""
    sheet = calendar.Calendar()
    for month in range(1, 13):
        weeks = sheet.monthdatescalendar(year, month)
        yield Month(
            first=date(year, month, 1),
            weeks=tuple(tuple(_cell(d, held) if d.month == month else Cell(day=None) for d in week) for week in weeks),
        )


def _cell(day: date, held: WorkingCalendar) -> Cell:
    special = held.days.get(day)
    if special:
        return Cell(day=day, kind="off" if special.is_off else "worked", special=special)
    return Cell(day=day, kind="working" if held.is_working(day) else "weekend")
