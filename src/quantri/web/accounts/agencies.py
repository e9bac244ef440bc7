"""Agencies come, are renamed, placed under another one, and end; what was stays as dated rows."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.committees import names_the_committee
from quantri.web.accounts.models import Agency, AgencyName, Headship, Subordination, User
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.places.models import Province


@dataclass(frozen=True, kw_only=True)
class Head:
    """Who heads an agency, as staff enter it: an account, or a title with or without a name."""

    title: str
    full_name: str = ""
    user: User | None = None
    legal_basis: str = ""


@transaction.atomic
def add_agency(
    province: Province, name_vi: str, *, by: Actor, parent: Agency | None = None, **fields: object
) -> Agency:
    """Make an agency with its first name, under another one or none."""
    agency = Agency.objects.create(province=province, name_vi=name_vi, **(fields | _governing(province, name_vi)))
    AgencyName.objects.create(
        agency=agency, name_vi=agency.name_vi, name_en=agency.name_en, valid_from=agency.valid_from,
        valid_to=agency.valid_to,
    )  # fmt: skip
    audit.record("agency.added", agency, by=by)
    return agency if parent is None else place_agency(agency, parent, by=by)


@transaction.atomic
def rename_agency(agency: Agency, name_vi: str, *, by: Actor, on: date, legal_basis: str = "") -> Agency:
    """Give an agency another name from a day on; the one before keeps its time."""
    agency = _open(agency)
    past_only(on)
    before = agency.name_vi
    if before == name_vi:
        return agency
    standing = Agency.objects.filter(province=agency.province_id, name_vi=name_vi, valid_to=None)
    if standing.exclude(pk=agency.pk).exists():
        raise RuleViolation(_("Another agency of the province bears this name."))
    if AgencyName.objects.filter(agency=agency, valid_from__gte=on).exists():
        raise RuleViolation(_("The agency was renamed on or after this day already."))
    AgencyName.objects.filter(agency=agency, valid_to=None).update(valid_to=on)
    AgencyName.objects.create(agency=agency, name_vi=name_vi, valid_from=on, legal_basis=legal_basis)
    agency.name_vi, agency.name_en = name_vi, ""
    for field, value in _governing(agency.province, name_vi).items():
        setattr(agency, field, value)
    agency.save(update_fields=["name_vi", "name_en", "kind", "unit"])
    audit.record("agency.renamed", agency, by=by, before=before, after=name_vi, on=on.isoformat())
    return agency


@transaction.atomic
def place_agency(agency: Agency, parent: Agency | None, *, by: Actor) -> Agency:
    """Put an agency, with all below it, under another one from today on."""
    agency, today = Agency.objects.select_for_update().get(pk=agency.pk), timezone.localdate()
    before = agency.parent
    if before == parent:
        return agency
    below = dict(_open_rows(above=agency).values_list("agency", "distance")) | {agency.pk: 0}
    if parent is not None and parent.pk in below:
        raise RuleViolation(_("An agency cannot stand under itself or under one below it."))
    inherited = _open_rows(agency__in=below, above__in=_open_rows(agency=agency).values("above"))
    inherited.update(valid_to=today)
    above = {} if parent is None else _superiors(parent)
    Subordination.objects.bulk_create(
        Subordination(agency_id=low, above_id=high, distance=down + up, valid_from=today)
        for low, down in below.items()
        for high, up in above.items()
    )
    agency.parent = parent
    agency.save(update_fields=["parent"])
    audit.record("agency.placed", agency, by=by, before=before and before.name_vi, after=parent and parent.name_vi)
    return agency


@transaction.atomic
def end_agency(agency: Agency, *, by: Actor, on: date, legal_basis: str = "") -> Agency:
    """End an agency from a day on, with its memberships, its head and its name; what stood under it moves up."""
    agency = _open(agency)
    past_only(on)
    for child in agency.children.all():
        place_agency(child, agency.parent, by=by)
    place_agency(agency, None, by=by)
    agency.valid_to = on
    agency.save(update_fields=["valid_to"])
    agency.names.filter(valid_to=None).update(valid_to=on)
    for dated in (agency.memberships, agency.headships):
        dated.filter(valid_to=None).update(valid_to=Greatest(F("valid_from"), on))
    audit.record("agency.ended", agency, by=by, on=on.isoformat(), legal_basis=legal_basis)
    return agency


@transaction.atomic
def appoint_head(agency: Agency, head: Head, *, by: Actor, on: date) -> Headship:
    """Enter who heads an agency from a day on; the one before keeps the time until then."""
    agency = _open(agency)
    before = agency.headships.filter(valid_to=None).first()
    if before and before.valid_from > on:
        raise RuleViolation(_("The present head began on a later day; correct that day first."))
    agency.headships.filter(valid_to=None).update(valid_to=on)
    made = Headship.objects.create(
        agency=agency, user=head.user, title=head.title, valid_from=on, legal_basis=head.legal_basis,
        full_name=head.full_name or (str(head.user) if head.user else ""),
    )  # fmt: skip
    audit.record("head.appointed", agency, by=by, before=before and str(before), after=str(made), on=on.isoformat())
    return made


def _governing(province: Province, name_vi: str) -> dict[str, object]:
    """Tell the fields of the body that governs the province, known by its name: its leader leads the province."""
    if not names_the_committee(name_vi, province.names.values_list("kind", "name_vi")):
        return {}
    return {"kind": Agency.Kind.PEOPLE_COMMITTEE, "unit_id": province.pk}


def past_only(day: date) -> None:
    """Refuse a day that is still to come: rights and names change on the day itself."""
    if day > timezone.localdate():
        raise RuleViolation(_("This day is still to come. Enter the change on that day or after it."))


def _open(agency: Agency) -> Agency:
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if agency.valid_to is not None:
        raise RuleViolation(_("This agency has ended; nothing of it can be changed."))
    return agency


def _open_rows(**which: object):
    return Subordination.objects.filter(valid_to=None, **which)


def _superiors(parent: Agency) -> dict[int, int]:
    """Distance from a child of an agency to each one above it."""
    return {parent.pk: 1} | {pk: d + 1 for pk, d in _open_rows(agency=parent).values_list("above", "distance")}
