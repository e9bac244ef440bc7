"""Spreadsheets of figures, and the periods that they are for."""

import io
import secrets
from decimal import Decimal

from openpyxl import Workbook

from quantri.web.accounts.models import Role, User
from quantri.web.figures.actions import Brought, Recorded, keep_sheets
from quantri.web.figures.models import FigureSheet, Measure
from quantri.web.figures.periods import period_of
from quantri.web.places.models import Unit

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


def recorded(code: str, value: object) -> Recorded:
    """A value of the commune that bears a code since 1 July 2025."""
    unit = Unit.objects.get(key=f"vn25-{code}")
    return Recorded(unit=unit.pk, agency=None, name=unit.name_vi, code=code, value=Decimal(str(value)))


def bring(
    by: User,
    values: dict[str, object],
    *,
    code: str = "files_on_time",
    period: str = PERIOD,
    seen: int | None = None,
    sha256: str = "",
) -> list[FigureSheet]:
    """Keep values of communes by their codes, as after a preview that saw the current sheet."""
    province, measure, wanted = by.seats(Role.COORDINATOR).get(), Measure.objects.get(code=code), period_of(period)
    current = FigureSheet.objects.current().filter(
        measure=measure, province=province, kind=wanted.kind, year=wanted.year, number=wanted.number
    )
    before = current.values_list("pk", flat=True).first() or 0
    rows = [recorded(commune, value) for commune, value in values.items()]
    brought = Brought(
        period=wanted, source="Báo cáo của Sở", file_name="so-lieu.xlsx", sha256=sha256 or secrets.token_hex(32),
        values={measure.pk: rows}, seen={measure.pk: before if seen is None else seen},
    )  # fmt: skip
    return keep_sheets(province, brought, by=by)
