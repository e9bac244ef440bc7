"""Counting time as Vietnamese offices do; nothing here knows Django, a database or the present day.

The day of the event is day zero and is not counted; a limit ends at the end of its last day; a limit in calendar days,
months or years that ends on a day off ends on the next working day; one in hours runs from the moment itself
(Civil Code 91/2015/QH13, articles 147 and 148). Weekends are off unless the calendar says that a day of one is worked.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from quantri.errors import DataError

DAY = timedelta(days=1)
SATURDAY = 5
FARTHEST = 4000  # days that one count may run through


class CalendarMissing(DataError):
    """A count runs into a year of which no calendar is known; working days there cannot be told."""


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A weekday that is off, or a weekend day that is worked (ngày nghỉ, ngày làm bù), with where it is written."""

    date: date
    is_off: bool
    name_vi: str
    name_en: str
    document: str
    certainty: str = "A"
    instead_of: date | None = None


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of offices in the years that are known (lịch làm việc)."""

    years: frozenset[int]
    days: Mapping[date, SpecialDay] = field(default_factory=dict)

    def knows(self, year: int) -> bool:
        """Say whether the calendar of a year is there."""
        return year in self.years

    def is_working(self, day: date) -> bool:
        """Say whether offices work on a day; CalendarMissing when nobody knows."""
        if not self.knows(day.year):
            raise CalendarMissing("there is no working calendar of {year} yet", year=day.year)
        special = self.days.get(day)
        return day.weekday() < SATURDAY if special is None else not special.is_off

    def next_working(self, day: date) -> date:
        """First working day on or after a day."""
        return next(d for d in _days(day) if self.is_working(d))

    def previous_working(self, day: date) -> date:
        """Last working day on or before a day."""
        return next(d for d in _days(day, -1) if self.is_working(d))

    def add_working_days(self, day: date, n: int) -> date:
        """Go n working days on, or back when n is negative; the day itself is not counted."""
        step = 1 if n >= 0 else -1
        left = abs(n)
        for each in _days(day, step):
            left -= each != day and self.is_working(each)
            if not left:
                return each
        raise AssertionError("days do not end")

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days after one day up to and with another; negative when that one lies before."""
        if until < after:
            return -self.working_days_between(until, after)
        return sum(self.is_working(after + n * DAY) for n in range(1, (until - after).days + 1))


