"""Tasks in a spreadsheet: a template to fill in, and its rows read with the faults of each."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from quantri.errors import DataError
from quantri.text import fold, nfc
from quantri.web.tasks.actions import TaskDraft
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
MOST_BYTES_UNPACKED = 50_000_000


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the sheet: a task, or what is wrong with it."""

    line: int
    draft: TaskDraft | None
    faults: tuple[str, ...]
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


def read_tasks(content: bytes, codes: frozenset[str]) -> list[Row]:
    """Read the rows below the header; DataError when there is no such header."""
    lines = _lines(content)
    header_at = next((n for n, line in enumerate(lines[:10]) if _fields(line)), None)
    if header_at is None:
        raise DataError(
            _("No row of the first ten has the headings “Nhiệm vụ”, “Cơ quan chủ trì” … Take the template.")
        )
    fields = _fields(lines[header_at])
    rows = [
        _row(n, {name: line[at] if at < len(line) else None for name, at in fields.items()}, codes)
        for n, line in enumerate(lines[header_at + 1 :], header_at + 2)
        if any(cell not in (None, "") for cell in line)
    ]
    if not rows:
        raise DataError(_("There are no tasks below the headings. Write one task a row."))
    return rows


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


def _lines(content: bytes) -> list[list[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if any(name.endswith("vbaProject.bin") for name in names):
            raise DataError(_("The file holds macros. Save it as .xlsx without macros."))
        if unpacked > MOST_BYTES_UNPACKED:
            raise DataError(_("The file unpacks to more than 50 MB. Save only the sheet of tasks."))
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    except DataError:
        raise
    except Exception as fault:
        raise DataError(_("This is not an .xlsx spreadsheet that can be opened. Save it again as .xlsx.")) from fault
    lines = []
    for row in sheet.iter_rows(max_row=MOST_ROWS + 12, max_col=30, values_only=True):
        lines.append(list(row))
    if len(lines) > MOST_ROWS + 10:
        raise DataError(_("There are more than %(n)s rows. Split the list.") % {"n": MOST_ROWS})
    return lines


def _fields(line: list[object]) -> dict[str, int]:
    """Return where each field stands, if this is the header."""
    keys = {fold(str(cell)): at for at, cell in enumerate(line) if isinstance(cell, str)}
    found = {
        name: keys[fold(heading)] for name, headings in COLUMNS.items() for heading in headings if fold(heading) in keys
    }
    return found if "title" in found else {}


def _row(line: int, values: dict[str, object], codes: frozenset[str]) -> Row:
    typed = {name: _text(value) for name, value in values.items()}
    form = TaskForm(typed, codes=codes)
    faults = tuple(
        f"{form.fields[name].label if name in form.fields else ''}: {' '.join(errors)}"
        for name, errors in form.errors.items()
    )
    return Row(line=line, draft=None if faults else form.draft(), faults=faults, text=typed.get("title", "")[:120])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return nfc(str(value))
