"""The files of a synthesis report: the Word file, its PDF, and the annexes as a workbook with real numbers."""

import io
from typing import Any

from openpyxl import Workbook

from quantri.web.reports.official import pdf_of, render
from quantri.web.reports.rendering import wording
from quantri.web.reports.rendering.annex import Column, add_sheet
from quantri.web.reports.rendering.packing import moment, repack
from quantri.web.reports.synthesis import traces_of
from quantri.web.reports.synthesis_further import REACHED, further_comparison, further_rows
from quantri.web.reports.synthesis_text import STATES, comparison, heads_of, official_of, owners_of

Content = dict[str, Any]


def report_docx(content: Content, template: bytes | None) -> bytes:
    return render("bao-cao", official_of(content), template=template)


def report_pdf(content: Content, template: bytes | None) -> bytes:
    return pdf_of(report_docx(content, template))


def report_xlsx(content: Content, template: bytes | None) -> bytes:
    """Make the annexes as sheets, which need no template; equal content gives equal bytes."""
    content = wording.cleaned(content)
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = content["title"], "Quantri"
    book.properties.created = moment(content["made_on"])
    add_sheet(book, content, "Mục tiêu", _target_columns(content), content["contents"])
    if further_rows(content):
        add_sheet(book, content, "Mục tiêu khác", _further_columns(content), further_rows(content))
    add_sheet(book, content, "Nhiệm vụ", _TASKS, content["tasks"])
    add_sheet(book, content, "Nguồn từng số liệu", _TRACES, _trace_rows(content))
    raw = io.BytesIO()
    book.save(raw)
    return repack(raw.getvalue(), moment(content["made_on"]))


def _target_columns(content: Content) -> list[Column]:
    plan, heads = content["plan"], heads_of(content)
    return [
        Column("Mã", 8, lambda c: c["code"]),
        Column("Nội dung", 40, lambda c: c["name"]),
        Column(f"Kết quả năm {plan['base_year']}", 12, lambda c: c["base"]["value"], "0.000"),
        Column("Mục tiêu", 30, lambda c: c["target"]["value"]),
        Column(f"Kết quả năm {plan['year']}", 12, lambda c: c["result"]["value"], "0.000"),
        Column("So sánh với năm gốc", 24, comparison),
        Column("Mục tiêu đạt", 14, lambda c: REACHED[c["reached"]]),
        Column("Số nhiệm vụ", 10, lambda c: c["n_tasks"]["value"]),
        Column("Hoàn thành", 10, lambda c: c["done"]["value"]),
        Column("Quá hạn", 10, lambda c: c["late"]["value"]),
        Column("Chưa có minh chứng", 12, lambda c: c["without_evidence"]["value"]),
        Column("Cơ quan chịu trách nhiệm", 30, lambda c: wording.listed(owners_of(c, heads), "chưa xác định")),
    ]


def _further_columns(content: Content) -> list[Column]:
    return [
        Column("Chỉ số", 8, lambda t: t["index"]),
        Column("Tỉnh gốc", 24, lambda t: t["base_unit"]),
        Column("Năm gốc", 8, lambda t: t["base_year"]),
        Column("Mã", 8, lambda t: t["code"]),
        Column("Nội dung", 40, lambda t: t["name"]),
        Column("Kết quả năm gốc", 12, lambda t: t["base"]["value"], "0.000"),
        Column("Mục tiêu", 30, lambda t: t["target"]["value"]),
        Column(f"Kết quả năm {content['plan']['year']}", 12, lambda t: t["result"]["value"], "0.000"),
        Column("So sánh với năm gốc", 24, further_comparison),
        Column("Mục tiêu đạt", 14, lambda t: REACHED[t["reached"]]),
    ]


_TASKS = [
    Column("TT", 7, lambda t: t["number"]),
    Column("Nhiệm vụ", 60, lambda t: t["title"]),
    Column("Nội dung", 12, lambda t: wording.listed(t["components"], "chung")),
    Column("Cơ quan chủ trì", 30, lambda t: wording.listed(t["leads"], "chưa xác định")),
    Column("Thời hạn", 14, lambda t: wording.day(t["due_on"]) or "chưa xác định", "d/m/yyyy"),
    Column("Tình trạng", 20, lambda t: STATES[t["state"]]),
    Column("Ngày hoàn thành", 14, lambda t: wording.day(t["closed_on"]), "d/m/yyyy"),
    Column("Số minh chứng", 10, lambda t: t["n_evidence"]),
]
_TRACES = [
    Column("Số liệu", 40, lambda r: r["label"]),
    Column("Giá trị", 14, lambda r: r["value"]),
    Column("Loại bản ghi", 20, lambda r: r["model"]),
    Column("Khóa", 10, lambda r: r["key"]),
    Column("Tên bản ghi", 60, lambda r: r["name"]),
    Column("SHA-256", 70, lambda r: r["sha256"]),
]


def _trace_rows(content: Content) -> list[Content]:
    nothing = [{"model": "", "key": None, "name": ""}]
    return [
        {"label": figure["label"], "value": figure["value"], "sha256": figure["sha256"], **row}
        for figure in traces_of(content)
        for row in figure["rows"] or nothing
    ]
