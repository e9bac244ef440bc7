"""A consulted plan is issued with its number, replaced by a revision, and closed when its year is over."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, Role, User
from quantri.web.core import audit
from quantri.web.plans.actions import coordinated
from quantri.web.plans.bases import freeze_targets
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.plans.models import Opinion, Plan


@transaction.atomic
def issue_plan(plan: Plan, *, number: str, issued_on: date, by: User, seen: str = "") -> Plan:
    """Enter the number and date that the records office gave; from then on the plan is in force and not edited.

    A revision replaces the plan that it revises in the same step.
    """
    plan = coordinated(plan, by=by)
    if seen and seen != mark_of(issue_of(plan)):
        raise ChangedMeanwhile(issue_of(plan))
    _check_state(plan)
    _check_day(issued_on, list(plan.opinions.all()))
    before = issue_of(plan)
    plan.state, plan.number, plan.issued_on, plan.number_year = Plan.State.ISSUED, number, issued_on, issued_on.year
    try:
        with transaction.atomic():
            plan.save(update_fields=["state", "number", "issued_on", "number_year"])
    except IntegrityError:
        raise RuleViolation(
            _("Another plan of the province bears the number %(number)s of %(year)s. Look at the number again.")
            % {"number": number, "year": str(issued_on.year)}
        ) from None
    freeze_targets(plan)
    plan.owners.filter(valid_to=None, valid_from__gt=issued_on).update(
        valid_from=issued_on
    )  # entered here after it was issued
    audit.record("plan.issued", plan, by=by, before=before, after=issue_of(plan))
    if plan.revises_id:
        _replace(plan, by=by)
    return plan


@transaction.atomic
def close_plan(plan: Plan, *, reason: str, by: User) -> Plan:
    """Close a plan in force by its coordinator or a leader; it stays readable, and nothing in it changes any more."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not by.holds(plan.province_id, Role.COORDINATOR, PROVINCE_LEADER):
        raise PermissionDenied
    if not plan.is_in_force or plan.is_historic:
        raise RuleViolation(_("Only a plan in force is closed."))
    if plan.revisions.filter(ended_at=None).exists():
        raise RuleViolation(_("A revision of this plan is being made. Issue it or withdraw it first."))
    plan.state, plan.closed_at, plan.closed_by = Plan.State.CLOSED, timezone.now(), str(by)
    plan.save(update_fields=["state", "closed_at", "closed_by"])
    audit.record(
        "plan.closed", plan, by=by, before={"state": "issued"}, after={"state": "closed"}, reason=reason
    )  # fmt: skip
    return plan


def issue_of(plan: Plan) -> list[str | None]:
    """Return number and date of issue as plain values."""
    return [plan.number, plan.issued_on and plan.issued_on.isoformat()]


def _check_state(plan: Plan) -> None:
    if plan.is_historic:
        raise RuleViolation(_("This plan is history as its source tells it; nobody changes it here."))
    if plan.state in Plan.AFTER_ISSUE:
        raise RuleViolation(_("This plan is issued already, as number %(number)s.") % {"number": plan.number})
    if plan.state == Plan.State.DRAFT:
        raise RuleViolation(_("Send the draft to the agencies for their opinions before it is issued."))


def _check_day(issued_on: date, opinions: Sequence[Opinion]) -> None:
    if issued_on > timezone.localdate():
        raise RuleViolation(_("This day has not come yet. Write the day on which the plan was issued."))
    asked_on = max(opinion.asked_on for opinion in opinions)
    if issued_on < asked_on:
        raise RuleViolation(
            _("The plan was sent for opinions on %(day)s; it cannot have been issued before that day.")
            % {"day": date_format(asked_on)}
        )
    waiting = [opinion.agency.name for opinion in opinions if opinion.is_waiting]
    if waiting:
        raise RuleViolation(
            _("Answer the opinions of these agencies first: %(agencies)s.") % {"agencies": "; ".join(waiting)}
        )


def _replace(revision: Plan, *, by: User) -> None:
    """Let a revision take the place of the plan that it revises; the old targets name those that follow them."""
    old = Plan.objects.select_for_update().get(pk=revision.revises_id)
    if not old.is_in_force:
        raise RuleViolation(_("The plan that this one revises is not in force any more."))
    old.superseded_at = timezone.now()
    old.save(update_fields=["superseded_at"])
    following = {t.key: t for t in revision.targets.select_related("basis")}
    for target in old.targets.select_related("basis"):
        target.superseded_by = following.get(target.key)
        target.save(update_fields=["superseded_by"])
    audit.record("plan.superseded", old, by=by, revision=str(revision), number=revision.number)
