"""Measures: those that come with the package are loaded; a province adds its own and ends them."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.engine.loading import DATA
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role, User
from quantri.web.core import audit
from quantri.web.figures.models import Measure
from quantri.web.places.models import Province


@transaction.atomic
def load_measures(*, by: audit.Actor) -> int:
    """Load the measures of the package; return how many were new. A second load changes nothing."""
    text = (DATA / "figures" / "measures.toml").read_text("utf-8")
    known = set(Measure.objects.filter(province=None).values_list("code", flat=True))
    new = [block for block in tomllib.loads(text, parse_float=Decimal)["measure"] if block["code"] not in known]
    for block in new:
        audit.record("measure.loaded", Measure.objects.create(**block), by=by)
    return len(new)


@transaction.atomic
def add_measure(province: Province, typed: Mapping[str, Any], *, by: User) -> Measure:
    """Add a measure of the province's own; its code is not re-used, not even after it ended."""
    _require_coordinator(province, by=by)
    province = Province.objects.select_for_update().get(pk=province.pk)
    if Measure.objects.filter(province__in=[province], code=typed["code"]).exists():
        raise RuleViolation(_("A measure of the province has this code already."))
    if Measure.objects.filter(province=None, code=typed["code"]).exists():
        raise RuleViolation(_("A measure of the package has this code already."))
    measure = Measure.objects.create(province=province, **typed)
    audit.record("measure.added", measure, by=by, before={}, after=dict(typed) | {
        name: None if typed[name] is None else str(typed[name]) for name in ("lowest", "highest")
    })  # fmt: skip
    return measure


@transaction.atomic
def end_measure(measure: Measure, *, by: User) -> Measure:
    """Take no more figures for a measure of the province's own; those that are there stay."""
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    if measure.province is None:
        raise PermissionDenied
    _require_coordinator(measure.province, by=by)
    if measure.ended_on:
        raise RuleViolation(_("This measure has ended already."))
    measure.ended_on = timezone.localdate()
    measure.save(update_fields=["ended_on"])
    audit.record("measure.ended", measure, by=by, before={"ended_on": None}, after={"ended_on": str(measure.ended_on)})
    return measure


def _require_coordinator(province: Province, *, by: User) -> None:
    if not by.holds(province.pk, Role.COORDINATOR):
        raise PermissionDenied