class Unit(StrEnum):
    """What a limit is counted in; the law's word decides, "ngày" alone is a calendar day."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A time limit (thời hạn): never a number without its unit."""

    amount: int
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Days that do not count, half-open; only where a rule names a pause."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """A day that was not counted, and why."""

    date: date
    reason: str  # weekend | day_off | pause
    special: SpecialDay | None = None


@dataclass(frozen=True, kw_only=True)
class Count:
    """A limit counted out: its day zero, every day that was skipped, and where a day off moved its end."""

    limit: Limit
    day_zero: date
    first_day: date
    due_on: date
    skipped: tuple[Skipped, ...] = ()
    rolled_from: date | None = None
    due_at: datetime | None = None  # of a limit in hours


def count(limit: Limit, start: datetime | date, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()) -> Count:
    """Count a limit from the event that starts it.

    Parameters
    ----------
    start
        Day of the event; for a limit in hours its moment.
    """
    if limit.amount < 1:
        raise DataError("a limit must be at least 1, not {amount}", amount=limit.amount)
    try:
        return _counted(limit, start, calendar, _in_order(pauses))
    except DataError:
        raise
    except (OverflowError, ValueError):  # past the last day that a date can hold
        raise DataError("the limit runs too far ahead to be counted") from None


def extended(counted: Count, more: Limit, calendar: WorkingCalendar) -> Count:
    """Run a limit on after its end; the day on which it would have ended is day zero of the rest."""
    if Unit.HOUR in (counted.limit.unit, more.unit):
        raise DataError("a limit in hours is not extended")
    rest = count(more, counted.due_on, calendar)
    return Count(
        limit=counted.limit, day_zero=counted.day_zero, first_day=counted.first_day, due_on=rest.due_on,
        skipped=counted.skipped + rest.skipped, rolled_from=rest.rolled_from,
    )  # fmt: skip


def latest_before(limit: Limit, event: date, calendar: WorkingCalendar) -> Count:
    """Count back to the last day for what must lie at least so long before an event.

    A last day that is off is moved forward in time nowhere in the law, so the working day before it is the safe one.
    """
    if limit.unit is Unit.WORKING_DAY:
        due = aim = calendar.add_working_days(event, -limit.amount)
    elif limit.unit is Unit.CALENDAR_DAY:
        aim = event - limit.amount * DAY
        due = calendar.previous_working(aim)
    else:
        raise DataError("only days are counted back, not {unit}", unit=limit.unit.value)
    passed = _between(due, event if limit.unit is Unit.WORKING_DAY else aim + DAY)
    skipped = tuple(why for day in passed if (why := _why_not(day, calendar, ())))
    return Count(
        limit=limit, day_zero=event, first_day=event - DAY, due_on=due, skipped=skipped,
        rolled_from=aim if aim != due else None,
    )  # fmt: skip


def _counted(
    limit: Limit, start: datetime | date, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> Count:  # fmt: skip
    if limit.unit is Unit.HOUR:
        return _hours(limit, start)
    day_zero = start.date() if isinstance(start, datetime) else start
    if limit.unit is Unit.WORKING_DAY:
        return _working_days(limit, day_zero, calendar, pauses)
    last = _last_day(limit, day_zero)
    stands_until = day_zero + DAY
    for pause in pauses:
        begins = max(pause.starts_on, stands_until)
        if begins <= last and pause.ends_on > begins:
            last += pause.ends_on - begins
            stands_until = pause.ends_on
    return _rolled(limit, day_zero, last, calendar, pauses)


def _in_order(pauses: Sequence[Pause]) -> list[Pause]:
    return sorted(pauses, key=lambda pause: pause.starts_on)


def _hours(limit: Limit, start: datetime | date) -> Count:
    if not isinstance(start, datetime):
        raise DataError("a limit in hours needs the moment at which it starts")
    due = start + timedelta(hours=limit.amount)
    return Count(limit=limit, day_zero=start.date(), first_day=start.date(), due_on=due.date(), due_at=due)


def _working_days(limit: Limit, day_zero: date, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> Count:
    skipped: list[Skipped] = []
    left, day = limit.amount, day_zero
    while left:
        day += DAY
        why = _why_not(day, calendar, pauses)
        if why is None:
            left -= 1
        else:
            skipped.append(why)
        if (day - day_zero).days > FARTHEST:
            raise DataError("the limit runs too far ahead to be counted")
    return Count(limit=limit, day_zero=day_zero, first_day=day_zero + DAY, due_on=day, skipped=tuple(skipped))


def _rolled(
    limit: Limit, day_zero: date, last: date, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> Count:  # fmt: skip
    due = calendar.next_working(last)
    passed = [_why_not(day, calendar, ()) for day in _between(last, due)]
    stood = {day for pause in pauses for day in _between(max(pause.starts_on, day_zero + DAY), pause.ends_on)}
    paused = [Skipped(date=day, reason="pause") for day in sorted(stood) if day <= last]
    return Count(
        limit=limit, day_zero=day_zero, first_day=day_zero + DAY, due_on=due,
        skipped=tuple(skipped for skipped in (*paused, *passed) if skipped), rolled_from=last if due != last else None,
    )  # fmt: skip


def _why_not(day: date, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> Skipped | None:
    if any(pause.starts_on <= day < pause.ends_on for pause in pauses):
        return Skipped(date=day, reason="pause")
    if calendar.is_working(day):
        return None
    special = calendar.days.get(day)
    return Skipped(date=day, reason="day_off" if special else "weekend", special=special)


def _last_day(limit: Limit, day_zero: date) -> date:
    if limit.unit is Unit.CALENDAR_DAY:
        return day_zero + limit.amount * DAY
    return _months_on(day_zero, limit.amount * (12 if limit.unit is Unit.YEAR else 1))


def _months_on(day: date, n: int) -> date:
    """Corresponding day n months on; the month's last day where there is none (article 148(3))."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _between(start: date, end: date) -> Iterator[date]:
    """Give the days from one on, up to and without another."""
    return (start + n * DAY for n in range((end - start).days))


def _days(day: date, step: int = 1) -> Iterator[date]:
    while True:
        yield day
        day += step * DAY
