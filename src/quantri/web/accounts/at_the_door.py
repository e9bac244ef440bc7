"""Signing in and out, and what a person changes of the own password and second factor, leave an entry in the trail.

These acts are allauth's, so they are heard of by its signals. Neither addresses nor devices are written down. The
entries have no province: who reads them is the site's administrator, and the leader of an agency for its own people.
"""

from allauth.account.signals import password_changed, user_logged_in, user_logged_out
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import Signal

from quantri.web.accounts.models import User
from quantri.web.core import audit


def watch() -> None:
    """Begin to listen; a second call changes nothing."""
    _hear(user_logged_in, "sign_in.succeeded")
    _hear(user_logged_out, "sign_in.ended")
    _hear(password_changed, "password.changed")
    _hear(authenticator_added, "factor.added")
    _hear(authenticator_removed, "factor.removed")
    _hear(authenticator_reset, "factor.renewed")


def record_ended_sessions(user: User, n: int) -> None:
    """Tell that a person ended some of the own sessions, all in one entry."""
    audit.record("sessions.ended", user, by=user, sessions=n)


def _hear(signal: Signal, action: str) -> None:
    def write(sender: object, user: User | None, authenticator: Authenticator | None = None, **_told: object) -> None:
        if user is not None and not _comes_along(action, authenticator):  # who signs out may be out already
            audit.record(action, user, by=user)

    signal.connect(write, weak=False, dispatch_uid=f"trail:{action}")


def _comes_along(action: str, authenticator: Authenticator | None) -> bool:
    """Codes for emergencies come and go with the factor; only making them anew is an act of its own."""
    is_codes = authenticator is not None and authenticator.type == Authenticator.Type.RECOVERY_CODES
    return is_codes and action != "factor.renewed"
