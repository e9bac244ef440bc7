import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from quantri.web.reports.rendering.annex import HEADER_ROW, render_annex
from samples import make_content, make_historic_content, make_large_content, make_target, make_task


def opened(content: dict[str, Any]) -> Workbook:
    return load_workbook(io.BytesIO(render_annex(content)))


def heads(sheet: Worksheet) -> list[str]:
    return [cell.value for cell in sheet[HEADER_ROW]]


def row(sheet: Worksheet, number: int = 1) -> dict[str, Any]:
    return dict(zip(heads(sheet), sheet[HEADER_ROW + number], strict=True))


def test_it_has_three_sheets_with_a_row_for_each_item() -> None:
    book = opened(make_large_content())
    assert book.sheetnames == ["Mục tiêu", "Nhiệm vụ", "Nguồn"]
    assert book["Mục tiêu"].max_row == HEADER_ROW + 40
    assert book["Nhiệm vụ"].max_row == HEADER_ROW + 60


def test_numbers_and_dates_are_numbers_and_dates() -> None:
    book = opened(make_content(targets=[make_target(base=4.272, target_value=4.6)]))
    target, task = row(book["Mục tiêu"]), row(book["Nhiệm vụ"])
    assert (target["Kết quả năm 2024"].value, target["Mục tiêu năm 2026 (điểm)"].value) == (4.272, 4.6)
    assert target["Kết quả năm 2024"].number_format == "0.000"
    assert task["Thời hạn"].value == datetime(2026, 6, 30)  # noqa: DTZ001  as openpyxl reads a date
    assert task["Thời hạn"].number_format == "d/m/yyyy"
    assert task["TT"].value == 1


def test_what_is_missing_is_said_or_empty() -> None:
    targets = [make_target(target_value=None, cuts=None, target_text="", owners=[])]
    book = opened(make_content(targets=targets, tasks=[make_task(due_on=None, leads=[])]))
    target, task = row(book["Mục tiêu"]), row(book["Nhiệm vụ"])
    assert target["Mục tiêu năm 2026 (điểm)"].value is None
    assert {target["Mục tiêu bằng chữ"].value, task["Thời hạn"].value, task["Cơ quan chủ trì"].value} == {
        "chưa xác định"
    }


def test_chances_are_there_only_when_they_are_shown() -> None:
    shown = row(opened(make_content(shows_chances=True))["Mục tiêu"])
    assert shown["Khả năng đạt"].value == pytest.approx(0.31)
    assert shown["Khả năng đạt"].number_format == "0%"
    hidden = opened(make_content(shows_chances=False, targets=[make_target(note="Tính từ 3 năm")]))
    texts = [str(cell.value) for sheet in hidden for line in sheet for cell in line]
    assert not any("hả năng" in text or "0.31" in text or "Tính từ 3 năm" in text for text in texts)


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1+1", "{{ 7*7 }} <&>"]
)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    book = opened(make_content(title=text, tasks=[make_task(text, title=text, leads=[text], due_on=text)]))
    for cell in (book["Nhiệm vụ"]["A1"], *row(book["Nhiệm vụ"]).values()):
        assert cell.data_type == "s"
    title = row(book["Nhiệm vụ"])["Nhiệm vụ"]
    assert title.value == text.strip()
    assert title.quotePrefix == (text.strip()[0] in "=+-@")


def test_control_characters_are_dropped() -> None:
    book = opened(make_content(tasks=[make_task(title="Rà\x00 soát\x0b\x1f thủ\ntục")]))
    assert row(book["Nhiệm vụ"])["Nhiệm vụ"].value == "Rà soát thủ tục"


def test_each_sheet_prints_on_a4_across_with_its_head_repeated() -> None:
    for sheet in opened(make_content()):
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
        assert sheet.freeze_panes.endswith(str(HEADER_ROW + 1))
        assert sheet.cell(HEADER_ROW, 1).font.bold


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (make_content(), "BẢN TRÌNH DIỄN – DỰ THẢO"),
        (make_historic_content(), "BẢN SAO TRÌNH DIỄN – Số 135/KH-UBND ngày 27/3/2019"),
        (
            make_content(is_demonstration=False, number="5/KH-UBND", issued_on="2026-02-03"),
            "Số 05/KH-UBND ngày 3/2/2026",
        ),
    ],
)
def test_each_sheet_says_what_it_is(content: dict[str, Any], said: str) -> None:
    for sheet in opened(content):
        assert sheet["A2"].value == f"{sheet.title}. {said}"


def test_the_source_sheet_names_release_checksum_and_source() -> None:
    cells = [cell.value for line in opened(make_historic_content())["Nguồn"] for cell in line]
    assert "cd" * 32 in cells
    assert any("PAPI (UNDP, CECODES, RTA và đối tác), papi.org.vn" in str(value) for value in cells)
    assert any("Sở Thông tin và Truyền thông tỉnh An Giang" in str(value) for value in cells)


def test_an_empty_plan_does_not_break_it() -> None:
    assert opened(make_content(targets=[], tasks=[], releases=[])).sheetnames == ["Mục tiêu", "Nhiệm vụ", "Nguồn"]


def test_equal_content_gives_equal_bytes() -> None:
    assert render_annex(make_large_content()) == render_annex(make_large_content())
