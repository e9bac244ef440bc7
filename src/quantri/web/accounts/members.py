"""Members leave: their role ends, their sessions end at once, and their work goes on with somebody."""

from datetime import date, timedelta

from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.actions import end_account
from quantri.web.accounts.models import Agency, Membership, User
from quantri.web.accounts.open_work import hand_over_of_person
from quantri.web.accounts.rights import keeper_of, not_own
from quantri.web.core import audit

DORMANT_AFTER = timedelta(days=90)


@transaction.atomic
def end_membership(member: Membership, *, by: User, to: User | None = None) -> Membership:
    """End a role from today on; open work goes to a colleague, or back to the agency."""
    keeper_of(member.agency, by=by)
    member = Membership.objects.select_for_update().get(pk=member.pk)
    not_own(member.user, by=by)
    if member.valid_to is not None:
        raise RuleViolation(_("This membership has ended already."))
    if to is not None and not colleagues(member).filter(pk=to.pk).exists():
        raise RuleViolation(_("The work can only go to somebody who is in the agency today."))
    member.valid_to = timezone.localdate()
    member.save(update_fields=["valid_to"])
    audit.record("member.left", member, by=by, role=member.role, to=to and to.username)
    if not member.user.current_memberships().filter(agency=member.agency).exists():
        hand_over_of_person(member, to, by=by)
    end_sessions(member.user)
    return member


@transaction.atomic
def close_account(user: User, *, by: User) -> None:
    """End an account with all its roles; only where the person looks after each of its agencies."""
    not_own(user, by=by)
    for member in user.memberships.filter(valid_to=None).select_related("agency"):
        end_membership(member, by=by)
    end_account(user, by=by)
    end_sessions(user)


def end_sessions(user: User) -> None:
    """Sign a person out wherever that person is signed in."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def colleagues(member: Membership) -> models.QuerySet[User]:
    """People who are in the agency today, besides the member."""
    there = Membership.objects.on(timezone.localdate()).filter(agency=member.agency)
    return User.objects.filter(pk__in=there.values("user"), is_active=True).exclude(pk=member.user_id)


def dormant(keeper: User, today: date) -> models.QuerySet[User]:
    """Accounts of the keeper's agencies that nobody has used for three months."""
    there = Membership.objects.on(today).filter(agency__in=Agency.objects.kept_by(keeper))
    unused = User.objects.filter(is_active=True, pk__in=there.values("user")).exclude(pk=keeper.pk)
    last_seen = unused.annotate(seen_at=Coalesce(F("last_login"), F("date_joined")))
    return last_seen.filter(Q(seen_at__date__lte=today - DORMANT_AFTER)).order_by("seen_at", "pk")
