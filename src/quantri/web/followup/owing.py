"""What agencies owe by a day: a part of a task, the reports of a period, or the answer to an inspection."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.web.accounts.models import Agency
from quantri.web.followup.risks import Filters, silent
from quantri.web.followup.windows import HEAD, house_rules
from quantri.web.inspections.models import Finding
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, ReportingPeriod

CHUNK = 2000
NEAR = timedelta(days=60)  # wider than any window; the windows decide


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One thing that an agency owes by a day."""

    agency: Agency
    title: str
    due_on: date
    assignment: Assignment | None = None
    finding: Finding | None = None
    period: ReportingPeriod | None = None

    @property
    def mark(self) -> tuple[int | None, ...]:
        """Name the rows for which it stands, as a reminder keeps them."""
        rows = (self.assignment, self.finding, self.period, self.agency if self.period else None)
        return tuple(row and row.pk for row in rows)

    @property
    def is_closed(self) -> bool:
        """Tell whether it can no longer be done: the period was locked without it."""
        return self.period is not None and self.period.is_locked

    def windows(self, days_left: int) -> tuple[str, ...]:
        """Name what has been reached; of what can no longer be done the head is told, while it is no history yet."""
        rules = house_rules()
        if self.period and -days_left > rules.silent_until:
            return ()
        return tuple(w for w in rules.reached(days_left) if w == HEAD or not self.is_closed)


def everything_owed(today: date) -> Iterator[Owed]:
    """Give all that is owed and has a day, whoever owes it."""
    yield from _parts()
    yield from _reports(today)
    yield from _answers()


def of_part(part: Assignment) -> Owed:
    """See a part as something owed; `with_due` has told its day."""
    return Owed(agency=part.agency, title=part.task.title[:120], due_on=part.due, assignment=part)


def of_finding(finding: Finding) -> Owed:
    """See a finding as the answer that is owed; what was found stays on its page, out of letters."""
    title = _("answer to a finding of “%(programme)s”") % {"programme": finding.visit.programme.title[:90]}
    return Owed(agency=finding.agency, title=title, due_on=finding.due_on, finding=finding)


def _parts() -> Iterator[Owed]:
    parts = Assignment.objects.in_force().open().with_due().filter(due__isnull=False)
    yield from map(of_part, parts.select_related("task", "agency").iterator(chunk_size=CHUNK))


def _reports(today: date) -> Iterator[Owed]:
    """Count the reports that were not handed in, by agency and by period whose cut-off is not far."""
    near = (today - NEAR, today + NEAR)
    periods = ReportingPeriod.objects.filter(plan__in=Plan.objects.in_force(), cut_off_on__range=near)
    for period in periods.select_related("plan__province"):
        rows = silent(period, Filters()).select_related(None).order_by().values_list("agency").annotate(n=Count("pk"))
        counted = dict(rows)
        for agency in Agency.objects.filter(pk__in=counted).select_related("province"):
            yield _of_period(period, agency, counted[agency.pk])


def _of_period(period: ReportingPeriod, agency: Agency, n: int) -> Owed:
    facts = {"n": n, "period": period.name, "plan": period.plan.number}
    title = ngettext("%(n)s report of %(period)s, plan %(plan)s", "%(n)s reports of %(period)s, plan %(plan)s", n)
    return Owed(agency=agency, title=title % facts, due_on=period.cut_off_on, period=period)


def _answers() -> Iterator[Owed]:
    findings = Finding.objects.awaited().select_related("visit__programme", "agency")
    yield from map(of_finding, findings.iterator(chunk_size=CHUNK))
