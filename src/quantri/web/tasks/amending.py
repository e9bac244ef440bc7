"""A revision in the making says what becomes of the open tasks of the plan before; it takes effect at the issue."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.text import cut
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, User
from quantri.web.core import audit
from quantri.web.plans.actions import writable
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.plans.models import Plan
from quantri.web.tasks.actions import TaskDraft, write
from quantri.web.tasks.amended import (
    CARRYING,
    LISTS,
    conflicts_of,
    draft_from,
    facts_of,
    going_on,
    grounds_of,
    is_open,
    loses,
    wanted_of,
    whole_tasks,
)  # fmt: skip
from quantri.web.tasks.models import Amendment, Assignment, Task
from quantri.web.tasks.terms import follow_task

NAMED = 5  # tasks that a refusal names


@transaction.atomic
def amend_task(
    plan: Plan, task: Task, draft: TaskDraft, *, by: User, reason: str = "", seen: str = ""
) -> Amendment | None:
    """Say how a task is to be once the revision is issued; one that is to be as it is now is not amended."""
    plan, task, kept = _taken(plan, task, by=by, seen=seen)
    now, wanted = facts_of(task), _named(plan, facts_of(task), draft, by=by)
    after = {name: value for name, value in wanted.items() if value != now[name]}
    if not after:
        return _ended(kept, by=by)
    finished = [part.agency.name for part in task.assignments.all() if part.closed_on and loses(part, after)]
    if finished:
        said = _("%(agencies)s finished that part already, so it stays. Leave it where it is in the lists.")
        raise RuleViolation(said % {"agencies": "; ".join(finished[:NAMED])})
    before = {name: now[name] for name in after} | grounds_of(task, after, is_dropped=False)
    return _kept(kept, Amendment(plan=plan, task=task, before=before, after=after, reason=reason), by=by)


@transaction.atomic
def drop_task(plan: Plan, task: Task, *, reason: str, by: User, seen: str = "") -> Amendment | None:
    """Say that a task is not taken over; it stays readable in the plan before, with the reason."""
    plan, task, kept = _taken(plan, task, by=by, seen=seen)
    if not reason:
        raise RuleViolation(_("Say why the task is dropped."))
    before = facts_of(task) | grounds_of(task, {}, is_dropped=True)
    return _kept(kept, Amendment(plan=plan, task=task, before=before, is_dropped=True, reason=reason), by=by)


@transaction.atomic
def take_back(amendment: Amendment, *, by: User) -> None:
    """Let the task move over as it is."""
    writable(amendment.plan, by=by)
    _ended(Amendment.objects.standing().select_for_update().filter(pk=amendment.pk).first(), by=by)


def mark(task: Task, amendment: Amendment | None) -> str:
    """Short name of a task with what the revision does to it; it goes along in the form."""
    return mark_of([facts_of(task), amendment and amendment.pk])


def apply_amendments(plan: Plan, *, by: User) -> dict[Agency, list[Amendment]]:
    """Change and drop what the revision says, in the transaction of its issue; return what touches which agency.

    Refused when something that an amendment rests on changed meanwhile: a person looks at it, and nothing is lost.
    """
    found = Amendment.objects.select_for_update(of=("self",)).standing().filter(plan=plan)
    amendments = {a.task_id: a for a in found.select_related("plan", "task")}
    locked = Task.objects.select_for_update().filter(pk__in=amendments)
    list(Assignment.objects.select_for_update().filter(task__in=amendments, valid_to=None).values_list("pk"))
    tasks = whole_tasks(locked)
    _refuse_conflicts(plan, tasks, amendments)
    told: dict[Agency, list[Amendment]] = {}
    for task in tasks:
        amendment, before = amendments[task.pk], _open_agencies(task)
        (_drop if amendment.is_dropped else _amend)(task, amendment, by=by)
        for agency in dict.fromkeys([*before, *_open_agencies(task)]):
            told.setdefault(agency, []).append(amendment)
    Amendment.objects.filter(pk__in=[a.pk for a in amendments.values()]).update(applied_at=timezone.now())
    return told


def _taken(plan: Plan, task: Task, *, by: User, seen: str) -> tuple[Plan, Task, Amendment | None]:
    """Lock a revision in the making and an open task of the plan before; return its amendment that stands too."""
    plan = writable(plan, by=by)
    found = whole_tasks(Task.objects.current().select_for_update().filter(pk=task.pk, plan=plan.revises_id))
    if not found or not is_open(found[0]):
        raise RuleViolation(_("This task is finished, or not of the plan that is revised; it does not move over."))
    kept = Amendment.objects.standing().filter(plan=plan, task=task).first()
    if seen and seen != mark(found[0], kept):
        raise ChangedMeanwhile(wanted_of(found[0], kept))
    return plan, found[0], kept


def _named(plan: Plan, now: Mapping[str, Any], draft: TaskDraft, *, by: User) -> dict[str, Any]:
    """Return what was typed as plain values, agencies by their own names; one that is named twice leads."""
    wanted = draft.plain | {"source": draft.source}
    wanted |= {name: list(wanted[name]) for name in LISTS}
    there = {name for field in CARRYING for name in now[field]}
    for field in CARRYING:
        names = [
            n if n in there else ensure_agency(plan.province, n, by=by).name_vi for n in wanted[field]
        ]  # fmt: skip
        wanted[field] = list(dict.fromkeys(names))
    wanted["coordinating"] = [name for name in wanted["coordinating"] if name not in wanted["leads"]]
    return wanted | {field: now[field] for field in CARRYING if set(now[field]) == set(wanted[field])}


def _kept(kept: Amendment | None, new: Amendment, *, by: User) -> Amendment:
    """Keep an amendment in the place of the one before, which stays as an ended row."""
    names = ("is_dropped", "before", "after", "reason")
    if kept and all(getattr(kept, name) == getattr(new, name) for name in names):
        return kept
    if kept:
        kept.ended_at = timezone.now()
        kept.save(update_fields=["ended_at"])
    new.made_by = str(by)
    new.save()
    before = {name: new.before[name] for name in new.after}
    audit.record("amendment.made", new, by=by, before=before, after=new.after, is_dropped=new.is_dropped,
                 reason=new.reason)  # fmt: skip
    return new


def _ended(kept: Amendment | None, *, by: User) -> None:
    if kept:
        kept.ended_at = timezone.now()
        kept.save(update_fields=["ended_at"])
        audit.record("amendment.withdrawn", kept, by=by)


def _refuse_conflicts(plan: Plan, tasks: list[Task], amendments: Mapping[int, Amendment]) -> None:
    known = going_on(plan, amendments.values())
    changed = [task for task in tasks if conflicts_of(amendments[task.pk], task, known)]
    if changed:
        named = "; ".join(f"{task.number}. {cut(task.title, 80)}" for task in changed[:NAMED])
        said = _("%(n)s amended tasks changed after they were amended: %(tasks)s. Look at them in the list of tasks, "
                 "and save what is right or take the amendment back; then issue.")  # fmt: skip
        raise RuleViolation(said % {"n": len(changed), "tasks": named})


def _amend(task: Task, amendment: Amendment, *, by: User) -> None:
    wanted = wanted_of(task, amendment)
    task.source = wanted["source"]
    task.save(update_fields=["source"])
    write(task, draft_from(wanted), by=by)
    if "due_on" in amendment.after:
        follow_task(task, by=by)
    before = {name: amendment.before[name] for name in amendment.after}
    audit.record("task.amended", task, by=by, before=before, after=amendment.after, plan=amendment.plan.number,
                 reason=amendment.reason)  # fmt: skip


def _drop(task: Task, amendment: Amendment, *, by: User) -> None:
    task.dropped_at = timezone.now()
    task.save(update_fields=["dropped_at"])
    audit.record("task.dropped", task, by=by, plan=amendment.plan.number, reason=amendment.reason)


def _open_agencies(task: Task) -> list[Agency]:
    parts = Assignment.objects.filter(task=task, valid_to=None, closed_on=None)
    return [part.agency for part in parts.select_related("agency")]
