"""How often a task falls due, and what of it is counted: said while its plan is being made."""

from datetime import date

from django.db import transaction

from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans.actions import writable
from quantri.web.tasks.models import Milestone, Task


@transaction.atomic
def set_rhythm(task: Task, rhythm: str, *, by: User) -> Task:
    """Say how often a task is reported on."""
    writable(task.plan, by=by)
    task = Task.objects.current().select_for_update().get(pk=task.pk)
    before, task.rhythm = task.rhythm, Task.Rhythm(rhythm)
    if before != task.rhythm:
        task.save(update_fields=["rhythm"])
        audit.record("task.rhythm", task, by=by, before=before, after=str(task.rhythm))
    return task


@transaction.atomic
def add_milestone(task: Task, title: str, wanted: int, *, by: User, due_on: date | None = None) -> Milestone:
    """Say what of a task is counted, and how many of it are wanted."""
    writable(task.plan, by=by)
    made = Milestone.objects.create(task=task, title=title, wanted=wanted, due_on=due_on)
    audit.record("milestone.added", made, by=by, wanted=wanted)
    return made
