"""A plan that others issued before this system is recorded as its source tells it, and never changed here."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.plans.models import ContactPoint, Plan, Target


@transaction.atomic
def record_historic_plan(
    plan: Plan, *, targets: Mapping[str, str], contact_points: Sequence[ContactPoint], by: audit.Actor
) -> Plan:
    """Keep a historic plan with the targets and contact points that its source names."""
    historic(plan)
    if plan.number:
        plan.state, plan.number_year = Plan.State.ISSUED, plan.issued_on.year
    plan.save(force_insert=True)
    Target.objects.bulk_create(Target(plan=plan, code=code, spec=spec) for code, spec in targets.items())
    for point in contact_points:
        point.plan = plan
    ContactPoint.objects.bulk_create(contact_points)
    audit.record("plan.made", plan, by=by, source=plan.number)
    return plan


def historic(plan: Plan) -> Plan:
    """Return a plan that has a source; refuse one that is made here."""
    if not plan.is_historic:
        raise RuleViolation(_("Only a plan that was issued before, and names its source, is recorded as history."))
    return plan
