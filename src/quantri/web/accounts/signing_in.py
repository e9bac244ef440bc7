"""Signing in, with patience for wrong passwords: for each account name and for each address it is asked from."""

import ipaddress
from datetime import datetime, timedelta

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from quantri.web.core import attempts, audit
from quantri.web.core.attempts import Patience

NAME = Patience(kind="name", free=5)
CODE = Patience(kind="code", free=5)  # of the second factor, by account
ADDRESS = Patience(kind="address", free=30)  # an office may share one
SYSTEM = audit.System("sign-in")
Keys = list[tuple[Patience, str]]


@transaction.atomic
def begin_attempt(keys: Keys) -> datetime | None:
    """Take an attempt and count it as failed until it succeeds; or say from when on the next one is taken."""
    locked = [until for patience, text in keys if (until := attempts.locked_until(patience, text))]
    if locked:
        return max(locked)
    for patience, text in keys:
        attempts.count(patience, text)
    return None


@transaction.atomic
def record_refusal(keys: Keys) -> None:
    """Leave a trace of an attempt that failed where it makes the next one wait."""
    for patience, text in keys:
        row = attempts.failed(patience, text)
        seconds = int(patience.wait(row.failures).total_seconds())
        if seconds:
            audit.record("sign_in.delayed", row, by=SYSTEM, failures=row.failures, seconds=seconds)


@transaction.atomic
def end_attempt(keys: Keys) -> None:
    """Forget the failures of who came in; the address only gets this attempt back."""
    for patience, text in keys:
        if patience is ADDRESS:
            attempts.take_back(patience, text)
        else:
            attempts.forget(patience, text)


def keys_of_name(name: str, request: HttpRequest) -> Keys:
    """Say under what an attempt with a password is counted.

    A name is counted whether or not it is an account's, so that a refusal tells nobody which names there are.
    """
    address = address_of(request)
    return [(NAME, name), *([(ADDRESS, address)] if address else [])]


def address_of(request: HttpRequest) -> str | None:
    """Return the address that asks, as the proxy on this computer tells it; None where it is this computer itself.

    Of IPv6 it is the network, since one subscriber has all addresses of it.
    """
    told = connected_address(request)
    if _is_here(told):
        return None
    address = ipaddress.ip_address(told)
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)


def connected_address(request: HttpRequest) -> str:
    """Return the address that asks, whole, as a list of one's own sessions shows it."""
    told = request.META.get("REMOTE_ADDR", "")
    if _is_here(told):
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return "127.0.0.1"


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class TooEarly(forms.ValidationError):
    """No attempt is taken before a moment."""

    def __init__(self, until: datetime) -> None:
        super().__init__(wait_sentence(until), code="too_early")
        self.until = until


def wait_sentence(until: datetime) -> str:
    moment = time_format(timezone.localtime(until).replace(second=0) + timedelta(minutes=1), "H:i")
    return _(
        "Too many attempts have failed, so none is taken before %(time)s. If they were not yours, tell whoever "
        "cares for this site."
    ) % {"time": moment}


class SignInForm(LoginForm):
    """Name and password; `wait_until` is set when too many attempts have failed."""

    wait_until: datetime | None = None

    def add_prefix(self, field_name: str) -> str:
        return "username" if field_name == "login" else super().add_prefix(field_name)

    def clean(self) -> dict[str, object]:
        try:
            return super().clean()
        except TooEarly as fault:
            self.wait_until = fault.until
            raise


class SignIn(LoginView):
    """The sign-in page; 429 while no attempt is taken."""

    form_class = SignInForm
    template_name = "account/login.html"

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        answer = super().form_invalid(form)
        if form.wait_until:
            answer.status_code = 429
            answer["Retry-After"] = str(max(1, round((form.wait_until - timezone.now()).total_seconds())))
        return answer
