"""What a plan's document says of itself: title, purposes, requirements, legal bases; number and date of issue."""

from datetime import date
from typing import Any

from django.db import transaction

from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans.actions import writable
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.plans.models import Plan

WORDS = ("title", "purposes", "requirements", "legal_bases")


@transaction.atomic
def set_words(plan: Plan, field: str, value: str | list[str], *, by: User, seen: str = "") -> Plan:
    """Write one of the WORDS anew; refused when its mark is no longer the one `seen` when the person began to type."""
    plan = writable(plan, by=by)
    before = getattr(plan, field)
    if before == value:
        return plan
    if seen and seen != mark_of(before):
        raise ChangedMeanwhile(before)
    setattr(plan, field, value)
    plan.save(update_fields=[field])
    audit.record("plan.worded", plan, by=by, field=field, before=before, after=value)
    return plan


@transaction.atomic
def set_issue(plan: Plan, *, number: str, issued_on: date | None, by: User, seen: str = "") -> Plan:
    """Write the number and the date that the records office gave; refused like `set_words`."""
    plan = writable(plan, by=by)
    before, after = issue_of(plan), _issue(number, issued_on)
    if before == after:
        return plan
    if seen and seen != mark_of(before):
        raise ChangedMeanwhile(before)
    plan.number, plan.issued_on = number, issued_on
    plan.save(update_fields=["number", "issued_on"])
    audit.record("plan.numbered", plan, by=by, before=before, after=after)
    return plan


def issue_of(plan: Plan) -> list[Any]:
    """Return number and date of issue as plain values."""
    return _issue(plan.number, plan.issued_on)


def _issue(number: str, issued_on: date | None) -> list[Any]:
    return [number, issued_on and issued_on.isoformat()]
