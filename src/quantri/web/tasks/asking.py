"""An agency asks for more time, for another agency in its place, or refuses its part; it is answered and recorded."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core import audit
from quantri.web.tasks import news
from quantri.web.tasks.models import Assignment, Extension, Handover
from quantri.web.tasks.models.task import CARRIERS


@transaction.atomic
def ask_extension(assignment: Assignment, *, until: date, reason: str, by: User) -> Extension:
    """Ask for a later day."""
    assignment = _own(assignment, by=by)
    if assignment.last_day is None or until <= assignment.last_day:
        raise RuleViolation(_("The new date must lie after the present one."))
    if assignment.extensions.filter(is_granted=None).exists():
        raise RuleViolation(_("A request for this part waits for its answer."))
    asked = Extension.objects.create(
        assignment=assignment, asked_until=until, reason=reason, asked_by=str(by), due_before=assignment.last_day
    )
    audit.record("extension.asked", asked, by=by, until=str(until), reason=reason)
    return asked


@transaction.atomic
def grant_extension(asked: Extension, *, answer: str, by: User) -> Extension:
    """Let the part be due on the later day; the earlier one stays in the request."""
    asked = _answered(asked, is_granted=True, answer=answer, by=by)
    assignment = asked.assignment
    before, assignment.due_on = assignment.last_day, asked.asked_until
    assignment.save(update_fields=["due_on"])
    audit.record("part.extended", assignment, by=by, before=str(before), after=str(assignment.due_on))
    return asked


@transaction.atomic
def refuse_extension(asked: Extension, *, answer: str, by: User) -> Extension:
    """Let the day stand, with the reason."""
    return _answered(asked, is_granted=False, answer=answer, by=by)


@transaction.atomic
def ask_handover(assignment: Assignment, *, after: Agency | None, reason: str, by: User) -> Handover:
    """Ask that another agency carries the part; without one the part is refused."""
    assignment = _own(assignment, by=by)
    if after is not None and (after.pk == assignment.agency_id or after.province_id != assignment.agency.province_id):
        raise RuleViolation(_("Choose another agency of the province."))
    if assignment.handovers.filter(state=Handover.State.ASKED).exists():
        raise RuleViolation(_("A request for this part waits for its answer."))
    asked = Handover.objects.create(assignment=assignment, after=after, reason=reason, asked_by=str(by))
    audit.record("handover.asked", asked, by=by, after=str(after or ""), reason=reason)
    return asked


@transaction.atomic
def accept_handover(asked: Handover, *, answer: str, by: User) -> Handover:
    """Let the part go: the new agency carries it from today on, or nobody until the coordinator names one."""
    asked = _decided(asked, Handover.State.ACCEPTED, answer=answer, by=by)
    assignment, today = asked.assignment, timezone.localdate()
    assignment.valid_to = today
    assignment.save(update_fields=["valid_to"])
    if asked.after and not Assignment.objects.filter(
        task=assignment.task_id, agency=asked.after, valid_to=None
    ).exists():  # fmt: skip
        made = Assignment.objects.create(
            task=assignment.task, agency=asked.after, part=assignment.part, wording=assignment.wording,
            due_on=assignment.due_on, deliverable=assignment.deliverable, valid_from=today,
        )  # fmt: skip
        news.parts_given([made])
    audit.record("part.handed_over", assignment, by=by, before=str(assignment.agency), after=str(asked.after or ""))
    return asked


@transaction.atomic
def refuse_handover(asked: Handover, *, answer: str, by: User) -> Handover:
    """Let the part stay where it is; a refusal that is not accepted is escalated to the agency's head."""
    asked = _decided(asked, Handover.State.REFUSED, answer=answer, by=by)
    if asked.after is None:
        asked.is_escalated = True
        asked.save(update_fields=["is_escalated"])
        audit.record("handover.escalated", asked, by=by)
    return asked


def _own(assignment: Assignment, *, by: User) -> Assignment:
    found = Assignment.objects.select_for_update(of=("self",)).select_related("task__plan", "agency")
    assignment = found.get(pk=assignment.pk)
    if not by.agencies(*CARRIERS).filter(pk=assignment.agency_id).exists():
        raise PermissionDenied
    if assignment.valid_to or assignment.closed_on or not assignment.task.plan.is_in_force:
        raise RuleViolation(_("This part is not open any more."))
    return assignment


def _answered(asked: Extension, *, is_granted: bool, answer: str, by: User) -> Extension:
    asked = Extension.objects.select_for_update(of=("self",)).select_related("assignment__task__plan").get(pk=asked.pk)
    _coordinator(asked.assignment, by)
    if asked.is_granted is not None:
        raise RuleViolation(_("This request is answered already."))
    asked.is_granted, asked.answer, asked.answered_at, asked.answered_by = is_granted, answer, timezone.now(), str(by)
    asked.save(update_fields=["is_granted", "answer", "answered_at", "answered_by"])
    audit.record("extension.answered", asked, by=by, is_granted=is_granted, answer=answer)
    news.extension_answered(asked)
    return asked


def _decided(asked: Handover, state: str, *, answer: str, by: User) -> Handover:
    found = Handover.objects.select_for_update(of=("self",)).select_related("assignment__task__plan", "after")
    asked = found.get(pk=asked.pk)
    _coordinator(asked.assignment, by)
    if asked.state != Handover.State.ASKED:
        raise RuleViolation(_("This request is answered already."))
    asked.state, asked.answer, asked.answered_at, asked.answered_by = state, answer, timezone.now(), str(by)
    asked.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    audit.record("handover.answered", asked, by=by, state=state, answer=answer)
    news.handover_answered(asked)
    return asked


def _coordinator(assignment: Assignment, by: User) -> None:
    if not by.seats(Role.COORDINATOR).filter(pk=assignment.task.plan.province_id).exists():
        raise PermissionDenied
