"""The annex of a plan as an Excel workbook: targets, tasks and where the figures come from."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from quantri.web.reports.rendering import wording
from quantri.web.reports.rendering.packing import moment, repack
from quantri.web.reports.rendering.wording import listed, unknown

FONT = "Times New Roman"
HEADER_ROW = 4  # below the title, the state of the plan and an empty row
_LINE = Side(style="thin", color="808080")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="D9E8E8")
_FORMULA_SIGNS = ("=", "+", "-", "@")

Value = str | int | float | date | None


@dataclass(frozen=True)
class Column:
    """A column: its head, width in characters, number format, and how a row's value is found."""

    title: str
    width: float
    value: Callable[[dict[str, Any]], Value]
    format: str = "General"


def render_annex(content: dict[str, Any]) -> bytes:
    """Make the workbook; chances are in it only when the content says that they are shown."""
    content = wording.cleaned(content)
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = content["title"], "Quantri"
    book.properties.created = moment(content["made_on"])
    add_sheet(book, content, "Mục tiêu", _target_columns(content), content["targets"])
    if content.get("further"):
        rows = [each | target for each in content["further"] for target in each["targets"]]
        add_sheet(book, content, "Mục tiêu khác", _FURTHER_COLUMNS, rows)
    add_sheet(book, content, "Nhiệm vụ", _task_columns(content), content["tasks"])
    if content.get("amended"):
        add_sheet(book, content, "Nhiệm vụ điều chỉnh", _AMENDED_COLUMNS, content["amended"])
    add_sheet(book, content, "Nguồn", _SOURCE_COLUMNS, _sources(content))
    raw = io.BytesIO()
    book.save(raw)
    return repack(raw.getvalue(), moment(content["made_on"]))


def state(content: dict[str, Any]) -> str:
    """Say what the file is: a draft, a demonstration, a copy, or the annex of an issued plan."""
    marks = []
    if content["is_historic"]:
        marks.append("BẢN SAO TRÌNH DIỄN")
    elif content["is_demonstration"]:
        marks.append("BẢN TRÌNH DIỄN")
    if wording.is_draft(content):
        marks.append("DỰ THẢO")
    else:
        marks.append(f"Số {wording.symbol(content)} ngày {wording.day_text(content['issued_on'])}")
    return " – ".join(marks)


# ---- columns


def _target_columns(content: dict[str, Any]) -> list[Column]:
    def cut(place: int) -> Callable[[dict[str, Any]], Value]:
        return lambda t: t["cuts"][place] if t["cuts"] else None

    columns = [
        Column("Mã", 8, lambda t: t["code"]),
        Column("Cấp", 14, lambda t: wording.LEVELS.get(t["level"], t["level"])),
        Column("Tên", 40, lambda t: t["name"]),
        Column("Thang điểm, thấp nhất", 11, lambda t: (t["bounds"] or (None, None))[0], "0.00"),
        Column("Thang điểm, cao nhất", 11, lambda t: (t["bounds"] or (None, None))[1], "0.00"),
        Column(f"Kết quả năm {content['base_year']}", 11, lambda t: t["base"], "0.000"),
        Column("Do Quantri cộng", 10, lambda t: "có *" if t["derived"] else "không"),
        Column("Nhóm", 16, lambda t: wording.GROUPS.get(t["group"])),
        Column("Mốc chia nhóm 25%", 11, cut(0), "0.000"),
        Column("Mốc chia nhóm 50%", 11, cut(1), "0.000"),
        Column("Mốc chia nhóm 75%", 11, cut(2), "0.000"),
        Column("Định hướng", 20, lambda t: wording.PRIORITIES.get(t["priority"], unknown(content))),
        Column(f"Mục tiêu năm {content['year']} (điểm)", 11, lambda t: t["target_value"], "0.000"),
        Column("Mục tiêu bằng chữ", 26, lambda t: t["target_text"] or unknown(content)),
        Column("So sánh với năm gốc", 30, wording.comparison_text),
        Column("Cơ quan chịu trách nhiệm", 28, lambda t: listed(t["owners"], unknown(content))),
    ]
    if content["shows_chances"]:
        columns.append(Column("Khả năng đạt", 10, lambda t: t["chance"], "0%"))
        columns.append(Column("Ghi chú về khả năng đạt", 30, lambda t: t["note"]))
    return columns


