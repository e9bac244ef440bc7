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
from quantri.web.tasks.passing import leads_alone, pass_on


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
    assignment = _still_open(_locked(asked.assignment))
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
    _may_carry(after, assignment)
    if assignment.handovers.filter(state=Handover.State.ASKED).exists():
        raise RuleViolation(_("A request for this part waits for its answer."))
    asked = Handover.objects.create(assignment=assignment, after=after, reason=reason, asked_by=str(by))
    audit.record("handover.asked", asked, by=by, after=str(after or ""), reason=reason)
    return asked


@transaction.atomic
def accept_handover(asked: Handover, *, answer: str, by: User, after: Agency | None = None) -> Handover:
    """Let the part go: to the agency that the coordinator chooses, else to the one that was asked for.

    A refused part may go to nobody, unless the task would be left without a lead.
    """
    asked = _decided(asked, Handover.State.ACCEPTED, answer=answer, by=by)
    assignment, after = _still_open(_locked(asked.assignment)), after or asked.after
    _may_carry(after, assignment)
    if after is None and leads_alone(assignment):
        raise RuleViolation(_("Nobody would lead this task any more. Choose the agency that leads it from now on."))
    if after is None:
        assignment.valid_to = timezone.localdate()
        assignment.save(update_fields=["valid_to"])
    else:
        news.part_taken_over(assignment, pass_on(assignment, after, by=by))
    audit.record("part.handed_over", assignment, by=by, before=str(assignment.agency), after=str(after or ""))
    news.handover_answered(asked)
    return asked


@transaction.atomic
def refuse_handover(asked: Handover, *, answer: str, by: User) -> Handover:
    """Let the part stay where it is; a refusal that is not accepted is brought before the agency's head."""
    asked = _decided(asked, Handover.State.REFUSED, answer=answer, by=by)
    assignment = _locked(asked.assignment)
    if asked.after is None and assignment.valid_to is None:
        asked.is_escalated, asked.escalated_to = True, [str(user) for user in news.refusal_escalated(asked)]
        asked.save(update_fields=["is_escalated", "escalated_to"])
        audit.record("handover.escalated", asked, by=by, told=asked.escalated_to)
    news.handover_answered(asked)
    return asked


def _may_carry(after: Agency | None, assignment: Assignment) -> None:
    """Refuse an agency that cannot take a part over: the same one, one of another province, one that has ended."""
    if after is None:
        return
    if after.pk == assignment.agency_id or after.province_id != assignment.agency.province_id:
        raise RuleViolation(_("Choose another agency of the province."))
    if not after.is_open_on(timezone.localdate()):
        raise RuleViolation(_("%(agency)s has ended too. Choose an agency that goes on.") % {"agency": after})


def _own(assignment: Assignment, *, by: User) -> Assignment:
    assignment = _locked(assignment)
    if not by.agencies(*CARRIERS).filter(pk=assignment.agency_id).exists():
        raise PermissionDenied
    return _still_open(assignment)


def _locked(assignment: Assignment) -> Assignment:
    found = Assignment.objects.select_for_update(of=("self",)).select_related("task__plan", "agency")
    return found.get(pk=assignment.pk)


def _still_open(assignment: Assignment) -> Assignment:
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
    return asked


def _coordinator(assignment: Assignment, by: User) -> None:
    if not by.holds(assignment.task.plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
