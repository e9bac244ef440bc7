"""Worked clocks, each counted by hand with its article, and what holds for every count."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantri.errors import DataError
from quantri.web.deadlines.counting import (
    CalendarMissing,
    Limit,
    Pause,
    Unit,
    WorkingCalendar,
    count,
    extended,
    latest_before,
)
from quantri.web.deadlines.reading import package_calendars
from quantri.web.deadlines.rules import package_rules

CALENDAR = WorkingCalendar(
    years=frozenset(package_calendars()), days={d.date: d for c in package_calendars().values() for d in c.days}
)
RULES = {rule.id: rule for rule in package_rules()}


def limit_of(rule: str) -> Limit:
    return Limit(amount=RULES[rule].amount, unit=Unit(RULES[rule].unit))


D = date.fromisoformat


@pytest.mark.parametrize(
    ("rule", "start", "due", "rolled_from"),
    [
        # 20/2008/NĐ-CP 9(1)(d), 5 working days. Friday 13/2; 14-22/2 weekends and Tết; 23, 24, 25, 26, 27.
        ("feedback.forward_outside", "2026-02-13", "2026-02-27", None),
        # The same over 30/4/2024: 25, 26; 29 swapped, 30/4 and 1/5 off; 2/5, 3/5, and Saturday 4/5 is worked.
        ("feedback.forward_outside", "2024-04-24", "2024-05-04", None),
        # The same over 30/4/2023: three days off in a row; 4, 5, 8, 9, 10/5.
        ("feedback.forward_outside", "2023-04-28", "2023-05-10", None),
        # The same over Tết 2021: 10-16/2 off; 17, 18, 19, 22, 23.
        ("feedback.forward_outside", "2021-02-09", "2021-02-23", None),
        # 356/2025/NĐ-CP 5, 2 working days: Friday 25/4 and the swapped Saturday 26/4/2025.
        ("data.request_reply", "2025-04-24", "2025-04-26", None),
        # 10/2022/QH15 12(3), 5 working days over the new year: 1/1 off, 2/1 swapped; 5, 6, 7, 8, 9/1.
        ("democracy.publish_within", "2025-12-31", "2026-01-09", None),
        # The same: 6, 7, 8, 9, and Saturday 10/1/2026 is worked for 2/1.
        ("democracy.publish_within", "2026-01-05", "2026-01-10", None),
        # The same before National Day: 21, Saturday 22/8 worked, 24, 25, 26.
        ("democracy.publish_within", "2026-08-20", "2026-08-26", None),
        # 42/2013/QH13 28(1), 10 working days: 25-28/8; 31/8 swapped, 1 and 2/9 off; 3, 4, 7, 8, 9, 10/9.
        ("boundary.reception_answer", "2026-08-24", "2026-09-10", None),
        # 104/2016/QH13 30(3), 3 working days: 23 (a swap is only proposed), 24/11 off (28/2026/QH16), 25, 26.
        ("info.online", "2026-11-20", "2026-11-26", None),
        # 25/2018/QH14 24(1), 7 working days: 26-29/8; 1 and 2/9/2025 off; 3, 4, 5.
        ("boundary.denunciation_check", "2025-08-25", "2025-09-05", None),
        # 155/2026/NĐ-CP 10, 7 working days from the first day of the decree: 2, 3, 6, 7, 8, 9, 10/7.
        ("boundary.complaint_accept", "2026-07-01", "2026-07-10", None),
        # 10/2022/QH15 40(1)(c), 15 calendar days: 17/2 lies in Tết, so the end of Monday 23/2 (Civil Code 148(5)).
        ("pib.answer", "2026-02-02", "2026-02-23", "2026-02-17"),
        # 10/2022/QH15 45(2)(c), 15 calendar days: 22/3 is a Sunday.
        ("cisb.answer", "2026-03-07", "2026-03-23", "2026-03-22"),
        # The same in 2022: 2/5 and 3/5 are days off instead of the weekend's holidays.
        ("cisb.answer", "2022-04-17", "2022-05-04", "2022-05-02"),
        # 02/2011/QH13 28, 30 calendar days: 1/5 off, then a weekend.
        ("boundary.complaint_first", "2026-04-01", "2026-05-04", "2026-05-01"),
        # 02/2011/QH13 9, 90 calendar days: 27 in June, 31, 31, 1; 1 and 2/9 off.
        ("boundary.complaint_limit", "2026-06-03", "2026-09-03", "2026-09-01"),
        # 91/2025/QH15 21(1), 60 calendar days from 1/1: 30, 28, 2; a Monday.
        ("data.impact", "2026-01-01", "2026-03-02", None),
        # 10/2022/QH15 51(1), 3 months from 30/11: February has no 30th, its last day is a Saturday.
        ("democracy.office_conference", "2025-11-30", "2026-03-02", "2026-02-28"),
        # 10/2022/QH15 28(2), opinions for 20 calendar days: 19/2 lies in Tết.
        ("democracy.consult", "2026-01-30", "2026-02-23", "2026-02-19"),
    ],
)
def test_a_clock_ends_where_it_ends_by_hand(rule, start, due, rolled_from):
    counted = count(limit_of(rule), D(start), CALENDAR)
    assert (counted.due_on, counted.rolled_from) == (D(due), D(rolled_from) if rolled_from else None)
    assert counted.first_day == D(start) + timedelta(days=1)  # day zero is not counted: Civil Code 147(2)


@pytest.mark.parametrize(
    ("rule", "event", "latest"),
    [
        # 59/2023/NĐ-CP 14(1)(b), 5 working days before: 8, 7, 6, 5, 4/5.
        ("pib.plan_notice", "2026-05-11", "2026-05-04"),
        # The same over 30/4: 4/5, 29/4, 28/4; 27/4 off for Hùng Kings' Day; 24, 23/4.
        ("pib.plan_notice", "2026-05-05", "2026-04-23"),
        # 59/2023/NĐ-CP 11(1)(c), 5 calendar days before a Sunday.
        ("democracy.village_notice", "2026-12-20", "2026-12-15"),
        # 10/2022/QH15 45(1)(b), 45 calendar days before: 1/5, which is off as 30/4 is, so 29/4.
        ("cisb.notice", "2026-06-15", "2026-04-29"),
    ],
)
def test_what_must_lie_before_an_event_is_counted_back(rule, event, latest):
    assert latest_before(limit_of(rule), D(event), CALENDAR).due_on == D(latest)


def test_hours_run_from_the_moment_over_a_weekend():
    """91/2025/QH15 23(1), 72 hours; Civil Code 147(1)."""
    counted = count(limit_of("data.breach"), datetime(2026, 7, 10, 16, 30), CALENDAR)  # noqa: DTZ001 - a wall clock
    assert counted.due_at == datetime(2026, 7, 13, 16, 30)  # noqa: DTZ001


def test_months_end_on_the_corresponding_day_or_on_the_last():
    """Civil Code 148(3)."""
    assert count(Limit(amount=1, unit=Unit.MONTH), D("2024-01-31"), CALENDAR).due_on == D("2024-02-29")
    assert count(Limit(amount=1, unit=Unit.YEAR), D("2024-02-29"), CALENDAR).due_on == D("2025-02-28")


def test_an_extension_begins_where_the_limit_ended():
    """104/2016/QH13 29, 10 working days and 10 more: 16/3, then 30/3."""
    rule = RULES["info.in_person"]
    first = count(limit_of("info.in_person"), D("2026-03-02"), CALENDAR)
    assert first.due_on == D("2026-03-16")
    assert extended(first, rule.extensions[0].limit, CALENDAR).due_on == D("2026-03-30")


def test_days_of_a_pause_do_not_count():
    pause = Pause(starts_on=D("2026-03-04"), ends_on=D("2026-03-09"))
    working = count(Limit(amount=5, unit=Unit.WORKING_DAY), D("2026-03-02"), CALENDAR, [pause])
    assert working.due_on == D("2026-03-12")  # 3, then 9, 10, 11, 12
    days = count(Limit(amount=10, unit=Unit.CALENDAR_DAY), D("2026-03-02"), CALENDAR, [pause])
    assert days.due_on == D("2026-03-17")  # 12, and five days more


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([("2026-02-02", "2026-02-20")], "2026-03-12"),  # over before the limit began
        ([("2026-03-04", "2026-03-07"), ("2026-03-04", "2026-03-09")], "2026-03-17"),  # one inside another
        ([("2026-03-20", "2026-03-25")], "2026-03-12"),  # after the limit's end
        ([("2026-02-25", "2026-03-05")], "2026-03-16"),  # two days of it lie in the limit; 14/3 is a Saturday
    ],
)
def test_only_days_of_a_pause_within_the_limit_move_its_end(pauses, due):
    limit = Limit(amount=10, unit=Unit.CALENDAR_DAY)
    stood = [Pause(starts_on=D(a), ends_on=D(b)) for a, b in pauses]
    assert count(limit, D("2026-03-02"), CALENDAR, stood).due_on == D(due)


def test_a_limit_in_hours_is_not_extended_and_no_date_lies_past_the_last_one():
    hours = count(Limit(amount=72, unit=Unit.HOUR), datetime(2026, 7, 10, 16, 30), CALENDAR)  # noqa: DTZ001
    with pytest.raises(DataError):
        extended(hours, Limit(amount=1, unit=Unit.WORKING_DAY), CALENDAR)
    for unit in (Unit.YEAR, Unit.CALENDAR_DAY, Unit.HOUR):
        with pytest.raises(DataError, match="too far"):
            count(Limit(amount=10**9, unit=unit), datetime(2026, 3, 2, 8), CALENDAR)  # noqa: DTZ001


def test_every_skipped_day_says_why():
    counted = count(limit_of("feedback.forward_outside"), D("2026-02-13"), CALENDAR)
    reasons = [(s.date.day, s.reason, s.special and s.special.name_vi) for s in counted.skipped]
    assert reasons[:3] == [(14, "weekend", None), (15, "weekend", None), (16, "day_off", "Tết Nguyên đán")]
    assert len(reasons) == 9


def test_a_count_into_a_year_without_calendar_is_refused_and_never_guessed():
    with pytest.raises(CalendarMissing, match="2027"):
        count(Limit(amount=5, unit=Unit.WORKING_DAY), D("2026-12-30"), CALENDAR)
    with pytest.raises(CalendarMissing):
        count(Limit(amount=15, unit=Unit.CALENDAR_DAY), D("2026-12-30"), CALENDAR)


@pytest.mark.parametrize("limit", [Limit(amount=0, unit=Unit.WORKING_DAY), Limit(amount=-1, unit=Unit.HOUR)])
def test_no_limit_is_shorter_than_one(limit):
    with pytest.raises(DataError):
        count(limit, datetime(2026, 3, 2, 8), CALENDAR)  # noqa: DTZ001


def test_hours_need_a_moment():
    with pytest.raises(DataError):
        count(Limit(amount=72, unit=Unit.HOUR), D("2026-03-02"), CALENDAR)


days = st.dates(D("2021-03-01"), D("2026-06-30"))
amounts = st.integers(1, 60)


@given(days, amounts)
def test_a_working_day_limit_ends_on_a_working_day_that_many_working_days_later(day, n):
    due = count(Limit(amount=n, unit=Unit.WORKING_DAY), day, CALENDAR).due_on
    assert CALENDAR.is_working(due)
    assert CALENDAR.working_days_between(day, due) == n == -CALENDAR.working_days_between(due, day)
    assert due == CALENDAR.add_working_days(day, n)


@given(days, amounts)
def test_going_back_the_same_number_leads_to_the_last_working_day_at_or_before_the_start(day, n):
    there = CALENDAR.add_working_days(day, n)
    back = CALENDAR.add_working_days(there, -n)
    assert back == CALENDAR.previous_working(day)


@given(days, days, amounts, st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH]))
def test_who_starts_later_never_ends_earlier(one, other, n, unit):
    limit = Limit(amount=n if unit is not Unit.MONTH else 1 + n % 5, unit=unit)
    first, second = sorted([one, other])
    assert count(limit, first, CALENDAR).due_on <= count(limit, second, CALENDAR).due_on


@given(days)
def test_rolling_twice_is_rolling_once(day):
    rolled = CALENDAR.next_working(day)
    assert CALENDAR.next_working(rolled) == rolled and rolled >= day
