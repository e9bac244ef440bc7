"""A plan's annex as one workbook: targets, owners and tasks; a template to fill in, read whole, kept whole."""

import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from quantri.errors import DataError
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import User
from quantri.web.core.workbooks import CellFault, Sheet, formulas_in, named, sheets_of
from quantri.web.indices.archive import archive
from quantri.web.plans.actions import set_owners, set_target
from quantri.web.plans.annex_rows import (
    OWNER_COLUMNS,
    OWNERS,
    PRIORITIES,
    TARGET_COLUMNS,
    TARGETS,
    AnnexOwners,
    AnnexTarget,
    read_owners,
    read_targets,
    rows_of,
)  # fmt: skip
from quantri.web.plans.models import Plan, Target
from quantri.web.plans.wording import typed_words
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.due_days import Dated, DayWarning, days_of, due_days
from quantri.web.tasks.forms import TaskForm
from quantri.web.tasks.sheet import COLUMNS as TASK_COLUMNS

TASKS = ("Nhiệm vụ", "Tasks")
MOST_ROWS = 500


@dataclass(frozen=True, kw_only=True)
class Annex:
    """What an annex asks for, or what is wrong with it."""

    targets: tuple[AnnexTarget, ...] = ()
    owners: tuple[AnnexOwners, ...] = ()
    tasks: tuple[TaskDraft, ...] = ()
    faults: tuple[CellFault, ...] = ()
    warnings: tuple[DayWarning, ...] = ()

    @property
    def plain(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        tasks = [asdict(t) | {"due_on": t.due_on and t.due_on.isoformat()} for t in self.tasks]
        targets, owners = ([asdict(row) for row in rows] for rows in (self.targets, self.owners))
        return {"targets": targets, "owners": owners, "tasks": tasks}


def annex_from(plain: dict[str, Any]) -> Annex:
    """Take an annex back from plain values."""

    def tuples(row: dict[str, Any]) -> dict[str, Any]:
        return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}

    return Annex(
        targets=tuple(AnnexTarget(**tuples(row)) for row in plain["targets"]),
        owners=tuple(AnnexOwners(**tuples(row)) for row in plain["owners"]),
        tasks=tuple(
            TaskDraft(**tuples(row) | {"due_on": row["due_on"] and date.fromisoformat(row["due_on"])})
            for row in plain["tasks"]
        ),
    )  # fmt: skip


def read_annex(plan: Plan, content: bytes) -> Annex:
    """Read a workbook; DataError when it holds none of the sheets, faults by cell otherwise."""
    sheets = sheets_of(content, most_rows=MOST_ROWS)
    ours = [sheet for names in (TARGETS, OWNERS, TASKS) if (sheet := named(sheets, *names))]
    if not ours:
        names = ", ".join(f"“{each[0]}”" for each in (TARGETS, OWNERS, TASKS))
        raise DataError(_("The file has none of the sheets %(names)s. Take the template.") % {"names": names})
    formulas = [fault for sheet in ours for fault in formulas_in(sheet)]
    if formulas:
        return Annex(faults=tuple(formulas[:100]))
    targets, target_faults = read_targets(plan, named(sheets, *TARGETS))
    owners, owner_faults = read_owners(plan, named(sheets, *OWNERS))
    tasks, task_faults, warnings = _read_tasks(plan, named(sheets, *TASKS))
    faults = (*target_faults, *owner_faults, *task_faults)
    if not (targets or owners or tasks or faults):
        raise DataError(_("There is nothing below the headings."))
    return Annex(
        targets=tuple(targets), owners=tuple(owners), tasks=tuple(tasks), faults=faults, warnings=tuple(warnings)
    )


def _read_tasks(plan: Plan, sheet: Sheet | None) -> tuple[list[TaskDraft], list[CellFault], list[DayWarning]]:
    days = due_days(plan)
    form = TaskForm(codes=frozenset(c.code for c in archive(plan.index).edition(plan.base_year).definition), days=days)
    found: list[TaskDraft] = []
    faults: list[CellFault] = []
    dated: list[Dated] = []
    for row in rows_of(sheet, TASK_COLUMNS, faults):
        form.fill({name: cell.text for name, cell in row.items()})
        if form.is_valid():
            found.append(form.draft())
            dated += [(row[name].at, day) for name, day in days_of(form.draft())]
        faults += [row[name].fault(" ".join(said)) for name, said in form.errors.items()]
    return found, faults, days.warnings(dated)


@transaction.atomic
def keep_annex(plan: Plan, annex: Annex, *, by: User) -> None:
    """Write an annex into a plan, whole or not at all; refused when a target was changed since it was read."""
    for row in annex.targets:
        set_target(plan, row.code, priority=row.priority, spec=row.spec, by=by, seen=row.seen)
    for row in annex.owners:
        leads, coordinating = (
            [ensure_agency(plan.province, name, by=by) for name in names] for names in (row.leads, row.coordinating)
        )
        set_owners(plan, row.code, leads, coordinating=coordinating, by=by)
    add_tasks(plan, annex.tasks, by=by)


def annex_template(plan: Plan) -> bytes:
    """Make the workbook that people fill in, with what the plan holds of targets and owners already."""
    kept = {t.code: t for t in plan.targets.all() if t.basis_id is None}
    owners = list(plan.owners.all())
    components = [c for c in archive(plan.index).edition(plan.base_year).definition if c.level != "indicator"]
    book = Workbook()
    book.remove(book.active)
    _add(book, TARGETS[0], TARGET_COLUMNS, ((c.code, *_words(kept.get(c.code))) for c in components))
    _add(book, OWNERS[0], OWNER_COLUMNS, (
        (
            c.code,
            "; ".join(o.agency.name_vi for o in owners if o.code == c.code and o.is_lead),
            "; ".join(o.agency.name_vi for o in owners if o.code == c.code and not o.is_lead),
        )
        for c in components if c.level == "dimension"
    ))  # fmt: skip
    _add(book, TASKS[0], TASK_COLUMNS, ())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _words(target: Target | None) -> tuple[str, str]:
    """Write priority and target as they would be typed."""
    if target is None:
        return "", ""
    priority = PRIORITIES[target.priority][0] if target.priority else ""
    return priority, typed_words(target.parsed) if target.parsed else ""


def _add(book: Workbook, name: str, columns: dict[str, tuple[str, ...]], rows: Iterable[tuple[str, ...]]) -> None:
    sheet = book.create_sheet(name)
    sheet.append([headings[0] for headings in columns.values()])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 34
    for row in rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # what is typed stays text: “+0,20” is no formula
    sheet.freeze_panes = "A2"
