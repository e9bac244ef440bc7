"""Who decides on publication or sees personal data needs a second factor; without one nothing else opens."""

from collections.abc import Callable

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from quantri.web.accounts.models import Role, User
from quantri.web.accounts.signing_in import CODE, TooEarly, begin_attempt, end_attempt, record_refusal

NEEDED_BY = (Role.LEADER, Role.ADMINISTRATOR, Role.COORDINATOR)
OPEN_WITHOUT = {"mfa_activate_totp", "mfa_view_recovery_codes", "account_reauthenticate", "account_logout"}


def lacks_second_factor(user: User) -> bool:
    """Say whether a role that the person holds today asks for a second factor that is not set up."""
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return bool(user.held(*NEEDED_BY)) and not codes.exists()


class SecondFactorMiddleware:
    """Lead whoever lacks a second factor to the page where it is set up; a demonstration asks for none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if settings.DEMO or request.user.is_anonymous or request.resolver_match.view_name in OPEN_WITHOUT:
            return None
        if not lacks_second_factor(request.user):
            return None
        messages.warning(request, _("Your role needs a second factor. Set it up once; then you go on."))
        return redirect("mfa_activate_totp")


class PatientCode(forms.Form):
    """A form with a code: wrong ones wait as wrong passwords do, by account."""

    def clean_code(self) -> str:
        keys = [(CODE, str(self.user.pk))]
        until = begin_attempt(keys)
        if until:
            raise TooEarly(until)
        try:
            code = super().clean_code()
        except forms.ValidationError:
            record_refusal(keys)
            raise
        end_attempt(keys)
        return code


class SignInCodeForm(PatientCode, AuthenticateForm):
    """The code that a sign-in asks for."""


class ConfirmCodeForm(PatientCode, ReauthenticateForm):
    """The code that confirms who sits there."""


class FirstCodeForm(PatientCode, ActivateTOTPForm):
    """The code that shows that an application is set up."""
