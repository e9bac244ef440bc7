"""Accounts to try Quantri with; those that people made under the same names are left alone."""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from quantri.web.accounts.actions import add_member, ensure_agency
from quantri.web.accounts.models import Membership, Role, User
from quantri.web.core import audit
from quantri.web.places.models import Province, Unit
from quantri.web.portal.demonstration import SYSTEM

LOGINS = {  # the role and the agency of each account
    "dieuphoi": (Role.COORDINATOR, "Sở Nội vụ"),
    "lanhdao": (Role.LEADER, "UBND tỉnh {province}"),
    "canbo-so": (Role.OFFICER, "Thanh tra tỉnh"),
    "canbo-xa": (Role.OFFICER, "UBND {commune}"),
    "giamsat": (Role.OVERSEER, "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh"),
}


def agency_name(pattern: str, province: Province) -> str:
    """Write the name of an agency of a province; the commune is the first by its code."""
    if "{commune}" not in pattern:
        return pattern.format(province=province.latest.name_vi)
    communes = Unit.objects.filter(level=Unit.Level.COMMUNE).within(province).on(timezone.localdate())
    first = communes.order_by("code").first()
    return pattern.format(commune=first.title if first else "xã")


def demonstration_accounts() -> models.QuerySet[User]:
    """Return the accounts that the demonstration made, as the audit trail tells."""
    made = audit.keys_of(Membership, "member.added", by=SYSTEM)
    return User.objects.filter(username__in=LOGINS, memberships__in=made).distinct()


@transaction.atomic
def ensure_logins(province: Province) -> dict[str, str]:
    """Make the demonstration's accounts; return name and password of each, kept in the data folder.

    A password that the file no longer tells is made anew.
    """
    told, words = _read(logins_file()), {}
    ours = {user.username: user for user in demonstration_accounts()}
    taken = set(User.objects.filter(username__in=LOGINS).values_list("username", flat=True)) - ours.keys()
    for username in LOGINS.keys() - taken:
        user = ours.get(username)
        if user and username in told and user.is_active:
            words[username] = told[username]
            continue
        words[username] = secrets.token_urlsafe(9)
        if user:
            _renew(user, words[username])
        else:
            _add(username, words[username], province)
    words = {name: words[name] for name in LOGINS if name in words}
    if words != told:
        _write(logins_file(), words)
    return words


def _add(username: str, password: str, province: Province) -> None:
    role, pattern = LOGINS[username]
    agency = ensure_agency(province, agency_name(pattern, province), by=SYSTEM, is_demonstration=True)
    name = f"{role.label}, {agency.name_vi}"[:120]
    add_member(agency, role, username=username, password=password, full_name=name, by=SYSTEM)


def _renew(user: User, password: str) -> None:
    user.is_active = True
    user.set_password(password)
    user.save(update_fields=["is_active", "password"])
    audit.record("member.renewed", user, by=SYSTEM)
    if not user.current_memberships().exists():
        last = user.memberships.latest("pk")
        again = Membership.objects.create(
            user=user, agency=last.agency, role=last.role, valid_from=timezone.localdate()
        )
        audit.record("member.added", again, by=SYSTEM, role=last.role)


@transaction.atomic
def end_logins() -> int:
    """End the demonstration's accounts, which a configured site must not have; return how many there were."""
    found = list(demonstration_accounts().filter(is_active=True))
    for user in found:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        user.memberships.filter(valid_to=None).update(valid_to=timezone.localdate())
        audit.record("member.ended", user, by=SYSTEM)
    return len(found)


def logins_file() -> Path:
    """Where the names and passwords are kept."""
    return settings.DATA_DIR / "demo-logins.txt"


def _read(kept: Path) -> dict[str, str]:
    """Read the lines that hold a name and a password; others count for nothing, as when the file is damaged."""
    try:
        lines = kept.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    pairs = [line.split() for line in lines]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and pair[0] in LOGINS}


def _write(kept: Path, words: dict[str, str]) -> None:
    beside = kept.with_suffix(".part")
    beside.touch(mode=0o600)
    beside.write_text("".join(f"{name} {word}\n" for name, word in words.items()), encoding="utf-8")
    beside.replace(kept)
