"""Answers to findings of inspections are followed and urged as parts of tasks are."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Membership, Role
from quantri.web.core.models import Message
from quantri.web.followup import digests
from quantri.web.followup.models import Reminder
from quantri.web.followup.urging import letter_content
from quantri.web.inspections.findings import accept_answer, answer, give_answer_back
from quantri.web.inspections.models import Finding

TODAY = timezone.localdate()
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a working day in a calendar that is known
DAY = timedelta(days=1)
TEXT = "Chưa niêm yết thủ tục đất đai"


def due(finding, day) -> Finding:
    Finding.objects.filter(pk=finding.pk).update(first_due_on=day, due_on=day)
    return Finding.objects.get(pk=finding.pk)


@pytest.fixture
def owed(sent, inspected):
    """A finding whose answer is due on Monday."""
    Membership.objects.update(valid_from="2026-01-01")
    return due(sent, MONDAY.date())


@pytest.fixture
def late(sent, inspected):
    return due(sent, TODAY - 3 * DAY)


@pytest.fixture
def head(place):
    """The chair of the commune, who has an account and no membership there."""
    user = make_user(ensure_agency(place.province, "UBND tỉnh", by=SYSTEM), Role.LEADER, "head")
    place.headships.create(user=user, title="Chủ tịch", valid_from="2026-01-01")
    return user


def letters(user) -> list[Message]:
    return list(Message.objects.filter(recipient_key=str(user.pk), key__startswith="digest").order_by("pk"))


def windows() -> list[str]:
    return list(Reminder.objects.filter(finding__isnull=False).values_list("window", flat=True))


def test_who_has_to_answer_is_reminded_before_and_after_the_day_once_a_window(owed, inspected):
    for day in range(-3, 3):
        digests.send_digests(MONDAY + day * DAY)
    assert windows() == ["before 1", "before 0", "after 1"]  # Saturday and Sunday are days off
    assert len(letters(inspected)) == 3


def test_the_digest_names_the_inspection_and_not_what_was_found(owed, inspected):
    inspected.email = "xa@example.vn"
    inspected.save()
    digests.send_digests(MONDAY)
    notice, letter = letters(inspected)
    assert (letter.address, letter.link) == ("xa@example.vn", "/inspections/")
    assert "Kiểm tra năm 2026" in letter.body and TEXT not in letter.body + notice.body


def test_the_inspectors_and_other_agencies_are_not_reminded_of_it(owed, inspector, colleague):
    digests.send_digests(MONDAY)
    assert letters(inspector) == [] and letters(colleague) == []


def test_an_answer_that_was_given_stops_the_reminders_and_a_returned_one_begins_them_anew(owed, inspected, inspector):
    made = answer(owed, text="Đã niêm yết", by=inspected)
    digests.send_digests(MONDAY)
    assert windows() == []
    give_answer_back(made, reason="Thiếu ảnh", by=inspector)
    due(owed, (MONDAY + DAY).date())
    digests.send_digests(MONDAY + DAY)
    assert windows() == ["before 0"]
    accept_answer(answer(owed, text="Ảnh kèm", by=inspected), by=inspector)
    digests.send_digests(MONDAY + 2 * DAY)
    assert windows() == ["before 0"]


def test_what_was_not_sent_or_needs_no_answer_reminds_nobody(finding, inspected):
    Membership.objects.update(valid_from="2026-01-01")
    Finding.objects.filter(pk=finding.pk).update(due_on=MONDAY.date(), first_due_on=MONDAY.date())
    digests.send_digests(MONDAY)
    assert windows() == [] and letters(inspected) == []


def test_the_head_is_told_once_when_the_set_delay_is_reached_and_then_with_each_window(owed, inspected, head):
    told = {}
    for day in range(0, 15):
        digests.send_digests(MONDAY + day * DAY)
        told[day] = (len(letters(inspected)), len(letters(head)))
    assert told[6] == (2, 0)  # four working days late: the officer was told on the day and after it
    assert told[7] == (2, 1)  # five: the head alone
    assert told[8] == (3, 2) and told[14] == (3, 2)  # six: a window of both, and none before eleven
    assert windows() == ["before 0", "after 1", "head", "after 6"]


def test_a_head_who_left_is_told_nothing(owed, head, place):
    place.headships.update(valid_to="2026-02-01")
    digests.send_digests(MONDAY + 14 * DAY)
    assert letters(head) == []


def test_late_answers_are_at_risk_and_leave_the_list_with_the_answer(late, inspected, coordinator):
    client = signed_in(coordinator)
    found = {risk.code: risk for risk in client.get("/follow/").context["risks"]}
    assert found["answers-overdue"].rows == [late]
    page = client.get("/follow/").content.decode()
    assert late.agency.name_vi in page and "Kiểm tra năm 2026" in page
    answer(late, text="Đã niêm yết", by=inspected)
    assert "answers-overdue" not in {risk.code for risk in client.get("/follow/").context["risks"]}


def test_answers_that_are_due_soon_are_told_apart(sent, coordinator):
    due(sent, TODAY)
    codes = {risk.code: risk.count for risk in signed_in(coordinator).get("/follow/").context["risks"]}
    assert codes["answers-due-soon"] == 1 and "answers-overdue" not in codes


def test_filters_narrow_answers_too(late, coordinator):
    client = signed_in(coordinator)

    def count(query: str) -> int:
        return sum(r.count for r in client.get(f"/follow/?{query}").context["risks"] if r.code == "answers-overdue")

    kinds = {"people_committee": 1, "department": 0}
    assert {kind: count(f"kind={kind}") for kind in kinds} == kinds
    assert (count(f"plan={late.visit.programme.plan_id}"), count("plan=999999"), count("component=D5")) == (1, 0, 0)


def test_a_leader_outside_the_team_sees_who_is_late_and_not_what_was_found(late, province):
    leader = make_user(ensure_agency(province, "UBND tỉnh", by=SYSTEM), Role.LEADER, "chair")
    page = signed_in(leader).get("/lead/").content.decode()
    assert late.agency.name_vi in page and "Kiểm tra năm 2026" in page and TEXT not in page
    assert TEXT not in signed_in(leader).get("/follow/").content.decode()
    assert TEXT not in signed_in(leader).get(f"/follow/agencies/{late.agency_id}/").content.decode()


def test_the_page_of_an_agency_leads_who_may_read_it_to_the_finding(late, coordinator):
    page = signed_in(coordinator).get(f"/follow/agencies/{late.agency_id}/")
    assert f"/inspections/findings/{late.pk}/" in page.content.decode() and TEXT in page.content.decode()
    assert "Kiểm tra năm 2026" in page.context["text"] and TEXT not in page.context["text"]


def test_another_province_learns_nothing_of_late_answers(late, outsider):
    for address in ("/follow/", "/lead/"):
        assert "Kiểm tra năm 2026" not in signed_in(outsider).get(address).content.decode()


def test_the_urging_letter_lists_late_answers_also_where_no_part_is_late(late, coordinator):
    assert signed_in(coordinator).get(f"/plans/letters/{late.agency_id}/cong-van.docx").status_code == 200
    content = letter_content(late.agency, [], TODAY, answers=[late])
    assert content["rows"][0]["task"].endswith("Kiểm tra năm 2026") and content["rows"][0]["number"] == 1


def test_the_pages_ask_the_same_questions_for_many_answers(late, coordinator, leader, django_assert_max_num_queries):
    Finding.objects.bulk_create(
        Finding(visit=late.visit, agency=a, text="x", made_by="x", first_due_on=late.due_on, due_on=late.due_on)
        for a in Agency.objects.filter(province=late.agency.province, name_vi__startswith="UBND xã mẫu")
        for _n in range(5)
    )
    for user in (coordinator, leader):
        client = signed_in(user)
        for address in ("/follow/", "/lead/", f"/follow/agencies/{late.agency_id}/"):
            with django_assert_max_num_queries(20):
                assert client.get(address).status_code == 200
