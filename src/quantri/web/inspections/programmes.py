"""A coordinator sets a programme up, changes it, and says who inspects."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core import audit
from quantri.web.inspections.models import Programme, TeamMember
from quantri.web.plans.models import Plan


@dataclass(frozen=True, kw_only=True)
class ProgrammeDraft:
    """A programme as it was typed."""

    title: str
    starts_on: date
    ends_on: date
    answer_days: int
    decision_number: str = ""
    decided_on: date | None = None
    decision_issuer: str = ""
    decision_subject: str = ""
    purpose: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        return {name: str(value) if isinstance(value, date) else value for name, value in asdict(self).items()}


@transaction.atomic
def make_programme(plan: Plan, draft: ProgrammeDraft, *, by: User) -> Programme:
    """Set a programme of inspection up for a plan that is carried out."""
    _must_coordinate(plan, by=by)
    if not Plan.objects.in_force().filter(pk=plan.pk).exists():
        raise RuleViolation(_("Only a plan that is issued and in force is inspected."))
    programme = Programme.objects.create(
        plan=plan, made_by=str(by), is_demonstration=plan.is_demonstration, **asdict(draft)
    )  # fmt: skip
    audit.record("programme.made", programme, by=by, after=draft.plain)
    return programme


@transaction.atomic
def change_programme(programme: Programme, draft: ProgrammeDraft, *, by: User) -> Programme:
    """Change what a programme says; days for answers that run already stay."""
    programme = coordinated(programme, by=by)
    before = ProgrammeDraft(**{name: getattr(programme, name) for name in asdict(draft)})
    for name, value in asdict(draft).items():
        setattr(programme, name, value)
    programme.save(update_fields=list(asdict(draft)))
    audit.record("programme.changed", programme, by=by, before=before.plain, after=draft.plain)
    return programme


@transaction.atomic
def add_to_team(programme: Programme, agency: Agency, user: User | None, *, part: str, by: User) -> TeamMember:
    """Put an agency, or one person of it, in the team; a team has one head."""
    programme = coordinated(programme, by=by)
    if agency.province_id != programme.plan.province_id:
        raise PermissionDenied
    if user is not None and not user.agencies(*Role).filter(pk=agency.pk).exists():
        raise RuleViolation(_("This person does not work for this agency."))
    try:
        with transaction.atomic():
            member = TeamMember.objects.create(
                programme=programme, agency=agency, user=user, part=part, valid_from=timezone.localdate()
            )
    except IntegrityError:
        raise RuleViolation(_("The team has a head already, or this member is in it.")) from None
    audit.record("team.joined", member, by=by, part=part, programme=programme.title)
    return member


@transaction.atomic
def take_from_team(member: TeamMember, *, by: User) -> TeamMember:
    """End a place in the team; what the member wrote stays."""
    coordinated(member.programme, by=by)
    return _left(member, by=by)


def pass_seat_on(member: TeamMember, after: User | None, *, by: User) -> None:
    """Let a colleague take the place in a team of a person who leaves; with nobody, or one who is in it, it ends."""
    left = _left(member, by=by)
    if after is None or left.programme.team.standing().filter(agency=left.agency, user=after).exists():
        return
    joined = TeamMember.objects.create(
        programme=left.programme, agency=left.agency, user=after, part=left.part, valid_from=left.valid_to
    )
    audit.record("team.joined", joined, by=by, part=joined.part, programme=joined.programme.title)


def _left(member: TeamMember, *, by: User) -> TeamMember:
    member = TeamMember.objects.select_for_update().get(pk=member.pk)
    if member.valid_to is None:
        member.valid_to = timezone.localdate()
        member.save(update_fields=["valid_to"])
        audit.record("team.left", member, by=by, programme=member.programme.title)
    return member


def coordinated(programme: Programme, *, by: User) -> Programme:
    """Lock a programme of a province that the person coordinates."""
    programme = Programme.objects.select_for_update(of=("self",)).select_related("plan__province").get(pk=programme.pk)
    _must_coordinate(programme.plan, by=by)
    return programme


def inspected(programme: Programme, *, by: User) -> Programme:
    """Lock a programme that the person inspects in."""
    programme = Programme.objects.select_for_update(of=("self",)).select_related("plan__province").get(pk=programme.pk)
    if not Programme.objects.inspected_by(by).filter(pk=programme.pk).exists():
        raise PermissionDenied
    return programme


def _must_coordinate(plan: Plan, *, by: User) -> None:
    if not by.holds(plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
