"""How the example's plan is inspected: one programme, one visit, a finding that was answered and one that waits."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import transaction

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, User
from quantri.web.inspections.checklist import add_question
from quantri.web.inspections.dating_back import date_findings_back, date_visit_back
from quantri.web.inspections.findings import FindingDraft, accept_answer, add_finding, answer, send_findings
from quantri.web.inspections.models import Choice, Finding, Programme, Visit
from quantri.web.inspections.places import choose_places
from quantri.web.inspections.programmes import ProgrammeDraft, add_to_team, make_programme
from quantri.web.inspections.visits import Seen, VisitDraft, announce, mark_of_check, plan_visit, record_checks
from quantri.web.plans.models import Plan
from quantri.web.portal.demonstration import SYSTEM

Told = Mapping[str, Any]


def inspect(plan: Plan, told: Told, users: Mapping[str, User], today: date) -> Programme:
    """Let the plan be inspected at the commune whose officer can answer; without that account nothing is inspected."""
    coordinator, officer = users["dieuphoi"], users["canbo-xa"]
    programme = _programme(plan, told, today, by=coordinator)
    place = officer.memberships.get().agency
    visit = _visited(programme, place, told, today, by=coordinator)
    for first in _sent(visit, told, today, by=coordinator)[:1]:
        accept_answer(answer(first, text=told["answer"], by=officer), by=coordinator)
    return programme


def _programme(plan: Plan, told: Told, today: date, *, by: User) -> Programme:
    draft = ProgrammeDraft(
        title=told["title"].format(year=plan.year), starts_on=_day(today, told["from"]),
        ends_on=_day(today, told["until"]), answer_days=told["answer_days"],
        decision_number=told["decision"], decided_on=_day(today, told["decided"]), decision_issuer=told["issuer"],
        decision_subject=told["subject"].format(year=plan.year),
    )  # fmt: skip
    programme = make_programme(plan, draft, by=by)
    agencies = {a.name_vi: a for a in Agency.objects.filter(province=plan.province, valid_to=None)}
    for name, part in told["team"]:
        add_to_team(programme, agencies[name], None, part=part, by=by)
    for question in told["question"]:
        add_question(programme, component=question["component"], text=question["text"], by=by)
    return programme


def _visited(programme: Programme, place: Agency, told: Told, today: date, *, by: User) -> Visit:
    day = _day(today, told["visited"])
    visit = plan_visit(_choice(programme, place, told, by=by), place, VisitDraft(visit_on=day), by=by)
    announce(visit, by=by)
    seen = {
        question.pk: Seen(outcome=row["outcome"], note=row["note"], mark=mark_of_check(None))
        for question, row in zip(programme.questions.standing(), told["question"], strict=True)
    }
    held = record_checks(visit, seen, held_on=day, by=by)
    chosen, announced = (_day(today, told[name]) for name in ("chosen", "announced"))
    return date_visit_back(held, chosen_on=chosen, announced_on=announced, by=SYSTEM)


def _choice(programme: Programme, place: Agency, told: Told, *, by: User) -> Choice:
    """Choose with the first seed that takes the commune of the account; nothing of the others is kept."""
    for n in count(1):
        with transaction.atomic():
            choice = choose_places(
                programme, method=Choice.Method.ROTATION, kinds=told["kinds"], wanted=told["places"], seed=f"VD-{n}",
                by=by,
            )  # fmt: skip
            if choice.took(place):
                break
            transaction.set_rollback(True)
    return choice


def _sent(visit: Visit, told: Told, today: date, *, by: User) -> list[Finding]:
    """Write the findings down and send them; at the end of a year without the next calendar they wait unsent."""
    made = [add_finding(visit, _draft(visit, row), by=by) for row in told["finding"]]
    try:
        date_findings_back(send_findings(visit, by=by), _day(today, told["sent"]), by=SYSTEM)
    except RuleViolation:
        return []
    return list(Finding.objects.filter(pk__in=[f.pk for f in made]).select_related("visit").order_by("pk"))


def _draft(visit: Visit, row: Told) -> FindingDraft:
    """Write a finding as the file says it; it names its question by number."""
    questions = dict(enumerate(visit.programme.questions.standing(), 1))
    return FindingDraft(**{**row, "question": questions.get(row.get("question"))})


def _day(today: date, days: int) -> date:
    return today + timedelta(days=days)
