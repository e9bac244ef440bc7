"""The clocks that run: each reader's own, next day first, with words for what cannot be counted."""

from datetime import date, datetime
from io import BytesIO
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from openpyxl import load_workbook

from people import SYSTEM, signed_in
from quantri.web.deadlines import calendars, clocks
from quantri.web.deadlines.models import Clock, LegalRule
from quantri.web.deadlines.templatetags.days import days_left

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


NUMBERS = count(1)


def begin(agency, day: str) -> Clock:
    rule = LegalRule.objects.get(rule="feedback.forward_outside")
    started = datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=ZONE)
    event = clocks.Event(matter=f"Việc {next(NUMBERS)}", moment=started, agency=agency)
    return clocks.start_clock(rule, event, by=SYSTEM)


def test_clocks_come_by_their_day_and_those_without_one_last(agency, leader, django_assert_max_num_queries):
    late, later, unknown = (begin(agency, day) for day in ("2026-03-02", "2026-03-09", "2026-12-30"))
    reader = signed_in(leader)
    with django_assert_max_num_queries(20):
        page = reader.get("/en/clocks/").content.decode()
    places = [page.index(f"/clocks/{clock.pk}/") for clock in (late, later, unknown)]
    assert places == sorted(places) and "no working calendar of 2027 yet" in page
    sheet = load_workbook(BytesIO(reader.get("/en/clocks/?format=xlsx").content)).worksheets[0]
    assert [sheet.cell(n, 6).value or "" for n in (2, 3, 4)] == ["2026-03-09", "2026-03-16", ""]


def test_the_number_of_queries_does_not_grow_with_the_clocks(agency, leader, django_assert_max_num_queries):
    for _n in range(55):
        begin(agency, "2026-03-02")
    reader = signed_in(leader)
    with django_assert_max_num_queries(20):
        page = reader.get("/clocks/").content.decode()
    assert page.count('<th scope="row">') == 50


def test_others_see_no_clock_and_nobody_signs_in(agency, outsider, former):
    begin(agency, "2026-03-02")
    for user in (outsider, former):
        assert "One starts when" in signed_in(user).get("/en/clocks/").content.decode()
    assert signed_in(None).get("/clocks/").status_code == 302
    assert signed_in(outsider).post("/clocks/").status_code == 405


@pytest.mark.parametrize(
    ("due", "today", "words"),
    [
        ("2026-03-09", "2026-03-02", "còn 5 ngày làm việc"),
        ("2026-03-03", "2026-03-02", "còn 1 ngày làm việc"),
        ("2026-02-24", "2026-02-13", "còn 2 ngày làm việc"),  # Tết lies between
        ("2026-03-02", "2026-03-02", "hết hạn hôm nay"),
        ("2026-03-02", "2026-03-04", "quá hạn 2 ngày làm việc"),
        ("2027-01-05", "2026-12-30", "chưa có lịch làm việc năm 2027"),
        (None, "2026-12-30", "chưa có hạn"),
    ],
)
def test_days_left_are_said_in_words_and_never_guessed(db, due, today, words):
    with translation.override("vi"):
        said = days_left(date.fromisoformat(due) if due else None, date.fromisoformat(today), calendars.current())
    assert said == words


def test_a_friday_is_over_on_saturday_though_no_working_day_has_gone_by(db):
    with translation.override("en"):
        assert days_left(date(2026, 3, 6), date(2026, 3, 7), calendars.current()) == "overdue"
