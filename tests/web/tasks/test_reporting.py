"""Reports by period: handed in, accepted, returned, locked; two at once; evidence; who sees what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from people import make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role
from quantri.web.core import uploads
from quantri.web.core.models import AuditEntry
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks import proof, reporting
from quantri.web.tasks.models import Evidence, Progress
from quantri.web.tasks.periods import close_due_periods, lock_period, open_periods, reopen_period
from quantri.web.tasks.reporting import NOTHING, Reported

TODAY = timezone.localdate()
DONE = Reported(kind="completed", text="Đã niêm yết đủ", value=Decimal("102"), unit="thủ tục")


@pytest.fixture
def submitted(lead, period, officer) -> Progress:
    return reporting.submit(lead, period, DONE, seen=0, by=officer)


def test_a_report_is_handed_in_and_kept_as_a_revision(submitted):
    assert submitted.state == "submitted"
    assert submitted.revisions.get().content["value"] == "102"
    assert AuditEntry.objects.filter(action="report.submitted").count() == 1


def test_nothing_arose_needs_no_words_and_work_does(lead, part, period, officer, colleague):
    assert reporting.submit(lead, period, NOTHING, seen=0, by=officer).state == "submitted"
    with pytest.raises(RuleViolation):
        reporting.submit(part, period, Reported(kind="worked"), seen=0, by=colleague)
    assert not part.reports.exists()


def test_a_sister_agency_does_not_report_for_another(lead, period, colleague):
    with pytest.raises(PermissionDenied):
        reporting.submit(lead, period, NOTHING, seen=0, by=colleague)


def test_the_second_of_two_officers_sees_what_the_first_wrote(lead, period, officer, submitted):
    with pytest.raises(ChangedMeanwhile) as refused:
        reporting.submit(lead, period, Reported(text="Khác"), seen=0, by=officer)
    assert refused.value.theirs.text == "Đã niêm yết đủ"
    again = reporting.submit(lead, period, Reported(text="Khác"), seen=submitted.mark, by=officer)
    assert [r.content["text"] for r in again.revisions.all()] == ["Đã niêm yết đủ", "Khác"]


def test_an_accepted_completion_closes_the_part_on_the_day_of_the_report(submitted, lead, coordinator):
    reporting.accept(submitted, seen=submitted.mark, by=coordinator)
    lead.refresh_from_db()
    assert lead.closed_on == timezone.localdate(submitted.submitted_at)


def test_an_accepted_report_changes_no_more(submitted, lead, period, officer, coordinator):
    accepted = reporting.accept(submitted, seen=submitted.mark, by=coordinator)
    with pytest.raises(RuleViolation):
        reporting.submit(lead, period, DONE, seen=accepted.mark, by=officer)
    with pytest.raises(RuleViolation):
        reporting.accept(accepted, seen=accepted.mark, by=coordinator)


def test_a_returned_report_is_handed_in_again(submitted, lead, period, officer, coordinator):
    returned = reporting.give_back(submitted, reason="Thiếu minh chứng", seen=submitted.mark, by=coordinator)
    again = reporting.submit(lead, period, DONE, seen=returned.mark, by=officer)
    assert (again.state, again.returned_reason, again.revisions.count()) == ("submitted", "", 2)


def test_only_the_coordinator_decides(submitted, officer, leader, outsider):
    for user in (officer, leader, outsider):
        with pytest.raises(PermissionDenied):
            reporting.accept(submitted, seen=submitted.mark, by=user)


def test_in_a_locked_period_nobody_reports_and_reopening_needs_a_reason(lead, period, officer, coordinator):
    locked = lock_period(period, by=coordinator)
    with pytest.raises(RuleViolation):
        reporting.submit(lead, period, NOTHING, seen=0, by=officer)
    with pytest.raises(RuleViolation):
        lock_period(period, by=coordinator)
    reopen_period(locked, until=TODAY + timedelta(days=2), reason="Mưa lũ", by=coordinator)
    assert reporting.submit(lead, period, NOTHING, seen=0, by=officer).state == "submitted"
    assert AuditEntry.objects.get(action="period.reopened").details["reason"] == "Mưa lũ"


def test_the_timer_locks_what_is_past_its_cut_off_and_nothing_twice(period):
    close_due_periods()  # quarters that were over before the plan was issued
    period.refresh_from_db()
    assert not period.is_locked
    period.cut_off_on = period.ends_on = TODAY - timedelta(days=1)
    period.save()
    assert [p.pk for p in close_due_periods()] == [period.pk]
    assert list(close_due_periods()) == []


def test_a_clock_that_was_set_back_opens_nothing_again(period):
    lock_period(period, by=reporting.audit.System("timer"))
    assert list(close_due_periods(timezone.now() - timedelta(days=900))) == []
    period.refresh_from_db()
    assert period.is_locked


def test_periods_are_opened_once_with_those_of_regular_tasks(task, coordinator):
    task.rhythm = "month"
    task.save()
    assert len(open_periods(task.plan, "quarter", by=coordinator)) == 16
    assert open_periods(task.plan, "quarter", by=coordinator) == []
    month = task.plan.periods.filter(kind="month").first()
    quarter = task.plan.periods.filter(kind="quarter").first()
    assert (month.is_main, quarter.is_main) == (False, True)
    assert not quarter.owed().filter(task=task).exists()


def test_a_picture_loses_where_it_was_taken(lead, period, officer, photo):
    draft = reporting.save_draft(lead, period, DONE, seen=0, by=officer)
    kept = proof.add_file(draft, photo, by=officer)
    assert (kept.name, kept.media_type) == ("anh chup.jpg", "image/jpeg")
    with Image.open(uploads.path_of(kept.sha256)) as picture:
        assert not dict(picture.getexif())
    assert b"PhoneMaker" not in uploads.path_of(kept.sha256).read_bytes()


def test_evidence_is_taken_away_but_its_row_stays(lead, period, officer):
    draft = reporting.save_draft(lead, period, DONE, seen=0, by=officer)
    kept = proof.add_link(draft, "https://angiang.gov.vn/x", by=officer)
    proof.remove(kept, by=officer)
    assert Evidence.objects.get().removed_at and draft.standing_evidence == []


def test_evidence_of_an_accepted_report_stays_as_it_is(submitted, officer, coordinator):
    kept = proof.add_link(submitted, "https://angiang.gov.vn/x", by=officer)
    reporting.accept(submitted, seen=submitted.mark, by=coordinator)
    with pytest.raises(RuleViolation):
        proof.remove(kept, by=officer)


# ---- pages


def typed(**changes):
    return {"kind": "worked", "text": "Đang làm", "seen": "0"} | changes


def address(period, part, tail=""):
    return f"/work/periods/{period.pk}/parts/{part.pk}/{tail}"


def test_one_touch_reports_that_nothing_arose(lead, period, officer):
    client = signed_in(officer)
    page = client.get(f"/work/periods/{period.pk}/").content.decode()
    assert lead.task.title in page and f'action="{address(period, lead, "nothing/")}"' in page
    assert client.post(address(period, lead, "nothing/"), {"seen": "0"}).status_code == 302
    assert lead.reports.get().kind == "nothing"


def test_a_report_with_a_photo_is_handed_in_by_its_form(lead, period, officer, photo):
    client = signed_in(officer)
    sent = client.post(address(period, lead), typed(value="1,5", unit="%", files=[photo]))
    assert sent.status_code == 302
    report = lead.reports.get()
    assert (report.state, report.value, report.evidence.count()) == ("submitted", Decimal("1.5"), 1)
    assert client.get("/work/").status_code == client.get(f"/work/parts/{lead.pk}/").status_code == 200


def test_a_refused_report_keeps_what_was_typed_and_nothing_half(lead, period, officer):
    client = signed_in(officer)
    bad = SimpleUploadedFile("a.pdf", b"<script>")
    answer = client.post(address(period, lead), typed(text="Dài lắm", files=[bad]))
    assert answer.status_code == 422 and "Dài lắm" in answer.content.decode()
    assert not Progress.objects.exists() and not Evidence.objects.exists()


def test_a_report_that_meets_the_lock_is_refused_with_its_text(lead, period, officer, coordinator):
    client = signed_in(officer)
    lock_period(period, by=coordinator)
    answer = client.post(address(period, lead), typed(text="Vừa gõ xong"))
    assert answer.status_code == 409 and "Vừa gõ xong" in answer.content.decode()


def test_a_report_that_was_overtaken_shows_both_texts(lead, period, officer, submitted):
    answer = signed_in(officer).post(address(period, lead), typed(text="Của tôi"))
    page = answer.content.decode()
    assert answer.status_code == 409 and "Của tôi" in page and "Đã niêm yết đủ" in page
    assert f'name="seen" value="{submitted.mark}"' in page


@pytest.mark.parametrize(
    "change",
    [{"kind": "x"}, {"value": "NaN"}, {"value": "1e400"}, {"text": "x" * 5000}, {"link": "javascript:alert(1)"},
     {"link": "x" * 600}, {"seen": "x"}, {"seen": "-1"}, {"value": "1" * 30}],
)  # fmt: skip
def test_hostile_fields_are_refused(lead, period, officer, change):
    assert signed_in(officer).post(address(period, lead), typed(**change)).status_code == 422
    assert not Progress.objects.exists()


def test_others_do_not_find_the_part(lead, period, colleague, outsider, overseer, client):
    assert signed_in(colleague).get(address(period, lead)).status_code == 404
    assert signed_in(outsider).get(address(period, lead)).status_code in (403, 404)
    assert signed_in(overseer).get(address(period, lead)).status_code == 403
    assert client.get(address(period, lead)).status_code == 302


def test_what_a_lead_and_an_overseer_read(part, lead, period, colleague, officer, overseer, outsider, coordinator):
    report = reporting.submit(part, period, Reported(text="Phần của Sở Y tế"), seen=0, by=colleague)
    kept = proof.add_link(report, "https://angiang.gov.vn/x", by=colleague)
    seen = {user.username: Progress.objects.visible_to(user).filter(pk=report.pk).exists()
            for user in (colleague, officer, overseer, coordinator, outsider)}  # fmt: skip
    assert seen == {"colleague": True, "officer": True, "overseer": True, "coordinator": True, "outsider": False}
    assert not Evidence.objects.visible_to(overseer).exists()
    proof.share(kept, by=coordinator)
    assert Evidence.objects.visible_to(overseer).exists()


def test_a_draft_is_seen_by_its_own_agency_alone(part, period, colleague, officer, coordinator):
    draft = reporting.save_draft(part, period, Reported(text="Nháp"), seen=0, by=colleague)
    for user in (officer, coordinator):
        assert not Progress.objects.visible_to(user).filter(pk=draft.pk).exists()


def test_a_file_is_given_out_only_to_those_who_may_see_it(lead, period, officer, colleague, outsider, photo):
    draft = reporting.save_draft(lead, period, DONE, seen=0, by=officer)
    kept = proof.add_file(draft, photo, by=officer)
    answer = signed_in(officer).get(f"/work/evidence/{kept.pk}/")
    assert answer["Content-Disposition"].startswith("attachment") and b"".join(answer.streaming_content)
    for user in (colleague, outsider):
        assert signed_in(user).get(f"/work/evidence/{kept.pk}/").status_code == 404


def test_the_coordinator_follows_a_period_and_decides(submitted, period, coordinator, leader, officer):
    client = signed_in(coordinator)
    page = client.get(f"/work/periods/{period.pk}/all/").content.decode()
    assert "Thanh tra tỉnh" in page and "Sở Y tế" in page
    assert client.get(f"/work/periods/{period.pk}/all/?state=silent&sort=value").status_code == 200
    assert client.get(f"/work/periods/{period.pk}/all.xlsx").status_code == 200
    assert signed_in(leader).get(f"/work/periods/{period.pk}/all/").status_code == 200
    assert signed_in(officer).get(f"/work/periods/{period.pk}/all/").status_code == 403
    sent = client.post(f"/work/reports/{submitted.pk}/", {"accept": "1", "seen": submitted.mark})
    assert sent.status_code == 302
    stale = client.post(f"/work/reports/{submitted.pk}/", {"accept": "1", "seen": submitted.mark})
    assert stale.status_code == 409


def test_a_report_is_returned_only_with_a_reason(submitted, coordinator):
    client, where = signed_in(coordinator), f"/work/reports/{submitted.pk}/"
    assert client.post(where, {"give_back": "1", "seen": submitted.mark, "text": ""}).status_code == 422
    assert client.post(where, {"give_back": "1", "seen": submitted.mark, "text": "Thiếu"}).status_code == 302


def test_the_coordinator_opens_locks_and_reopens_periods_by_page(task, coordinator, leader):
    client, where = signed_in(coordinator), f"/work/plans/{task.plan.pk}/periods/"
    assert client.post(where, {"kind": "quarter", "cut_off_days": "5"}).status_code == 302
    period = task.plan.periods.first()
    assert (period.cut_off_on - period.ends_on).days == 5
    assert signed_in(leader).post(where, {"kind": "quarter"}).status_code == 403
    assert client.post(f"/work/periods/{period.pk}/lock/").status_code == 302
    typed = {"text": "Lý do", "until": (TODAY + timedelta(days=5)).strftime("%d/%m/%Y")}
    assert client.post(f"/work/periods/{period.pk}/reopen/", typed).status_code == 302
    assert client.post(f"/work/periods/{period.pk}/reopen/", typed).status_code == 409


def test_a_role_that_ended_is_refused_and_nothing_is_kept(lead, period, officer):
    client = signed_in(officer)
    client.get(address(period, lead))
    officer.memberships.update(valid_to=TODAY)
    assert client.post(address(period, lead), typed()).status_code == 403
    assert not Progress.objects.exists()


def test_an_officer_of_two_agencies_reports_for_both_on_one_screen(lead, part, period, officer):
    make_user(part.agency, Role.OFFICER, "second")
    officer.memberships.create(agency=part.agency, role=Role.OFFICER, valid_from=TODAY)
    page = signed_in(officer).get(f"/work/periods/{period.pk}/")
    assert len(page.context["rows"]) == 2


def test_the_page_of_a_part_leads_to_the_report_that_waits_until_it_is_handed_in(lead, period, officer, coordinator):
    way = f'class="btn btn-primary" href="{address(period, lead)}"'
    page = f"/work/parts/{lead.pk}/"
    assert way in signed_in(officer).get(page).content.decode()
    assert address(period, lead) not in signed_in(coordinator).get(page).content.decode()
    reporting.submit(lead, period, DONE, seen=0, by=officer)
    assert way not in signed_in(officer).get(page).content.decode()


def test_the_page_of_a_part_leads_to_no_report_of_a_locked_period(lead, period, officer, coordinator):
    lock_period(period, by=coordinator)
    assert address(period, lead) not in signed_in(officer).get(f"/work/parts/{lead.pk}/").content.decode()


def test_the_report_form_says_what_is_owed_and_until_when(lead, period, officer):
    lead.deliverable, lead.due_on = "Ảnh nơi niêm yết", TODAY + timedelta(days=9)
    lead.save()
    page = signed_in(officer).get(address(period, lead)).content.decode()
    day = lead.due_on
    assert f"Thời hạn: {day.day}/{day.month}/{day.year}" in page and "Sản phẩm: Ảnh nơi niêm yết" in page
