"""Tasks are written into a plan, copied, changed and taken out, while the plan can still be changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone

from quantri.web.accounts.actions import ensure_agencies
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans.actions import writable
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.plans.models import Plan
from quantri.web.tasks.milestones import lines_of, milestone_of, set_milestones
from quantri.web.tasks.models import Assignment, Milestone, Progress, Task
from quantri.web.tasks.terms import Terms, follow_task, terms_of

WORDS = ("title", "components", "due_on", "deliverable", "rhythm")


@dataclass(frozen=True, kw_only=True)
class TaskDraft:
    """A task as it was typed, copied or read from a sheet; agencies by name."""

    title: str
    components: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    due_on: date | None = None
    deliverable: str = ""
    rhythm: str = "once"
    milestones: tuple[str, ...] = ()  # as milestones.Counted writes them
    source: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """What a coordinator types of it, as values that JSON can hold."""
        words = {name: value for name, value in vars(self).items() if name != "source"}  # flat: no need for asdict
        return words | {"due_on": self.due_on and self.due_on.isoformat()}

    @property
    def mark(self) -> str:
        """Short name of this content; another content has another."""
        return mark_of(self.plain)


def draft_of(task: Task) -> TaskDraft:
    """Return a task as it stands now."""
    return TaskDraft(
        title=task.title, components=tuple(task.components), due_on=task.due_on, deliverable=task.deliverable,
        leads=tuple(a.name_vi for a in task.leads), coordinating=tuple(a.name_vi for a in task.coordinating),
        rhythm=str(task.rhythm), milestones=lines_of(task),
    )  # fmt: skip


@transaction.atomic
def add_tasks(plan: Plan, drafts: Iterable[TaskDraft], *, by: User) -> list[Task]:
    """Write tasks into a plan, with one entry in the trail; agencies that are not known yet are made."""
    plan, drafts = writable(plan, by=by), list(drafts)
    taken = max((int(n) for n in plan.tasks.values_list("number", flat=True) if n.isdecimal()), default=0)
    made = Task.objects.bulk_create([
        Task(
            plan=plan, number=str(n), title=draft.title, components=list(draft.components), rhythm=draft.rhythm,
            due_on=draft.due_on, deliverable=draft.deliverable, source=draft.source,
        )
        for n, draft in enumerate(drafts, taken + 1)
    ], batch_size=500)  # fmt: skip
    keys = _keys(plan, chain.from_iterable(map(_named, drafts)), by=by)
    today, pairs = timezone.localdate(), list(zip(made, drafts, strict=True))
    Assignment.objects.bulk_create([
        Assignment(task=task, agency_id=agency, part=part, valid_from=today)
        for task, draft in pairs for agency, part in _parts(draft, keys).items()
    ], batch_size=500)  # fmt: skip
    Milestone.objects.bulk_create([milestone_of(task, line) for task, draft in pairs for line in draft.milestones])
    if len(made) == 1:
        audit.record("task.added", made[0], by=by)
    elif made:
        audit.record("tasks.added", plan, by=by, rows=audit.listed(made))
    return made


@transaction.atomic
def change_task(task: Task, draft: TaskDraft, *, by: User, seen: str = "") -> Task:
    """Write a task anew; refused when its mark is no longer the one `seen` when the person began to type."""
    writable(task.plan, by=by)
    whole = Task.objects.current().with_assignments().with_milestones()
    task = whole.select_for_update().get(pk=task.pk)
    before = draft_of(task)
    if before.plain == draft.plain:
        return task
    if seen and seen != before.mark:
        raise ChangedMeanwhile(before)
    write(task, draft, by=by)
    follow_task(task, by=by)
    task = whole.get(pk=task.pk)
    audit.record("task.changed", task, by=by, before=before.plain, after=draft_of(task).plain)
    return task


def write(task: Task, draft: TaskDraft, *, by: User) -> None:
    """Let a task, its parts and its milestones be those of a draft; call it once the task is locked."""
    for name in WORDS:
        setattr(task, name, getattr(draft, name))
    task.components = list(draft.components)
    task.save(update_fields=WORDS)
    _assign(task, draft, by=by)
    set_milestones(task, draft.milestones)


@transaction.atomic
def remove_task(task: Task, *, by: User) -> None:
    """Take a task out of a plan that is being made; the row stays, ended."""
    writable(task.plan, by=by)
    task = Task.objects.select_for_update().get(pk=task.pk)
    if task.ended_at is not None:
        return
    task.ended_at = timezone.now()
    task.save(update_fields=["ended_at"])
    audit.record("task.removed", task, by=by, title=task.title)


def _assign(task: Task, draft: TaskDraft, *, by: User) -> None:
    """End the parts that no longer hold and open those that are new; a part that stays is left alone.

    An agency that changes from coordinating to leading, or back, keeps its wording, day and deliverable, and what it
    reported goes on in its new part.
    """
    today, terms, over = timezone.localdate(), dict[int, Terms](), []
    standing = list(task.assignments.filter(valid_to=None).select_related("agency"))
    keys = {a.agency.name_vi: a.agency_id for a in standing}  # one that has ended meanwhile is not made anew
    wanted = _parts(draft, keys | _keys(task.plan, _named(draft) - keys.keys(), by=by))
    for assignment in standing:
        if wanted.get(assignment.agency_id) == assignment.part:
            del wanted[assignment.agency_id]
        else:
            terms[assignment.agency_id] = terms_of(assignment)
            assignment.valid_to = today
            over.append(assignment)
    Assignment.objects.bulk_update(over, ["valid_to"], batch_size=500)
    new = [(key, part, vars(terms.get(key, Terms()))) for key, part in wanted.items()]
    made = Assignment.objects.bulk_create(
        [Assignment(task=task, agency_id=key, part=part, valid_from=today, **kept) for key, part, kept in new],
        batch_size=500,
    )
    _let_go_on(over, {part.agency_id: part for part in made})


def _let_go_on(over: Iterable[Assignment], made: Mapping[int, Assignment]) -> None:
    """Say of ended parts with reports in which part of the same agency they go on."""
    same = [part for part in over if part.agency_id in made]
    reported = set(Progress.objects.filter(assignment__in=same).values_list("assignment", flat=True)) if same else ()
    going_on = [part for part in same if part.pk in reported]
    for part in going_on:
        part.continued_in, part.passed_at = made[part.agency_id], timezone.now()
    Assignment.objects.bulk_update(going_on, ["continued_in", "passed_at"], batch_size=500)


def _named(draft: TaskDraft) -> set[str]:
    return {*draft.leads, *draft.coordinating}


def _keys(plan: Plan, names: Iterable[str], *, by: User) -> dict[str, int]:
    """Key of each agency that is named; those that are not known yet are made."""
    return {name: agency.pk for name, agency in ensure_agencies(plan.province, set(names), by=by).items()}


def _parts(draft: TaskDraft, keys: Mapping[str, int]) -> dict[int, str]:
    """Part of each agency by its key; one that is named twice leads."""
    named = [(name, Assignment.Part.COORDINATING) for name in draft.coordinating]
    named += [(name, Assignment.Part.LEAD) for name in draft.leads]
    return {keys[name]: part for name, part in named}
