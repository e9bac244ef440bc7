"""Agencies merge, split and are replaced: those before end, those after follow them, one row for each pair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.agencies import add_agency, end_agency, past_only, place_agency
from quantri.web.accounts.models import Agency, AgencySuccession, Subordination
from quantri.web.core import audit
from quantri.web.core.audit import Actor


@dataclass(frozen=True, kw_only=True)
class Change:
    """Which agencies end, which follow, there already or new by name; from which day on and by which document."""

    before: Sequence[Agency]
    after: Sequence[Agency] = ()
    new_names: Sequence[str] = ()
    on: date
    legal_basis: str = ""

    @property
    def kind(self) -> str:
        ending, following = len(self.before), len(self.after) + len(self.new_names)
        if not ending or not following:
            raise RuleViolation(_("Name the agencies that end and those that follow."))
        if ending > 1 and following > 1:
            raise RuleViolation(_("Several agencies cannot end in several at once; enter one step after the other."))
        if ending > 1:
            return AgencySuccession.Kind.MERGER
        return AgencySuccession.Kind.SPLIT if following > 1 else AgencySuccession.Kind.REPLACEMENT


@transaction.atomic
def succeed(change: Change, *, by: Actor) -> list[Agency]:
    """Let agencies follow others, one to one, several to one or one to several; return those that follow."""
    kind, children = _checked(change), list(Agency.objects.filter(parent__in=change.before))
    parent = _place(change)
    for old in change.before:
        end_agency(old, by=by, on=change.on, legal_basis=change.legal_basis)
    after = [*change.after, *_made(change, parent, by=by)]
    for old in change.before:
        for new in after:
            AgencySuccession.objects.create(
                before=old, after=new, effective_on=change.on, kind=kind, legal_basis=change.legal_basis
            )
        audit.record("agency.succeeded", old, by=by, kind=kind, after=[a.name_vi for a in after])
    if len(after) == 1:  # what stood under one that was split waits for a person
        gone = {a.pk for a in (*change.before, *after)}
        for child in children:
            if child.pk not in gone:
                place_agency(child, after[0], by=by)
    return after


def _checked(change: Change) -> str:
    past_only(change.on)
    kind = change.kind
    if {a.pk for a in change.before} & {a.pk for a in change.after}:
        raise RuleViolation(_("An agency that goes on cannot be its own successor."))
    if any(a.valid_to is not None for a in change.after):
        raise RuleViolation(_("An agency that has ended cannot follow another one."))
    if len({a.province_id for a in (*change.before, *change.after)}) > 1:
        raise RuleViolation(_("Agencies of another province cannot follow."))
    return kind


def _place(change: Change) -> Agency | None:
    """Return what the first agency stands under, leaving out those that end with it."""
    gone = {a.pk for a in change.before}
    above = Subordination.objects.filter(agency=change.before[0], valid_to=None).exclude(above__in=gone)
    nearest = above.order_by("distance").select_related("above").first()
    return nearest and nearest.above


def _made(change: Change, parent: Agency | None, *, by: Actor) -> list[Agency]:
    """Make the new agencies, of the first one's kind."""
    first = change.before[0]
    if Agency.objects.filter(province=first.province_id, name_vi__in=change.new_names, valid_to=None).exists():
        raise RuleViolation(_("Another agency of the province bears this name."))
    return [
        add_agency(first.province, name, by=by, parent=parent, kind=first.kind, valid_from=change.on)
        for name in change.new_names
    ]
