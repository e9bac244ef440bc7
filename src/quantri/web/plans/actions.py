"""A plan is made, changed and made public; a public plan is not changed."""

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
from quantri.web.plans.models import ComponentOwner, Plan, PublicationDecision, Target


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
        title=_title(province, year),
        is_demonstration=settings.DEMO,
    )
    proposed = [s for s in standing(index, base_unit.key, base_year).standings if s.component.level == "dimension"]
    Target.objects.bulk_create(Target(plan=plan, code=s.component.code, priority=s.advice or "") for s in proposed)
    audit.record("plan.made", plan, by=by, base_year=base_year, year=year)
    return plan


def _title(province: Province, year: int) -> str:
    """Title as such plans bear it; documents are Vietnamese."""
    return f"Kế hoạch nâng cao Chỉ số Hiệu quả quản trị và hành chính công (PAPI) {province.title} năm {year}"


@transaction.atomic
def set_target(plan: Plan, code: str, *, priority: str, spec: str, by: User) -> Target:
    """Set the priority and the target of one component; an empty target is a direction without a number."""
    plan = writable(plan, by=by)
    text = parse_target(spec).text if spec else ""
    target, _is_new = Target.objects.select_for_update().get_or_create(plan=plan, code=code)
    before = target.priority, target.spec
    if before == (priority, text):
        return target
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
def publish_plan(plan: Plan, *, reason: str, with_chances: bool, by: User) -> PublicationDecision:
    """Make a plan public by a recorded decision of a leader of its province."""
    plan = _led(plan, by=by)
    if plan.is_public:
        raise RuleViolation(_("This plan is public already."))
    return _decide(plan, PublicationDecision.Kind.PUBLISH, reason=reason, with_chances=with_chances, by=by)


@transaction.atomic
def withdraw_plan(plan: Plan, *, reason: str, by: User) -> PublicationDecision:
    """Take a public plan back by a recorded decision; it can be changed again."""
    plan = _led(plan, by=by)
    if not plan.is_public:
        raise RuleViolation(_("This plan is not public."))
    return _decide(plan, PublicationDecision.Kind.WITHDRAW, reason=reason, with_chances=False, by=by)


def writable(plan: Plan, *, by: User) -> Plan:
    """Lock a plan that its coordinator may change; refuse others, and plans that are public or history."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not by.seats(Role.COORDINATOR).filter(pk=plan.province_id).exists():
        raise PermissionDenied
    if plan.is_historic:
        raise RuleViolation(_("This plan is history as its source tells it; nobody changes it here."))
    if plan.is_public:
        raise RuleViolation(_("This plan is public. The leader must withdraw it before it can be changed."))
    return plan


def _led(plan: Plan, *, by: User) -> Plan:
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not by.seats(Role.LEADER).filter(pk=plan.province_id).exists():
        raise PermissionDenied
    return plan


def _decide(plan: Plan, kind: str, *, reason: str, with_chances: bool, by: audit.Actor) -> PublicationDecision:
    plan.published_at = timezone.now() if kind == PublicationDecision.Kind.PUBLISH else None
    plan.shows_chances = with_chances
    plan.save(update_fields=["published_at", "shows_chances"])
    decision = PublicationDecision.objects.create(
        plan=plan, kind=kind, decided_by=str(by), reason=reason, shows_chances=with_chances
    )
    audit.record(f"plan.{kind}", plan, by=by, reason=reason, with_chances=with_chances)
    return decision


def publish_demonstration(plan: Plan, *, reason: str, by: audit.Actor) -> PublicationDecision:
    """Record the decision that shows the demonstration copy of a historic plan; only for those."""
    if not (plan.is_demonstration and plan.is_historic):
        raise RuleViolation(_("Only the demonstration copy of a historic plan is published this way."))
    return _decide(plan, PublicationDecision.Kind.PUBLISH, reason=reason, with_chances=True, by=by)
