"""Synthesis reports: what is counted, what is written by two at once, what is frozen, who reads it."""

import io
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.reports.actions import digest
from quantri.web.reports.actions import publish as publish_plan
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.synthesis import traces_of
from quantri.web.reports.synthesis_actions import (
    begin_report,
    current_content,
    decide_publication,
    freeze_report,
    write_text,
)  # fmt: skip
from quantri.web.reports.synthesis_text import official_of, responsibility, suggestions
from quantri.web.tasks.models import Task
from standing import tasks_at

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% endfor %} =HYPERLINK(1)"


def page(report: SynthesisReport, tail: str = "") -> str:
    return f"/plans/{report.plan_id}/reports/{report.pk}/{tail}"


# ---- figures


def test_tasks_are_judged_as_they_stood_on_the_last_day_of_the_period(worked_plan, quarter):
    states = {f.task.number: f.state for f in tasks_at(worked_plan, quarter.ends_on)}
    assert states == {"1": "done", "2": "late", "3": "open", "4": "undated", "5": "done_late"}


def test_each_figure_names_the_rows_that_it_was_counted_from(draft_report):
    content = current_content(draft_report)
    counts = content["counts"]
    assert {k: counts[k]["value"] for k in ("n_tasks", "done", "done_late", "late", "undated")} == {
        "n_tasks": 5, "done": 2, "done_late": 1, "late": 1, "undated": 1,
    }  # fmt: skip
    assert [row["name"] for row in counts["without_evidence"]["rows"]] == ["5. Tập huấn"]
    assert [row["name"] for row in counts["without_lead"]["rows"]] == ["4. Tuyên truyền"]
    for figure in traces_of(content):
        if isinstance(figure["value"], int):
            assert len(figure["rows"]) == figure["value"], figure["label"]
    keys = {row["key"] for row in counts["n_tasks"]["rows"]}
    assert keys == set(Task.objects.filter(plan=draft_report.plan).values_list("pk", flat=True))


def test_a_published_score_names_its_release_and_checksum(draft_report):
    base = current_content(draft_report)["contents"][0]["base"]
    assert base["rows"][0]["model"] == "indices.release" and len(base["sha256"]) == 64


def test_a_content_counts_its_own_tasks_and_those_of_its_parts(draft_report):
    contents = {c["code"]: c for c in current_content(draft_report)["contents"]}
    assert contents["D5"]["n_tasks"]["value"] == 3 and contents["D5"]["done"]["value"] == 2
    assert contents["D1"]["n_tasks"]["value"] == 2 and contents["D1"]["late"]["value"] == 1
    assert contents["D1"]["owners"] == ["Sở Nội vụ"]


def test_the_rate_on_time_counts_what_is_overdue_and_open(draft_report):
    rate = current_content(draft_report)["counts"]["on_time"]
    assert rate == {"on_time": 1, "closed": 2, "overdue_open": 1, "share": pytest.approx(1 / 3)}


def test_only_reports_that_were_handed_in_give_causes_and_proposals(draft_report):
    found = suggestions(current_content(draft_report))
    assert found == {
        "causes": "Thanh tra tỉnh (Họp dân): Thiếu kinh phí", "proposals": "Thanh tra tỉnh (Họp dân): Bổ sung kinh phí",
    }  # fmt: skip


def test_the_responsibility_line_names_who_answers_for_what_is_late(draft_report):
    lines = responsibility(current_content(draft_report))
    assert lines[0] == "Người đứng đầu Sở Y tế chịu trách nhiệm về 1 nhiệm vụ chậm thời hạn: số 5."
    assert lines[1] == "Người đứng đầu Thanh tra tỉnh chịu trách nhiệm về 1 nhiệm vụ chậm thời hạn: số 2."
    assert lines[2].startswith("Nội dung chưa có cơ quan chịu trách nhiệm: D2")


