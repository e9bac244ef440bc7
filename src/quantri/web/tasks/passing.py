"""A part passes from one agency to another; who is in the task already carries both from then on in one part."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency
from quantri.web.core import audit
from quantri.web.tasks.models import Assignment, Task

LEAD = Assignment.Part.LEAD
OWED = ("deliverable", "wording")


@transaction.atomic
def pass_on(part: Assignment, after: Agency, *, by: audit.Actor) -> Assignment:
    """End a part, let another agency carry it, and return the part that the agency has from then on.

    A task never loses its lead by it: who coordinated and takes the lead over leads, in a part of its own; the part in
    which it coordinated ends with its reports. What both owed is owed by who goes on.
    """
    task = Task.objects.select_for_update().get(pk=part.task_id)
    there = task.assignments.select_for_update().filter(agency=after, valid_to=None).first()
    if there and there.closed_on is None and (there.part == LEAD or part.part != LEAD):
        taken, ended, added = there, [part], part
    else:
        role = LEAD if there and there.part == LEAD else part.part
        ended, added = ([part, there], None if there.closed_on else there) if there else ([part], None)
        taken = Assignment(
            task=task, agency=after, part=role, due_on=part.due_on, wording=part.wording, deliverable=part.deliverable,
            valid_from=timezone.localdate(),
        )  # fmt: skip
    _end(ended)
    before = _told(there)
    if added:
        _owe_too(taken, added)
    taken.save()
    Assignment.objects.filter(pk__in=[each.pk for each in ended]).update(continued_in=taken, passed_at=timezone.now())
    if there:
        audit.record("part.joined", taken, by=by, before=before, after=_told(taken))
    return taken


def leads_alone(part: Assignment) -> bool:
    """Say whether nobody that goes on would lead the task without this part."""
    others = part.task.assignments.filter(part=LEAD, valid_to=None, agency__valid_to=None).exclude(pk=part.pk)
    return part.part == LEAD and not others.exists()


def _end(parts: list[Assignment]) -> None:
    for part in parts:
        part.valid_to = timezone.localdate()
        part.save(update_fields=["valid_to"])


def _owe_too(taken: Assignment, added: Assignment) -> None:
    """Let a part owe what another owed, with its day where that is another one."""
    day = added.last_day if added.last_day != taken.last_day else None
    for name in OWED:
        kept, other = _owed(taken, name), _owed(added, name)
        if other and other != kept:
            said = f"{other} ({day:%d/%m/%Y})" if day else other
            setattr(taken, name, _short_enough("; ".join(filter(None, (kept, said))), name))


def _owed(part: Assignment, name: str) -> str:
    """Return what a part says itself, else what its task says for all."""
    return getattr(part, name) or getattr(part.task, name, "")


def _short_enough(text: str, name: str) -> str:
    most = Assignment._meta.get_field(name).max_length
    if len(text) > most:
        raise RuleViolation(
            _("What both parts owe is longer than %(most)s letters together. Choose an agency that has no part yet.")
            % {"most": most}
        )
    return text


def _told(part: Assignment | None) -> dict[str, str]:
    return {name: str(getattr(part, name)) for name in ("part", *OWED)} if part else {}
