"""Clocks: started under a version, paused, extended, stopped, and counted again when the calendar changes."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people import SYSTEM, signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.deadlines import actions, clocks
from quantri.web.deadlines.models import Clock, LegalRule

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOVED = []


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def start(plan):
    def begin(rule: str, moment: str) -> Clock:
        return clocks.start_clock(plan, LegalRule.objects.get(rule=rule), at(moment), by=SYSTEM)

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


def test_days_of_a_pause_do_not_count_and_a_second_pause_waits(start):
    clock = start("feedback.forward_outside", "2026-03-02T08:00")
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


def told(clock: Clock, before: date) -> None:
    MOVED.append((clock.pk, before, clock.due_on))


def test_a_new_day_off_moves_open_clocks_and_their_owners_are_told(start, administrator, settings):
    settings.CLOCK_LISTENERS = [f"{__name__}.told"]
    MOVED.clear()
    running, stopped = (start("democracy.publish_within", "2026-03-02T08:00") for _n in range(2))
    clocks.stop_clock(stopped, date(2026, 3, 4), by=SYSTEM)
    assert clocks.recount_open_clocks() == []
    actions.override_day(date(2026, 3, 5), is_off=True, name="Nghỉ", document="1/TB", by=administrator)
    assert clocks.recount_open_clocks() == [running]
    assert clocks.recount_open_clocks() == []  # a second run finds nothing to do
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
    assert clocks.recount_open_clocks() == []
    clock.refresh_from_db()
    assert clock.due_on == date(2026, 3, 17)


def test_a_clock_explains_itself_to_those_who_follow_it(start, coordinator, leader, outsider):
    clock = start("pib.answer", "2026-02-02T08:00")
    page = signed_in(coordinator).get(f"/clocks/{clock.pk}/").content.decode()
    assert "10/2022/QH15" in page and "2026-02-17" in page and "23/2/2026" in page
    assert signed_in(leader).get(f"/clocks/{clock.pk}/").status_code == 403
    assert signed_in(None).get(f"/clocks/{clock.pk}/").status_code == 302
