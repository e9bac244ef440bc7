"""A plan is made, changed and withdrawn while it is a draft; an issued or a public plan is not changed."""

from collections.abc import Iterable

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
from quantri.web.plans.models import Basis, ComponentOwner, Plan, Target

LEAD, COORDINATING = ComponentOwner.Part.LEAD, ComponentOwner.Part.COORDINATING


@transaction.atomic
def make_plan(province: Province, *, base_unit: Province, index: str, base_year: int, year: int, by: User) -> Plan:
    """Begin a plan; the priorities that the diagnosis proposes for the dimensions are taken over and can be changed."""
    if not by.holds(province.pk, Role.COORDINATOR):
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
    plan: Plan, code: str, *, priority: str, spec: str, by: User, basis: Basis | None = None,
    seen: tuple[str, str] | None = None,
) -> Target:  # fmt: skip
    """Set the priority and the target of one component; an empty target is a direction without a number.

    Refused when priority and target are no longer those `seen` when the person began to type.
    """
    plan = writable(plan, by=by)
    text = parse_target(spec).text if spec else ""
    target, _is_new = Target.objects.select_for_update().get_or_create(plan=plan, basis=basis, code=code)
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
def set_owners(
    plan: Plan, code: str, leads: Iterable[Agency], *, by: User, coordinating: Iterable[Agency] = (), new_name: str = ""
) -> None:
    """Say which agencies lead and which coordinate; a new name makes a lead of the plan's province."""
    plan = writable(plan, by=by)
    wanted = dict.fromkeys(coordinating, COORDINATING) | dict.fromkeys(leads, LEAD)
    if new_name:
        wanted[ensure_agency(plan.province, new_name, by=by)] = LEAD
    for owner in plan.owners.standing().filter(code=code):
        if wanted.get(owner.agency) == owner.part:
            del wanted[owner.agency]
        else:
            end_owner(owner, by=by)
    for agency, part in wanted.items():
        begin_owner(plan, code, agency, part, by=by)


@transaction.atomic
def hand_over(owner: ComponentOwner, agency: Agency, *, by: User) -> ComponentOwner:
    """Let another agency answer in the place of one that has ended, also while the plan is in force."""
    plan, today = coordinated(owner.plan, by=by), timezone.localdate()
    owner = ComponentOwner.objects.select_for_update().select_related("agency").get(pk=owner.pk)
    if plan.is_historic or not (plan.is_open or plan.is_in_force):
        raise RuleViolation(_("Only in a plan that is made or carried out another agency takes over."))
    if owner.valid_to is not None or not owner.is_abolished(today):
        raise RuleViolation(_("Another agency takes over only from one that has ended."))
    if agency.valid_to is not None and agency.valid_to <= today:
        raise RuleViolation(_("%(agency)s has ended too. Choose an agency that goes on.") % {"agency": agency})
    return pass_owner(owner, agency, by=by)


def pass_owner(owner: ComponentOwner, agency: Agency, *, by: User) -> ComponentOwner:
    """End who answers and let another agency go on; who coordinated and takes the lead over leads from then on."""
    end_owner(owner, by=by)
    there = owner.plan.owners.standing().filter(code=owner.code, agency=agency).first()
    if there and (there.is_lead or not owner.is_lead):
        return there
    if there:
        end_owner(there, by=by)
    return begin_owner(owner.plan, owner.code, agency, owner.part, by=by)


@transaction.atomic
def end_plan(plan: Plan, *, reason: str, by: User) -> Plan:
    """Withdraw a draft that is not wanted; the row and its trail stay, and no page shows it."""
    plan = writable(plan, by=by)
    plan.ended_at = timezone.now()
    plan.save(update_fields=["ended_at"])
    audit.record("plan.ended", plan, by=by, reason=reason)
    return plan


def writable(plan: Plan, *, by: User) -> Plan:
    """Lock a plan that its coordinator may change; refuse others, and plans that are issued, public or history."""
    plan = coordinated(plan, by=by)
    if plan.is_historic:
        raise RuleViolation(_("This plan is history as its source tells it; nobody changes it here."))
    if plan.state == Plan.State.CLOSED:
        raise RuleViolation(_("This plan is closed; nothing in it can be changed."))
    if plan.state == Plan.State.ISSUED:
        raise RuleViolation(_("This plan is issued. To change it, make a revision with a number of its own."))
    if plan.is_public:
        raise RuleViolation(_("This plan is public. The leader must withdraw it before it can be changed."))
    return plan


def coordinated(plan: Plan, *, by: User) -> Plan:
    """Lock a plan of a province that the person coordinates; refuse others, and a draft that was withdrawn."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not by.holds(plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
    if plan.ended_at:
        raise RuleViolation(_("This draft was withdrawn; nothing in it can be changed."))
    return plan


def begin_owner(plan: Plan, code: str, agency: Agency, part: str, *, by: User) -> ComponentOwner:
    """Let an agency answer for a component from today on."""
    owner = ComponentOwner.objects.create(
        plan=plan, code=code, agency=agency, part=part, valid_from=timezone.localdate()
    )
    audit.record("owner.added", owner, by=by, plan=str(plan), before=None, after=part)
    return owner


def end_owner(owner: ComponentOwner, *, by: User) -> None:
    """Let an agency answer no longer; the row stays."""
    owner.valid_to = timezone.localdate()
    owner.save(update_fields=["valid_to"])
    audit.record("owner.removed", owner, by=by, plan=str(owner.plan), before=owner.part, after=None)