def test_a_result_that_is_not_published_is_not_judged(draft_report):
    line = next(b["text"] for b in official_of(current_content(draft_report))["body"] if b["text"].startswith("D1."))
    assert "kết quả năm kế hoạch: chưa công bố" in line and "phấn đấu đạt từ 4,50 điểm" in line


# ---- writing and freezing


def test_the_second_of_two_writers_is_told_and_overwrites_nothing(draft_report, coordinator):
    write_text(draft_report, "limits", text="Của người thứ nhất", seen=0, by=coordinator)
    with pytest.raises(ChangedMeanwhile) as refused:
        write_text(draft_report, "limits", text="Của người thứ hai", seen=0, by=coordinator)
    assert refused.value.theirs == "Của người thứ nhất"
    write_text(draft_report, "limits", text="Cả hai", seen=1, by=coordinator)
    assert [t.text for t in draft_report.texts.all()] == ["Của người thứ nhất", "Cả hai"]
    entry = AuditEntry.objects.filter(action="synthesis.written").first()
    assert (entry.details["before"], entry.details["after"]) == ("Của người thứ nhất", "Cả hai")


def test_the_page_shows_both_texts_to_the_second_writer(draft_report, coordinator):
    client = signed_in(coordinator)
    client.post(page(draft_report, "texts/limits/"), {"text": "Của người thứ nhất", "seen": "0"})
    answer = client.post(page(draft_report, "texts/limits/"), {"text": "Của người thứ hai", "seen": "0"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Của người thứ nhất" in shown and "Của người thứ hai" in shown and 'name="seen" value="1"' in shown


def test_a_frozen_report_changes_no_more_whatever_the_tasks_become(draft_report, coordinator):
    frozen = freeze_report(draft_report, by=coordinator)
    before = current_content(frozen)
    Task.objects.filter(plan=frozen.plan).update(title="Khác")
    frozen.refresh_from_db()
    assert current_content(frozen) == before and digest(before) == frozen.sha256
    with pytest.raises(RuleViolation):
        write_text(frozen, "limits", text="Sau khi chốt", seen=0, by=coordinator)
    with pytest.raises(RuleViolation):
        freeze_report(frozen, by=coordinator)
    assert AuditEntry.objects.filter(action="synthesis.frozen").count() == 1


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_the_files_of_a_frozen_report_are_made_again_alike(draft_report, coordinator, settings, tmp_path, ending):
    frozen = freeze_report(draft_report, by=coordinator)
    made = []
    for name in ("first", "second"):
        settings.DATA_DIR = tmp_path / name
        settings.DATA_DIR.mkdir()
        made.append(signed_in(coordinator).get(page(frozen, f"bao-cao.{ending}")).content)
        Task.objects.filter(plan=frozen.plan).update(title="Khác")
    assert made[0] == made[1]


def test_a_correction_is_a_new_version_that_keeps_the_texts(draft_report, worked_plan, quarter, coordinator):
    with pytest.raises(RuleViolation):
        begin_report(worked_plan, quarter, by=coordinator)
    write_text(draft_report, "limits", text="Còn hạn chế", seen=0, by=coordinator)
    freeze_report(draft_report, by=coordinator)
    second = begin_report(worked_plan, quarter, by=coordinator)
    assert second.version == 2 and second.texts.get().text == "Còn hạn chế"


def test_the_database_refuses_two_drafts_and_a_frozen_report_without_content(draft_report):
    with pytest.raises(IntegrityError), transaction.atomic():
        SynthesisReport.objects.filter(pk=draft_report.pk).update(state="frozen")
    with pytest.raises(IntegrityError), transaction.atomic():
        SynthesisReport.objects.filter(pk=draft_report.pk).update(published_at=F("made_at"))
    with pytest.raises(IntegrityError), transaction.atomic():
        copy = SynthesisReport.objects.get(pk=draft_report.pk)
        copy.pk, copy.version = None, 2
        copy.save()


def test_no_report_of_a_plan_that_is_not_issued(plan, quarter, coordinator):
    with pytest.raises(RuleViolation):
        begin_report(plan, quarter, by=coordinator)


def test_only_a_coordinator_of_the_province_writes_and_freezes(draft_report, worked_plan, quarter, leader, outsider):
    for person in (leader, outsider):
        with pytest.raises(PermissionDenied):
            begin_report(worked_plan, quarter, by=person)
        with pytest.raises(PermissionDenied):
            write_text(draft_report, "limits", text="x", seen=0, by=person)
        with pytest.raises(PermissionDenied):
            freeze_report(draft_report, by=person)


# ---- pages


def test_the_coordinator_goes_from_the_list_to_the_documents(worked_plan, coordinator):
    client = signed_in(coordinator)
    answer = client.post(f"/plans/{worked_plan.pk}/reports/", {"period": "quarter-1"})
    report = SynthesisReport.objects.get()
    assert answer["Location"] == page(report)
    client.post(page(report, "texts/limits/"), {"text": f"Dòng một\n{HOSTILE}", "seen": "0"})
    shown = client.get(page(report)).content.decode()
    assert "Dòng một" in shown and "<script>alert" not in shown
    assert client.post(page(report, "freeze/"))["Location"] == page(report)
    word = Document(io.BytesIO(client.get(page(report, "bao-cao.docx")).content))
    texts = [p.text for p in word.paragraphs]
    assert "Dòng một" in texts and HOSTILE in texts
    book = load_workbook(io.BytesIO(client.get(page(report, "bao-cao.xlsx")).content))
    assert book.sheetnames == ["Mục tiêu", "Nhiệm vụ", "Nguồn từng số liệu"]
    assert next(cell.value for cell in book["Nhiệm vụ"]["F"][4:]) == "hoàn thành"


@pytest.mark.needs("soffice", "pdftotext")
def test_the_frozen_report_has_a_pdf_and_a_draft_has_none(draft_report, coordinator):
    client = signed_in(coordinator)
    assert client.get(page(draft_report, "bao-cao.pdf")).status_code == 404
    freeze_report(draft_report, by=coordinator)
    assert client.get(page(draft_report, "bao-cao.pdf")).content.startswith(b"%PDF")


PAGES = [("", "get"), ("texts/limits/", "get"), ("freeze/", "post"), ("figures/", "get"), ("bao-cao.docx", "get")]


@pytest.mark.parametrize(("tail", "method"), PAGES)
def test_a_report_is_for_those_who_make_it(
    draft_report, coordinator, leader, officer, overseer, outsider, tail, method
):
    for person in (officer, overseer, outsider, None):
        answer = getattr(signed_in(person), method)(page(draft_report, tail))
        assert answer.status_code in ((302, 403, 404) if tail.startswith(("texts", "freeze")) else (404,))
    written = tail.startswith(("texts", "freeze"))
    assert getattr(signed_in(leader), method)(page(draft_report, tail)).status_code == (403 if written else 200)
    assert getattr(signed_in(coordinator), method)(page(draft_report, tail)).status_code in (200, 302)


def test_the_list_is_for_coordinators_and_leaders(draft_report, leader, officer, outsider, client):
    address = f"/plans/{draft_report.plan_id}/reports/"
    assert signed_in(leader).get(address).status_code == 200
    assert signed_in(leader).post(address, {"period": "quarter-2"}).status_code == 403
    assert signed_in(officer).get(address).status_code == 403
    assert signed_in(outsider).get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_a_wrong_method_or_address_is_refused(draft_report, coordinator, leader):
    client = signed_in(coordinator)
    assert client.get(page(draft_report, "freeze/")).status_code == 405
    assert client.post(page(draft_report, "figures/")).status_code == 405
    assert client.get(page(draft_report, "texts/passwords/")).status_code == 404
    assert client.get(page(draft_report, "bao-cao.exe")).status_code == 404
    assert client.get(f"/plans/{draft_report.plan_id + 1}/reports/{draft_report.pk}/").status_code == 404
    assert signed_in(leader).get(page(draft_report, "decision/")).status_code == 405
    assert client.post(f"/plans/{draft_report.plan_id}/reports/", {"period": "month-13"}).status_code == 422
    assert client.post(f"/plans/{draft_report.plan_id}/reports/", {"period": "quarter-1"}).status_code == 409
    assert client.post(page(draft_report, "texts/limits/"), {"text": "x" * 20_001, "seen": "0"}).status_code == 422
    assert client.post(page(draft_report, "texts/limits/"), {"text": "x", "seen": "-1"}).status_code == 422


def test_the_public_reads_a_report_by_decision_only(draft_report, coordinator, leader, client):
    with pytest.raises(RuleViolation):
        decide_publication(draft_report, "publish", reason="Công khai", by=leader)
    freeze_report(draft_report, by=coordinator)
    with pytest.raises(RuleViolation):  # the plan is not public yet
        decide_publication(draft_report, "publish", reason="Công khai", by=leader)
    publish_plan(draft_report.plan, reason="Công khai", by=leader)
    assert client.get(page(draft_report)).status_code == 404
    with pytest.raises(PermissionDenied):
        decide_publication(draft_report, "publish", reason="Công khai", by=coordinator)
    assert signed_in(leader).post(page(draft_report, "decision/"), {"kind": "publish"}).status_code == 422
    answer = signed_in(leader).post(page(draft_report, "decision/"), {"kind": "publish", "reason": "Công khai"})
    assert answer.status_code == 302
    for tail in ("", "figures/", "bao-cao.docx"):
        assert client.get(page(draft_report, tail)).status_code == 200
    signed_in(leader).post(page(draft_report, "decision/"), {"kind": "withdraw", "reason": "Thu hồi"})
    assert client.get(page(draft_report)).status_code == 404
    assert AuditEntry.objects.filter(action__in=["synthesis.publish", "synthesis.withdraw"]).count() == 2


def test_next_years_plan_starts_from_a_frozen_report(draft_report, coordinator):
    freeze_report(draft_report, by=coordinator)
    shown = signed_in(coordinator).get(page(draft_report)).content.decode()
    address = f"/plans/{draft_report.plan_id}/next-year/?from={draft_report.pk}"
    assert address in shown and signed_in(coordinator).get(address).status_code == 200


def test_queries_do_not_grow_with_tasks(draft_report, coordinator, connection):
    client = signed_in(coordinator)
    numbers = []
    for _ in range(2):
        for tail in ("", "figures/", "texts/causes/"):
            client.get(page(draft_report, tail))
            with CaptureQueriesContext(connection) as seen:
                client.get(page(draft_report, tail))
            numbers.append(len(seen))
        Task.objects.bulk_create(Task(plan=draft_report.plan, title=f"Việc {i}", components=["D2"]) for i in range(30))
    assert numbers[:3] == numbers[3:] and max(numbers) <= 20, numbers


@pytest.fixture
def connection(db):
    from django.db import connection

    return connection


def test_the_content_is_plain_json(draft_report):
    content = current_content(draft_report)
    assert json.loads(json.dumps(content)) == content


def test_a_printed_cell_names_the_first_of_very_many_agencies_and_counts_the_rest(draft_report):
    content = current_content(draft_report)
    content["tasks"][0]["leads"] = [f"UBND xã {n}" for n in range(1, 103)]
    row = official_of(content)["annexes"][-1]["rows"][0]
    assert row[3] == "UBND xã 1, UBND xã 2, UBND xã 3 và 99 cơ quan khác (có trong phụ lục Excel)"
    content["tasks"][0]["leads"] = ["Sở Nội vụ", "Sở Y tế"]
    assert official_of(content)["annexes"][-1]["rows"][0][3] == "Sở Nội vụ, Sở Y tế"
