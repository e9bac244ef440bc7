"""Tasks in a spreadsheet: a template to fill in, and its rows read with the faults of each."""

import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from quantri.errors import DataError
from quantri.web.core.workbooks import CellFault
from quantri.web.tasks.actions import TaskDraft
from quantri.web.tasks.bringing import Table, find_table, typed_of
from quantri.web.tasks.due_days import DayWarning, DueDays, days_of
from quantri.web.tasks.forms import TaskForm

COLUMNS = {
    "title": ("Nhiệm vụ", "Task"),
    "components": ("Nội dung, thành phần", "Components"),
    "leads": ("Cơ quan chủ trì", "Lead agency"),
    "coordinating": ("Cơ quan phối hợp", "Coordinating agencies"),
    "due_on": ("Thời hạn", "Due date"),
    "deliverable": ("Sản phẩm", "Deliverable"),
    "rhythm": ("Định kỳ", "How often"),
    "milestones": ("Mốc đếm được", "Milestones"),
}
MOST_ROWS = 500


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the sheet: a task, or what is wrong with it."""

    line: int
    draft: TaskDraft | None
    faults: tuple[CellFault, ...]
    text: str


def template() -> bytes:
    """Make the sheet that people fill in."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Nhiệm vụ"
    sheet.append([vi for vi, _en in COLUMNS.values()])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 34
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_tasks(content: bytes, codes: frozenset[str], days: DueDays) -> list[Row]:
    """Read the rows below the header; DataError when there is no such header."""
    table = find_table(content, COLUMNS, needed=("title",), most_rows=MOST_ROWS)
    if table is None:
        raise DataError(
            _("No row of the first ten has the headings “Nhiệm vụ”, “Cơ quan chủ trì” … Take the template.")
        )
    above = [fault for fault in table.faults if fault.line <= table.header_at + 1]
    if above:
        raise DataError(f"{above[0].cell}: {above[0].said}")
    form = TaskForm(codes=codes, days=days)
    rows = [_row(table, line, cells, form) for line, cells in table.rows()]
    if not rows:
        raise DataError(_("There are no tasks below the headings. Write one task a row."))
    return rows


def warnings(rows: Iterable[Row], days: DueDays) -> list[DayWarning]:
    """Warn of days off and years without a calendar, by the row of the sheet."""
    return days.warnings(
        (_("row %(n)s") % {"n": row.line}, day) for row in rows if row.draft for _field, day in days_of(row.draft)
    )


def sealed(rows: Iterable[Row]) -> list[dict[str, object]]:
    """Give the tasks as plain values."""
    return [asdict(r.draft) | {"due_on": r.draft.due_on and r.draft.due_on.isoformat()} for r in rows if r.draft]


def unsealed(values: Iterable[dict[str, object]]) -> list[TaskDraft]:
    """Take the tasks back from plain values."""
    return [
        TaskDraft(**(
            value | {name: tuple(value[name]) for name in ("components", "leads", "coordinating", "milestones")}
            | {"due_on": value["due_on"] and date.fromisoformat(value["due_on"])}
        ))
        for value in values
    ]  # fmt: skip


def _row(table: Table, line: int, cells: dict[str, object], form: TaskForm) -> Row:
    """Check a row by the form that checks what is typed, one for all rows."""
    typed = {name: typed_of(cell) for name, cell in cells.items()}
    form.fill(typed)
    for name, said in form.errors.items():
        table.fault(line, name, " ".join(said))
    faults = tuple(fault for fault in table.faults if fault.line == line)
    return Row(line=line, draft=None if faults else form.draft(), faults=faults, text=typed.get("title", "")[:120])
