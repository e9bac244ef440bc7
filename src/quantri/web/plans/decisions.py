"""A leader decides that the public sees a plan, or no longer; every decision is recorded and stays."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, User
from quantri.web.core import audit
from quantri.web.plans.models import Plan, PublicationDecision


@transaction.atomic
def publish_plan(plan: Plan, *, reason: str, by: User) -> PublicationDecision:
    """Make a plan public by a recorded decision of a leader of its province; its chances stay with the staff."""
    return _published(PublicationDecision(plan=_led(plan, by=by), reason=reason), by=by)


@transaction.atomic
def publish_plan_with_chances(plan: Plan, *, reason: str, by: User) -> PublicationDecision:
    """Make a plan public together with the chances of its targets."""
    return _published(PublicationDecision(plan=_led(plan, by=by), reason=reason, shows_chances=True), by=by)


@transaction.atomic
def publish_demonstration(plan: Plan, *, reason: str, by: audit.Actor) -> PublicationDecision:
    """Record the decision that shows the demonstration copy of a historic plan; only for those."""
    if not (plan.is_demonstration and plan.is_historic):
        raise RuleViolation(_("Only the demonstration copy of a historic plan is published this way."))
    return _published(PublicationDecision(plan=plan, reason=reason, shows_chances=True), by=by)


@transaction.atomic
def withdraw_plan(plan: Plan, *, reason: str, by: User) -> PublicationDecision:
    """Take a public plan back by a recorded decision; it can be changed again."""
    plan = _led(plan, by=by)
    if not plan.is_public:
        raise RuleViolation(_("This plan is not public."))
    plan.published_at = None
    return _recorded(PublicationDecision(plan=plan, kind=PublicationDecision.Kind.WITHDRAW, reason=reason), by=by)


def _led(plan: Plan, *, by: User) -> Plan:
    """Lock a plan that a leader of its province may decide on."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not by.holds(plan.province_id, PROVINCE_LEADER):
        raise PermissionDenied
    if plan.ended_at:
        raise RuleViolation(_("This draft was withdrawn; nothing in it can be changed."))
    return plan


def _published(decision: PublicationDecision, *, by: audit.Actor) -> PublicationDecision:
    if decision.plan.is_public:
        raise RuleViolation(_("This plan is public already."))
    decision.kind, decision.plan.published_at = PublicationDecision.Kind.PUBLISH, timezone.now()
    return _recorded(decision, by=by)


def _recorded(decision: PublicationDecision, *, by: audit.Actor) -> PublicationDecision:
    """Let a plan be seen as its decision says, and keep the decision."""
    plan = decision.plan
    plan.shows_chances = decision.shows_chances
    plan.save(update_fields=["published_at", "shows_chances"])
    decision.decided_by = str(by)
    decision.save(force_insert=True)
    audit.record(f"plan.{decision.kind}", plan, by=by, reason=decision.reason, shows_chances=decision.shows_chances)
    return decision
