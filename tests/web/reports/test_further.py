"""Further indices and base provinces of a plan in its synthesis report: their targets, results and comparability."""

import io

import pytest
from docx import Document
from openpyxl import load_workbook

from people import signed_in
from quantri.web.places.models import Province
from quantri.web.plans.models import Basis, Plan, Target
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.synthesis import traces_of
from quantri.web.reports.synthesis_actions import current_content, freeze_report
from quantri.web.reports.synthesis_files import report_docx, report_xlsx
from quantri.web.reports.synthesis_text import official_of

SOURCE = "Báo cáo PCI 2024, công bố tháng 5/2025"
KIEN_GIANG = "Kiên Giang (đến 30/6/2025)"


def again(report: SynthesisReport) -> SynthesisReport:
    return SynthesisReport.objects.with_plan().get(pk=report.pk)


def printed(report: SynthesisReport) -> list[str]:
    return [block["text"] for block in official_of(current_content(again(report)))["body"]]


@pytest.fixture
def second(worked_plan) -> Basis:
    """The other old province that the new one was made from, with a target of its own."""
    unit = Province.objects.get(key="vn63-91")
    made = Basis.objects.create(plan=worked_plan, index="papi", base_unit=unit, base_year=2024)
    Target.objects.create(plan=worked_plan, basis=made, code="D1", spec="4.70", base_value=4.4, base_year=2024)
    return made


@pytest.fixture
def pci(worked_plan, old_an_giang) -> Basis:
    made = Basis.objects.create(plan=worked_plan, index="PCI", base_unit=old_an_giang, base_year=2024)
    Target.objects.create(
        plan=worked_plan, basis=made, code="PCI", name="Năng lực cạnh tranh", spec="+0.5", base_value=66.2,
        base_source=SOURCE,
    )  # fmt: skip
    return made


def test_each_ground_tells_its_targets_bases_and_results(draft_report, second, pci):
    lines = printed(draft_report)
    place = lines.index("III. Kết quả theo chỉ số, tỉnh gốc khác của Kế hoạch")
    assert lines[place + 1] == f"1. PAPI, năm gốc 2024, {KIEN_GIANG}"
    assert "kết quả năm gốc 4,40 điểm; mục tiêu: phấn đấu đạt từ 4,70 điểm;" in lines[place + 2]
    assert lines[place + 2].endswith("kết quả năm kế hoạch: chưa công bố.")
    assert lines[place + 4] == (
        "PCI. Năng lực cạnh tranh: kết quả năm gốc 66,20 điểm; mục tiêu: tăng ít nhất 0,50 điểm so với năm gốc; "
        "kết quả năm kế hoạch: không có trên hệ thống."
    )
    assert "Mục này nêu mục tiêu và kết quả của An Giang (đến 30/6/2025)." in lines
    assert lines[place + 5].startswith("IV. ")


def test_a_result_that_is_there_is_told_with_its_comparability_and_judged(draft_report, second):
    Plan.objects.filter(pk=draft_report.plan_id).update(base_year=2022, year=2024)
    Basis.objects.filter(pk=second.pk).update(base_year=2022)
    found = current_content(again(draft_report))["further"][0]["targets"][0]
    assert found["result"]["value"] is not None and found["result"]["rows"][0]["name"].endswith(", D1")
    assert found["comparable"] in ("yes", "doubtful", "no") and len(found["result"]["sha256"]) == 64
    told = {"yes": "so sánh được", "doubtful": "so sánh cần thận trọng", "no": "không so sánh được"}
    line = next(text for text in printed(draft_report) if "4,70" in text)
    assert f"điểm, {told[found['comparable']]} với năm gốc" in line


def test_the_annexes_of_word_and_excel_have_a_table_of_further_targets(draft_report, second, pci):
    content = current_content(again(draft_report))
    book = load_workbook(io.BytesIO(report_xlsx(content, None)))
    rows = [[cell.value for cell in row] for row in book["Mục tiêu khác"].iter_rows()]
    papi, typed = next(r for r in rows if r[0] == "PAPI"), next(r for r in rows if r[0] == "PCI")
    assert papi[1:4] == [KIEN_GIANG, 2024, "D1"] and papi[5:7] == [4.4, "phấn đấu đạt từ 4,70 điểm"]
    assert papi[8:] == ["chưa có kết quả", "chưa kết luận"] and typed[8] == "không có trên hệ thống"
    tables = Document(io.BytesIO(report_docx(content, None))).tables
    table = next(t for t in tables if t.cell(0, 1).text == "Tỉnh gốc")
    assert [c.text for c in table.rows[1].cells][:4] == ["PAPI", KIEN_GIANG, "2024", "D1"]


def test_each_figure_of_a_ground_is_traced_to_its_row(draft_report, second, pci):
    traces = {f["label"]: f for f in traces_of(current_content(again(draft_report)))}
    aim = traces[f"PAPI, {KIEN_GIANG}, D1: Mục tiêu"]
    assert aim["rows"][0]["key"] == second.targets.get().pk
    assert traces[f"PAPI, {KIEN_GIANG}, D1: Kết quả năm gốc"]["rows"][0]["model"] == "indices.release"
    typed = traces["PCI, An Giang (đến 30/6/2025), PCI: Kết quả năm gốc"]
    assert typed["value"] == 66.2 and typed["rows"][0]["name"].endswith(SOURCE)


def test_a_basis_that_was_taken_out_or_has_no_target_is_not_told(draft_report, second, pci):
    second.ended_at = draft_report.made_at
    second.save()
    pci.targets.all().delete()
    content = current_content(again(draft_report))
    assert content["further"] == []
    assert [annex["title"] for annex in official_of(content)["annexes"]] == [
        "Mục tiêu và kết quả theo từng nội dung", "Tình hình thực hiện nhiệm vụ",
    ]  # fmt: skip
    assert not any(text.startswith("Mục này nêu") for text in printed(draft_report))


def test_a_report_that_was_frozen_without_further_grounds_is_printed_as_it_was(draft_report):
    content = current_content(draft_report)
    old = {key: value for key, value in content.items() if key not in ("further", "notes")} | {"schema": 2}
    old["plan"] = {key: value for key, value in old["plan"].items() if key != "base_unit"}
    body = [block["text"] for block in official_of(old)["body"]]
    new = [block["text"] for block in official_of(content)["body"]]
    assert body == [text for text in new if text not in content["notes"]]
    assert load_workbook(io.BytesIO(report_xlsx(old, None))).sheetnames == [
        "Mục tiêu", "Nhiệm vụ", "Nguồn từng số liệu",
    ]  # fmt: skip
    assert not any(trace["label"].startswith("PAPI, ") for trace in traces_of(old))


def test_the_page_shows_them_and_a_frozen_report_keeps_them(draft_report, second, coordinator):
    client, address = signed_in(coordinator), f"/plans/{draft_report.plan_id}/reports/{draft_report.pk}/"
    assert f"1. PAPI, năm gốc 2024, {KIEN_GIANG}" in client.get(address).content.decode()
    frozen = freeze_report(draft_report, by=coordinator)
    assert frozen.content["schema"] == 3
    second.targets.update(spec="5.0")
    shown = client.get(address).content.decode()
    assert "phấn đấu đạt từ 4,70 điểm" in shown and "Mục tiêu và kết quả theo chỉ số, tỉnh gốc khác" in shown
