"""What allauth asks this site: who may come in, what is said, and how a province's own login is matched."""

import io
from collections.abc import Iterable

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.at_the_door import record_ended_sessions
from quantri.web.accounts.models import User
from quantri.web.accounts.sealing import seal, unseal
from quantri.web.accounts.signing_in import (
    SYSTEM,
    TooEarly,
    begin_attempt,
    connected_address,
    end_attempt,
    keys_of_name,
    record_refusal,
)
from quantri.web.core import audit

SAID = {
    "account_inactive": _("This account has ended."),
    "enter_current_password": _("This is not your present password."),
    "incorrect_code": _("This code is not right. Take the one that the application shows now."),
    "incorrect_password": _("This is not your password."),
    "rate_limited": _("Too many attempts; wait a minute."),
    "too_many_login_attempts": _("Too many attempts; wait a minute."),
    "username_password_mismatch": _("This name and this password do not go together."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation only; wrong passwords wait, on each page that asks for one."""

    error_messages = DefaultAccountAdapter.error_messages | SAID

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return connected_address(request)

    def authenticate(self, request: HttpRequest, **credentials: str) -> User | None:
        """Take an attempt with a password, unless too many have failed."""
        keys = keys_of_name(credentials["username"], request)
        until = begin_attempt(keys)
        if until:
            raise TooEarly(until)
        user = super().authenticate(request, **credentials)
        (end_attempt if user else record_refusal)(keys)
        return user


class FactorAdapter(DefaultMFAAdapter):
    """The second factor, with the QR code that every page of this site draws; its secrets lie sealed."""

    error_messages = DefaultMFAAdapter.error_messages | SAID

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url)

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_label(self, user: User) -> str:
        return user.username


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Sessions that a person ends leave a trace."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        ended = list(sessions)
        super().end_sessions(ended)
        if ended:
            record_ended_sessions(ended[0].user, len(ended))


class ProvinceLogin(DefaultSocialAccountAdapter):
    """The province's own login (OpenID Connect) opens accounts that were invited; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Match who comes for the first time by the address that the province vouches for, or refuse."""
        keys = {told.get("sub") for told in sociallogin.account.extra_data.values()}
        if len(keys) != 1 or not all(isinstance(key, str) and key for key in keys):
            raise ValueError(f"the login of the province names its person by {sorted(map(str, keys))}")
        if sociallogin.is_existing or request.user.is_authenticated:
            return
        vouched = [a.email for a in sociallogin.email_addresses if a.verified]
        found = list(User.objects.filter(is_active=True, email__iexact=vouched[0])[:2]) if vouched else []
        if len(found) != 1:
            raise ImmediateHttpResponse(render(request, "accounts/no_account.html", status=403))
        sociallogin.connect(request, found[0])
        audit.record("province_login.connected", found[0], by=SYSTEM)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("accounts:mine")


def qr_svg(text: str) -> str:
    """Draw a QR code as SVG of its own, without style attributes."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue().decode()
