"""What is at risk, reminders once, the leader's screen, and progress that a decision makes public."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Membership, Role
from quantri.web.core.models import Message
from quantri.web.followup import digests
from quantri.web.followup.choices import choose_letters
from quantri.web.followup.models import DigestRun, ProgressPublication, Reminder
from quantri.web.followup.progress import figures_of, publish_progress, withdraw_progress
from quantri.web.followup.urging import letter_content
from quantri.web.plans.decisions import publish_plan
from quantri.web.tasks import asking, reporting
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.periods import lock_period

TODAY = timezone.localdate()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)  # a working day in a calendar that is known


@pytest.fixture
def due(lead, part):
    """The lead's part is due on Monday itself, the other one was due a week before."""
    Assignment.objects.filter(pk=lead.pk).update(due_on=MONDAY.date())
    Assignment.objects.filter(pk=part.pk).update(due_on=MONDAY.date() - timedelta(days=7))
    Membership.objects.update(valid_from="2026-01-01")
    return lead


def letters(user) -> list[Message]:
    return list(Message.objects.filter(recipient_key=str(user.pk), key__startswith="digest").order_by("pk"))


def test_a_person_gets_one_digest_a_day_with_all_that_is_due(due, officer, colleague):
    officer.memberships.create(agency=colleague.memberships.get().agency, role=Role.OFFICER, valid_from="2026-01-01")
    officer.email = "officer@example.vn"
    officer.save()
    assert digests.send_digests(MONDAY) >= 1
    notice, letter = letters(officer)
    assert (notice.channel, letter.channel, letter.address) == ("notice", "email", "officer@example.vn")
    assert "Niêm yết thủ tục hành chính" in letter.body and letter.body.count("Niêm yết") == 2


def test_the_same_day_writes_nothing_twice_also_when_the_clock_goes_back(due, officer):
    digests.send_digests(MONDAY)
    n = Message.objects.count()
    assert digests.send_digests(MONDAY + timedelta(hours=3)) == 0
    assert digests.send_digests(MONDAY - timedelta(hours=1)) == 0
    assert Message.objects.count() == n and DigestRun.objects.count() == 1


def test_digests_ask_no_more_for_many_people_than_for_few(due, officer):
    """Days are a week apart, so that each has a window of its own; people of other agencies come between them."""
    counts = []
    for n in (2, 40):
        agencies = [ensure_agency(due.agency.province, f"Xã {n}.{k}", by=SYSTEM) for k in range(n)]
        for agency in agencies:
            make_user(agency, Role.OFFICER, f"officer-{agency.pk}")
        Assignment.objects.bulk_create(
            Assignment(task=due.task, agency=a, part="coordinating", due_on=MONDAY.date()) for a in agencies
        )
        Membership.objects.update(valid_from="2026-01-01")
        with CaptureQueriesContext(connection) as seen:
            assert digests.send_digests(MONDAY + timedelta(days=7 * len(counts))) >= n
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_window_reminds_once_and_the_next_one_again(due, officer):
    digests.send_digests(MONDAY)
    assert [r.window for r in Reminder.objects.filter(assignment=due)] == ["before 0"]
    digests.send_digests(MONDAY + timedelta(days=1))
    digests.send_digests(MONDAY + timedelta(days=2))
    assert [r.window for r in Reminder.objects.filter(assignment=due)] == ["before 0", "after 1"]


def test_a_granted_extension_begins_the_windows_anew(due, officer, coordinator):
    digests.send_digests(MONDAY)
    asked = asking.ask_extension(due, until=MONDAY.date() + timedelta(days=8), reason="x", by=officer)
    asking.grant_extension(asked, answer="Đồng ý", by=coordinator)
    digests.send_digests(MONDAY + timedelta(days=1))
    assert [r.window for r in Reminder.objects.filter(assignment=due)] == ["before 0", "before 7"]


def test_nothing_is_written_at_night_on_a_day_off_or_for_closed_parts(due, part):
    for moment in (MONDAY.replace(hour=22), MONDAY - timedelta(days=1), datetime(2026, 2, 17, 9, tzinfo=ZONE)):
        assert digests.send_digests(moment) == 0
    Assignment.objects.update(closed_on=MONDAY.date())
    digests.send_digests(MONDAY)
    assert not Reminder.objects.exists()


