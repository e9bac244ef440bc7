"""Milestones of a task as one line of text each, “what is counted: how many (by when)”."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import DataError
from quantri.text import fold, nfc
from quantri.web.tasks.models import Milestone, Task

LINE = re.compile(r"(?P<title>.{1,200}?)\s*:\s*(?P<wanted>\d{1,3}(?:\.\d{3})+|\d{1,9})\s*(?:\((?P<due>[^()]*)\))?")
MOST = 20  # milestones of one task


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A milestone as it was typed."""

    title: str
    wanted: int
    due_on: date | None = None

    @property
    def line(self) -> str:
        due = f" ({self.due_on.day}/{self.due_on.month}/{self.due_on.year})" if self.due_on else ""
        return f"{self.title}: {self.wanted}{due}"


def read_line(text: str) -> Counted:
    """Read a milestone; DataError says how one is written."""
    found = LINE.fullmatch(nfc(text))
    if found is None or not int(found["wanted"].replace(".", "")):
        raise DataError(
            _("“%(line)s” is no milestone. Write what is counted, a colon and how many, such as “Communes: 102”.")
            % {"line": text.strip()[:60]}
        )
    return Counted(title=found["title"], wanted=int(found["wanted"].replace(".", "")), due_on=_day(found["due"], text))


def read_lines(text: str) -> tuple[str, ...]:
    """Read milestones, one a line, and give them back as they are kept; two may not bear one name."""
    found = [read_line(line) for line in text.splitlines() if line.strip()]
    names = [fold(each.title) for each in found]
    twice = [each.title for n, each in enumerate(found) if names[n] in names[:n]]
    if twice:
        raise DataError(_("“%(name)s” stands twice among the milestones.") % {"name": twice[0]})
    if len(found) > MOST:
        raise DataError(_("A task has at most %(n)s milestones.") % {"n": MOST})
    return tuple(each.line for each in found)


def lines_of(task: Task) -> tuple[str, ...]:
    """Write the milestones of a task that stand."""
    return tuple(Counted(title=m.title, wanted=m.wanted, due_on=m.due_on).line for m in _standing(task))


def undated_lines_of(task: Task) -> tuple[str, ...]:
    """Write the milestones of a task that stand as another year takes them over."""
    return tuple(Counted(title=m.title, wanted=m.wanted).line for m in _standing(task))


def set_milestones(task: Task, lines: Iterable[str]) -> None:
    """Let a task have these milestones; one that keeps its name keeps what was counted, others end."""
    wanted = {each.title: each for each in map(read_line, lines)}
    for milestone in task.milestones.filter(ended_at=None):
        each = wanted.pop(milestone.title, None)
        if each is None:
            milestone.ended_at = timezone.now()
        else:
            milestone.wanted, milestone.due_on = each.wanted, each.due_on
        milestone.save(update_fields=["ended_at", "wanted", "due_on"])
    Milestone.objects.bulk_create(milestone_of(task, each.line) for each in wanted.values())


def milestone_of(task: Task, line: str) -> Milestone:
    each = read_line(line)
    return Milestone(task=task, title=each.title, wanted=each.wanted, due_on=each.due_on)


def _standing(task: Task) -> list[Milestone]:
    return [m for m in task.milestones.all() if m.ended_at is None]


def _day(text: str | None, line: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007 - a day of the calendar
    except ValueError:
        raise DataError(_("“%(line)s”: write the day as 30/6/2026.") % {"line": line.strip()[:60]}) from None