def _task_columns(content: dict[str, Any]) -> list[Column]:
    def due(task: dict[str, Any]) -> Value:
        return wording.day(task["due_on"]) or task["due_on"] or unknown(content)

    return [
        Column(
            "TT", 7, lambda k: int(k["number"]) if k["number"].isdecimal() and k["number"].isascii() else k["number"]
        ),
        Column("Nhiệm vụ", 60, lambda k: k["title"]),
        Column("Nội dung", 12, lambda k: listed(k["components"], "chung")),
        Column("Cơ quan chủ trì", 30, lambda k: listed(k["leads"], unknown(content))),
        Column("Cơ quan phối hợp", 30, lambda k: listed(k["coordinating"], unknown(content))),
        Column("Thời hạn", 14, due, "d/m/yyyy"),
        Column("Sản phẩm", 30, lambda k: k["deliverable"] or unknown(content)),
    ]


_FURTHER_COLUMNS = [
    Column("Chỉ số", 14, lambda t: t["index"]),
    Column("Đơn vị của năm gốc", 24, lambda t: t["base_unit"]),
    Column("Năm gốc", 10, lambda t: str(t["base_year"])),
    Column("Mã", 10, lambda t: t["code"]),
    Column("Tên", 40, lambda t: t["name"]),
    Column("Kết quả năm gốc", 12, lambda t: t["base"], "0.000"),
    Column("Mục tiêu bằng chữ", 40, lambda t: t["target_text"]),
    Column("Nguồn của kết quả năm gốc", 50, lambda t: t["base_source"]),
]
_AMENDED_COLUMNS = [
    Column("Nhiệm vụ của kế hoạch trước", 60, lambda k: k["title"]),
    Column("Nội dung điều chỉnh", 80, lambda k: k["change"]),
    Column("Lý do", 40, lambda k: k["reason"]),
]
_SOURCE_COLUMNS = [
    Column("Mục", 30, lambda s: s["name"]),
    Column("Nội dung", 70, lambda s: s["text"], "d/m/yyyy"),
    Column("SHA-256", 70, lambda s: s.get("sha256")),
]


def _sources(content: dict[str, Any]) -> list[dict[str, Value]]:
    source = content["plan_source"]
    rows: list[dict[str, Value]] = [
        {"name": "Nguồn số liệu", "text": wording.source_line(content, content["targets"]).removeprefix("Nguồn: ")},
        {"name": "Đơn vị của năm gốc", "text": content["base_unit"]},
        *({"name": r["name"], "text": r["source"], "sha256": r["sha256"]} for r in content["releases"]),
    ]
    if source:
        told = listed([source.get("title", ""), source.get("publisher", ""), source.get("address", "")])
        rows.append({"name": "Kế hoạch lập lại từ", "text": told})
        rows.append({"name": "Nguồn đăng ngày", "text": wording.day(source.get("published_on")) or unknown(content)})
    rows.append({"name": "Phiên bản Quantri", "text": content["engine_version"]})
    rows.append({"name": "Ngày lập", "text": wording.day(content["made_on"]) or content["made_on"]})
    return rows


# ---- sheets


def add_sheet(
    book: Workbook, content: dict[str, Any], name: str, columns: list[Column], rows: list[dict[str, Any]]
) -> None:
    """Add a sheet with a title, what the file is, a head and a row for each item."""
    sheet = book.create_sheet(name)
    _put(sheet.cell(1, 1), content["title"]).font = Font(name=FONT, size=14, bold=True)
    _put(sheet.cell(2, 1), f"{name}. {state(content)}").font = Font(name=FONT, size=12, bold=True)
    for place, column in enumerate(columns, start=1):
        _head(_put(sheet.cell(HEADER_ROW, place), column.title))
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        for line, row in enumerate(rows, start=HEADER_ROW + 1):
            _body(_put(sheet.cell(line, place), column.value(row)), column)
    _print_setup(sheet, len(columns), HEADER_ROW + len(rows))


def _put(cell: Cell, value: Value) -> Cell:
    """Store a value as what it is; text that looks like a formula stays text, also when it is edited in Excel."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(_FORMULA_SIGNS):
            cell.quotePrefix = True
    return cell


def _head(cell: Cell) -> None:
    cell.font, cell.fill, cell.border = Font(name=FONT, size=11, bold=True), _HEAD_FILL, _BOX
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _body(cell: Cell, column: Column) -> None:
    is_text = isinstance(cell.value, str) or cell.value is None
    cell.font, cell.border = Font(name=FONT, size=11), _BOX
    cell.alignment = Alignment(horizontal="left" if is_text else "right", vertical="top", wrap_text=True)
    if not is_text:
        cell.number_format = (
            column.format if isinstance(cell.value, (float, date)) or column.format != "d/m/yyyy" else "General"
        )


def _print_setup(sheet: Worksheet, n_columns: int, last_row: int) -> None:
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 2 if sheet.title == "Nguồn" else 3)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(n_columns)}{max(last_row, HEADER_ROW + 1)}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page = sheet.page_setup
    page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight = "landscape", sheet.PAPERSIZE_A4, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.oddFooter.center.text = "Trang &P/&N"
