"""An inspection of a demonstration is entered today and shown as of earlier days; the trail keeps when it was."""

from datetime import date, datetime

from django.db import transaction

from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.core.dating_back import date_notices_back, morning
from quantri.web.deadlines import calendars
from quantri.web.deadlines.clocks import recount, running_for
from quantri.web.inspections.models import Check, Choice, Finding, Programme, Visit


@transaction.atomic
def date_visit_back(visit: Visit, *, chosen_on: date, announced_on: date, by: audit.Actor) -> Visit:
    """Let the team, the choice of places and the announcement be of earlier days, and the checks of the visit's own."""
    _demonstration_only(visit.programme)
    visit.programme.team.update(valid_from=visit.programme.starts_on)
    Choice.objects.filter(pk=visit.choice_id).update(chosen_on=chosen_on, made_at=morning(chosen_on))
    visit.announced_at = morning(announced_on)
    visit.save(update_fields=["announced_at"])
    Check.objects.filter(visit=visit).update(checked_at=morning(visit.held_on))
    date_notices_back(f"visit-{visit.pk}-announced-", visit.announced_at)
    audit.record("visit.dated_back", visit, by=by, chosen_on=str(chosen_on), announced_on=str(announced_on))
    return visit


@transaction.atomic
def date_findings_back(visit: Visit, sent_on: date, *, by: audit.Actor) -> Visit:
    """Let the findings have been sent on an earlier day, from which the days of the answers run."""
    _demonstration_only(visit.programme)
    visit.sent_at = morning(sent_on)
    visit.save(update_fields=["sent_at"])
    for finding in visit.findings.standing():
        _count_from(finding, visit.sent_at)
    date_notices_back(f"visit-{visit.pk}-sent-", visit.sent_at)
    audit.record("findings.dated_back", visit, by=by, day=sent_on.isoformat())
    return visit


def _count_from(finding: Finding, moment: datetime) -> None:
    """Count the day of an answer anew from a moment, as if it had been told then."""
    clock = running_for(finding)
    if clock is None:
        return
    clock.started_at, clock.first_due_on = moment, None
    recount(clock, calendars.current())
    finding.first_due_on = finding.due_on = clock.due_on
    finding.save(update_fields=["first_due_on", "due_on"])


def _demonstration_only(programme: Programme) -> None:
    if not programme.is_demonstration:
        raise RuleViolation("Only the inspections of a demonstration plan are dated back.")
