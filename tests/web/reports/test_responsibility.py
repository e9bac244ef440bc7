"""Who answers in a synthesis report: the heads of the agencies that lead, and what is written about single contents."""

import io
from datetime import date, timedelta

import pytest
from docx import Document

from people import signed_in
from quantri.web.accounts.models import Agency, Headship
from quantri.web.reports.actions import digest
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.synthesis import traces_of
from quantri.web.reports.synthesis_actions import begin_report, current_content, freeze_report, write_text
from quantri.web.reports.synthesis_files import report_docx
from quantri.web.reports.synthesis_text import headless, official_of, responsibility
from quantri.web.tasks.models import Assignment, Task


def page(report: SynthesisReport, tail: str = "") -> str:
    return f"/plans/{report.plan_id}/reports/{report.pk}/{tail}"


@pytest.fixture
def health(draft_report) -> Agency:
    return Agency.objects.get(name_vi="Sở Y tế")


def headed(agency: Agency, title: str, since: date, until: date | None = None, full_name: str = "") -> Headship:
    return Headship.objects.create(agency=agency, title=title, full_name=full_name, valid_from=since, valid_to=until)


def printed(report: SynthesisReport) -> str:
    return "\n".join(block["text"] for block in official_of(current_content(report))["body"])


# ---- heads


def test_the_head_at_the_end_of_the_period_answers_and_nobody_before_or_after(draft_report, health, quarter):
    last = quarter.ends_on
    headed(health, "Quyền Giám đốc", date(2025, 1, 1), last)
    now = headed(health, "Giám đốc", last, last + timedelta(days=1))
    headed(health, "Phó Giám đốc phụ trách", last + timedelta(days=1))
    content = current_content(draft_report)
    found = next(a for a in content["answering"] if a["key"] == health.pk)
    assert found["head"] == {"key": now.pk, "title": "Giám đốc", "name": ""}
    assert responsibility(content)[0] == (
        "Giám đốc, người đứng đầu Sở Y tế, chịu trách nhiệm về 1 nhiệm vụ chậm thời hạn: số 5."
    )


def test_the_name_of_a_head_follows_the_title_where_it_is_known(draft_report, health):
    headed(health, "Giám đốc", date(2025, 1, 1), full_name="[tên người đứng đầu]")
    assert responsibility(current_content(draft_report))[0].startswith("Giám đốc [tên người đứng đầu], người đứng đầu")


def test_a_title_that_holds_the_agency_is_not_followed_by_it_again(draft_report, health):
    headed(health, "Giám đốc Sở Y tế", date(2025, 1, 1))
    assert responsibility(current_content(draft_report))[0].startswith("Giám đốc Sở Y tế chịu trách nhiệm về 1")


def test_an_agency_without_a_recorded_head_is_shown_as_a_fault(draft_report, health, coordinator):
    assert responsibility(current_content(draft_report))[-1] == (
        "Chưa ghi nhận người đứng đầu của cơ quan: Sở Nội vụ, Sở Y tế, Thanh tra tỉnh."
    )
    shown = signed_in(coordinator).get(page(draft_report)).content.decode()
    assert f'<li class="must"><a href="/agencies/{health.pk}/">Sở Y tế</a>' in shown
    headed(health, "Giám đốc", date(2025, 1, 1))
    assert responsibility(current_content(draft_report))[-1].endswith("cơ quan: Sở Nội vụ, Thanh tra tỉnh.")
    assert f'href="/agencies/{health.pk}/"' not in signed_in(coordinator).get(page(draft_report)).content.decode()


def test_of_many_agencies_without_a_head_the_page_links_some_and_counts_the_rest(draft_report, coordinator, province):
    task = Task.objects.filter(plan=draft_report.plan).order_by("pk")[0]
    agencies = [Agency(province=province, name_vi=f"Xã {n:03}") for n in range(60)]
    Agency.objects.bulk_create(agencies)
    Assignment.objects.bulk_create([Assignment(task=task, agency=a, part="lead") for a in agencies])
    shown = signed_in(coordinator).get(page(draft_report)).content.decode()
    assert shown.count('<li class="must"><a href="/agencies/') == 50
    assert f"và {len(headless(current_content(draft_report))) - 50} cơ quan khác" in shown
    assert "Xã 059" in responsibility(current_content(draft_report))[-1]


