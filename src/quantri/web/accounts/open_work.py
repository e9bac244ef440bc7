"""Open work of agencies and people: each app that has such work tells it, and hands it over when a person approves.

`settings.WORK_OF_AGENCIES` and `settings.WORK_OF_PEOPLE` name the holders, one for each kind of work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, AgencySuccession, Membership, User, WorkTransfer
from quantri.web.accounts.rights import keeper_of
from quantri.web.core import audit


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One open piece of work, as its app knows it."""

    holder: str
    key: str
    title: str
    note: str = ""

    @property
    def field(self) -> str:
        """Name of the form field that decides on it."""
        return f"{self.holder}.{self.key}"


class AgencyWork(Protocol):
    """One kind of work that agencies have; each function runs inside the transaction of the approval."""

    name: str  # short and unique, such as "tasks"

    def of_agency(self, agency: Agency) -> Iterable[Piece]: ...

    def give_to_agency(self, key: str, before: Agency, after: Agency, *, by: User) -> None: ...


class PersonWork(Protocol):
    """One kind of work that lies with a person in an agency; handed over in the transaction of the leaving."""

    name: str

    def of_person(self, user: User, agency: Agency) -> Iterable[Piece]: ...

    def give_to_person(self, key: str, before: User, after: User | None, *, by: User) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A piece of work with who would take it: the only successor, if there is one."""

    piece: Piece
    after: Agency | None


def work_of_agencies() -> dict[str, AgencyWork]:
    """Holders by name, in the order of the settings."""
    return {holder.name: holder for holder in map(import_string, settings.WORK_OF_AGENCIES)}


def work_of_people() -> list[PersonWork]:
    return [import_string(path) for path in settings.WORK_OF_PEOPLE]


def takers(agency: Agency) -> list[Agency]:
    """Agencies that followed; where they ended too, those that followed them."""
    found, waiting, seen = [], [agency.pk], set()
    while waiting:
        rows = AgencySuccession.objects.filter(before__in=waiting).select_related("after")
        seen |= set(waiting)
        waiting = [r.after_id for r in rows if r.after.valid_to is not None and r.after_id not in seen]
        found += [r.after for r in rows if r.after.valid_to is None and r.after not in found]
    return found


def proposals(agency: Agency) -> list[Proposal]:
    """Open work of an agency, each piece with its proposed taker."""
    after = takers(agency)
    proposed = after[0] if len(after) == 1 else None
    found = [piece for holder in work_of_agencies().values() for piece in holder.of_agency(agency)]
    return [Proposal(piece=piece, after=proposed) for piece in found]


@transaction.atomic
def approve(agency: Agency, choices: Mapping[str, Agency], *, by: User) -> list[WorkTransfer]:
    """Give pieces of work, by the name of their field, to agencies that a person chose; what is not named stays."""
    agency = keeper_of(agency, by=by)
    if {a.pk for a in choices.values()} - set(Agency.objects.kept_by(by).values_list("pk", flat=True)):
        raise PermissionDenied
    if any(a.valid_to is not None or a.pk == agency.pk for a in choices.values()):
        raise RuleViolation(_("Work can only go to another agency that goes on."))
    known, open_now = work_of_agencies(), {p.piece.field: p.piece for p in proposals(agency)}
    made = []
    for field, after in choices.items():
        piece = open_now.get(field)
        if piece is None:
            raise RuleViolation(_("Part of this work was given to somebody meanwhile. Look at the list again."))
        known[piece.holder].give_to_agency(piece.key, agency, after, by=by)
        made.append(_recorded(piece, WorkTransfer(before=agency, after=after), by=by))
    if made:
        told = [{"work": t.title, "after": t.after.name_vi} for t in made]
        audit.record("work.transferred", agency, by=by, transfers=told)
    return made


def hand_over_of_person(member: Membership, to: User | None, *, by: User) -> None:
    """Give the work of a member who leaves to a colleague, or back to the agency."""
    told = []
    for holder in work_of_people():
        for piece in holder.of_person(member.user, member.agency):
            holder.give_to_person(piece.key, member.user, to, by=by)
            transfer = WorkTransfer(
                before=member.agency, after=member.agency, person_before=member.user, person_after=to
            )
            told.append(_recorded(piece, transfer, by=by).title)
    if told:
        audit.record("work.handed_over", member, by=by, to=to and to.username, work=told)


def _recorded(piece: Piece, transfer: WorkTransfer, *, by: User) -> WorkTransfer:
    transfer.holder, transfer.key, transfer.title = piece.holder, piece.key, piece.title[:300]
    transfer.approved_by = str(by)
    transfer.save(force_insert=True)
    return transfer
