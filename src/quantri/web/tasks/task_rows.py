"""The tasks of a plan as rows of Excel: written out with a mark each, and compared when they come back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.text import fold
from quantri.web.accounts.models import User
from quantri.web.core.tables import LONGEST_TEXT, Cell
from quantri.web.plans.models import Plan
from quantri.web.tasks.actions import TaskDraft, add_tasks, change_task, draft_of
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
    typed_of,
)  # fmt: skip
from quantri.web.tasks.due_days import Dated, days_of, due_days
from quantri.web.tasks.forms import RHYTHMS, TaskForm, initial_of, words_beside
from quantri.web.tasks.models import Task
from quantri.web.tasks.sheet import COLUMNS

NUMBER = ("Số", "No.")
ALL_COLUMNS = COLUMNS | {"mark": MARK}
LISTS = ("components", "leads", "coordinating", "milestones")
AGENCIES = ("leads", "coordinating")
KEPT = ("giữ nguyên các cơ quan như trong kế hoạch", "keep the agencies as they are in the plan")
_KEPT = frozenset(map(fold, KEPT))  # stands for a list of agencies that no cell of Excel can hold


def header() -> list[str]:
    """Names of the columns in the reader's language; both are read back."""
    at = int(get_language() == "en")
    return [names[at] for names in (NUMBER, *ALL_COLUMNS.values())]


def rows_of(plan: Plan) -> list[list[Cell]]:
    """Write the tasks of a plan."""
    return [_cells(task, draft_of(task)) for task in _tasks(plan)]


def compare(plan: Plan, content: bytes, codes: frozenset[str]) -> Preview:
    """Say what each row of a file would change; DataError when it is no such file."""
    table = read_table(content, ALL_COLUMNS)
    here, days = {str(task.pk): task for task in _tasks(plan)}, due_days(plan)
    form = TaskForm(codes=codes, days=days)
    found: dict[str, Brought] = {}
    dated: list[Dated] = []
    for line, cells in table.rows():
        row = _read(table, line, cells, form, here)
        if row is None:
            continue
        if row.key and row.key in found:
            table.fault(line, "mark", _("This mark stands in more than one row. Clear it in a row that is new."))
        found[row.key or f"new-{line}"] = row
        if row.state != "same":
            dated += [(table.cell(line, name), day) for name, day in days_of(form.draft())]
    faults, warnings = tuple(table.faults[:100]), tuple(days.warnings(dated))
    return Preview(rows=tuple(found.values()), faults=faults, warnings=warnings)


@transaction.atomic
def bring_in(plan: Plan, sealed: list[Mapping[str, Any]], choices: Mapping[str, str], *, by: User) -> int:
    """Add and change what a preview showed, all or nothing; ChangedMeanwhile when a task is no longer as it showed."""
    rows = chosen(sealed, choices)
    tasks = Task.objects.current().filter(plan=plan, pk__in=[row["key"] for row in rows if row["key"]])
    by_key = {str(task.pk): task for task in tasks.select_related("plan")}
    add_tasks(plan, [_draft(row["plain"]) for row in rows if not row["key"]], by=by)
    for row in rows:
        if row["key"] in by_key:
            change_task(by_key[row["key"]], _draft(row["plain"]), by=by, seen=row["seen"])
    return sum(not row["key"] or row["key"] in by_key for row in rows)


def _tasks(plan: Plan) -> list[Task]:
    """Read the tasks of a plan, and of their parts what a row names."""
    return list(Task.objects.current().with_named_parts().with_milestones().filter(plan=plan))


def cells_of(draft: TaskDraft) -> list[Cell]:
    """Write a task as it would be typed, column by column."""
    at = int(get_language() == "en")
    typed = initial_of(draft) | {"rhythm": RHYTHMS[draft.rhythm][at]}
    typed |= {name: KEPT[at] for name in AGENCIES if len(str(typed[name])) > LONGEST_TEXT}
    return [typed[name] for name in COLUMNS]


def typed_in(table: Table, line: int, cells: dict[str, object], now: TaskDraft | None) -> dict[str, str]:
    """Take the cells of a row as they would be typed; agencies that are to stay as they are, from the task as it is."""
    typed = {name: typed_of(cells[name]) for name in COLUMNS}
    for name in AGENCIES:
        if fold(typed[name]) in _KEPT:
            if now is None:
                table.fault(line, name, _("Only a task of the plan can keep its agencies. Write their names."))
            typed[name] = str(initial_of(now)[name]) if now else ""
    return typed


def changes_of(now: TaskDraft, draft: TaskDraft, form: TaskForm) -> tuple[Change, ...]:
    """Compare a task as it is with a row; most rows come back as they went out, and need no words."""
    if initial_of(now) == initial_of(draft):
        return ()
    before, after = words_beside(now, draft), words_beside(draft, now)
    return changes_between(before, after, {name: str(form.fields[name].label) for name in COLUMNS})


def _cells(task: Task, draft: TaskDraft) -> list[Cell]:
    return [task.number, *cells_of(draft), f"{task.pk}.{draft.mark}"]


def _read(
    table: Table, line: int, cells: dict[str, object], form: TaskForm, here: Mapping[str, Task]
) -> Brought | None:
    """Check a row by the form that checks what is typed, one for all rows; None when it is faulty."""
    key, _dot, seen = text_of(cells["mark"]).partition(".")
    n_faults = len(table.faults)
    now = draft_of(here[key]) if key in here else None
    form.fill(typed_in(table, line, cells, now))
    for name, said in form.errors.items():
        table.fault(line, name, " ".join(said))
    if key and key not in here:
        table.fault(line, "mark", _("The plan holds no task of this mark any more. Clear the cell to add a new task."))
    if len(table.faults) > n_faults:
        return None
    draft = form.draft()
    if now is None:
        return Brought(line=line, key="", title=draft.title[:120], state="new", seen="", plain=_plain(draft))
    changes, mark, plain = changes_of(now, draft, form), now.mark, _plain(draft)
    state = state_of(is_new=False, is_stale=seen != mark, changes=changes)
    return Brought(line=line, key=key, title=now.title[:120], state=state, seen=mark, plain=plain, changes=changes)


def _plain(draft: TaskDraft) -> dict[str, Any]:
    return vars(draft) | {"due_on": draft.due_on and draft.due_on.isoformat()}


def _draft(plain: Mapping[str, Any]) -> TaskDraft:
    due = plain["due_on"] and date.fromisoformat(plain["due_on"])
    return TaskDraft(**plain | {name: tuple(plain[name]) for name in LISTS} | {"due_on": due})
