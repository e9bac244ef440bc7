"""A coordinator sets what each part of a task is: freely in a draft, with a reason in a plan that is carried out."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.plans.actions import coordinated
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.models import Plan
from quantri.web.tasks import news
from quantri.web.tasks.due_days import begin_of, refused_before
from quantri.web.tasks.models import Assignment, Extension, Task
from quantri.web.tasks.terms import Terms, set_terms, terms_of


@transaction.atomic
def change_part(part: Assignment, terms: Terms, *, reason: str, by: User, seen: str = "") -> Assignment:
    """Set what a part is; refused when it is no longer as `seen` when the person began to type."""
    plan = dividable(part.task.plan, by=by)
    part = with_requests(Assignment.objects.select_for_update(of=("self",))).get(pk=part.pk)
    before = terms_of(part)
    if before == terms:
        return part
    if seen and seen != before.mark:
        raise ChangedMeanwhile(before)
    check_open(part)
    check_reason(plan, reason)
    check_new_day(part, terms.due_on)
    news.parts_changed([set_terms(part, terms, reason=reason, by=by)])
    return part


def with_requests(parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Bring along what a change of parts is checked against: their tasks, and whether more time is asked for."""
    asked = Extension.objects.filter(assignment=OuterRef("pk"), is_granted=None)
    return parts.select_related("task__plan__province", "agency").annotate(asks_for_time=Exists(asked))


def check_open(part: Assignment) -> None:
    if part.valid_to or part.closed_on or part.task.ended_at:
        raise RuleViolation(_("This part is not open any more."))


def check_new_day(part: Assignment, day: date | None) -> None:
    """Refuse another day for a part that came `with_requests`; the day that it has may stay."""
    if day == part.due_on:
        return
    check_day(part.task, day)
    if part.asks_for_time:
        raise RuleViolation(_("The agency has asked for more time for this part. Answer its request first."))


def check_reason(plan: Plan, reason: str) -> None:
    if plan.is_in_force and not reason:
        raise RuleViolation(_("Say why: the agency works on this part already."))


def dividable(plan: Plan, *, by: User) -> Plan:
    """Lock a plan whose work its coordinator may divide: one that is made or carried out."""
    plan = coordinated(plan, by=by)
    if not is_dividable(plan):
        raise RuleViolation(_("Parts are given in a plan that is made or carried out."))
    return plan


def is_dividable(plan: Plan) -> bool:
    return plan.is_open or plan.is_in_force


def check_day(task: Task, day: date | None) -> None:
    """Refuse a day for a part that has passed, or that lies before the plan begins or after the whole task is due."""
    if day is None:
        return
    if day < timezone.localdate():
        raise RuleViolation(_("The due date has passed already."))
    if refusal := refused_before(begin_of(task.plan), day):
        raise RuleViolation(refusal)
    if task.due_on and day > task.due_on:
        said = _("The task is due on %(day)s, and no part of it later. Choose an earlier day, or none: then the part "
                 "is due with the task.")  # fmt: skip
        raise RuleViolation(said % {"day": date_format(task.due_on)})
