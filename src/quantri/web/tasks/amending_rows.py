"""The open tasks that move to a revision as rows of Excel: out as the revision wants them, back as its amendments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.core.tables import Cell
from quantri.web.plans.models import Plan
from quantri.web.tasks.actions import TaskDraft
from quantri.web.tasks.amended import amendment_of, draft_from, is_open, moving_tasks, wanted_of, whole_tasks
from quantri.web.tasks.amending import amend_task, mark
from quantri.web.tasks.amending_forms import OWN, AmendmentForm
from quantri.web.tasks.bringing import (
    MARK,
    Brought,
    Change,
    Preview,
    Table,
    changes_between,
    chosen,
    read_table,
    state_of,
    text_of,
)  # fmt: skip
from quantri.web.tasks.due_days import Dated, days_of, due_days
from quantri.web.tasks.models import Task
from quantri.web.tasks.sheet import COLUMNS
from quantri.web.tasks.task_rows import NUMBER, cells_of, changes_of, typed_in

OWN_COLUMNS = {"source": ("Nguồn", "Source"), "reason": ("Lý do", "Reason")}
ALL_COLUMNS = COLUMNS | OWN_COLUMNS | {"mark": MARK}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A task as the revision wants it so far, why, and the mark of both."""

    task: Task
    draft: TaskDraft
    reason: str
    is_amended: bool
    mark: str

    @property
    def own(self) -> dict[str, str]:
        return {"source": self.draft.source, "reason": self.reason}


def header() -> list[str]:
    """Names of the columns in the reader's language; both are read back."""
    at = int(get_language() == "en")
    return [names[at] for names in (NUMBER, *ALL_COLUMNS.values())]


def rows_of(plan: Plan) -> list[list[Cell]]:
    """Write the tasks that move over; one that is dropped is left to the page."""
    return [_cells(each) for each in _wanted(plan).values()]


def compare(plan: Plan, content: bytes, codes: frozenset[str]) -> Preview:
    """Say what each row of a file would amend; DataError when it is no such file."""
    table, here, days = read_table(content, ALL_COLUMNS), _wanted(plan), due_days(plan)
    form = AmendmentForm(codes=codes, days=days)
    found: dict[str, Brought] = {}
    dated: list[Dated] = []
    for line, cells in table.rows():
        key, _dot, seen = text_of(cells["mark"]).partition(".")
        if key not in here:
            table.fault(
                line, "mark", _("No task that moves over has this mark. Take the Excel file of this page anew.")
            )
        elif key in found:
            table.fault(line, "mark", _("This mark stands in more than one row."))
        elif row := _read(table, line, cells, here[key], seen, form):
            found[key] = row
            dated += [(table.cell(line, name), day) for name, day in days_of(form.draft()) if row.state != "same"]
    warnings = tuple(days.warnings(dated))
    return Preview(rows=tuple(found.values()), faults=tuple(table.faults[:100]), warnings=warnings)


@transaction.atomic
def bring_in(plan: Plan, sealed: list[Mapping[str, Any]], choices: Mapping[str, str], *, by: User) -> int:
    """Amend what a preview showed, all or nothing; ChangedMeanwhile when a task is no longer as it showed."""
    rows = {row["key"]: row for row in chosen(sealed, choices)}
    tasks = list(Task.objects.current().filter(plan=plan.revises_id, pk__in=rows))
    if len(tasks) != len(rows):
        raise RuleViolation(_("Some of these tasks do not move over any more. Take the Excel file anew."))
    for task in tasks:
        row = rows[str(task.pk)]
        draft, reason = draft_from(row["plain"]["draft"]), row["plain"]["reason"]
        amend_task(plan, task, draft, reason=reason, by=by, seen=row["seen"])
    return len(tasks)


def _wanted(plan: Plan) -> dict[str, Wanted]:
    """Read the open tasks that move over and are not dropped, by key."""
    tasks = whole_tasks(moving_tasks(plan, Task.objects.current()))
    found = [(task, amendment_of(task)) for task in tasks if is_open(task)]
    return {
        str(task.pk): Wanted(
            task=task, draft=draft_from(wanted_of(task, amendment)), reason=amendment.reason if amendment else "",
            is_amended=amendment is not None, mark=mark(task, amendment),
        )
        for task, amendment in found if not (amendment and amendment.is_dropped)
    }  # fmt: skip


def _cells(wanted: Wanted) -> list[Cell]:
    return [wanted.task.number, *cells_of(wanted.draft), *wanted.own.values(), f"{wanted.task.pk}.{wanted.mark}"]


def _read(
    table: Table, line: int, cells: dict[str, object], now: Wanted, seen: str, form: AmendmentForm
) -> Brought | None:  # fmt: skip
    """Check a row as the page of an amendment checks what is typed; None when it is faulty."""
    form.fill(typed_in(table, line, cells, now.draft) | {name: text_of(cells[name]) for name in OWN})
    for name, said in form.errors.items():
        table.fault(line, name, " ".join(said))
    if form.errors:
        return None
    draft, reason = form.draft(), form.cleaned_data["reason"]
    changes = _changes(now, draft, reason, form)
    return Brought(
        line=line, key=str(now.task.pk), title=now.task.title[:120], seen=now.mark, changes=changes,
        state=state_of(is_new=False, is_stale=seen != now.mark, changes=changes),
        plain={"draft": draft.plain | {"source": draft.source}, "reason": reason},
    )  # fmt: skip


def _changes(now: Wanted, draft: TaskDraft, reason: str, form: AmendmentForm) -> tuple[Change, ...]:
    """Compare a task as the revision wants it with a row; a reason alone amends nothing."""
    changes = changes_of(now.draft, draft, form)
    after = {"source": draft.source, "reason": reason}
    own = changes_between(now.own, after, {name: str(form.fields[name].label) for name in OWN})
    return changes + own if changes or draft.source != now.draft.source or now.is_amended else ()
