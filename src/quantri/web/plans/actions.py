"""A plan is made, changed and withdrawn while it is a draft; a public plan is not changed."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.engine.targets import parse_target
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core import audit
from quantri.web.indices.archive import standing
from quantri.web.places.models import Province
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.first_words import first_words
from quantri.web.plans.models import ComponentOwner, Plan, Target


@transaction.atomic
def make_plan(province: Province, *, base_unit: Province, index: str, base_year: int, year: int, by: User) -> Plan:
    """Begin a plan; the priorities that the diagnosis proposes for the dimensions are taken over and can be changed."""
    if not by.seats(Role.COORDINATOR).filter(pk=province.pk).exists():
        raise PermissionDenied
    if year <= base_year:
        raise RuleViolation(_("The year of the plan must lie after the base year."))
    plan = Plan.objects.create(
        province=province,
        base_unit=base_unit,
        index=index,
        base_year=base_year,
        year=year,
        is_demonstration=settings.DEMO,
        **first_words(province, index=index, base_year=base_year, year=year),
    )
    proposed = [s for s in standing(index, base_unit.key, base_year).standings if s.component.level == "dimension"]
    Target.objects.bulk_create(Target(plan=plan, code=s.component.code, priority=s.advice or "") for s in proposed)
    audit.record("plan.made", plan, by=by, base_year=base_year, year=year)
    return plan


@transaction.atomic
def set_target(
    plan: Plan, code: str, *, priority: str, spec: str, by: User, seen: tuple[str, str] | None = None
) -> Target:
    """Set the priority and the target of one component; an empty target is a direction without a number.

    Refused when priority and target are no longer those `seen` when the person began to type.
    """
    plan = writable(plan, by=by)
    text = parse_target(spec).text if spec else ""
    target, _is_new = Target.objects.select_for_update().get_or_create(plan=plan, code=code)
    before = target.priority, target.spec
    if before == (priority, text):
        return target
    if seen is not None and seen != before:
        raise ChangedMeanwhile(before)
    target.priority, target.spec = priority, text
    target.save(update_fields=["priority", "spec"])
    audit.record("target.set", target, by=by, before=before, after=(priority, text))
    return target


@transaction.atomic
def set_owners(plan: Plan, code: str, agencies: list[Agency], *, new_name: str, by: User) -> None:
    """Say which agencies answer for a component; a new name makes an agency of the plan's province."""
    plan = writable(plan, by=by)
    chosen = {a.pk: a for a in agencies}
    if new_name:
        agency = ensure_agency(plan.province, new_name, by=by)
        chosen[agency.pk] = agency
    current = {o.agency_id: o for o in plan.owners.filter(code=code)}
    for key in current.keys() - chosen.keys():
        audit.record("owner.removed", current[key], by=by)
        current[key].delete()
    for key in chosen.keys() - current.keys():
        audit.record("owner.added", ComponentOwner.objects.create(plan=plan, code=code, agency=chosen[key]), by=by)


@transaction.atomic
def end_plan(plan: Plan, *, reason: str, by: User) -> Plan:
    """Withdraw a draft that is not wanted; the row and its trail stay, and no page shows it."""
    plan = writable(plan, by=by)
    plan.ended_at = timezone.now()
    plan.save(update_fields=["ended_at"])
    audit.record("plan.ended", plan, by=by, reason=reason)
    return plan


def writable(plan: Plan, *, by: User) -> Plan:
    """Lock a plan that its coordinator may change; refuse others, and plans that are public or history."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not by.seats(Role.COORDINATOR).filter(pk=plan.province_id).exists():
        raise PermissionDenied
    if plan.ended_at:
        raise RuleViolation(_("This draft was withdrawn; nothing in it can be changed."))
    if plan.is_historic:
        raise RuleViolation(_("This plan is history as its source tells it; nobody changes it here."))
    if plan.is_public:
        raise RuleViolation(_("This plan is public. The leader must withdraw it before it can be changed."))
    return plan
