"""Clocks: started under a version, paused, extended, stopped, and counted again when the calendar changes."""

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people import SYSTEM, signed_in
from quantri.errors import RuleViolation
from quantri.web.core import jobs
from quantri.web.core.models import AuditEntry, Job
from quantri.web.deadlines import actions, clocks, recounting
from quantri.web.deadlines.models import Clock, LegalRule

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOVED = []


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def start(agency):
    numbers = count(1)

    def begin(rule: str, moment: str) -> Clock:
        event = clocks.Event(matter=f"Việc {next(numbers)}", moment=at(moment), agency=agency)
        return clocks.start_clock(LegalRule.objects.get(rule=rule), event, by=SYSTEM)

    return begin


def test_a_clock_keeps_its_rule_its_count_and_why(start):
    clock = start("feedback.forward_outside", "2026-02-13T16:00")
    assert clock.due_on == date(2026, 2, 27)
    assert clock.explanation["day_zero"] == "2026-02-13"
    assert len(clock.explanation["skipped"]) == 9
    assert clock.explanation["skipped"][2]["name_vi"] == "Tết Nguyên đán"


def test_the_legal_day_is_that_of_viet_nam(start):
    assert start("pib.answer", "2026-03-02T00:30").explanation["day_zero"] == "2026-03-02"  # still the first in UTC


def test_hours_end_at_their_minute(start):
    clock = start("data.breach", "2026-07-10T16:30")
    assert timezone.localtime(clock.due_at) == at("2026-07-13T16:30")


def pausable(rule: str = "feedback.forward_outside") -> str:
    """Let the rule's limit stand still, as a province's own rule may."""
    LegalRule.objects.filter(rule=rule).update(pauses=["Chờ bổ sung hồ sơ"])
    return rule


def test_a_clock_stands_still_only_where_its_rule_names_a_ground(start):
    clock = start("pib.answer", "2026-03-02T08:00")
    with pytest.raises(RuleViolation):
        clocks.pause_clock(clock, date(2026, 3, 4), reason="Chờ", by=SYSTEM)
    assert clock.state == "running"


def test_days_of_a_pause_do_not_count_and_a_second_pause_waits(start):
    clock = start(pausable(), "2026-03-02T08:00")
    assert clock.due_on == date(2026, 3, 9)
    clocks.pause_clock(clock, date(2026, 3, 4), reason="Chờ bổ sung", by=SYSTEM)
    with pytest.raises(RuleViolation):
        clocks.pause_clock(clock, date(2026, 3, 5), reason="Lần hai", by=SYSTEM)
    assert clocks.resume_clock(clock, date(2026, 3, 9), by=SYSTEM).due_on == date(2026, 3, 12)
    with pytest.raises(RuleViolation):
        clocks.resume_clock(clock, date(2026, 3, 10), by=SYSTEM)


def test_a_clock_is_extended_only_as_its_rule_allows(start):
    clock = start("boundary.denunciation_settle", "2026-03-02T08:00")
    for _n in range(2):
        clock = clocks.extend_clock(clock, document="12/QĐ", by=SYSTEM)
    with pytest.raises(RuleViolation):
        clocks.extend_clock(clock, document="13/QĐ", by=SYSTEM)
    with pytest.raises(RuleViolation):
        clocks.extend_clock(start("pib.answer", "2026-03-02T08:00"), document="14/QĐ", by=SYSTEM)


def test_a_stopped_clock_stays_stopped(start):
    clock = clocks.stop_clock(start("pib.answer", "2026-03-02T08:00"), date(2026, 3, 10), by=SYSTEM)
    for act in (lambda: clocks.stop_clock(clock, date(2026, 3, 11), by=SYSTEM),
                lambda: clocks.pause_clock(clock, date(2026, 3, 11), reason="x", by=SYSTEM)):  # fmt: skip
        with pytest.raises(RuleViolation):
            act()


@pytest.mark.parametrize(("paused", "resumed"), [("2026-03-01", None), ("2026-03-04", "2026-03-03")])
def test_a_pause_lies_within_the_clock_and_in_order(start, paused, resumed):
    clock = start(pausable(), "2026-03-02T08:00")
    with pytest.raises(RuleViolation):
        clocks.pause_clock(clock, date.fromisoformat(paused), reason="x", by=SYSTEM)
        clocks.resume_clock(clock, date.fromisoformat(resumed), by=SYSTEM)


def test_a_later_pause_does_not_overlap_an_earlier_one(start):
    clock = start(pausable(), "2026-03-02T08:00")
    clocks.pause_clock(clock, date(2026, 3, 3), reason="x", by=SYSTEM)
    clocks.resume_clock(clock, date(2026, 3, 5), by=SYSTEM)
    with pytest.raises(RuleViolation):
        clocks.pause_clock(clock, date(2026, 3, 4), reason="y", by=SYSTEM)


