import io
import json

import pytest
from docx import Document
from openpyxl import load_workbook

from people import signed_in
from quantri.web.plans.actions import set_owners, set_target
from quantri.web.reports.actions import digest, freeze_draft
from quantri.web.reports.models import Snapshot
from quantri.web.tasks.actions import TaskDraft, add_tasks


@pytest.fixture
def filled(plan, agency, coordinator):
    set_target(plan, "D1", priority="improve", spec="4.50", by=coordinator)
    set_target(plan, "D4", priority="hold", spec="keep", by=coordinator)
    set_owners(plan, "D1", [agency], new_name="", by=coordinator)
    add_tasks(plan, [TaskDraft(title="Họp dân", components=("D1",), leads=("Sở Nội vụ",))], by=coordinator)
    return plan


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_a_draft_is_made_once_for_the_same_content(filled, coordinator):
    client = signed_in(coordinator)
    for _ in range(2):
        client.post(f"/plans/{filled.pk}/document/")
    assert Snapshot.objects.filter(plan=filled).count() == 1
    assert "7 nội dung chưa có cơ quan chịu trách nhiệm" in client.get(f"/plans/{filled.pk}/document/").content.decode()


def test_a_document_comes_from_what_was_frozen_not_from_what_the_plan_is_now(filled, coordinator):
    snapshot = freeze_draft(filled, by=coordinator)
    set_target(filled, "D1", priority="improve", spec="6.66", by=coordinator)
    answer = signed_in(coordinator).get(f"/plans/{filled.pk}/document/{snapshot.sha256}/ke-hoach.docx")
    text = text_of(answer.content)
    assert "4,50" in text and "6,66" not in text
    assert "Họp dân" in text


def test_a_content_that_was_tampered_with_has_another_checksum(filled, coordinator):
    snapshot = freeze_draft(filled, by=coordinator)
    assert digest(json.loads(json.dumps(snapshot.content))) == snapshot.sha256
    assert digest(snapshot.content | {"title": "Khác"}) != snapshot.sha256


def test_the_public_gets_the_documents_of_a_published_plan_and_no_draft(client, filled, coordinator, leader):
    draft = freeze_draft(filled, by=coordinator)
    signed_in(leader).post(f"/plans/{filled.pk}/decision/", {"kind": "publish", "reason": "Công khai"})
    public = Snapshot.objects.get(plan=filled, is_public=True)
    assert client.get(f"/plans/{filled.pk}/document/{public.sha256}/ke-hoach.docx").status_code == 200
    if draft.sha256 != public.sha256:
        assert client.get(f"/plans/{filled.pk}/document/{draft.sha256}/ke-hoach.docx").status_code == 404


def test_chances_leave_the_house_only_when_that_was_decided(client, filled, leader):
    signed_in(leader).post(f"/plans/{filled.pk}/decision/", {"kind": "publish", "reason": "Công khai"})
    public = Snapshot.objects.get(plan=filled, is_public=True)
    book = load_workbook(io.BytesIO(client.get(f"/plans/{filled.pk}/document/{public.sha256}/ke-hoach.xlsx").content))
    words = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    assert "Khả năng" not in words


def test_the_same_file_is_confirmed_by_304(filled, coordinator):
    snapshot = freeze_draft(filled, by=coordinator)
    client, address = signed_in(coordinator), f"/plans/{filled.pk}/document/{snapshot.sha256}/ke-hoach.xlsx"
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_304_does_not_open_what_may_not_be_seen(client, filled, coordinator):
    snapshot = freeze_draft(filled, by=coordinator)
    address = f"/plans/{filled.pk}/document/{snapshot.sha256}/ke-hoach.xlsx"
    tag = signed_in(coordinator).get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 404


def test_the_plan_of_2019_is_taken_away_as_a_marked_copy(client, historic_plan):
    snapshot = Snapshot.objects.get(plan=historic_plan)
    text = text_of(client.get(f"/plans/{historic_plan.pk}/document/{snapshot.sha256}/ke-hoach.docx").content)
    assert "BẢN SAO TRÌNH DIỄN" in text
    for number in ("5,40", "6,00", "5,00", "7,00", "7,30", "7,70"):
        assert number in text


@pytest.mark.needs("soffice")
def test_the_pdf_is_made_by_libreoffice(client, historic_plan):
    snapshot = Snapshot.objects.get(plan=historic_plan)
    answer = client.get(f"/plans/{historic_plan.pk}/document/{snapshot.sha256}/ke-hoach.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


def test_an_unknown_ending_is_404(client, historic_plan):
    snapshot = Snapshot.objects.get(plan=historic_plan)
    assert client.get(f"/plans/{historic_plan.pk}/document/{snapshot.sha256}/ke-hoach.exe").status_code == 404


def test_documents_of_an_earlier_decision_are_no_longer_public(client, filled, leader):
    decision = f"/plans/{filled.pk}/decision/"
    signed_in(leader).post(decision, {"kind": "publish", "reason": "Công khai kèm khả năng", "with_chances": "on"})
    first = Snapshot.objects.get(plan=filled, is_public=True)
    signed_in(leader).post(decision, {"kind": "withdraw", "reason": "Thu hồi"})
    signed_in(leader).post(decision, {"kind": "publish", "reason": "Công khai không kèm khả năng"})
    second = Snapshot.objects.filter(plan=filled, is_public=True).first()
    assert client.get(f"/plans/{filled.pk}/document/{first.sha256}/ke-hoach.xlsx").status_code == 404
    assert client.get(f"/plans/{filled.pk}/document/{second.sha256}/ke-hoach.xlsx").status_code == 200
