"""What inspections of a plan showed by the last day of a period, told by findings that were sent and their answers.

Only visits whose findings were sent are counted: a report is read by leaders of every agency of the province, who must
not learn from it which visit is still to come.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from quantri.web.inspections.models import Answer, Visit
from quantri.web.plans.chain import line_of
from quantri.web.plans.models import Plan
from quantri.web.reports.as_of import AsOf

Row = tuple[int, str]  # key and name of a row that was counted
VISIT = ("pk", "held_on", "agency__name_vi", "programme", "programme__title", "programme__is_demonstration")
FINDING = tuple(
    f"findings__{name}" for name in ("pk", "agency__name_vi", "first_due_on", "due_on", "settled_on", "ended_at")
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A finding that was sent, as it stood on the last day of a period."""

    row: Row
    is_asked: bool  # the agency has to answer
    is_answered: bool
    is_accepted: bool
    is_late: bool  # its day has passed, and no answer is there
    was_late: bool  # an answer came after its day


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """Visits that took place in a period, the programmes they belong to, and all findings up to its end."""

    programmes: tuple[Row, ...]
    visits: tuple[Row, ...]
    findings: tuple[Standing, ...]
    is_demonstration: bool


def inspected_in(plan: Plan, starts_on: date, as_of: AsOf) -> Inspected:
    """Gather visits of a period, and how findings stood on its last day, of a plan and of those that it revises."""
    sent = _sent(plan, as_of.day)
    held = [line for line in sent if starts_on <= line.held_on <= as_of.day]
    found = [line for line in sent if line.findings__pk and line.findings__ended_at is None]
    answers = _answers([line.findings__pk for line in found])
    return Inspected(
        programmes=tuple({line.programme: line.programme__title for line in held}.items()),
        visits=tuple({line.pk: _visit(line) for line in held}.items()),
        findings=tuple(_standing(line, answers[line.findings__pk], as_of) for line in found),
        is_demonstration=any(line.programme__is_demonstration for line in sent),
    )


def _sent(plan: Plan, until: date) -> Sequence[Any]:
    """Lines of visits whose findings were sent by a day: one for each finding, or one without any."""
    sent = Visit.objects.standing().filter(programme__plan__in=line_of(plan.pk), sent_at__date__lte=until)
    return sent.order_by("held_on", "pk", "findings").values_list(*VISIT, *FINDING, named=True)


def _answers(findings: Sequence[int]) -> Mapping[int, list[Answer]]:
    answers: dict[int, list[Answer]] = defaultdict(list)
    for answer in Answer.objects.filter(finding__in=findings).order_by("pk") if findings else ():
        answers[answer.finding_id].append(answer)
    return answers


def _standing(line: Any, answers: Sequence[Answer], as_of: AsOf) -> Standing:
    until = as_of.day
    given = [answer for answer in answers if timezone.localdate(answer.answered_at) <= until]
    settled_on, due = line.findings__settled_on, _due(line, answers, len(given))
    is_accepted = settled_on is not None and settled_on <= until
    waits = any(_is_undecided(answer.decided_at, until) for answer in given)
    return Standing(
        row=(line.findings__pk, f"{line.findings__agency__name_vi} (kiểm tra {_visit(line)})"),
        is_asked=due is not None, is_answered=is_accepted or waits, is_accepted=is_accepted,
        is_late=due is not None and as_of.is_late(due) and not is_accepted and not waits,
        was_late=any(answer.was_late for answer in given),
    )  # fmt: skip


def _due(line: Any, answers: Sequence[Answer], n_given: int) -> date | None:
    """Return the day for the answer as it stood: an answer keeps its own, a returned one gave the next a later day."""
    if n_given == 0:
        return line.findings__first_due_on
    return answers[n_given].due_on if len(answers) > n_given else line.findings__due_on


def _is_undecided(decided_at: datetime | None, until: date) -> bool:
    return decided_at is None or timezone.localdate(decided_at) > until


def _visit(line: Any) -> str:
    """Name a visit by its agency and day; never by what was found, since a report may become public."""
    return f"{line.agency__name_vi}, {line.held_on.day}/{line.held_on.month}/{line.held_on.year}"