def test_a_clock_that_stands_still_says_so_and_its_pause_ends_when_it_is_stopped(start, coordinator):
    clock = start(pausable(), "2026-03-02T08:00")
    clocks.pause_clock(clock, date(2026, 3, 4), reason="Chờ bổ sung", by=SYSTEM)
    page = signed_in(coordinator).get(f"/en/clocks/{clock.pk}/").content.decode()
    assert "stands still" in page and "late" not in page
    stopped = clocks.stop_clock(clock, date(2026, 3, 11), by=SYSTEM)
    assert (stopped.due_on, stopped.state) == (date(2026, 3, 16), "stopped")
    assert AuditEntry.objects.get(action="clock.stopped").details["after"]["on_time"] is True


def test_a_clock_is_not_stopped_before_it_was_started(start):
    with pytest.raises(RuleViolation):
        clocks.stop_clock(start("pib.answer", "2026-03-02T08:00"), date(2026, 3, 1), by=SYSTEM)


def test_a_rule_without_time_limit_starts_no_clock(start):
    with pytest.raises(RuleViolation):
        start("pib.deputies", "2026-03-02T08:00")


def test_what_must_lie_before_an_event_counts_back_from_it(start):
    clock = start("pib.plan_notice", "2026-05-05T08:00")
    assert clock.due_on == date(2026, 4, 23)
    assert [d.date.day for d in clock.told["skipped"]] == [25, 26, 27, 30, 1, 2, 3]
    assert clocks.stop_clock(clock, date(2026, 4, 22), by=SYSTEM).state == "stopped"


YEAR_2027 = 'year = 2027\nnotices = ["000/TB-BNV"]\ncertainty = "B"\n[[off]]\ndate = 2027-01-01\nname_vi = "Tết"\n'


def test_what_comes_in_at_the_end_of_a_year_without_the_next_calendar_is_taken_in(start, administrator):
    clock = start("feedback.forward_outside", "2026-12-29T08:00")
    assert (clock.due_on, clock.missing_year) == (None, 2027)
    page = signed_in(administrator).get(f"/en/clocks/{clock.pk}/").content.decode()
    assert "not known before there is a working calendar of 2027" in page
    actions.lock_calendar(actions.upload_calendar(YEAR_2027, "2027.toml", by=administrator), by=administrator)
    assert recounting.recount_open_clocks() == [clock]
    clock.refresh_from_db()
    assert (clock.due_on, clock.first_due_on) == (date(2027, 1, 6), date(2027, 1, 6))
    assert AuditEntry.objects.get(action="clock.moved").details["before"] == {"due_on": None}


def test_a_change_of_the_calendar_puts_one_job_and_its_result_is_how_many_moved(start, administrator):
    start("democracy.publish_within", "2026-03-02T08:00")
    for day in (4, 5):
        actions.override_day(date(2026, 3, day), is_off=True, name="Nghỉ", document="1/TB", by=administrator)
    assert Job.objects.filter(kind=recounting.KIND).count() == 1
    job = jobs.take()
    recounting.work(job, lambda *_said: None)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", "1")
    assert Clock.objects.get().due_on == date(2026, 3, 11)


def told(clock: Clock, before: date) -> None:
    MOVED.append((clock.pk, before, clock.due_on))


def test_a_new_day_off_moves_open_clocks_and_their_owners_are_told(start, administrator, settings):
    settings.CLOCK_LISTENERS = [f"{__name__}.told"]
    MOVED.clear()
    running, stopped = (start("democracy.publish_within", "2026-03-02T08:00") for _n in range(2))
    clocks.stop_clock(stopped, date(2026, 3, 4), by=SYSTEM)
    assert recounting.recount_open_clocks() == []
    actions.override_day(date(2026, 3, 5), is_off=True, name="Nghỉ", document="1/TB", by=administrator)
    assert recounting.recount_open_clocks() == [running]
    assert recounting.recount_open_clocks() == []  # a second run finds nothing to do
    running.refresh_from_db()
    stopped.refresh_from_db()
    assert (running.first_due_on, running.due_on, stopped.due_on) == (
        date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 9)
    )  # fmt: skip
    assert [(running.pk, date(2026, 3, 9), date(2026, 3, 10))] == MOVED
    assert AuditEntry.objects.filter(action="clock.moved").count() == 1


def test_the_machine_s_clock_does_not_matter_to_a_clock_that_runs(start, monkeypatch):
    clock = start("pib.answer", "2026-03-02T08:00")
    monkeypatch.setattr(timezone, "now", lambda: at("2020-01-01T00:00"))
    assert recounting.recount_open_clocks() == []
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 3, 17)


def test_a_clock_explains_itself_to_its_agency_and_to_who_keeps_the_calendar(
    start, coordinator, leader, outsider, former, django_assert_max_num_queries
):
    clock = start("pib.answer", "2026-02-02T08:00")
    reader = signed_in(coordinator)
    with django_assert_max_num_queries(20):
        page = reader.get(f"/clocks/{clock.pk}/").content.decode()
    assert "10/2022/QH15" in page and "17/2/2026" in page and "23/2/2026" in page
    assert signed_in(leader).get(f"/clocks/{clock.pk}/").status_code == 200
    assert signed_in(outsider).get(f"/clocks/{clock.pk}/").status_code == 404
    assert signed_in(former).get(f"/clocks/{clock.pk}/").status_code == 404
    assert signed_in(leader).post(f"/clocks/{clock.pk}/").status_code == 405
    assert signed_in(None).get(f"/clocks/{clock.pk}/").status_code == 302
