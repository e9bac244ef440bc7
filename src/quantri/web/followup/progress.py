"""Progress of a plan in a period as plain figures, and the decision that makes them public."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, User
from quantri.web.core import audit
from quantri.web.followup.models import ProgressPublication
from quantri.web.plans.chain import chain_of, line_of
from quantri.web.plans.models import Plan
from quantri.web.plans.publications import freeze, take_back
from quantri.web.tasks.due_then import amended_since, day_of, parts_then
from quantri.web.tasks.models import Progress, ReportingPeriod
from quantri.web.tasks.rates import OnTime, Piece, on_time

NO_COMPONENT = "–"  # tasks that belong to no component
PART = ("closed_on", "task", "task__due_on", "task__components")


class _Part(NamedTuple):
    key: int
    due_on: date | None
    is_due_known: bool
    closed_on: date | None
    task: int
    task_due_on: date | None
    components: list[str]


def figures_of(period: ReportingPeriod, today: date) -> dict[str, Any]:
    """Count a period by component, as its last day knew it: parts, closed, late, reported; nobody is named."""
    day = min(period.ends_on, today)  # a coordinator may lock a period before it is over
    late_before = min(period.ends_on + timedelta(days=1), today)  # what is due on the last day is late once it is over
    parts = _parts(period, day)
    told = dict(Progress.objects.filter(period=period).values_list("assignment_id", "state"))
    by_code: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        for code in part.components or [NO_COMPONENT]:
            by_code[code].append(part)

    def counted(found: list[_Part]) -> dict[str, Any]:
        pieces = [Piece(due=p.due_on or p.task_due_on, closed_on=_by(p.closed_on, day)) for p in found]
        return _counted(found, told, on_time(pieces, late_before))

    return {
        "period": {"name_vi": period.name_vi, "name_en": period.name_en, "ends_on": str(period.ends_on)},
        "as_of": str(day), "all": counted(parts),
        "components": {code: counted(found) for code, found in sorted(by_code.items())},
    }  # fmt: skip


def _parts(period: ReportingPeriod, day: date) -> list[_Part]:
    """Read the parts that were owed, with the days and components that their tasks had then."""
    owed = period.owed_at_cut_off(chain_of(period.plan_id))
    changed = amended_since(owed.order_by().values("task"), day)
    found = map(_Part._make, parts_then(owed, day, *PART))
    return [_before(part, changed[part.task]) if part.task in changed else part for part in found]


def _before(part: _Part, changed: Mapping[str, Any]) -> _Part:
    due_on = day_of(changed["due_on"]) if "due_on" in changed else part.task_due_on
    return part._replace(task_due_on=due_on, components=changed.get("components", part.components))


def _counted(parts: list[_Part], told: dict[int, str], rate: OnTime) -> dict[str, Any]:
    handed_in = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)
    return {
        "parts": len(parts), "reported": sum(told.get(p.key) in handed_in for p in parts), "closed": rate.closed,
        "on_time": rate.on_time, "overdue_open": rate.overdue_open, "without_date": rate.without_date,
    }  # fmt: skip


def _by(closed_on: date | None, day: date) -> date | None:
    """Keep a day only when the period knew it already."""
    return closed_on if closed_on is not None and closed_on <= day else None


@transaction.atomic
def publish_progress(period: ReportingPeriod, *, reason: str, by: User) -> ProgressPublication:
    """Make the figures of a locked period public, as of its last day, by decision of a leader of the province."""
    _led(period, by)
    period = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period.pk)
    if not period.is_locked:
        raise RuleViolation(_("Only figures of a locked period are made public."))
    if not period.plan.is_public:
        raise RuleViolation(_("The plan itself is not public yet."))
    issued_on = _first_issue(period.plan)
    if issued_on is not None and period.ends_on < issued_on:
        told = {"issued": date_format(issued_on)}
        raise RuleViolation(_("The plan was issued on %(issued)s, after this period; it has no progress in it.") % told)
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


def _first_issue(plan: Plan) -> date | None:
    """Day on which the work began: a period that was open moved along to the revision, and may have ended before it."""
    return line_of(plan.pk).values_list("issued_on", flat=True).get(revises=None)


def _led(period: ReportingPeriod, by: User) -> None:
    if not by.holds(period.plan.province_id, PROVINCE_LEADER):
        raise PermissionDenied
