"""People come in by invitation: one code, one use, some weeks."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.invitation_letters import post_letter
from quantri.web.accounts.members import end_sessions
from quantri.web.accounts.models import Agency, Invitation, Membership, Role, User
from quantri.web.accounts.models.concerning import INVITED
from quantri.web.accounts.rights import keeper_of, keeps_all_below, not_own, open_agency, roles_given_by
from quantri.web.core import audit
from quantri.web.core.codes import code_of, digest

HOLDS = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Whom an invitation is for, as far as that is known, and as what."""

    role: Role
    full_name: str = ""
    email: str = ""
    with_subtree: bool = False


@transaction.atomic
def invite(agency: Agency, invited: Invited, *, by: User) -> Invitation:
    """Invite a person into an agency; where there is an address a letter goes there."""
    made = _made(agency, invited, by=by)
    audit.record("invitation.made", made, by=by, role=invited.role, agency=str(agency), with_subtree=made.with_subtree)
    if made.email:
        post_letter(made)
    return made


@transaction.atomic
def invite_many(agencies: Iterable[Agency], role: Role, *, by: User) -> list[Invitation]:
    """Invite one person into each agency, whoever gets its sheet; one audit entry names them all."""
    made = [_made(agency, Invited(role=role), by=by) for agency in agencies]
    if made:
        audit.record("invitations.made", made[0], by=by, role=role, agencies=audit.listed(i.agency for i in made))
    return made


@transaction.atomic
def invite_back(member: Membership, *, by: User) -> Invitation:
    """Let a member who lost the password or the telephone come in again, by a code; every session ends now."""
    not_own(member.user, by=by)
    agency = keeper_of(member.agency, by=by)
    held = member.user.current_memberships().select_related("agency")
    if any(m.role not in roles_given_by(by, m.agency) for m in held):
        raise PermissionDenied  # who may not give a role may not open its account either
    Invitation.objects.filter(renews=member.user, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    end_sessions(member.user)
    made = _row(
        agency, Invited(role=Role(member.role), full_name=member.user.full_name), by=by, renews=member.user
    )  # fmt: skip
    audit.record("invitation.made", made, by=by, renews=member.user.username)
    return made


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Take an invitation back that nobody has used."""
    keeper_of(invitation.agency, by=by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.used_at or invitation.withdrawn_at:
        raise RuleViolation(_("This invitation was used or taken back already."))
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    audit.record("invitation.withdrawn", invitation, by=by)


def printed_code(invitation: Invitation) -> str:
    """Return the code of an invitation, for its letter or its sheet."""
    return code_of(invitation.seed, INVITED)


def find_open(code: str) -> Invitation:
    """Find what a code opens now; say in one and the same sentence that it opens nothing."""
    rows = Invitation.objects.select_related("agency", "renews").filter(code_digest=digest(code, INVITED))
    found = rows.open_at(timezone.now()).first()
    if found is None or not found.agency.is_open_on(timezone.localdate()):
        raise RuleViolation(
            _("This code opens nothing: it is mistyped, used, taken back or too old. Ask who gave it to you.")
        )
    return found


@transaction.atomic
def accept_with_new_account(code: str, *, username: str, password: str, full_name: str) -> User:
    """Open an account by a code, with the role that it gives."""
    invitation = _locked(code)
    if invitation.renews_id:
        raise RuleViolation(_("This code is for an account that is there already."))
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, invitation.email, password, full_name=full_name)
    except IntegrityError:
        raise RuleViolation(_("This account name is taken; choose another one.")) from None
    _used(invitation, by=user)
    return user


@transaction.atomic
def accept_with_own_account(code: str, *, by: User) -> User:
    """Take the role of a code with the account that one has."""
    invitation = _locked(code)
    if invitation.renews_id:
        raise RuleViolation(_("This code is for an account that is there already. Sign out first."))
    not_own(invitation.made_by, by=by)
    _used(invitation, by=by)
    return by


@transaction.atomic
def renew_access(code: str, *, password: str) -> User:
    """Set another password by a code; a second factor is set up anew, for its telephone may be lost."""
    invitation = _locked(code)
    user = invitation.renews
    if user is None or not user.is_active:
        raise RuleViolation(_("This account has ended."))
    user.set_password(password)
    user.save(update_fields=["password"])
    user.authenticator_set.all().delete()
    _mark_used(invitation, by=user)
    end_sessions(user)
    audit.record("password.renewed", user, by=user, invitation=invitation.pk)
    return user


def _made(agency: Agency, invited: Invited, *, by: User) -> Invitation:
    agency = keeper_of(agency, by=by)
    open_agency(agency)
    if invited.role not in roles_given_by(by, agency):
        raise PermissionDenied
    if invited.with_subtree and not keeps_all_below(agency, by=by):
        raise PermissionDenied
    return _row(agency, invited, by=by)


def _row(agency: Agency, invited: Invited, *, by: User, renews: User | None = None) -> Invitation:
    seed, now = secrets.token_hex(16), timezone.now()
    return Invitation.objects.create(
        agency=agency, role=invited.role, full_name=invited.full_name, email=invited.email, renews=renews,
        with_subtree=invited.with_subtree, seed=seed, code_digest=digest(code_of(seed, INVITED), INVITED),
        made_by=by, made_at=now, expires_at=now + HOLDS,
    )  # fmt: skip


def _locked(code: str) -> Invitation:
    Invitation.objects.select_for_update().filter(code_digest=digest(code, INVITED)).first()
    return find_open(code)


def _used(invitation: Invitation, *, by: User) -> None:
    today, agency, role = timezone.localdate(), invitation.agency, invitation.role
    if by.current_memberships().filter(agency=agency, role=role).exists():
        raise RuleViolation(_("This account has that role already."))
    _mark_used(invitation, by=by)
    member = Membership.objects.create(
        user=by, agency=agency, role=role, with_subtree=invitation.with_subtree, valid_from=today
    )
    audit.record("member.added", member, by=by, role=role, invitation=invitation.pk)


def _mark_used(invitation: Invitation, *, by: User) -> None:
    invitation.used_at, invitation.used_by = timezone.now(), by
    invitation.save(update_fields=["used_at", "used_by"])
