"""What an agency's part in a task is: its wording, its day and its deliverable, and each change of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans.changes import mark_of
from quantri.web.tasks.models import Assignment, PartChange, Task

TERMS = ("wording", "due_on", "deliverable")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a part is; without a day it is due with the task."""

    wording: str = ""
    due_on: date | None = None
    deliverable: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return vars(self) | {"due_on": self.due_on and self.due_on.isoformat()}

    @property
    def mark(self) -> str:
        """Short name of this content; another content has another."""
        return mark_of(self.plain)


def terms_of(part: Assignment) -> Terms:
    """Return a part as it stands now."""
    return Terms(**{name: getattr(part, name) for name in TERMS})


def set_terms(part: Assignment, terms: Terms, *, reason: str, by: User) -> PartChange:
    """Write a part anew; what it was stays in its history."""
    change = changed(part, terms, reason=reason, by=by)
    part.save(update_fields=TERMS)
    audit.record("part.changed", part, by=by, before=change.before, after=change.after, reason=reason)
    change.save()
    return change


def changed(part: Assignment, terms: Terms, *, reason: str, by: User) -> PartChange:
    """Give a part its terms and return the row of its history; saving both is left to who calls."""
    before = terms_of(part).plain
    for name in TERMS:
        setattr(part, name, getattr(terms, name))
    return PartChange(assignment=part, before=before, after=terms.plain, reason=reason, changed_by=str(by))


def follow_task(task: Task, *, by: User, reason: str = "") -> list[PartChange]:
    """Let open parts with a day after that of their task be due with it, since none may be due later."""
    if task.due_on is None:
        return []
    late = task.assignments.filter(valid_to=None, closed_on=None, due_on__gt=task.due_on).select_related("agency")
    why = reason or _("The task is due on %(day)s.") % {"day": date_format(task.due_on)}
    return [
        set_terms(part, Terms(wording=part.wording, deliverable=part.deliverable), reason=why, by=by) for part in late
    ]
