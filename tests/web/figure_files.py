"""Spreadsheets of figures, and the periods that they are for."""

import io

from openpyxl import Workbook

HEADER = ["Mã", "Tên", "Hồ sơ thủ tục hành chính giải quyết đúng hạn", "Ghi chú"]
PERIOD, EARLIER = "quarter-2026-1", "quarter-2025-4"


def workbook(*lines: list[object], formats: dict[str, str] | None = None, title: str = "Số liệu") -> bytes:
    """Make a spreadsheet of one sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for line in lines:
        sheet.append(line)
    for cell, shown in (formats or {}).items():
        sheet[cell].number_format = shown
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
