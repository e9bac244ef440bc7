"""Periods of a plan are opened, locked after their cut-off, and opened again by decision."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role, User
from quantri.web.core import audit
from quantri.web.deadlines.cutoffs import periods as periods_of
from quantri.web.plans.actions import coordinated
from quantri.web.plans.chain import chain_of, line_of
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import ReportingPeriod, Task
from quantri.web.tasks.models.reporting import due_periods

TIMER = audit.System("timer")


@transaction.atomic
def open_periods(plan: Plan, kind: str, *, cut_off_days: int | None = None, by: User) -> list[ReportingPeriod]:
    """Open the main periods of a plan's year, and those of its regular tasks; periods that are there stay.

    `cut_off_days` are days after a period's end until which units report; without it the model of the package holds.
    """
    plan = coordinated(plan, by=by)
    if not plan.is_in_force:
        raise RuleViolation(_("Reports are asked for once the plan is issued."))
    rhythms = set(plan.tasks.current().exclude(rhythm=Task.Rhythm.ONCE).values_list("rhythm", flat=True))
    there = ReportingPeriod.objects.filter(plan__in=line_of(plan.pk))  # a locked one stays in the plan that was revised
    known = set(there.values_list("kind", "year", "number"))
    made = [
        ReportingPeriod(
            plan=plan, kind=p.kind, year=p.year, number=p.number, name_vi=p.name_vi, name_en=p.name_en,
            starts_on=p.starts_on, ends_on=p.ends_on, is_main=p.kind == kind,
            cut_off_on=p.cut_off_on if cut_off_days is None else date.fromordinal(p.ends_on.toordinal() + cut_off_days),
        )
        for each in sorted({kind, *rhythms}) for p in periods_of(each, plan.year)
        if (p.kind, p.year, p.number) not in known
    ]  # fmt: skip
    ReportingPeriod.objects.bulk_create(made)
    audit.record("periods.opened", plan, by=by, periods=[p.name_vi for p in made])
    return made


@transaction.atomic
def lock_period(period: ReportingPeriod, *, by: audit.Actor) -> ReportingPeriod:
    """Lock a period: nobody reports in it any more, and its figures stay as they are."""
    if isinstance(by, User):
        _coordinator(period, by)
    period = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if period.is_locked:
        raise RuleViolation(_("This period is locked already."))
    period.locked_at, period.locked_by = timezone.now(), by.get_username()
    period.save(update_fields=["locked_at", "locked_by"])
    audit.record("period.locked", period, by=by)
    return period


@transaction.atomic
def reopen_period(period: ReportingPeriod, *, until: date, reason: str, by: User) -> ReportingPeriod:
    """Open a locked period again until another day, by decision of its coordinator and with the reason.

    Where its plan was revised meanwhile, it goes to the plan in which its agencies work now.
    """
    _coordinator(period, by)
    period = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if not period.is_locked:
        raise RuleViolation(_("This period is open."))
    if until < timezone.localdate():
        raise RuleViolation(_("The new last day has passed already."))
    period.locked_at, period.locked_by, period.cut_off_on = None, "", max(until, period.ends_on)
    newest = chain_of(period.plan_id).order_by("pk").last()
    if not newest.periods.filter(kind=period.kind, year=period.year, number=period.number).exists():
        period.plan = newest
    period.save(update_fields=["locked_at", "locked_by", "cut_off_on", "plan"])
    audit.record("period.reopened", period, by=by, reason=reason, until=str(until))
    return period


def close_due_periods(now: datetime | None = None) -> Sequence[ReportingPeriod]:
    """Lock every period whose cut-off has passed; the timer calls it, and a second call finds nothing to do."""
    closed = []
    for period in due_periods(timezone.localdate(now)):
        try:
            closed.append(lock_period(period, by=TIMER))
        except RuleViolation:  # somebody was quicker
            continue
    return closed


def _coordinator(period: ReportingPeriod, by: User) -> None:
    if not by.holds(period.plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
