"""The tasks of a plan as rows of Excel: written out with a mark each, and compared when they come back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.web.accounts.models import User
from quantri.web.core.tables import Cell
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
)  # fmt: skip
from quantri.web.tasks.forms import RHYTHMS, TaskForm, initial_of, words_of
from quantri.web.tasks.models import Milestone, Task
from quantri.web.tasks.sheet import COLUMNS

NUMBER = ("Số", "No.")
ALL_COLUMNS = COLUMNS | {"mark": MARK}
LISTS = ("components", "leads", "coordinating", "milestones")


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
    here, form = {str(task.pk): task for task in _tasks(plan)}, TaskForm(codes=codes)
    found: dict[str, Brought] = {}
    for line, cells in table.rows():
        row = _read(table, line, cells, form, here)
        if row is None:
            continue
        if row.key and row.key in found:
            table.fault(line, "mark", _("This mark stands in more than one row. Clear it in a row that is new."))
        found[row.key or f"new-{line}"] = row
    return Preview(rows=tuple(found.values()), faults=tuple(table.faults[:100]))


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
    standing = Prefetch("milestones", Milestone.objects.filter(ended_at=None))
    return list(Task.objects.current().with_named_parts().prefetch_related(standing).filter(plan=plan))


def _cells(task: Task, draft: TaskDraft) -> list[Cell]:
    typed = initial_of(draft) | {"rhythm": RHYTHMS[draft.rhythm][int(get_language() == "en")]}
    return [task.number, *(typed[name] for name in COLUMNS), f"{task.pk}.{draft.mark}"]


def _read(
    table: Table, line: int, cells: dict[str, object], form: TaskForm, here: Mapping[str, Task]
) -> Brought | None:
    """Check a row by the form that checks what is typed, one for all rows; None when it is faulty."""
    form.fill({name: _text(cells[name]) for name in COLUMNS})
    for name, said in form.errors.items():
        table.fault(line, name, " ".join(said))
    key, _dot, seen = text_of(cells["mark"]).partition(".")
    if key and key not in here:
        table.fault(line, "mark", _("The plan holds no task of this mark any more. Clear the cell to add a new task."))
    if not form.is_valid() or (key and key not in here):
        return None
    draft = form.draft()
    if not key:
        return Brought(line=line, key="", title=draft.title[:120], state="new", seen="", plain=_plain(draft))
    now = draft_of(here[key])
    changes, mark, plain = _changes(now, draft, form), now.mark, _plain(draft)
    state = state_of(is_new=False, is_stale=seen != mark, changes=changes)
    return Brought(line=line, key=key, title=now.title[:120], state=state, seen=mark, plain=plain, changes=changes)


def _changes(now: TaskDraft, draft: TaskDraft, form: TaskForm) -> tuple[Change, ...]:
    """Compare a task as it is with a row; most rows come back as they went out, and need no words."""
    if initial_of(now) == initial_of(draft):
        return ()
    return changes_between(_words(now), _words(draft), {name: str(form.fields[name].label) for name in COLUMNS})


def _text(cell: object) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, datetime | date) else text_of(cell)


def _words(draft: TaskDraft) -> dict[str, str]:
    return {name: words_of(value) if value else "" for name, value in initial_of(draft).items()}


def _plain(draft: TaskDraft) -> dict[str, Any]:
    return vars(draft) | {"due_on": draft.due_on and draft.due_on.isoformat()}


def _draft(plain: Mapping[str, Any]) -> TaskDraft:
    due = plain["due_on"] and date.fromisoformat(plain["due_on"])
    return TaskDraft(**plain | {name: tuple(plain[name]) for name in LISTS} | {"due_on": due})
