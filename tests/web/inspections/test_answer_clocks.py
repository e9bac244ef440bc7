"""The day of an answer runs on a clock, and a change of the calendar moves it and tells who has to answer."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people import make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry, Message
from quantri.web.deadlines import actions, recounting
from quantri.web.deadlines.models import Clock
from quantri.web.inspections import answer_clocks, findings
from quantri.web.inspections.models import Finding
from quantri.web.inspections.open_work import FINDINGS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = date(2026, 3, 6)


def morning(day: int):
    return datetime(2026, 3, day, 9, tzinfo=ZONE)


@pytest.fixture
def asked(finding, inspector, inspected, monkeypatch) -> Finding:
    """A finding that was sent on Monday 2 March; five working days end on Monday 9 March."""
    inspected.memberships.update(valid_from="2026-01-01")
    monkeypatch.setattr(timezone, "now", lambda: morning(2))
    Finding.objects.filter(pk=finding.pk).update(made_at=morning(2))
    finding.visit.held_on = date(2026, 3, 2)
    finding.visit.save()
    inspector.memberships.update(valid_from="2026-01-01")
    finding.visit.programme.team.update(valid_from="2026-01-01")
    findings.send_findings(finding.visit, by=inspector)
    return Finding.objects.get(pk=finding.pk)


def clock_of(finding) -> Clock:
    return Clock.objects.get(subject_key=str(finding.pk), subject="inspections.finding", stopped_on=None)


def day_off(day: date, by) -> None:
    by.memberships.update(valid_from="2026-01-01")
    actions.override_day(day, is_off=True, name="Nghỉ", document="1/TB", by=by)


def told(user) -> list[Message]:
    return list(Message.objects.filter(recipient_key=str(user.pk), key__contains="answer-moved").order_by("pk"))


def test_sending_begins_a_clock_of_the_days_that_the_programme_sets(asked, place):
    clock = clock_of(asked)
    assert asked.due_on == asked.first_due_on == clock.due_on == date(2026, 3, 9)
    assert (clock.rule, clock.agency, clock.limit.amount, clock.document) == (None, place, 5, "Kiểm tra năm 2026")


def test_the_clock_explains_itself_and_does_not_tell_what_was_found(asked, coordinator, inspected):
    coordinator.memberships.update(valid_from="2026-01-01")
    for user in (coordinator, inspected):
        page = signed_in(user).get(f"/clocks/{clock_of(asked).pk}/").content.decode()
        assert "5 ngày làm việc" in page and "9/3/2026" in page and asked.text not in page
    assert signed_in(coordinator).get("/clocks/").status_code == 200
    assert signed_in(coordinator).get("/clocks/?format=xlsx").status_code == 200


def test_a_new_day_off_moves_the_day_and_tells_who_has_to_answer_once(asked, inspected, administrator, inspector):
    inspected.email = "xa@example.vn"
    inspected.save()
    day_off(FRIDAY, administrator)
    recounting.recount_open_clocks()
    recounting.recount_open_clocks()
    asked.refresh_from_db()
    assert (asked.due_on, asked.first_due_on) == (date(2026, 3, 10), date(2026, 3, 9))
    notice, letter = told(inspected)
    assert (notice.channel, letter.channel, letter.address) == ("notice", "email", "xa@example.vn")
    assert "10/3/2026" in letter.body and "9/3/2026" in letter.body and asked.text not in letter.body
    assert told(inspector) == [] and AuditEntry.objects.filter(action="finding.moved").count() == 1


def test_each_move_is_told_also_one_back_and_forth(asked, inspected, administrator):
    for _n in range(2):
        day_off(FRIDAY, administrator)
        recounting.recount_open_clocks()
        actions.retract_override(actions.DayOverride.objects.get(retracted_at=None), by=administrator)
        recounting.recount_open_clocks()
    assert len(told(inspected)) == 4
    asked.refresh_from_db()
    assert asked.due_on == date(2026, 3, 9)


def test_a_day_that_was_told_is_not_taken_back(asked, inspected, administrator):
    administrator.memberships.update(valid_from="2026-01-01")
    actions.override_day(date(2026, 3, 7), is_off=False, name="Làm bù", document="1/TB", by=administrator)
    recounting.recount_open_clocks()
    asked.refresh_from_db()
    assert (clock_of(asked).due_on, asked.due_on) == (date(2026, 3, 7), date(2026, 3, 9)) and told(inspected) == []


def test_the_answer_ends_the_clock_and_a_returned_one_begins_another(asked, inspected, inspector, administrator):
    made = findings.answer(asked, text="Đã niêm yết", by=inspected)
    assert not Clock.objects.running().exists()
    day_off(FRIDAY, administrator)
    recounting.recount_open_clocks()
    assert told(inspected) == []
    findings.give_answer_back(made, reason="Thiếu ảnh", by=inspector)
    asked.refresh_from_db()
    assert clock_of(asked).due_on == asked.due_on == date(2026, 3, 10)


def test_a_later_day_that_stood_is_not_shortened_by_the_days_of_a_returned_answer(
    asked, inspected, inspector, administrator
):
    Finding.objects.filter(pk=asked.pk).update(due_on="2026-03-20")
    asked.refresh_from_db()
    findings.give_answer_back(
        findings.answer(asked, text="Đã niêm yết", by=inspected), reason="Thiếu ảnh", by=inspector
    )
    day_off(FRIDAY, administrator)
    recounting.recount_open_clocks()
    asked.refresh_from_db()
    assert asked.due_on == date(2026, 3, 20) and told(inspected) == []


def test_a_finding_that_another_agency_takes_over_takes_its_clock_along(asked, communes, place, coordinator):
    after = next(c for c in communes if c != place)
    officer = make_user(after, Role.OFFICER, "after")
    officer.memberships.update(valid_from="2026-01-01")
    FINDINGS.give_to_agency(str(asked.pk), place, after, by=coordinator)
    assert clock_of(asked).agency == after


def test_what_needs_no_answer_begins_no_clock(held, inspector):
    findings.add_finding(held, findings.FindingDraft(text="Đã làm tốt", needs_answer=False), by=inspector)
    findings.send_findings(held, by=inspector)
    assert not Clock.objects.exists()


def test_findings_wait_where_the_calendar_of_their_day_is_missing(finding, inspector, monkeypatch):
    late = datetime(2026, 12, 30, 9, tzinfo=ZONE)
    assert timezone.now() < late + timedelta(days=3650)
    monkeypatch.setattr(timezone, "now", lambda: late)
    with pytest.raises(RuleViolation):
        findings.send_findings(finding.visit, by=inspector)
    assert not Clock.objects.exists() and not Finding.objects.get(pk=finding.pk).visit.is_sent


def without_clock(finding: Finding) -> None:
    """Make a finding as it was sent before there were clocks."""
    Clock.objects.filter(subject_key=str(finding.pk), subject="inspections.finding").delete()


def test_a_finding_sent_before_there_were_clocks_gets_its_own_once(asked, place):
    without_clock(asked)
    assert [answer_clocks.begin_missing() for _pass in range(3)] == [1, 0, 0]
    clock = clock_of(asked)
    assert (clock.due_on, clock.agency, clock.started_at) == (asked.due_on, place, asked.visit.sent_at)
    asked.refresh_from_db()
    assert asked.due_on == date(2026, 3, 9)


def test_the_day_that_was_told_is_not_taken_back_by_the_clock_that_comes_later(asked):
    without_clock(asked)
    Finding.objects.filter(pk=asked.pk).update(due_on=date(2026, 3, 20))
    answer_clocks.begin_missing()
    asked.refresh_from_db()
    assert asked.due_on == date(2026, 3, 20) and clock_of(asked).due_on == date(2026, 3, 9)


def test_what_is_answered_settled_or_for_information_gets_no_clock(asked, inspected):
    findings.answer(asked, text="Đã niêm yết", by=inspected)
    without_clock(asked)
    assert answer_clocks.begin_missing() == 0
    Finding.objects.update(due_on=None, first_due_on=None)
    assert answer_clocks.begin_missing() == 0


def test_after_an_answer_came_back_the_days_run_from_then(asked, inspected, inspector, monkeypatch):
    made = findings.answer(asked, text="Đã niêm yết", by=inspected)
    monkeypatch.setattr(timezone, "now", lambda: morning(10))
    findings.give_answer_back(made, reason="Chưa có ảnh", by=inspector)
    asked.refresh_from_db()
    without_clock(asked)
    assert answer_clocks.begin_missing() == 1
    assert clock_of(asked).due_on == asked.due_on == date(2026, 3, 17)


def test_clocks_that_are_missing_are_begun_by_the_regular_work(settings):
    assert "quantri.web.inspections.answer_clocks.begin_missing" in settings.TICKS
