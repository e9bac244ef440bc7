"""The plan of the next year starts from this one: targets against the newest results, and the owners that go on."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from quantri.engine.definition import Component
from quantri.engine.targets import TargetSpec
from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.indices.archive import archive
from quantri.web.plans.actions import coordinated, make_plan, set_target
from quantri.web.plans.copying import copy_bases, copy_owners
from quantri.web.plans.models import Basis, Ground, Plan, Target
from quantri.web.plans.outlooks import check_spec, targets_on


@dataclass(frozen=True, kw_only=True)
class CarriedTarget:
    """A target of the old plan, and whether it still asks for something against the new base."""

    target: Target
    component: Component
    spec: TargetSpec
    base: float | None
    is_kept: bool


def new_base_year(ground: Ground, year: int) -> int:
    """Newest edition before a target year that has the base unit; the old base year when there is no newer one."""
    found = [
        e.definition.year
        for e in archive(ground.index).editions
        if ground.base_unit.key in e and ground.base_year <= e.definition.year < year
    ]
    return max(found, default=ground.base_year)


def carried_targets(plan: Plan, ground: Ground, base_year: int) -> list[CarriedTarget]:
    """Judge each numbered target against the new base: a score that is reached already asks for nothing more."""
    edition = archive(ground.index).edition(base_year)
    found = []
    for target in targets_on(plan, ground):
        spec = target.parsed
        if spec is None or target.code not in edition.definition:
            continue
        base = edition.score(ground.base_unit.key, target.code)
        is_reached = spec.kind == "score" and base is not None and base >= spec.amount
        found.append(
            CarriedTarget(
                target=target, component=edition.definition[target.code], spec=spec, base=base, is_kept=not is_reached
            )
        )
    return found


@transaction.atomic
def start_next_year(plan: Plan, *, by: User) -> Plan:
    """Begin the plan of the next year; priorities come from the newest diagnosis, numbers that still ask are kept."""
    plan = coordinated(plan, by=by)
    if plan.state not in Plan.AFTER_ISSUE or plan.superseded_at or plan.is_historic:
        raise RuleViolation(_("The next year starts from a plan that is in force or closed."))
    year = plan.year + 1
    base_year = new_base_year(plan, year)
    made = make_plan(
        plan.province, base_unit=plan.base_unit, index=plan.index, base_year=base_year, year=year, by=by
    )  # fmt: skip
    _carry(plan, plan, made, None, base_year, by=by)
    bases = copy_bases(plan, made)
    for old in plan.bases.filter(pk__in=bases).select_related("base_unit"):
        _rebase(plan, old, made, bases[old.pk], by=by)
    copy_owners(plan, made)
    audit.record("plan.continued", made, by=by, before=str(plan))
    return made


def _rebase(plan: Plan, old: Basis, made: Plan, basis: Basis, *, by: User) -> None:
    """Move a further basis to its newest results; of an index whose results are not here the base is typed anew."""
    if basis.has_results:
        basis.base_year = new_base_year(old, made.year)
        basis.save(update_fields=["base_year"])
        _carry(plan, old, made, basis, basis.base_year, by=by)
        return
    basis.base_year = made.year - (plan.year - old.base_year)
    basis.save(update_fields=["base_year"])
    Target.objects.bulk_create(
        Target(plan=made, basis=basis, code=t.code, name=t.name, base_year=basis.base_year) for t in old.targets.all()
    )


def _carry(plan: Plan, ground: Ground, made: Plan, basis: Basis | None, base_year: int, *, by: User) -> None:
    priorities = {t.code: t.priority for t in targets_on(made, basis or made)}
    for each in carried_targets(plan, ground, base_year):
        if each.is_kept and _is_possible(made, basis or made, each):
            priority = priorities.get(each.target.code, each.target.priority)
            set_target(made, each.target.code, basis=basis, priority=priority, spec=each.spec.text, by=by)


def _is_possible(made: Plan, ground: Ground, each: CarriedTarget) -> bool:
    """Say whether a target has a meaning against the new base: nobody rises twenty places from the tenth."""
    try:
        check_spec(made, each.target.code, each.spec.text, ground=ground)
    except RuleViolation:
        return False
    return True