def test_a_program_that_ends_in_the_middle_leaves_nothing_and_the_next_pass_writes_all(due, monkeypatch):
    def dies(letters):
        list(letters)
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(digests, "post_all", dies)
        with pytest.raises(SystemExit):
            digests.send_digests(MONDAY)
    assert not DigestRun.objects.exists() and not Reminder.objects.exists()
    assert digests.send_digests(MONDAY) >= 1


def test_who_wants_no_letters_still_gets_the_notice(due, officer):
    officer.email = "officer@example.vn"
    officer.save()
    assert signed_in(officer).post("/follow/letters/", {"by_email": "no"}).status_code == 302
    digests.send_digests(MONDAY)
    assert [m.channel for m in letters(officer)] == ["notice"]


def test_a_head_is_told_when_a_part_is_late_for_long(due, part, officer):
    head = make_user(ensure_agency(part.agency.province, "UBND tỉnh", by=SYSTEM), Role.LEADER, "head")
    part.agency.headships.create(user=head, title="Giám đốc", valid_from="2026-01-01")
    digests.send_digests(MONDAY)  # five working days late
    assert [m.channel for m in letters(head)] == ["notice"]


def test_a_reminder_in_a_year_without_calendar_says_that_days_were_guessed(due, officer):
    Assignment.objects.filter(pk=due.pk).update(due_on="2031-03-05")
    digests.send_digests(datetime(2031, 3, 3, 9, tzinfo=ZONE))
    assert any("calendar days" in m.body or "ngày thường" in m.body for m in letters(officer))


# ---- pages


@pytest.fixture
def late(lead):
    Assignment.objects.filter(pk=lead.pk).update(due_on=TODAY - timedelta(days=3))
    return lead


def test_the_coordinator_sees_what_is_at_risk_and_where_it_is_mended(late, part, period, officer, coordinator):
    reporting.submit(part, period, reporting.Reported(text="x"), seen=0, by=_officer_of(part))
    page = signed_in(coordinator).get("/follow/")
    codes = {risk.code for risk in page.context["risks"]}
    assert {"overdue", "waiting"} <= codes
    assert page.context["rate"].overdue_open == 1 and page.context["rate"].share == 0
    assert "Thanh tra tỉnh" in page.content.decode()


def _officer_of(part):
    return part.agency.memberships.get().user


def test_filters_narrow_and_hostile_ones_do_no_harm(late, coordinator):
    client = signed_in(coordinator)
    assert client.get("/follow/?component=D5").context["rate"].overdue_open == 1
    assert client.get("/follow/?component=D1").context["rate"].overdue_open == 0
    for query in ("plan=x", "plan=999999999999999999999", "kind=%27--", "component=%22%5D", "plan=%D9%A4"):
        assert client.get(f"/follow/?{query}").status_code == 200


def test_lists_are_given_as_files(late, coordinator):
    client = signed_in(coordinator)
    for code in ("overdue", "due-soon", "undated", "ended"):
        assert client.get(f"/follow/{code}/table.xlsx").status_code == 200
    assert client.get("/follow/nothing/table.xlsx").status_code == 404


def test_an_ended_agency_and_one_without_people_are_faults(lead, part, coordinator):
    Agency.objects.filter(pk=part.agency_id).update(valid_to=TODAY)
    lead.agency.memberships.update(valid_to=TODAY)
    codes = {risk.code: risk.count for risk in signed_in(coordinator).get("/follow/").context["risks"]}
    assert codes["ended"] == 1 and codes["nobody"] >= 1


def test_the_leader_has_one_screen(late, leader, officer):
    page = signed_in(leader).get("/lead/")
    assert page.status_code == 200 and dict(page.context["components"])["D5 Thủ tục hành chính công"].overdue_open == 1
    assert signed_in(officer).get("/lead/").status_code == 403


def test_the_leaders_screen_names_agencies_in_the_readers_language(late, leader):
    Agency.objects.filter(pk=late.agency_id).update(name_en="Provincial Inspectorate")
    named = [
        [name for _key, name, _n in signed_in(leader).get(path).context["agencies"]] for path in ("/lead/", "/en/lead/")
    ]
    assert named == [[late.agency.name_vi], ["Provincial Inspectorate"]]


