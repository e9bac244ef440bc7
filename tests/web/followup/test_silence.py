"""Agencies that do not report are reminded before the cut-off, and their head is told of the silence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people import SYSTEM, make_user
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Membership, Role
from quantri.web.core.models import Message
from quantri.web.followup import digests
from quantri.web.followup.models import Reminder
from quantri.web.tasks.models import Progress, ReportingPeriod

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
DAY = timedelta(days=1)


@pytest.fixture
def quarter(period, lead, part) -> ReportingPeriod:
    """A quarter whose cut-off is on Monday; the parts themselves are due long after it."""
    Membership.objects.update(valid_from="2026-01-01")
    day = MONDAY.date()
    type(period.plan).objects.filter(pk=period.plan_id).update(issued_on="2026-01-05")
    ReportingPeriod.objects.exclude(pk=period.pk).delete()
    ReportingPeriod.objects.filter(pk=period.pk).update(
        starts_on=day - 60 * DAY, ends_on=day - 3 * DAY, cut_off_on=day
    )  # fmt: skip
    for each in (lead, part):
        type(each).objects.filter(pk=each.pk).update(due_on=day + 300 * DAY, valid_from=None)
    return ReportingPeriod.objects.get(pk=period.pk)


@pytest.fixture
def head(lead):
    user = make_user(ensure_agency(lead.agency.province, "UBND tỉnh", by=SYSTEM), Role.LEADER, "head")
    lead.agency.headships.create(user=user, title="Chánh Thanh tra", valid_from="2026-01-01")
    return user


def letters(user) -> list[Message]:
    return list(Message.objects.filter(recipient_key=str(user.pk), key__startswith="digest").order_by("pk"))


def windows(agency) -> list[str]:
    return list(Reminder.objects.filter(agency=agency).values_list("window", flat=True))


def run(*days: int) -> None:
    for day in days:
        digests.send_digests(MONDAY + day * DAY)


def lock(period) -> None:
    ReportingPeriod.objects.filter(pk=period.pk).update(locked_at=timezone.now())


def test_who_did_not_report_is_reminded_before_the_cut_off_once_a_window(quarter, lead, officer):
    run(-4, -3, 0, 0)
    assert windows(lead.agency) == ["before 3", "before 1", "before 0"]
    assert quarter.name_vi in letters(officer)[-1].body


def test_who_has_reported_is_not_reminded(quarter, lead, part, officer, colleague):
    Progress.objects.create(assignment=lead, period=quarter, state=Progress.State.SUBMITTED, text="Đã làm")
    run(0)
    assert letters(officer) == [] and len(letters(colleague)) == 1


def test_the_head_of_a_silent_agency_is_told_once_after_the_set_delay(quarter, lead, officer, head):
    run(0)
    lock(quarter)
    run(1, 4)
    assert letters(head) == []
    run(7, 8, 14)
    assert len(letters(head)) == 1 and quarter.name_vi in letters(head)[0].body
    assert windows(lead.agency) == ["before 0", "head"]
    assert len(letters(officer)) == 1  # a locked period takes no report, so its officer is not urged any more


def test_a_period_that_was_left_open_goes_on_reminding_its_officers(quarter, lead, officer):
    run(0, 1, 8)
    assert windows(lead.agency) == ["before 0", "after 1", "after 6", "head"] and len(letters(officer)) == 3


def test_a_silence_of_long_ago_is_told_to_nobody(quarter, lead, head):
    lock(quarter)
    run(35)
    assert letters(head) == [] and windows(lead.agency) == []


def test_a_head_without_an_account_is_told_nothing_and_stops_nobody(quarter, lead, part, head):
    part.agency.headships.create(title="Giám đốc", valid_from="2026-01-01")
    lock(quarter)
    run(7)
    assert len(letters(head)) == 1 and windows(part.agency) == ["head"]


def test_periods_of_a_plan_that_is_not_in_force_remind_nobody(quarter, lead, officer):
    type(quarter.plan).objects.filter(pk=quarter.plan_id).update(superseded_at=MONDAY)
    run(0)
    assert letters(officer) == []
