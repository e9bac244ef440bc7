"""What a plan's document says of itself: title, purposes, requirements, legal bases."""

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
