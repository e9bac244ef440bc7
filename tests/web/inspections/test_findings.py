"""Findings with photos, the day of the answer, answers on time and late, and the visit that looks again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from people import make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role
from quantri.web.accounts.open_work import approve
from quantri.web.core.models import AuditEntry, Message
from quantri.web.core.uploads import path_of
from quantri.web.deadlines import calendars
from quantri.web.deadlines.models import CalendarYear
from quantri.web.inspections.findings import (
    FindingDraft,
    accept_answer,
    add_finding,
    answer,
    change_finding,
    give_answer_back,
    remove_attachment,
    send_findings,
    take_back,
)
from quantri.web.inspections.models import Answer, Attachment, Finding, Visit
from quantri.web.inspections.open_work import FINDINGS
from quantri.web.inspections.table import rows_of
from quantri.web.inspections.visits import VisitDraft, plan_reinspection, record_checks

TODAY = timezone.localdate()


def test_a_photo_is_kept_without_the_place_where_it_was_taken(finding):
    kept = finding.attachments.get()
    assert kept.name == "anh chup.jpg"
    with Image.open(path_of(kept.sha256)) as picture:
        assert not picture.getexif()


def test_a_finding_waits_until_the_visit_took_place(visit, inspector):
    with pytest.raises(RuleViolation):
        add_finding(visit, FindingDraft(text="Chưa niêm yết"), by=inspector)


def test_only_inspectors_see_a_finding_before_it_is_sent(finding, inspected, overseer, outsider, inspector):
    for person in (inspected, overseer, outsider):
        assert not Finding.objects.visible_to(person).exists()
        assert not Attachment.objects.visible_to(person).exists()
    assert Finding.objects.visible_to(inspector).count() == 1
    send_findings(finding.visit, by=inspector)
    for person in (inspected, overseer):
        assert Finding.objects.visible_to(person).get() == finding
        assert Attachment.objects.visible_to(person).count() == 1
    assert not Finding.objects.visible_to(outsider).exists()


def test_a_sister_commune_does_not_learn_of_it(sent, communes, place):
    sister = make_user(next(c for c in communes if c != place), Role.OFFICER, "sister")
    client = signed_in(sister)
    for tail in (f"findings/{sent.pk}/", f"visits/{sent.visit_id}/", f"{sent.visit.programme_id}/",
                 f"files/{sent.attachments.get().pk}/", f"findings/{sent.pk}/answer/"):  # fmt: skip
        assert client.get(f"/inspections/{tail}").status_code == 404


def test_the_day_of_the_answer_is_counted_in_working_days(sent):
    assert sent.due_on == sent.first_due_on == calendars.current().add_working_days(TODAY, 5)
    assert sent.answer_days == 5


def test_without_a_calendar_nothing_is_sent(finding, inspector, monkeypatch):
    finding.visit.programme.answer_days = 5
    finding.visit.programme.save()
    known = calendars.package_calendars()
    years = {year: kept for year, kept in known.items() if year < TODAY.year}
    monkeypatch.setattr(calendars, "package_calendars", lambda: years)
    assert not CalendarYear.objects.exists()
    with pytest.raises(RuleViolation):
        send_findings(finding.visit, by=inspector)
    assert Visit.objects.get(pk=finding.visit_id).sent_at is None


def test_what_was_sent_changes_no_more(sent, inspector, photo):
    for act in (
        lambda: change_finding(sent, FindingDraft(text="Khác"), by=inspector),
        lambda: take_back(sent, by=inspector),
        lambda: remove_attachment(sent.attachments.get(), by=inspector),
        lambda: add_finding(sent.visit, FindingDraft(text="Thêm"), by=inspector),
        lambda: record_checks(sent.visit, {}, held_on=TODAY, by=inspector),
        lambda: send_findings(sent.visit, by=inspector),
    ):
        with pytest.raises(RuleViolation):
            act()


def test_before_that_it_is_changed_with_its_history_and_taken_back(finding, inspector):
    change_finding(finding, FindingDraft(text="Chưa niêm yết đủ"), by=inspector)
    details = AuditEntry.objects.get(action="finding.changed").details
    assert details["before"]["text"] == "Chưa niêm yết thủ tục đất đai"
    remove_attachment(finding.attachments.get(), by=inspector)
    take_back(finding, by=inspector)
    send_findings(finding.visit, by=inspector)
    assert Finding.objects.get(pk=finding.pk).due_on is None
    assert Finding.objects.standing().count() == 0


def test_a_finding_for_information_has_no_day(held, inspector, inspected):
    made = add_finding(held, FindingDraft(text="Trụ sở đang sửa", needs_answer=False), by=inspector)
    send_findings(held, by=inspector)
    made.refresh_from_db()
    assert made.due_on is None
    with pytest.raises(RuleViolation):
        answer(made, text="Vâng", by=inspected)


def test_an_answer_is_given_by_the_agency_once_and_accepted_once(sent, inspected, inspector, colleague, photo):
    with pytest.raises(PermissionDenied):
        answer(sent, text="Đã niêm yết", by=colleague)
    photo.seek(0)
    made = answer(sent, text="Đã niêm yết", files=[photo], by=inspected)
    assert (made.was_late, made.attachments.count()) == (False, 1)
    with pytest.raises(RuleViolation):
        answer(sent, text="Lần nữa", by=inspected)
    with pytest.raises(PermissionDenied):
        accept_answer(made, by=inspected)
    accept_answer(made, by=inspector)
    assert Finding.objects.get(pk=sent.pk).settled_on == TODAY
    for again in (accept_answer, lambda m, by: give_answer_back(m, reason="x", by=by)):
        with pytest.raises(RuleViolation):
            again(made, by=inspector)


def test_a_late_answer_is_taken_and_stays_late(sent, inspected, inspector):
    Finding.objects.filter(pk=sent.pk).update(due_on=TODAY - timedelta(days=3), first_due_on=TODAY - timedelta(days=3))
    assert Finding.objects.overdue(TODAY).count() == 1
    [row] = rows_of(Visit.objects.all(), inspector, TODAY)
    assert (row.late, row.late_answers) == (1, 0)
    made = answer(sent, text="Đã niêm yết", by=inspected)
    accept_answer(made, by=inspector)
    assert Finding.objects.overdue(TODAY).count() == 0
    [row] = rows_of(Visit.objects.all(), inspector, TODAY)
    assert (row.late, row.settled, row.late_answers) == (0, 1, 1)
    page = signed_in(inspected).get(f"/en/inspections/findings/{sent.pk}/").content.decode()
    assert '<span class="must">late</span>' in page


def test_a_returned_answer_has_new_days_and_tells_the_agency(inspected, sent, inspector):
    Finding.objects.filter(pk=sent.pk).update(due_on=date(2026, 1, 5), first_due_on=date(2026, 1, 5))
    give_answer_back(answer(sent, text="Sẽ làm", by=inspected), reason="Chưa có ảnh", by=inspector)
    sent.refresh_from_db()
    assert sent.due_on == calendars.current().add_working_days(TODAY, 5)
    assert sent.first_due_on == date(2026, 1, 5)
    assert Message.objects.filter(recipient_key=str(inspected.pk)).count() == 2
    second = answer(sent, text="Đã làm", by=inspected)
    assert (second.was_late, sent.answers.count()) == (False, 2)


def test_who_follows_an_ended_agency_answers_its_findings(sent, communes, place, inspected, coordinator):
    other = next(c for c in communes if c != place)
    successor = make_user(other, Role.OFFICER, "successor")
    assert [p.key for p in FINDINGS.of_agency(place)] == [str(sent.pk)]
    approve(place, {f"findings.{sent.pk}": other}, by=coordinator)
    with pytest.raises(PermissionDenied):
        answer(sent, text="Đã niêm yết", by=inspected)
    client = signed_in(successor)
    for page in (f"findings/{sent.pk}/", f"visits/{sent.visit_id}/", f"{sent.visit.programme_id}/"):
        assert client.get(f"/inspections/{page}").status_code == 200
    assert client.post(f"/inspections/findings/{sent.pk}/answer/", {"text": "Đã niêm yết"}).status_code == 302
    assert Answer.objects.get().finding.visit.agency == place


def test_a_finding_is_looked_at_again(sent, inspector):
    again = plan_reinspection(sent, VisitDraft(visit_on=TODAY), by=inspector)
    assert (again.reinspects, again.choice, again.agency) == (sent, None, sent.visit.agency)
    assert sent.reinspections.get() == again


def test_a_finding_that_was_not_sent_is_not_looked_at_again(finding, inspector):
    with pytest.raises(RuleViolation):
        plan_reinspection(finding, VisitDraft(visit_on=TODAY), by=inspector)


def test_the_whole_way_is_walked_on_pages(held, question, inspector, inspected, photo):
    team, place = signed_in(inspector), signed_in(inspected)
    visit = f"/inspections/visits/{held.pk}/"
    new = team.post(f"{visit}findings/new/", {"text": "Bảng trống", "question": question.pk, "needs_answer": "on",
                                              "files": photo})  # fmt: skip
    assert new.status_code == 302
    made = Finding.objects.get()
    one = f"/inspections/findings/{made.pk}/"
    assert "Bảng trống" in team.get(f"{one}change/").content.decode()
    changed = {"text": "Bảng niêm yết trống", "recommendation": "Niêm yết", "needs_answer": "on"}
    assert team.post(f"{one}change/", changed).status_code == 302
    assert team.get(f"{visit}send/").status_code == 200
    assert team.post(f"{visit}send/").status_code == 302
    assert team.post(f"{visit}send/").status_code == 409
    assert "Bảng niêm yết trống" in place.get(one).content.decode()
    file = place.get(f"/inspections/files/{made.attachments.get().pk}/")
    assert b"".join(file.streaming_content).startswith(b"\xff\xd8")
    assert file["Content-Disposition"].startswith("attachment") and file["X-Content-Type-Options"] == "nosniff"
    assert place.post(f"{one}answer/", {"text": "Đã niêm yết"}).status_code == 302
    decision = f"/inspections/answers/{Answer.objects.get().pk}/"
    assert place.get(decision).status_code == 403
    assert team.post(decision, {"verdict": "returned", "reason": " "}).status_code == 422
    assert team.post(decision, {"verdict": "accepted"}).status_code == 302
    assert team.post(f"{one}again/", {"visit_on": f"{TODAY:%d/%m/%Y}"}).status_code == 302
    for client in (team, place):
        for page in (one, visit, f"/inspections/{held.programme_id}/", "/inspections/"):
            assert client.get(page).status_code == 200


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"MZ\x90", b"PK\x03\x04broken", b""])
def test_a_file_of_a_false_kind_is_refused_and_the_words_stay(held, inspector, content):
    file = SimpleUploadedFile("anh.jpg", content, content_type="image/jpeg")
    answer_ = signed_in(inspector).post(
        f"/inspections/visits/{held.pk}/findings/new/", {"text": "Bảng trống", "files": file}
    )
    assert answer_.status_code == 422 and "Bảng trống" in answer_.content.decode()
    assert Finding.objects.count() == 0


def test_a_form_that_is_sent_twice_makes_one_finding(held, inspector):
    typed = {"text": "Bảng trống", "needs_answer": "on", "form_key": "k"}
    for _n in range(2):
        signed_in(inspector).post(f"/inspections/visits/{held.pk}/findings/new/", typed)
    assert Finding.objects.count() == 1


def test_overseers_read_what_was_sent_and_write_nothing(sent, overseer):
    client = signed_in(overseer)
    assert client.get(f"/inspections/findings/{sent.pk}/").status_code == 200
    assert client.post(f"/inspections/findings/{sent.pk}/answer/", {"text": "x"}).status_code == 403
    assert client.get(f"/inspections/findings/{sent.pk}/again/").status_code == 403


def test_pages_have_few_queries_whatever_the_number_of_findings(
    sent, held, inspector, django_assert_max_num_queries, question
):
    for n in range(30):
        Finding.objects.create(
            visit=sent.visit, agency=sent.agency, text=f"Tồn tại {n}", due_on=TODAY, first_due_on=TODAY, answer_days=5
        )
    client = signed_in(inspector)
    for page in (f"visits/{sent.visit_id}/", f"findings/{sent.pk}/", f"{sent.visit.programme_id}/", "",
                 f"choices/{sent.visit.choice_id}/"):  # fmt: skip
        client.get(f"/inspections/{page}")
        with django_assert_max_num_queries(20):
            assert client.get(f"/inspections/{page}").status_code == 200
