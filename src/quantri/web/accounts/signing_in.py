"""Signing in, with patience for wrong passwords: for each account name and for each address it is asked from."""

import ipaddress
from datetime import datetime, timedelta

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from quantri.web.core import attempts, audit
from quantri.web.core.attempts import Patience

NAME = Patience(kind="name", free=5)
ADDRESS = Patience(kind="address", free=30)  # an office may share one
SYSTEM = audit.System("sign-in")


@transaction.atomic
def begin_attempt(name: str, address: str | None) -> datetime | None:
    """Take an attempt and count it as failed until it succeeds; or say from when on the next one is taken.

    A name is counted whether or not it is an account's, so that a refusal tells nobody which names there are.
    """
    keys = _keys(name, address)
    locked = [until for patience, text in keys if (until := attempts.locked_until(patience, text))]
    if locked:
        return max(locked)
    for patience, text in keys:
        attempts.count(patience, text)
    return None


@transaction.atomic
def record_refusal(name: str, address: str | None) -> None:
    """Leave a trace of an attempt that failed where it makes the next one wait."""
    for patience, text in _keys(name, address):
        row = attempts.failed(patience, text)
        seconds = int(patience.wait(row.failures).total_seconds())
        if seconds:
            audit.record("sign_in.delayed", row, by=SYSTEM, failures=row.failures, seconds=seconds)


@transaction.atomic
def end_attempt(name: str, address: str | None) -> None:
    """Forget the failures of a name that came in; its address only gets this attempt back."""
    for patience, text in _keys(name, address):
        if patience is NAME:
            attempts.forget(patience, text)
        else:
            attempts.take_back(patience, text)


def _keys(name: str, address: str | None) -> list[tuple[Patience, str]]:
    return [(NAME, name), *([(ADDRESS, address)] if address else [])]


def address_of(request: HttpRequest) -> str | None:
    """Return the address that asks, as the proxy on this computer tells it; None where it is this computer itself.

    Of IPv6 it is the network, since one subscriber has all addresses of it.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if _is_here(told):
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if not told or _is_here(told):
        return None
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return None
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class SignInForm(AuthenticationForm):
    """Name and password; `wait_until` is set when too many attempts have failed."""

    wait_until: datetime | None = None

    def clean(self) -> dict[str, object]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return super().clean()
        address = address_of(self.request)
        self.wait_until = begin_attempt(name, address)
        if self.wait_until:
            raise forms.ValidationError(self.wait_sentence)
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            record_refusal(name, address)
            raise
        end_attempt(name, address)
        return cleaned

    @property
    def wait_sentence(self) -> str:
        until = timezone.localtime(self.wait_until)
        moment = time_format(until.replace(second=0) + timedelta(minutes=1), "H:i")
        return _(
            "Too many attempts have failed, so none is taken before %(time)s. If they were not yours, tell whoever "
            "cares for this site."
        ) % {"time": moment}


class SignIn(LoginView):
    """The sign-in page; 429 while no attempt is taken."""

    form_class = SignInForm
    template_name = "accounts/login.html"

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        answer = super().form_invalid(form)
        if form.wait_until:
            answer.status_code = 429
            answer["Retry-After"] = str(max(1, round((form.wait_until - timezone.now()).total_seconds())))
        return answer
