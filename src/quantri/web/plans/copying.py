"""What a plan passes on to its revision and to the plan of the next year: bases, targets, owners."""

from collections.abc import Mapping

from django.utils import timezone

from quantri.web.plans.models import Basis, ComponentOwner, Plan, Target


def copy_bases(before: Plan, after: Plan) -> dict[int, Basis]:
    """Copy the further bases; return the copies by the key of what they are copies of."""
    return {
        basis.pk: Basis.objects.create(
            plan=after, index=basis.index, base_unit=basis.base_unit, base_year=basis.base_year
        )
        for basis in before.bases.filter(ended_at=None).select_related("base_unit")
    }


def copy_targets(before: Plan, after: Plan, bases: Mapping[int, Basis]) -> None:
    """Copy the targets as they are; a base that was typed comes along, one from results is looked up at issue."""
    for target in before.targets.all():
        basis = bases.get(target.basis_id)
        if target.basis_id and basis is None:
            continue
        is_typed = basis is not None and not basis.has_results
        typed = {n: getattr(target, n) for n in ("base_year", "base_value", "base_source")} if is_typed else {}
        Target.objects.create(
            plan=after, basis=basis, code=target.code, name=target.name, priority=target.priority, spec=target.spec,
            **typed,
        )  # fmt: skip


def copy_owners(before: Plan, after: Plan) -> None:
    """Copy the owners that still exist; a component whose owner has ended shows that nobody answers for it."""
    today = timezone.localdate()
    ComponentOwner.objects.bulk_create(
        ComponentOwner(plan=after, code=owner.code, agency=owner.agency, part=owner.part)
        for owner in before.owners.standing()
        if not owner.is_abolished(today)
    )
