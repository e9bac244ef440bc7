"""When somebody is reminded: each window once, in working days."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.deadlines.reading import package_calendars
from quantri.web.followup.windows import DaysLeft, house_rules

RULES = house_rules()
CALENDAR = WorkingCalendar(
    years=frozenset(package_calendars()), days={d.date: d for c in package_calendars().values() for d in c.days}
)


@pytest.mark.parametrize(
    ("left", "window"),
    [(30, ""), (8, ""), (7, "before 7"), (4, "before 7"), (3, "before 3"), (1, "before 1"), (0, "before 0"),
     (-1, "after 1"), (-5, "after 1"), (-6, "after 6"), (-10, "after 6"), (-11, "after 11")],
)  # fmt: skip
def test_the_window_is_the_last_one_that_was_reached(left, window):
    assert RULES.window(left) == window


@given(st.integers(-300, 300))
def test_windows_follow_each_other_and_none_comes_back(left):
    seen = [RULES.window(n) for n in range(left, left - 20, -1)]
    assert all(seen.index(w) + seen.count(w) - 1 == len(seen) - 1 - seen[::-1].index(w) for w in seen)


def test_days_left_are_working_days_and_calendar_days_only_where_none_is_known():
    days = DaysLeft(date(2026, 2, 13), CALENDAR)
    assert days.to(date(2026, 2, 23)) == 1 and not days.is_guessed  # Tết lies between
    late = DaysLeft(date(2026, 12, 30), CALENDAR)
    assert late.to(date(2027, 1, 8)) == 9 and late.is_guessed


@pytest.mark.parametrize(
    ("moment", "works"),
    [("2026-03-02T06:59", False), ("2026-03-02T07:00", True), ("2026-03-02T16:59", True), ("2026-03-02T17:00", False),
     ("2026-03-01T09:00", False), ("2026-01-10T09:00", True), ("2026-02-17T09:00", False), ("2031-03-03T09:00", True)],
)  # fmt: skip
def test_letters_are_written_in_office_hours_of_working_days(moment, works):
    assert RULES.is_office_time(datetime.fromisoformat(moment), CALENDAR) is works
