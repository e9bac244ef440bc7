"""Further indices and base provinces of a plan, targets against a typed base, and the base that issue freezes."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.engine.targets import TargetSpec, parse_target
from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.indices.archive import standing
from quantri.web.indices.models import Release
from quantri.web.places.models import Province
from quantri.web.plans.actions import writable
from quantri.web.plans.models import Basis, Plan, Target

FROM_THE_BASE = ("delta", "keep", "better")  # kinds of target that mean nothing without the base


@transaction.atomic
def add_basis(plan: Plan, *, index: str, base_unit: Province, base_year: int, by: User) -> Basis:
    """Add an index, or another province whose results are a base, to a plan."""
    plan = writable(plan, by=by)
    if base_year >= plan.year:
        raise RuleViolation(_("The year of the plan must lie after the base year."))
    if (index, base_unit.pk) == (plan.index, plan.base_unit_id):
        raise RuleViolation(_("This is the plan's own base already."))
    try:
        with transaction.atomic():
            basis = Basis.objects.create(plan=plan, index=index, base_unit=base_unit, base_year=base_year)
    except IntegrityError:
        raise RuleViolation(_("The plan has this base already.")) from None
    audit.record("basis.added", basis, by=by, plan=str(plan))
    return basis


@transaction.atomic
def end_basis(basis: Basis, *, by: User) -> None:
    """Take a further base out of a plan that is being made; its row and its targets stay, ended."""
    writable(basis.plan, by=by)
    basis = Basis.objects.select_for_update().get(pk=basis.pk)
    if basis.ended_at is None:
        basis.ended_at = timezone.now()
        basis.save(update_fields=["ended_at"])
        audit.record("basis.removed", basis, by=by, plan=str(basis.plan))


@transaction.atomic
def set_typed_target(
    basis: Basis, code: str, *, name: str, spec: str, base_value: float | None, base_source: str, by: User
) -> Target:
    """Set a target of an index whose results are not here: the base is typed, with its source."""
    plan = writable(basis.plan, by=by)
    text = parse_target(spec).text if spec else ""
    check_typed(parse_target(text) if text else None, base_value, base_source)
    target, _is_new = Target.objects.select_for_update().get_or_create(plan=plan, basis=basis, code=code)
    before = _typed(target)
    target.name, target.spec, target.base_value, target.base_source = name, text, base_value, base_source
    target.base_year = basis.base_year
    if before != _typed(target):
        target.save()
        audit.record("target.set", target, by=by, before=before, after=_typed(target))
    return target


def check_typed(spec: TargetSpec | None, base_value: float | None, base_source: str) -> None:
    """Refuse a target that cannot be judged against what is typed."""
    if spec is not None and spec.kind == "group":
        raise RuleViolation(_("Groups are known only of an index whose results are here. Ask for points or places."))
    if spec is not None and spec.kind in FROM_THE_BASE and base_value is None:
        raise RuleViolation(_("This target is measured from the base: type the value of the base year."))
    if base_value is not None and not base_source:
        raise RuleViolation(_("Say where the base value comes from: the decision or report that published it."))


def freeze_targets(plan: Plan) -> None:
    """Write base year, value, rank and source into the targets of a plan that is being issued."""
    _freeze(plan, list(plan.targets.filter(basis=None)))
    for basis in plan.bases.filter(ended_at=None).select_related("base_unit"):
        if basis.has_results:
            _freeze(basis, list(basis.targets.all()))


def _freeze(ground: Plan | Basis, targets: list[Target]) -> None:
    found = {s.component.code: s for s in standing(ground.index, ground.base_unit.key, ground.base_year).standings}
    release = Release.objects.current().get(index=ground.index, year=ground.base_year)
    for target in targets:
        target.base_year, target.base_source = ground.base_year, f"{release} ({release.results_sha256[:12]})"
        if target.code in found:
            target.base_value, target.base_rank = found[target.code].score, found[target.code].rank
    Target.objects.bulk_update(targets, ["base_year", "base_value", "base_rank", "base_source"])


def _typed(target: Target) -> list[str | float | None]:
    return [target.name, target.spec, target.base_value, target.base_source]
