"""An agency reports on its part in a period; the coordinator accepts the report or returns it with a reason."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role, User
from quantri.web.core import audit
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks import news
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod, Revision
from quantri.web.tasks.models.task import CARRIERS

Kind, State = Progress.Kind, Progress.State


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A report as it was typed."""

    kind: str = Kind.WORKED
    text: str = ""
    value: Decimal | None = None
    unit: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    difficulty: str = ""
    request: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """What was typed as values that JSON can hold."""
        return asdict(self) | {"kind": str(self.kind), "value": None if self.value is None else str(self.value)}


NOTHING = Reported(kind=Kind.NOTHING)


@transaction.atomic
def save_draft(
    assignment: Assignment, period: ReportingPeriod, typed: Reported, *, seen: int, by: audit.Actor
) -> Progress:  # fmt: skip
    """Keep a report that is not handed in yet."""
    progress = _writable(assignment, period, seen=seen, by=by)
    _fill(progress, typed)
    progress.save()
    audit.record("report.kept", progress, by=by)
    return progress


@transaction.atomic
def submit(
    assignment: Assignment, period: ReportingPeriod, typed: Reported, *, seen: int, by: audit.Actor
) -> Progress:  # fmt: skip
    """Hand a report in; it is kept as a revision of its own. Without text only “nothing arose” is handed in."""
    progress = _writable(assignment, period, seen=seen, by=by)
    if typed.kind != Kind.NOTHING and not typed.text:
        raise RuleViolation(_("Say in a few words what was done, or choose “nothing arose”."))
    _fill(progress, typed)
    progress.state, progress.returned_reason = State.SUBMITTED, ""
    progress.submitted_at, progress.submitted_by = timezone.now(), str(by)
    progress.save()
    number = progress.revisions.count() + 1
    content = typed.plain | {"evidence": [e.sha256 or e.link for e in progress.standing_evidence]}
    Revision.objects.create(progress=progress, number=number, content=content, submitted_by=str(by))
    audit.record("report.submitted", progress, by=by, revision=number, kind=str(typed.kind))
    return progress


@transaction.atomic
def accept(progress: Progress, *, seen: int, by: User) -> Progress:
    """Accept a report; a part that it says is completed is closed on the day of the report."""
    progress = _handed_in(progress, seen=seen, by=by)
    _decide(progress, State.ACCEPTED, by=by)
    if progress.kind == Kind.COMPLETED:
        assignment = Assignment.objects.select_for_update().get(pk=progress.assignment_id)
        assignment.closed_on = timezone.localdate(progress.submitted_at)
        assignment.save(update_fields=["closed_on"])
        audit.record("part.closed", assignment, by=by, closed_on=str(assignment.closed_on))
    audit.record("report.accepted", progress, by=by)
    return progress


@transaction.atomic
def give_back(progress: Progress, *, reason: str, seen: int, by: User) -> Progress:
    """Return a report to its agency with a reason; the agency hands in another revision."""
    progress = _handed_in(progress, seen=seen, by=by)
    _decide(progress, State.RETURNED, reason=reason, by=by)
    audit.record("report.returned", progress, by=by, reason=reason)
    news.report_returned(progress)
    return progress


def take_back(progress: Progress, *, reason: str, by: User) -> None:
    """Let a locked report wait for its agency again: somebody else handed it in."""
    _decide(progress, State.RETURNED, reason=reason, by=by)
    audit.record("report.returned", progress, by=by, reason=reason)


def mark_of(progress: Progress | None) -> int:
    """Return what a form carries to say from which state of the report it began."""
    return progress.mark if progress else 0


def _writable(assignment: Assignment, period: ReportingPeriod, *, seen: int, by: audit.Actor) -> Progress:
    """Lock period, roles and report in this order. Refuse others, closed periods, a report that changed meanwhile."""
    period = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period.pk)
    if isinstance(by, User) and not _carries(by, assignment):
        raise PermissionDenied
    if period.is_locked:
        raise RuleViolation(_("This period is locked. Ask the coordinator to open it again."))
    if not period.owed().filter(pk=assignment.pk).exists():
        raise RuleViolation(_("This part does not report in this period."))
    progress = _existing_or_new(assignment, period)
    if progress.mark != seen:
        raise ChangedMeanwhile(progress)
    if progress.state == State.ACCEPTED:
        raise RuleViolation(_("This report was accepted; it changes no more."))
    return progress


def _carries(by: User, assignment: Assignment) -> bool:
    """Tell whether the person carries the part; a role that is being ended at this moment is waited for."""
    list(by.current_memberships().select_for_update().values_list("pk"))
    return by.agencies(*CARRIERS).filter(pk=assignment.agency_id).exists()


def _existing_or_new(assignment: Assignment, period: ReportingPeriod) -> Progress:
    reports = Progress.objects.select_for_update().filter(assignment=assignment, period=period)
    found = reports.first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Progress.objects.create(assignment=assignment, period=period)
    except IntegrityError:  # two officers began at once
        return reports.get()


def _fill(progress: Progress, typed: Reported) -> None:
    for name in ("kind", "text", "value", "unit", "difficulty", "request"):
        setattr(progress, name, getattr(typed, name))
    progress.counts = dict(typed.counts)
    progress.mark += 1


def _handed_in(progress: Progress, *, seen: int, by: User) -> Progress:
    """Lock a report that waits for the coordinator's decision."""
    period = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan").get(pk=progress.period_id)
    if not by.holds(period.plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
    progress = Progress.objects.select_for_update().get(pk=progress.pk)
    if progress.mark != seen:
        raise ChangedMeanwhile(progress)
    if progress.state != State.SUBMITTED:
        raise RuleViolation(_("This report does not wait for a decision."))
    return progress


def _decide(progress: Progress, state: str, *, by: User, reason: str = "") -> None:
    progress.state, progress.returned_reason, progress.mark = state, reason, progress.mark + 1
    progress.decided_at, progress.decided_by = timezone.now(), str(by)
    progress.save(update_fields=["state", "returned_reason", "mark", "decided_at", "decided_by"])
