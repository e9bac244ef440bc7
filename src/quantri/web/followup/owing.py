"""What agencies owe by a day: a part of a task, or the answer to a finding of an inspection."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from quantri.web.accounts.models import Agency
from quantri.web.inspections.models import Finding
from quantri.web.tasks.models import Assignment

CHUNK = 2000


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One thing that an agency owes by a day."""

    agency: Agency
    title: str
    due_on: date
    assignment: Assignment | None = None
    finding: Finding | None = None

    @property
    def mark(self) -> tuple[int | None, int | None]:
        """Name the row for which it stands, as a reminder keeps it."""
        return (self.assignment and self.assignment.pk, self.finding and self.finding.pk)


def everything_owed() -> Iterator[Owed]:
    """Give all that is open and has a day, whoever owes it."""
    yield from _parts()
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


def _answers() -> Iterator[Owed]:
    findings = Finding.objects.awaited().select_related("visit__programme", "agency")
    yield from map(of_finding, findings.iterator(chunk_size=CHUNK))
