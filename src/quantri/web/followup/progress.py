"""Progress of a plan in a period as plain figures, and the decision that makes them public."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, User
from quantri.web.core import audit
from quantri.web.followup.models import ProgressPublication
from quantri.web.plans.publications import freeze, take_back
from quantri.web.tasks.models import Progress, ReportingPeriod
from quantri.web.tasks.rates import Piece, on_time


def figures_of(period: ReportingPeriod, today: date) -> dict[str, Any]:
    """Count a period by component: parts, closed, late, reported; nobody is named."""
    parts = list(period.owed().select_related("task"))
    told = dict(Progress.objects.filter(period=period, assignment__in=parts).values_list("assignment_id", "state"))
    by_code: dict[str, list[Any]] = defaultdict(list)
    for part in parts:
        for code in part.task.components or ["–"]:
            by_code[code].append(part)
    return {
        "period": {"name_vi": period.name_vi, "name_en": period.name_en, "ends_on": str(period.ends_on)},
        "as_of": str(today), "all": _counted(parts, told, today),
        "components": {code: _counted(found, told, today) for code, found in sorted(by_code.items())},
    }  # fmt: skip


def _counted(parts: list[Any], told: dict[int, str], today: date) -> dict[str, Any]:
    handed_in = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)
    rate = on_time([Piece(due=p.last_day, closed_on=p.closed_on) for p in parts], today)
    return {
        "parts": len(parts), "reported": sum(told.get(p.pk) in handed_in for p in parts), "closed": rate.closed,
        "on_time": rate.on_time, "overdue_open": rate.overdue_open, "without_date": rate.without_date,
    }  # fmt: skip


@transaction.atomic
def publish_progress(period: ReportingPeriod, *, reason: str, by: User) -> ProgressPublication:
    """Make the figures of a locked period public, as they are now, by decision of a leader of the province."""
    _led(period, by)
    period = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period.pk)
    if not period.is_locked:
        raise RuleViolation(_("Only figures of a locked period are made public."))
    if not period.plan.is_public:
        raise RuleViolation(_("The plan itself is not public yet."))
    content = figures_of(period, timezone.localdate())
    made = freeze(
        ProgressPublication, content, twice=_("The figures of this period are public already."), plan=period.plan,
        period=period, reason=reason, decided_by=str(by),
    )  # fmt: skip
    audit.record("progress.published", made, by=by, reason=reason, sha256=made.sha256)
    return made


@transaction.atomic
def withdraw_progress(made: ProgressPublication, *, reason: str, by: User) -> ProgressPublication:
    """Take figures back from the public; the decision and its figures stay on record."""
    _led(made.period, by)
    made = take_back(made, reason)
    audit.record("progress.withdrawn", made, by=by, reason=reason)
    return made


def _led(period: ReportingPeriod, by: User) -> None:
    if not by.seats(PROVINCE_LEADER).filter(pk=period.plan.province_id).exists():
        raise PermissionDenied
