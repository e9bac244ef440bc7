"""Parts that come back in one Excel file are changed together, or none of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.models import Plan
from quantri.web.tasks import news
from quantri.web.tasks.bringing import chosen
from quantri.web.tasks.models import Assignment, PartChange, Task
from quantri.web.tasks.part_rows import terms_from
from quantri.web.tasks.parts import check_new_day, check_open, check_reason, dividable, with_requests
from quantri.web.tasks.terms import TERMS, changed, terms_of


@transaction.atomic
def change_rows(
    plan: Plan, tasks: QuerySet[Task], sealed: Sequence[Mapping[str, Any]], choices: Mapping[str, str], *, by: User
) -> int:
    """Set what a preview showed of parts, with one entry in the trail; each part keeps its change in its history."""
    plan = dividable(plan, by=by)
    rows = {row["key"]: row for row in chosen(sealed, choices)}
    parts = list(with_requests(_parts(tasks).filter(pk__in=rows)))
    if len(parts) != len(rows):
        raise RuleViolation(_("Some of these parts are not in this plan any more. Take the Excel file anew."))
    if not parts:
        return 0
    changes = [_changed(plan, part, rows[str(part.pk)], by=by) for part in parts]
    Assignment.objects.bulk_update(parts, TERMS, batch_size=500)
    PartChange.objects.bulk_create(changes, batch_size=500)
    audit.record("parts.brought_in", _about(plan, parts), by=by, rows=audit.listed(parts))
    news.parts_changed(changes)
    return len(parts)


def _parts(tasks: QuerySet[Task]) -> QuerySet[Assignment]:
    return Assignment.objects.select_for_update(of=("self",)).filter(task__in=tasks).order_by("pk")


def _changed(plan: Plan, part: Assignment, row: Mapping[str, Any], *, by: User) -> PartChange:
    """Give a part what its row says; ChangedMeanwhile when it is no longer as the preview showed it."""
    now, wanted, reason = terms_of(part), terms_from(row["plain"]), row["plain"]["reason"]
    if row["seen"] != now.mark:
        raise ChangedMeanwhile(now)
    check_open(part)
    check_reason(plan, reason)
    check_new_day(part, wanted.due_on)
    return changed(part, wanted, reason=reason, by=by)


def _about(plan: Plan, parts: Sequence[Assignment]) -> Plan | Task:
    """Return what the entry is about: the task where all parts are of one, since its history names it then."""
    tasks = {part.task for part in parts}
    return tasks.pop() if len(tasks) == 1 else plan
