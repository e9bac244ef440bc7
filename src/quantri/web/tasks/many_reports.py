"""Reports that come back in one Excel file are handed in together, or none of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role, User
from quantri.web.core import audit
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks.bringing import chosen
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod, Revision
from quantri.web.tasks.models.task import CARRIERS
from quantri.web.tasks.report_rows import reported

State = Progress.State
WRITTEN = (
    "kind", "text", "value", "unit", "difficulty", "request", "mark", "state", "returned_reason", "submitted_at",
    "submitted_by",
)  # fmt: skip


@transaction.atomic
def hand_in_rows(
    period: ReportingPeriod, sealed: Sequence[Mapping[str, Any]], choices: Mapping[str, str], *, by: User
) -> int:
    """Hand in the reports that a preview showed, with one entry in the trail; every report keeps its revision.

    A coordinator may enter what other agencies sent on paper, and it is marked so.
    """
    period = ReportingPeriod.objects.select_for_update(of=("self",)).select_related("plan").get(pk=period.pk)
    if period.is_locked:
        raise RuleViolation(_("This period is locked. Ask the coordinator to open it again."))
    rows = {row["key"]: row for row in chosen(sealed, choices)}
    own = set(by.agencies(*CARRIERS).values_list("pk", flat=True))
    parts = _parts(period, rows, own, by=by)
    reports = _reports(period, parts)
    for part in parts:
        row = rows[str(part.pk)]
        _check(report := reports[part.pk], seen=row["seen"], is_own=part.agency_id in own)
        _fill(report, row["plain"], by=by, is_own=part.agency_id in own)
    _save(list(reports.values()), by=by)
    on_paper = sum(part.agency_id not in own for part in parts)
    audit.record("reports.brought_in", period, by=by, rows=audit.listed(reports.values()), entered_from_paper=on_paper)
    return len(parts)


def _parts(period: ReportingPeriod, rows: Mapping[str, Any], own: set[int], *, by: User) -> list[Assignment]:
    """Return the parts of the rows; refuse those of other agencies to who does not coordinate."""
    parts = list(period.owed().filter(pk__in=rows).select_related("agency", "task"))
    if len(parts) != len(rows):
        raise RuleViolation(_("Some of these parts report no longer in this period. Take the Excel file anew."))
    coordinates = by.holds(period.plan.province_id, Role.COORDINATOR)
    if not coordinates and any(part.agency_id not in own for part in parts):
        raise PermissionDenied
    return parts


def _reports(period: ReportingPeriod, parts: Sequence[Assignment]) -> dict[int, Progress]:
    """Return a report for each part, locked where it is there already."""
    there = Progress.objects.select_for_update().filter(period=period, assignment__in=parts)
    found = {report.assignment_id: report for report in there}
    made = {p.pk: found.get(p.pk) or Progress(assignment=p, period=period) for p in parts}
    for part in parts:
        made[part.pk].assignment, made[part.pk].period = part, period
    return made


def _check(report: Progress, *, seen: str, is_own: bool) -> None:
    if str(report.mark) != seen:
        raise ChangedMeanwhile(report)
    if report.state == State.ACCEPTED:
        raise RuleViolation(_("This report was accepted; it changes no more."))
    if report.pk and report.state == State.DRAFT and not is_own:
        raise RuleViolation(_("This agency is writing its report itself; ask it to hand it in."))


def _fill(report: Progress, plain: Mapping[str, Any], *, by: User, is_own: bool) -> None:
    typed = reported(plain)
    for name in WRITTEN[:6]:
        setattr(report, name, getattr(typed, name))
    who = str(by) if is_own else _("%(who)s, entered by the coordinator from paper") % {"who": by}
    report.state, report.returned_reason, report.mark = State.SUBMITTED, "", report.mark + 1
    report.submitted_at, report.submitted_by = timezone.now(), who[:200]


def _save(reports: list[Progress], *, by: User) -> None:
    Progress.objects.bulk_create([r for r in reports if r.pk is None], batch_size=500)
    Progress.objects.bulk_update(reports, WRITTEN, batch_size=200)
    kept = Progress.objects.filter(pk__in=[r.pk for r in reports]).annotate(n=Count("revisions"))
    numbers, shown = {}, {}
    for each in kept.prefetch_related("evidence"):
        numbers[each.pk] = each.n + 1
        shown[each.pk] = {"evidence": [e.sha256 or e.link for e in each.standing_evidence]}
    Revision.objects.bulk_create([
        Revision(
            progress=r, number=numbers[r.pk], content=_content(r) | shown[r.pk], submitted_by=r.submitted_by,
        )
        for r in reports
    ], batch_size=500)  # fmt: skip


def _content(report: Progress) -> dict[str, Any]:
    names = ("kind", "text", "unit", "counts", "difficulty", "request")
    value = None if report.value is None else str(report.value)
    return {name: getattr(report, name) for name in names} | {"value": value}
