"""The minutes of a visit, as plain values and as the official draft."""

import io
from datetime import date

import pytest
from django.utils import timezone
from docx import Document

from people import signed_in
from quantri.web.inspections.minutes import minutes_of
from quantri.web.inspections.models import Visit
from quantri.web.inspections.visits import Seen, announce, record_checks
from quantri.web.plans.changes import mark_of

TODAY = timezone.localdate()


def words_of(content: bytes) -> str:
    word = Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in word.paragraphs), *cells])


def test_the_minutes_tell_what_was_asked_seen_found_and_by_when_it_is_answered(visit, question, inspector, sent):
    content = minutes_of(sent.visit, today=TODAY)
    told = " ".join(block["text"] for block in content["body"])
    day = sent.first_due_on
    assert "Trưởng đoàn: đại diện Sở Nội vụ" in told and "1. Chưa niêm yết thủ tục đất đai" in told
    assert f"trước hết ngày {day.day}/{day.month}/{day.year}" in told
    assert content["legal_bases"][-1].startswith("Căn cứ Kế hoạch số 15/KH-UBND")
    assert minutes_of(sent.visit, today=TODAY.replace(year=2099)) == content


def test_legal_bases_are_named_in_full_as_the_decree_asks(sent):
    programme, plan = sent.visit.programme, sent.visit.programme.plan
    plan.title, plan.issued_on = "Kế hoạch nâng cao Chỉ số PAPI năm 2026", date(2026, 3, 2)
    programme.decision_number, programme.decided_on = "9/QĐ-SNV", date(2026, 1, 15)
    programme.decision_issuer, programme.decision_subject = "Sở Nội vụ", "Về việc thành lập Đoàn kiểm tra"
    assert minutes_of(sent.visit, today=TODAY)["legal_bases"] == [
        "Căn cứ Quyết định số 9/QĐ-SNV ngày 15 tháng 01 năm 2026 của Sở Nội vụ về việc thành lập Đoàn kiểm tra",
        "Căn cứ Kế hoạch số 15/KH-UBND ngày 02 tháng 3 năm 2026 của Ủy ban nhân dân tỉnh An Giang "
        "về nâng cao Chỉ số PAPI năm 2026",
    ]


@pytest.mark.parametrize(("issuer", "subject", "told"), [
    ("", "", "[cơ quan ban hành và trích yếu do đơn vị soạn thảo bổ sung]"),
    ("Sở Nội vụ", "", "của Sở Nội vụ [trích yếu do đơn vị soạn thảo bổ sung]"),
    ("", "kiểm tra", "về kiểm tra [cơ quan ban hành do đơn vị soạn thảo bổ sung]"),
])  # fmt: skip
def test_of_a_decision_only_what_nobody_said_is_left_to_be_added(sent, issuer, subject, told):
    programme = sent.visit.programme
    programme.decision_number, programme.decided_on = "9/QĐ-SNV", date(2026, 3, 2)
    programme.decision_issuer, programme.decision_subject = issuer, subject
    [decision, _plan] = minutes_of(sent.visit, today=TODAY)["legal_bases"]
    assert decision == f"Căn cứ Quyết định số 9/QĐ-SNV ngày 02 tháng 3 năm 2026 {told}"


def test_the_minutes_are_an_official_draft(held, question, inspector, sent, inspected):
    address = f"/plans/inspections/{held.pk}/bien-ban.docx"
    made = signed_in(inspected).get(address)
    assert made.status_code == 200
    told = words_of(made.content)
    assert "BIÊN BẢN" in told.upper() and "Chưa niêm yết thủ tục đất đai" in told
    assert made.content == signed_in(inspector).get(address).content


def test_what_an_inspector_wrote_at_a_question_stands_in_the_minutes(visit, question, inspector):
    seen = {question.pk: Seen(outcome="not_met", note="Bảng trống", mark=mark_of(["", ""]))}
    record_checks(visit, seen, held_on=TODAY, by=inspector)
    told = words_of(signed_in(inspector).get(f"/plans/inspections/{visit.pk}/bien-ban.docx").content)
    assert "Kết quả: chưa đạt. Bảng trống" in told and "Không phát hiện tồn tại" in told


def test_the_agency_has_no_minutes_before_the_findings_are_sent(visit, inspected, inspector, outsider):
    announce(visit, by=inspector)
    address = f"/plans/inspections/{visit.pk}/bien-ban.docx"
    assert signed_in(inspector).get(address).status_code == 404  # it did not take place yet
    record_checks(visit, {}, held_on=TODAY, by=inspector)
    assert Visit.objects.visible_to(inspected).exists()
    for stranger in (inspected, outsider):
        assert signed_in(stranger).get(address).status_code == 404
