"""A draft is sent to agencies for their opinions; each opinion is recorded, and answered before the plan is issued."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core import audit
from quantri.web.plans import news
from quantri.web.plans.actions import writable
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.plans.models import Opinion, Plan


@transaction.atomic
def send_for_opinions(
    plan: Plan, agencies: Iterable[Agency], *, asked_on: date, answer_by: date | None, by: User
) -> list[Opinion]:
    """Ask agencies for their opinion of a draft; who was asked before is not asked twice."""
    plan = writable(plan, by=by)
    if asked_on > timezone.localdate():
        raise RuleViolation(_("A draft is sent today or was sent before; this day has not come yet."))
    if answer_by is not None and answer_by <= asked_on:
        raise RuleViolation(_("The day by which opinions are given must lie after the day of sending."))
    known = set(plan.opinions.values_list("agency", flat=True))
    new = [agency for agency in dict.fromkeys(agencies) if agency.pk not in known]
    if not new:
        raise RuleViolation(_("Choose an agency that was not asked before."))
    made = [Opinion.objects.create(plan=plan, agency=a, asked_on=asked_on, answer_by=answer_by) for a in new]
    before, plan.state = plan.state, Plan.State.CONSULTED
    plan.save(update_fields=["state"])
    audit.record(
        "plan.consulted", plan, by=by, before={"state": before}, after={"state": plan.state},
        agencies=[a.name_vi for a in new], asked_on=asked_on.isoformat(),
        answer_by=answer_by and answer_by.isoformat(),
    )  # fmt: skip
    news.opinions_asked(plan, made)
    return made


@transaction.atomic
def give_opinion(opinion: Opinion, *, text: str, given_on: date, by: User, seen: str = "") -> Opinion:
    """Record what an agency thinks, typed by its own people or by who makes the plan; refused once it is answered."""
    opinion = _asked(opinion)
    if not may_give(opinion, by):
        raise PermissionDenied
    if opinion.followed_by_id:
        raise RuleViolation(_("This agency has ended; another one gives its opinion in its place."))
    if opinion.answered_at:
        raise RuleViolation(_("This opinion is answered already; it is not changed any more."))
    if not opinion.asked_on <= given_on <= timezone.localdate():
        raise RuleViolation(_("An opinion is given between the day of sending and today."))
    before, after = given(opinion), [text, given_on.isoformat()]
    if before == after:
        return opinion
    if seen and seen != mark_of(before):
        raise ChangedMeanwhile(before)
    opinion.text, opinion.given_on, opinion.recorded_by = text, given_on, str(by)
    opinion.save(update_fields=["text", "given_on", "recorded_by"])
    audit.record("opinion.given", opinion, by=by, before=before, after=after)
    return opinion


@transaction.atomic
def answer_opinion(opinion: Opinion, *, verdict: str, answer: str, by: User) -> Opinion:
    """Say what became of an opinion: accepted, in part, or not and why; it can be said anew until issue."""
    opinion = _asked(opinion)
    writable(opinion.plan, by=by)
    if opinion.given_on is None:
        raise RuleViolation(_("This agency has given no opinion yet; there is nothing to answer."))
    if verdict != Opinion.Verdict.ACCEPTED and not answer:
        raise RuleViolation(_("Explain why the opinion is not accepted, or only in part."))
    before, after = [opinion.verdict, opinion.answer], [verdict, answer]
    if before == after:
        return opinion
    opinion.verdict, opinion.answer = verdict, answer
    opinion.answered_at, opinion.answered_by = timezone.now(), str(by)
    opinion.save(update_fields=["verdict", "answer", "answered_at", "answered_by"])
    audit.record("opinion.answered", opinion, by=by, before=before, after=after)
    return opinion


def may_give(opinion: Opinion, by: User) -> bool:
    """Say whether a person speaks for the agency, or coordinates the plan and types what came by letter."""
    own = by.agencies(Role.OFFICER, Role.LEADER, Role.COORDINATOR).filter(pk=opinion.agency_id).exists()
    return own or by.holds(opinion.plan.province_id, Role.COORDINATOR)


def given(opinion: Opinion) -> list[str | None]:
    """Return an opinion as plain values."""
    return [opinion.text, opinion.given_on and opinion.given_on.isoformat()]


def _asked(opinion: Opinion) -> Opinion:
    """Lock the plan, then an opinion that it waits for."""
    plan = Plan.objects.select_for_update().get(pk=opinion.plan_id)
    if plan.state != Plan.State.CONSULTED or plan.ended_at:
        raise RuleViolation(_("Opinions are taken while the draft is out for them; this plan is past that."))
    found = Opinion.objects.select_for_update().get(pk=opinion.pk)
    found.plan = plan
    return found
