"""A plan in force is revised by a new plan that starts as its copy, and gets a number of its own."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans.actions import coordinated
from quantri.web.plans.copying import copy_bases, copy_owners, copy_targets
from quantri.web.plans.models import Plan

COPIED = (
    "province", "base_unit", "index", "base_year", "year", "title", "title_en", "purposes", "requirements",
    "legal_bases", "is_demonstration",
)  # fmt: skip


@transaction.atomic
def start_revision(plan: Plan, *, by: User) -> Plan:
    """Begin a revision as a draft; the plan stays in force until the revision is issued."""
    plan = coordinated(plan, by=by)
    if not plan.is_in_force or plan.is_historic:
        raise RuleViolation(_("Only a plan in force is revised."))
    try:
        with transaction.atomic():
            revision = Plan.objects.create(revises=plan, **{name: getattr(plan, name) for name in COPIED})
    except IntegrityError:
        raise RuleViolation(_("A revision of this plan is being made already.")) from None
    bases = copy_bases(plan, revision)
    copy_targets(plan, revision, bases)
    copy_owners(plan, revision)
    audit.record("plan.made", revision, by=by, revises=str(plan))
    return revision
