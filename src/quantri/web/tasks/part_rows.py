"""The parts of tasks as rows of Excel: one row a part, written out with a mark and compared when it comes back."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.core.tables import Cell
from quantri.web.plans.models import Plan
from quantri.web.tasks.bringing import (
    MARK,
    Brought,
    Change,
    Preview,
    Table,
    changes_between,
    read_table,
    state_of,
    text_of,
    typed_of,
)  # fmt: skip
from quantri.web.tasks.due_days import due_days
from quantri.web.tasks.models import Assignment, Task
from quantri.web.tasks.part_forms import TermsForm
from quantri.web.tasks.parts import check_new_day, check_open, with_requests
from quantri.web.tasks.terms import TERMS, Terms, terms_of

ABOUT = {
    "number": ("Số", "No."), "task": ("Nhiệm vụ", "Task"), "agency": ("Cơ quan", "Agency"), "part": ("Vai trò", "Part"),
}  # fmt: skip
FIELDS = {
    "wording": ("Nội dung phần việc", "What its part is"), "due_on": ("Thời hạn", "Due date"),
    "deliverable": ("Sản phẩm", "Deliverable"),
}  # fmt: skip
REASON = {"reason": ("Lý do", "Reason")}
PARTS = {Assignment.Part.LEAD: ("chủ trì", "lead"), Assignment.Part.COORDINATING: ("phối hợp", "coordinating")}


def columns_of(plan: Plan) -> dict[str, tuple[str, str]]:
    """Return the columns that are read back: in a plan that is carried out each change has its reason."""
    return FIELDS | (REASON if plan.is_in_force else {}) | {"mark": MARK}


def header(plan: Plan) -> list[str]:
    """Names of the columns in the reader's language; both are read back."""
    at = int(get_language() == "en")
    return [names[at] for names in (ABOUT | columns_of(plan)).values()]


def rows_of(plan: Plan, tasks: QuerySet[Task]) -> list[list[Cell]]:
    """Write the open parts of some tasks of a plan, leads first; why they change is for who fills the file in."""
    parts = Assignment.objects.open().filter(task__in=tasks, valid_to=None).select_related("task", "agency")
    reason: list[Cell] = [""] if plan.is_in_force else []
    return [_cells(part, reason) for part in parts.order_by("task", "-part", "agency__name_vi", "pk")]


def compare(plan: Plan, tasks: QuerySet[Task], content: bytes) -> Preview:
    """Say what each row of a file would change; DataError when it is no such file."""
    table, days = read_table(content, columns_of(plan)), due_days(plan)
    here = {str(part.pk): part for part in with_requests(Assignment.objects.filter(task__in=tasks))}
    found: dict[str, Brought] = {}
    for line, cells in table.rows():
        key, _dot, seen = text_of(cells["mark"]).partition(".")
        if key not in here:
            table.fault(line, "mark", _("No part here has this mark. Take the Excel file of this page anew."))
        elif key in found:
            table.fault(line, "mark", _("This mark stands in more than one row."))
        elif row := _read(table, line, cells, here[key], seen):
            found[key] = row
    dated = [
        (table.cell(row.line, "due_on"), terms_from(row.plain).due_on) for row in found.values() if row.state != "same"
    ]
    return Preview(
        rows=tuple(found.values()), faults=tuple(table.faults[:100]), warnings=tuple(days.warnings(dated))
    )  # fmt: skip


def terms_from(plain: Mapping[str, Any]) -> Terms:
    """Take the terms of a part back from plain values."""
    due_on = date.fromisoformat(plain["due_on"]) if plain["due_on"] else None
    return Terms(wording=plain["wording"], due_on=due_on, deliverable=plain["deliverable"])


def _cells(part: Assignment, reason: list[Cell]) -> list[Cell]:
    at, now = int(get_language() == "en"), terms_of(part)
    about = [part.task.number, part.task.title, part.agency.name_vi, PARTS[part.part][at]]
    return [*about, now.wording, now.due_on, now.deliverable, *reason, f"{part.pk}.{now.mark}"]


def _read(table: Table, line: int, cells: Mapping[str, object], part: Assignment, seen: str) -> Brought | None:
    """Check a row as the page of a part checks what is typed; None when it is faulty."""
    now = terms_of(part)
    typed = {name: typed_of(cell) for name, cell in cells.items() if name != "mark"}
    if all(typed[name] == typed_of(getattr(now, name)) for name in TERMS):  # most rows come back as they went out
        return _row(line, part, "same")
    form = TermsForm(typed, needs_reason="reason" in typed)
    if form.errors.keys().isdisjoint(TERMS) and form.terms() == now:
        return _row(line, part, "same")
    if not _is_right(table, line, part, form):
        return None
    changes, reason = _changes(now, form), form.cleaned_data.get("reason", "")
    state = state_of(is_new=False, is_stale=seen != now.mark, changes=changes)
    return _row(line, part, state, changes, reason=reason, **form.terms().plain)


def _is_right(table: Table, line: int, part: Assignment, form: TermsForm) -> bool:
    n_faults = len(table.faults)
    for name, said in form.errors.items():
        table.fault(line, name, " ".join(said))
    if not form.errors:
        _refuse(table, line, "mark", check_open, part)
        _refuse(table, line, "due_on", check_new_day, part, form.terms().due_on)
    return len(table.faults) == n_faults


def _refuse(table: Table, line: int, name: str, check: Callable[..., None], *given: object) -> None:
    try:
        check(*given)
    except RuleViolation as refused:
        table.fault(line, name, str(refused))


def _changes(now: Terms, form: TermsForm) -> tuple[Change, ...]:
    before, after = ({name: _words(value) for name, value in vars(each).items()} for each in (now, form.terms()))
    labels = {name: str(field.label) for name, field in form.fields.items()}
    return changes_between(before | {"reason": ""}, after | {"reason": form.cleaned_data.get("reason", "")}, labels)


def _words(value: str | date | None) -> str:
    return date_format(value) if isinstance(value, date) else value or ""


def _row(line: int, part: Assignment, state: str, changes: tuple[Change, ...] = (), **plain: Any) -> Brought:
    return Brought(
        line=line, key=str(part.pk), title=f"{part.agency}: {part.task.title}"[:160], state=state,
        seen=terms_of(part).mark, plain=plain, changes=changes,
    )  # fmt: skip
