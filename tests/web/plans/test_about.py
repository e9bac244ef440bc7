import html
import io
import re

import pytest
from docx import Document

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.plans.changes import mark_of
from quantri.web.plans.words import set_words
from quantri.web.reports.actions import freeze_draft
from quantri.web.reports.rendering.document import render_document


@pytest.fixture
def page(plan) -> str:
    return f"/plans/{plan.pk}/about/"


def words_on(text: str) -> dict[str, str]:
    """Fields of the words as a browser would send them."""
    fields = {
        name: html.unescape(body)
        for name, body in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', text, re.S)
    }
    return fields | dict(re.findall(r'name="(seen-\w+)" value="(\w+)"', text))


def text_of(plan, coordinator) -> str:
    document = Document(io.BytesIO(render_document(freeze_draft(plan, by=coordinator).content)))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_a_new_plan_begins_with_words_that_such_plans_say(plan, coordinator, page):
    text = signed_in(coordinator).get(page).content.decode()
    assert plan.title in text
    assert "năm 2026 so với năm 2024" in words_on(text)["purposes"]
    assert "Người đứng đầu" in words_on(text)["requirements"]


def test_what_is_typed_without_scripts_goes_into_the_plan_and_its_document(plan, coordinator, page):
    client = signed_in(coordinator)
    typed = words_on(client.get(page).content.decode()) | {
        "title": "Kế hoạch nâng cao Chỉ số PAPI tỉnh An Giang năm 2026",
        "purposes": "- Mục đích thứ nhất\r\n\r\n• Mục đích thứ hai",
        "legal_bases": "Căn cứ văn bản thứ nhất\nCăn cứ văn bản thứ hai;",
    }
    assert client.post(page, typed)["Location"] == page
    plan.refresh_from_db()
    assert plan.purposes == ["Mục đích thứ nhất", "Mục đích thứ hai"]
    text = text_of(plan, coordinator)
    assert "a) Mục đích thứ nhất." in text and "b) Mục đích thứ hai." in text
    assert "Căn cứ văn bản thứ nhất;\nCăn cứ văn bản thứ hai.\n" in text
    assert "Nâng cao Chỉ số PAPI tỉnh An Giang năm 2026" in text


def test_only_what_was_changed_is_written(plan, coordinator, page):
    client = signed_in(coordinator)
    typed = words_on(client.get(page).content.decode()) | {"requirements": "Một yêu cầu"}
    for _ in range(2):
        client.post(page, typed)
    assert [e.details["field"] for e in AuditEntry.objects.filter(action="plan.worded")] == ["requirements"]


def test_one_field_is_saved_as_it_is_typed(plan, coordinator, page):
    typed = {"title": "Kế hoạch  PAPI 2026", "seen-title": mark_of(plan.title)}
    answer = signed_in(coordinator).post(page, typed, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert text.lstrip().startswith('<div class="field"') and 'name="purposes"' not in text and "Đã lưu" in text
    plan.refresh_from_db()
    assert plan.title == "Kế hoạch PAPI 2026" and plan.purposes


@pytest.mark.parametrize(
    ("field", "value"), [("title", " "), ("title", "x" * 301), ("purposes", "x\n" * 21), ("requirements", "x" * 1001)]
)
def test_a_fault_keeps_what_was_typed_and_saves_the_rest(plan, coordinator, page, field, value):
    client = signed_in(coordinator)
    typed = words_on(client.get(page).content.decode()) | {"legal_bases": "Căn cứ", field: value}
    answer = client.post(page, typed)
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert words_on(answer.content.decode())[field].strip() == value.strip()
    plan.refresh_from_db()
    assert plan.legal_bases == ["Căn cứ"] and getattr(plan, field)[0] != "x"


def test_a_colleagues_words_are_shown_and_not_overwritten(plan, coordinator, page):
    client = signed_in(coordinator)
    typed = words_on(client.get(page).content.decode()) | {"purposes": "Của tôi"}
    set_words(plan, "purposes", ["Của đồng nghiệp"], by=coordinator)
    answer = client.post(page, typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "<li>Của đồng nghiệp</li>" in text and words_on(text)["purposes"] == "Của tôi"
    assert client.post(page, words_on(text)).status_code == 302
    plan.refresh_from_db()
    assert plan.purposes == ["Của tôi"]


def test_others_write_no_words(plan, leader, outsider, page):
    assert signed_in(leader).post(page, {"title": "x"}).status_code == 403
    assert signed_in(outsider).post(page, {"title": "x"}).status_code == 404
    assert signed_in(outsider).post(f"/plans/{plan.pk}/issue/", {}).status_code == 404


def test_the_words_of_2019_are_those_of_its_source_and_stay(historic_plan, coordinator):
    text = signed_in(coordinator).get(f"/plans/{historic_plan.pk}/about/").content.decode()
    assert "135/KH-UBND" in text and "cải thiện cả 06 nội dung" in text
    assert "<button" not in text[text.index("<h1") : text.index("<footer")]
    with pytest.raises(RuleViolation, match="lịch sử"):
        set_words(historic_plan, "title", "Khác", by=coordinator)


def test_a_frozen_plan_keeps_the_words_that_it_had(plan, coordinator):
    snapshot = freeze_draft(plan, by=coordinator)
    set_words(plan, "legal_bases", ["Căn cứ mới"], by=coordinator)
    snapshot.refresh_from_db()
    assert snapshot.content["legal_bases"] == [] and snapshot.content["purposes"] == plan.purposes
