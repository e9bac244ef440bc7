"""A revision is issued together with its work: the open tasks of the plan before move to it, as it amends them."""

from datetime import date

from django.db import transaction

from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.models import Plan
from quantri.web.tasks import news
from quantri.web.tasks.amended import last_number
from quantri.web.tasks.amending import apply_amendments
from quantri.web.tasks.models import Assignment, Move, ReportingPeriod, Task


@transaction.atomic
def issue_with_work(plan: Plan, *, number: str, issued_on: date, by: User, seen: str = "") -> Plan:
    """Issue a plan; a revision takes the open tasks over as it amends them, each with a link to where it came from.

    A plan may be entered here after it was issued on paper: its parts hold from the day of issue.
    """
    plan = issue_plan(plan, number=number, issued_on=issued_on, by=by, seen=seen)
    Assignment.objects.filter(task__plan=plan, valid_to=None, valid_from__gt=issued_on).update(valid_from=issued_on)
    if plan.revises_id:
        touched = apply_amendments(plan, by=by)
        move_open_tasks(plan.revises, plan, by=by)
        news.work_amended(plan, touched)
    news.plan_issued(plan)
    return plan


def move_open_tasks(before: Plan, after: Plan, *, by: User) -> list[Task]:
    """Move the tasks that are not finished and not dropped; a task keeps its parts and its history."""
    moved = list(Task.objects.select_for_update().open().filter(plan=before))
    for number, task in enumerate(moved, last_number(after) + 1):
        Move.objects.create(task=task, before=before, after=after, number_before=task.number)
        task.plan, task.number = after, str(number)
        task.save(update_fields=["plan", "number"])
    ReportingPeriod.objects.open().filter(plan=before).update(plan=after)
    audit.record("tasks.moved", after, by=by, before=str(before), after=str(after), tasks=audit.listed(moved))
    return moved