def test_each_content_names_its_agency_with_the_head_on_the_page_and_in_word(draft_report, agency, coordinator):
    head = headed(agency, "Giám đốc", date(2025, 1, 1))
    told = "chịu trách nhiệm: Sở Nội vụ (Giám đốc)."
    assert told in printed(draft_report) and "chịu trách nhiệm: chưa có cơ quan." in printed(draft_report)
    client = signed_in(coordinator)
    assert told in client.get(page(draft_report)).content.decode()
    word = Document(io.BytesIO(client.get(page(draft_report, "bao-cao.docx")).content))
    assert any(p.text.endswith(told) for p in word.paragraphs)
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert "Sở Nội vụ (Giám đốc)" in cells
    traced = next(f for f in traces_of(current_content(draft_report)) if f["label"] == "Người đứng đầu Sở Nội vụ")
    assert traced["rows"] == [{"model": "accounts.headship", "key": head.pk, "name": "Sở Nội vụ: Giám đốc"}]


def test_a_head_appointed_after_freezing_does_not_enter_the_frozen_report(draft_report, health, coordinator):
    headed(health, "Giám đốc", date(2025, 1, 1))
    frozen = freeze_report(draft_report, by=coordinator)
    before = report_docx(current_content(frozen), None)
    Headship.objects.update(title="Chánh Thanh tra")
    frozen.refresh_from_db()
    assert digest(current_content(frozen)) == frozen.sha256
    assert report_docx(current_content(frozen), None) == before


def test_a_report_that_was_frozen_without_heads_is_printed_as_it_was(draft_report):
    old = current_content(draft_report) | {"schema": 1}
    del old["answering"]
    for row in old["contents"] + old["tasks"]:
        row.pop("owner_keys", None), row.pop("lead_keys", None)
    text = "\n".join(block["text"] for block in official_of(old)["body"])
    assert "Người đứng đầu Sở Y tế chịu trách nhiệm về 1 nhiệm vụ chậm thời hạn: số 5." in text
    assert "Chưa ghi nhận người đứng đầu" not in text and "; chịu trách nhiệm:" not in text
    assert not any(f["label"].startswith("Người đứng đầu") for f in traces_of(old))


# ---- causes and proposals of single contents


def test_the_links_to_the_texts_of_a_content_say_which_text_in_words(draft_report, coordinator):
    shown = signed_in(coordinator).get(page(draft_report)).content.decode()
    assert '<span class="visually-hidden">: Nguyên nhân: D1. ' in shown
    assert 'visually-hidden"> causes' not in shown


def test_causes_and_proposals_are_written_for_each_content(draft_report, coordinator):
    client = signed_in(coordinator)
    assert "Thiếu kinh phí" in client.get(page(draft_report, "texts/causes-D1/")).content.decode()
    assert "Thiếu kinh phí" not in client.get(page(draft_report, "texts/causes-D5/")).content.decode()
    answer = client.post(page(draft_report, "texts/causes-D1/"), {"text": "Dòng một\nDòng hai", "seen": "0"})
    assert answer["Location"] == page(draft_report)
    client.post(page(draft_report, "texts/proposals-D1/"), {"text": "Bố trí kinh phí", "seen": "0"})
    texts = [block["text"] for block in official_of(current_content(draft_report))["body"]]
    place = next(n for n, text in enumerate(texts) if text.startswith("D1."))
    assert texts[place + 1 : place + 4] == [
        "Nguyên nhân: Dòng một", "Dòng hai", "Đề xuất, kiến nghị: Bố trí kinh phí",
    ]  # fmt: skip
    assert texts[place + 4].startswith("D2.")


def test_a_text_of_an_unknown_content_or_section_is_not_there(draft_report, coordinator):
    client = signed_in(coordinator)
    for key in ("causes-D99", "limits-D1", "causes-", "-D1", "causes-D1-D1"):
        assert client.get(page(draft_report, f"texts/{key}/")).status_code == 404, key


def test_texts_of_contents_come_along_into_the_next_version(draft_report, worked_plan, quarter, coordinator):
    write_text(draft_report, "proposals-D5", text="Sửa quy trình", seen=0, by=coordinator)
    freeze_report(draft_report, by=coordinator)
    second = begin_report(worked_plan, quarter, by=coordinator)
    assert second.texts.get().key == "proposals-D5" and "Sửa quy trình" in printed(second)
