"""People come in."""

from django.db import transaction
from django.utils import timezone

from quantri.web.accounts.models import Agency, Membership, Role, User
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.places.models import Province


@transaction.atomic
def add_member(agency: Agency, role: Role, *, username: str, password: str, full_name: str, by: Actor) -> Membership:
    """Make an account with one role in an agency, from today on."""
    user = User.objects.create_user(username, password=password, full_name=full_name)
    member = Membership.objects.create(user=user, agency=agency, role=role, valid_from=timezone.localdate())
    audit.record("member.added", member, by=by, role=role)
    return member


@transaction.atomic
def ensure_agency(province: Province, name_vi: str, *, by: Actor, **fields: object) -> Agency:
    """Return the agency of that name in the province, made if it is new."""
    agency, is_new = Agency.objects.get_or_create(province=province, name_vi=name_vi, defaults=fields)
    if is_new:
        audit.record("agency.added", agency, by=by)
    return agency
