"""What agencies owe by a day: a part of a task, the reports of a period, the answer to an inspection, a legal limit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.text import cut
from quantri.web.deadlines.models import Clock
from quantri.web.followup.silence import NEAR, Silence, periods_of, silences
from quantri.web.followup.windows import HEAD, house_rules
from quantri.web.inspections.models import Finding
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment

CHUNK = 2000
OF_AGENCY = ("name_vi", "province__key")
WHOSE = ("agency", *(f"agency__{word}" for word in OF_AGENCY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing that an agency owes by a day: words and keys, since a country owes hundreds of thousands."""

    agency: int
    agency_name: str
    scope: str
    title: str
    due_on: date
    assignment: int | None = None
    finding: int | None = None
    period: int | None = None
    clock: int | None = None
    is_closed: bool = False  # it can no longer be done: the period was locked without it

    @property
    def mark(self) -> tuple[int | None, ...]:
        """Name the rows for which it stands, as a reminder keeps them."""
        return (self.assignment, self.finding, self.period, self.agency if self.period else None, self.clock)

    def windows(self, days_left: int) -> tuple[str, ...]:
        """Name what has been reached; of what can no longer be done the head is told, while it is no history yet."""
        rules = house_rules()
        if self.period and rules.is_history(days_left):
            return ()
        return tuple(w for w in rules.reached(days_left) if w == HEAD or not self.is_closed)


def everything_owed(today: date) -> Iterator[Owed]:
    """Give all that is owed and has a day, whoever owes it."""
    yield from of_parts(Assignment.objects.in_force().open().with_due().filter(due__isnull=False))
    yield from _reports(today)
    yield from of_findings(Finding.objects.awaited())
    yield from of_clocks(Clock.objects.owed())


def of_parts(parts: QuerySet[Assignment]) -> Iterator[Owed]:
    """See parts as something owed; `with_due` has told their days."""
    words = parts.values_list("pk", "task__title", "due", *WHOSE)
    for pk, title, due_on, *whose in words.iterator(chunk_size=CHUNK):
        yield Owed(**_whose(whose), title=cut(title, 120), due_on=due_on, assignment=pk)


def _reports(today: date) -> Iterator[Owed]:
    """Give the reports that were not handed in, of periods whose cut-off is not far."""
    near = periods_of(Plan.objects.in_force()).filter(cut_off_on__range=(today - NEAR, today + NEAR))
    yield from of_reports(silences(near))


def of_reports(found: Iterable[Silence]) -> Iterator[Owed]:
    """See silence as reports that are owed until the cut-off of their period."""
    for each in found:
        yield Owed(
            **_whose([each.agency, each.name_vi, each.scope]), title=missing_reports(each), period=each.period.pk,
            due_on=each.period.cut_off_on, is_closed=each.period.is_locked,
        )  # fmt: skip


def missing_reports(silence: Silence) -> str:
    """Say how many reports of which period of which plan are missing."""
    plan = silence.period.plan
    facts = {"n": silence.n, "period": silence.period.name, "plan": plan.number or plan.name}
    title = ngettext(
        "%(n)s report of %(period)s, plan %(plan)s", "%(n)s reports of %(period)s, plan %(plan)s", silence.n
    )
    return title % facts


def of_findings(findings: QuerySet[Finding]) -> Iterator[Owed]:
    """See findings as the answers that are owed; what was found stays on its page, out of letters."""
    words = findings.values_list("pk", "visit__programme__title", "due_on", *WHOSE)
    for pk, programme, due_on, *whose in words.iterator(chunk_size=CHUNK):
        title = _("answer to a finding of “%(programme)s”") % {"programme": cut(programme, 90)}
        yield Owed(**_whose(whose), title=title, due_on=due_on, finding=pk)


def of_clocks(clocks: QuerySet[Clock]) -> Iterator[Owed]:
    """See time limits of the law as something owed."""
    words = clocks.values_list("pk", "subject_name", "rule__name_vi", "due_on", *WHOSE)
    for pk, matter, rule, due_on, *whose in words.iterator(chunk_size=CHUNK):
        yield Owed(**_whose(whose), title=cut(f"{cut(matter, 80)}: {rule}", 160), due_on=due_on, clock=pk)


def _whose(words: list[Any]) -> dict[str, Any]:
    return dict(zip(("agency", "agency_name", "scope"), words, strict=True))
