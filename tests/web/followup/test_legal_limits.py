"""Time limits of the law are followed and reminded of as parts of tasks and answers are."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import SYSTEM, signed_in
from quantri.web.accounts.models import Membership
from quantri.web.core.models import Message
from quantri.web.deadlines import clocks
from quantri.web.deadlines.models import Clock, LegalRule
from quantri.web.followup import digests
from quantri.web.followup.models import Reminder

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # on which five working days end
DAY = timedelta(days=1)


def started(agency, matter: str = "Kiến nghị số 5") -> Clock:
    rule = LegalRule.objects.get(rule="feedback.forward_outside")
    return clocks.start_clock(rule, clocks.Event(matter=matter, moment=MONDAY - 7 * DAY, agency=agency), by=SYSTEM)


@pytest.fixture
def owed(officer, coordinator, colleague) -> Clock:
    """A limit of the officer's agency that ends on Monday."""
    Membership.objects.update(valid_from="2026-01-01")
    return started(officer.memberships.get().agency)


def letters(user) -> list[Message]:
    return list(Message.objects.filter(recipient_key=str(user.pk), key__startswith="digest").order_by("pk"))


def windows() -> list[str]:
    return list(Reminder.objects.filter(clock__isnull=False).values_list("window", flat=True))


def test_who_owes_it_is_reminded_before_and_after_the_day_once_a_window(owed, officer, colleague):
    for day in range(-3, 3):
        digests.send_digests(MONDAY + day * DAY)
    assert windows() == ["before 1", "before 0", "after 1"]  # Saturday and Sunday are days off
    assert len(letters(officer)) == 3 and letters(colleague) == []


def test_the_digest_counts_it_and_leads_to_the_register(owed, officer):
    digests.send_digests(MONDAY)
    [notice] = letters(officer)
    assert notice.link == "/clocks/" and "Kiến nghị số 5" in notice.body and "1" in notice.subject


def test_what_is_closed_or_stands_still_reminds_nobody(owed, officer):
    LegalRule.objects.update(pauses=["Chờ bổ sung"])
    clocks.pause_clock(owed, MONDAY.date() - DAY, reason="Chờ bổ sung", by=SYSTEM)
    digests.send_digests(MONDAY)
    assert windows() == []
    clocks.stop_clock(owed, MONDAY.date(), by=SYSTEM)
    digests.send_digests(MONDAY + DAY)
    assert windows() == []


def risks(user, monkeypatch, day: datetime, **filters: str) -> dict[str, list[object]]:
    monkeypatch.setattr(timezone, "now", lambda: day)
    return {risk.code: risk.rows for risk in signed_in(user).get("/follow/", filters).context["risks"]}


def test_a_limit_that_ends_soon_or_has_ended_is_at_risk_in_its_province_alone(owed, coordinator, outsider, monkeypatch):
    Membership.objects.update(valid_from="2026-01-01")
    assert risks(coordinator, monkeypatch, MONDAY - 4 * DAY)["clocks-due-soon"] == [owed]
    late = risks(coordinator, monkeypatch, MONDAY + DAY)
    assert late["clocks-overdue"] == [owed] and "clocks-due-soon" not in late
    assert not {"clocks-overdue", "clocks-due-soon"} & risks(outsider, monkeypatch, MONDAY + DAY).keys()
    page = signed_in(coordinator).get("/en/follow/").content.decode()
    assert f"/en/clocks/{owed.pk}/" in page and "time limit of the law is overdue" in page


def test_filters_for_plan_and_component_leave_out_what_has_neither(owed, coordinator, monkeypatch):
    for filters in ({"plan": "1"}, {"component": "D5"}, {"kind": "company"}):
        assert "clocks-overdue" not in risks(coordinator, monkeypatch, MONDAY + DAY, **filters)
    kind = owed.agency.kind
    assert "clocks-overdue" in risks(coordinator, monkeypatch, MONDAY + DAY, kind=kind)


def test_the_page_of_risks_asks_the_same_for_many_limits(owed, coordinator, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + DAY)
    for n in range(40):
        started(owed.agency, f"Việc {n}")
    reader = signed_in(coordinator)
    with CaptureQueriesContext(connection) as asked:
        assert reader.get("/follow/").status_code == 200
    assert len(asked) <= 20
