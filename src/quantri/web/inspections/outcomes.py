"""A leader decides that the public sees what a visit found and what was answered, or no longer."""

import hashlib
import json
from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, Headship, User
from quantri.web.core import audit
from quantri.web.inspections.impersonal import without_people
from quantri.web.inspections.models import Answer, Finding, OutcomePublication, Visit
from quantri.web.inspections.visits import locked
from quantri.web.plans.publications import freeze, take_back


def outcome_of(visit: Visit, today: date) -> dict[str, Any]:
    """Put together what the public may read of a visit: agencies and words, no person, no file, no returned answer."""
    names = _names(visit)
    found = visit.findings.standing().prefetch_related("answers")
    return {
        "agency_vi": visit.agency.name_vi, "agency_en": visit.agency.name_en or visit.agency.name_vi,
        "programme": without_people(visit.programme.title, names), "decision": visit.programme.decision_number,
        "held_on": str(visit.held_on), "as_of": str(today), "findings": [_plain(f, names) for f in found],
    }  # fmt: skip


def mark_of(content: dict[str, Any]) -> str:
    """Name what an outcome says, whatever the day; who decides sends along the mark of what was read."""
    text = json.dumps(content | {"as_of": ""}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def publish_outcome(visit: Visit, *, seen: str, reason: str, by: User) -> OutcomePublication:
    """Make the outcome of a visit public, as a leader of the province has read it."""
    _decides(visit, by)
    visit = locked(visit)
    if not visit.is_sent:
        raise RuleViolation(_("Only what was sent to the inspected agency is made public."))
    plan = visit.programme.plan
    if not plan.is_public:
        raise RuleViolation(_("The plan itself is not public yet."))
    content = outcome_of(visit, timezone.localdate())
    if mark_of(content) != seen:
        raise RuleViolation(_("Something was answered or decided meanwhile. Read what stands above once more."))
    made = freeze(
        OutcomePublication, content, twice=_("The outcome of this visit is public already."), plan=plan, visit=visit,
        reason=reason, decided_by=str(by),
    )  # fmt: skip
    audit.record("outcome.published", made, by=by, reason=reason, sha256=made.sha256)
    return made


@transaction.atomic
def withdraw_outcome(made: OutcomePublication, *, reason: str, by: User) -> OutcomePublication:
    """Take an outcome back from the public; the decision and what was public stay on record."""
    _decides(made.visit, by)
    made = take_back(made, reason)
    audit.record("outcome.withdrawn", made, by=by, reason=reason)
    return made


def _decides(visit: Visit, by: User) -> None:
    """Refuse who leads nothing in the province, and who belongs to the inspected agency."""
    if not by.holds(visit.programme.plan.province_id, PROVINCE_LEADER):
        raise PermissionDenied
    if by.current_memberships().filter(agency=visit.agency_id).exists():
        raise RuleViolation(_("Nobody decides on what was found at their own agency. Ask another leader."))


def _plain(finding: Finding, names: Collection[str]) -> dict[str, Any]:
    return {
        "text": without_people(finding.text, names), "recommendation": without_people(finding.recommendation, names),
        "due_on": finding.due_on and str(finding.due_on), "settled_on": finding.settled_on and str(finding.settled_on),
        "answers": [_answered(a, names) for a in finding.answers.all() if a.verdict != Answer.Verdict.RETURNED],
    }  # fmt: skip


def _answered(answer: Answer, names: Collection[str]) -> dict[str, Any]:
    """Keep the words of an answer, not who gave it."""
    return {
        "text": without_people(answer.text, names), "answered_on": str(timezone.localdate(answer.answered_at)),
        "was_late": answer.was_late, "is_accepted": answer.verdict == Answer.Verdict.ACCEPTED,
    }  # fmt: skip


def _names(visit: Visit) -> set[str]:
    """Full names that this site knows of people at the inspected agency and in the team."""
    agencies = {visit.agency_id, *visit.programme.team.values_list("agency", flat=True)}
    agencies |= set(visit.findings.values_list("agency", flat=True))
    people = User.objects.filter(memberships__agency__in=agencies).values_list("full_name", flat=True)
    heads = Headship.objects.filter(agency__in=agencies).values_list("full_name", flat=True)
    return {name for name in (*people, *heads) if name}
