"""Who came in, and what a person changed of the own password, second factor and sessions, stands in the trail."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from people import make_user
from quantri.web.accounts.at_the_door import watch
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry

LOGIN, ASKED = "/account/login/", "/account/second-factor/code/"
SET_UP = "/account/second-factor/application/"
REMOVE, CODES = f"{SET_UP}remove/", "/account/second-factor/codes/new/"
PASSWORD = "p" * 12


@pytest.fixture
def officer(agency):
    return make_user(agency, Role.OFFICER, "officer")


def come_in(user) -> Client:
    client = Client()
    client.post(LOGIN, {"username": user.username, "password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def told(user) -> list[str]:
    entries = AuditEntry.objects.filter(actor_key=str(user.pk), subject_key=str(user.pk)).order_by("number")
    return list(entries.values_list("action", flat=True))


def test_coming_in_and_going_out_are_told_once_each(officer):
    come_in(officer).post("/account/logout/")
    assert told(officer) == ["sign_in.succeeded", "sign_in.ended"]


def test_a_second_listener_does_not_write_twice(officer):
    watch()
    come_in(officer)
    assert told(officer) == ["sign_in.succeeded"]


def test_a_wrong_password_is_not_told_as_coming_in(officer):
    Client().post(LOGIN, {"username": officer.username, "password": "wrong"})
    assert told(officer) == []


def test_with_a_second_factor_only_the_right_code_is_coming_in(officer):
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    client = come_in(officer)
    assert told(officer) == []
    client.post(ASKED, {"code": code_of(secret)})
    assert told(officer) == ["sign_in.succeeded"]


def test_a_changed_password_is_told_without_the_password(officer):
    new = "a-good-long-sentence"
    come_in(officer).post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert told(officer)[-1] == "password.changed"
    assert new not in str(AuditEntry.objects.latest("number").details)


def test_a_second_factor_that_is_set_up_renewed_and_taken_away_is_told(officer, django_capture_on_commit_callbacks):
    client = come_in(officer)
    client.post("/account/confirm/", {"password": PASSWORD})
    secret = re.search(r"<code>(\w{32})</code>", client.get(SET_UP).content.decode())[1]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SET_UP, {"code": code_of(secret)})
    assert Authenticator.objects.filter(user=officer, type="totp").exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(CODES)
    client.post(REMOVE)
    assert [action for action in told(officer) if action.startswith("factor")] == [
        "factor.added",
        "factor.renewed",
        "factor.removed",
    ]
    assert secret not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_ended_sessions_are_told_in_one_entry_with_their_number(officer):
    here, _, _ = come_in(officer), come_in(officer), come_in(officer)
    here.post("/account/sessions/")
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.details["sessions"]) == ("sessions.ended", 2)


def test_neither_address_nor_browser_is_written_down(officer):
    client = Client(headers={"User-Agent": "Telephone", "X-Forwarded-For": "203.0.113.9"})
    client.post(LOGIN, {"username": officer.username, "password": PASSWORD})
    entry = AuditEntry.objects.get(action="sign_in.succeeded")
    assert "Telephone" not in str(vars(entry)) and "203.0.113" not in str(vars(entry))
