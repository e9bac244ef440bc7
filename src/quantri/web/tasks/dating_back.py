"""Work of a demonstration is entered today and shown as of earlier days; the trail keeps when it was really entered."""

from datetime import date, datetime

from django.db import transaction

from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Progress


@transaction.atomic
def date_parts_back(plan: Plan, day: date, *, by: audit.Actor) -> None:
    """Let the parts of a demonstration plan hold from an earlier day."""
    _demonstration_only(plan)
    Assignment.objects.filter(task__plan=plan, valid_from__gt=day).update(valid_from=day)
    audit.record("parts.dated_back", plan, by=by, day=day.isoformat())


@transaction.atomic
def date_report_back(progress: Progress, moment: datetime, *, by: audit.Actor) -> Progress:
    """Let a report of a demonstration plan have come at an earlier moment."""
    _demonstration_only(progress.period.plan)
    progress.submitted_at = moment
    progress.save(update_fields=["submitted_at"])
    progress.revisions.update(submitted_at=moment)
    audit.record("report.dated_back", progress, by=by, moment=moment.isoformat())
    return progress


def _demonstration_only(plan: Plan) -> None:
    if not plan.is_demonstration or plan.is_historic:
        raise RuleViolation("Only the work of a demonstration plan is dated back.")