def test_others_do_not_follow(late, officer, outsider, overseer, client):
    assert signed_in(officer).get("/follow/").status_code == 403
    assert signed_in(overseer).get("/follow/").status_code == 403
    assert "Thanh tra tỉnh" not in signed_in(outsider).get("/follow/").content.decode()
    assert signed_in(outsider).get(f"/follow/agencies/{late.agency_id}/").status_code == 404
    assert client.get("/follow/").status_code == 302


def test_an_agency_that_is_late_is_urged_in_words_without_a_person(late, coordinator):
    page = signed_in(coordinator).get(f"/follow/agencies/{late.agency_id}/")
    text = page.context["text"]
    assert late.task.title in text and "/work/" in text and len(text) < 480
    assert late.agency.memberships.get().user.username not in text


def test_the_letter_names_each_late_part(late):
    rows = list(Assignment.objects.overdue(TODAY).select_related("task__plan", "agency"))
    content = letter_content(late.agency, rows, TODAY)
    assert content["rows"][0]["task"] == late.task.title and content["rows"][0]["part"] == "chủ trì"


def test_the_pages_ask_the_same_questions_for_many_agencies(late, coordinator, leader, django_assert_max_num_queries):
    agencies = Agency.objects.bulk_create(
        [Agency(province=late.agency.province, name_vi=f"UBND xã {n}") for n in range(60)]
    )
    Assignment.objects.bulk_create(
        Assignment(task=late.task, agency=a, part="coordinating", due_on=TODAY - timedelta(days=2)) for a in agencies
    )
    steering, leading = signed_in(coordinator), signed_in(leader)
    with django_assert_max_num_queries(20):
        page = steering.get("/follow/")
    assert next(r for r in page.context["risks"] if r.code == "overdue").count == 61
    with django_assert_max_num_queries(20):
        assert leading.get("/lead/").status_code == 200


# ---- public by decision


@pytest.fixture
def locked(period, coordinator, leader):
    publish_plan(period.plan, reason="Công khai kế hoạch", by=leader)
    return lock_period(period, by=coordinator)


def test_progress_becomes_public_by_a_leaders_decision_and_is_taken_back(locked, leader, client):
    where = f"/plans/{locked.plan_id}/progress/"
    assert not client.get(where).context["tables"]
    made = publish_progress(locked, reason="Quyết định 1", by=leader)
    page = client.get(where).content.decode()
    assert "Quyết định 1" in page and "Thanh tra tỉnh" not in page
    withdraw_progress(made, reason="Đính chính", by=leader)
    assert "Quyết định 1" not in client.get(where).content.decode()


def test_public_figures_stay_what_they_were(locked, lead, leader):
    made = publish_progress(locked, reason="Quyết định 1", by=leader)
    Assignment.objects.filter(pk=lead.pk).update(closed_on=TODAY)
    assert ProgressPublication.objects.get().content == made.content
    assert figures_of(locked, TODAY) != made.content
    with pytest.raises(RuleViolation):
        publish_progress(locked, reason="Lần hai", by=leader)


def test_only_locked_periods_of_public_plans_are_published(period, leader, coordinator):
    with pytest.raises(RuleViolation):
        publish_progress(period, reason="x", by=leader)
    with pytest.raises(RuleViolation):  # the plan itself is not public
        publish_progress(lock_period(period, by=coordinator), reason="x", by=leader)


def test_the_decision_is_made_on_its_page(locked, leader, coordinator):
    where = f"/follow/periods/{locked.pk}/publish/"
    assert signed_in(coordinator).post(where, {"text": "x"}).status_code == 403
    assert signed_in(leader).post(where, {"text": ""}).status_code == 422
    assert signed_in(leader).post(where, {"text": "Quyết định 1"}).status_code == 302
    assert signed_in(leader).post(where, {"text": "Quyết định 2"}).status_code == 409
    made = ProgressPublication.objects.get()
    assert signed_in(leader).post(f"/follow/publications/{made.pk}/withdraw/", {"text": "x"}).status_code == 302


def test_a_choice_of_letters_is_kept(officer):
    choose_letters(officer, by_email=False)
    assert signed_in(officer).get("/follow/letters/").context["by_email"] is False
