"""People come in, and agencies are known by name."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from quantri.text import fold, spelling
from quantri.web.accounts.agencies import add_agency
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
def renew_password(user: User, password: str, *, by: Actor) -> None:
    """Give an account another password."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record("password.renewed", user, by=by)


@transaction.atomic
def end_account(user: User, *, by: Actor) -> None:
    """Let nobody sign in with an account any more; what it did stays in the trail."""
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    audit.record("member.ended", user, by=by)


@transaction.atomic
def ensure_agency(province: Province, name_vi: str, *, by: Actor, **fields: object) -> Agency:
    """Return the agency of that name that is open today, however its capitals are typed; made if it is new."""
    agencies = Agency.objects.filter(province=province).on(timezone.localdate())
    found = agencies.filter(name_vi=name_vi).first()
    if found is None:
        Province.objects.select_for_update().get(pk=province.pk)  # two people who type one name make one agency
        found = _alike(agencies, name_vi)
    if found is None:
        found = add_agency(province, name_vi, by=by, **fields)
    return found


def ensure_agencies(province: Province, names: Iterable[str], *, by: Actor) -> dict[str, Agency]:
    """Return agencies by their names as typed; those that are written as they are known take one query together."""
    wanted = sorted(set(names))
    open_today = Agency.objects.filter(province=province).on(timezone.localdate())
    known = {agency.name_vi: agency for agency in reversed(open_today.filter(name_vi__in=wanted))}
    return {name: known.get(name) or ensure_agency(province, name, by=by) for name in wanted}


def _alike(agencies: Iterable[Agency], name: str) -> Agency | None:
    """Find a name by its folded form; xã Tân Thạnh is not xã Tân Thành, but either may be typed without marks."""
    same = [a for a in agencies if fold(a.name_vi) == fold(name)]
    spelt = [a for a in same if spelling(a.name_vi) == spelling(name)]
    bare = [a for a in same if _is_bare(name) or _is_bare(a.name_vi)]
    if spelt:
        return spelt[0]
    return bare[0] if len(bare) == 1 else None


def _is_bare(name: str) -> bool:
    return spelling(name) == fold(name)
