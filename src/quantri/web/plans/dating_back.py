"""Opinions of a demonstration are answered today and shown as answered before its plan was issued."""

from datetime import date

from django.db import transaction

from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.core.dating_back import date_notices_back, morning
from quantri.web.plans.models import Opinion


@transaction.atomic
def date_opinion_back(opinion: Opinion, settled_on: date, *, by: audit.Actor) -> Opinion:
    """Let an opinion have been answered on an earlier day, and its agency have read of it when it was asked."""
    if not opinion.plan.is_demonstration or opinion.plan.is_historic:
        raise RuleViolation("Only the opinions of a demonstration plan are dated back.")
    opinion.answered_at = morning(settled_on)
    opinion.save(update_fields=["answered_at"])
    asked, given = morning(opinion.asked_on), morning(opinion.given_on)
    date_notices_back(f":opinion-asked:{opinion.pk}:", asked, read_at=given)
    audit.record("opinion.dated_back", opinion, by=by, day=settled_on.isoformat())
    return opinion
