"""The second factor: set up by those who need it, asked for at each sign-in, patient with wrong codes."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from people import make_user, signed_in
from quantri.web.accounts.models import Role
from quantri.web.accounts.second_factor import lacks_second_factor
from quantri.web.accounts.signing_in import CODE
from quantri.web.core.models import FailedAttempts

LOGIN, SET_UP, ASKED = "/account/login/", "/account/second-factor/application/", "/account/second-factor/code/"
PASSWORD = {"password": "p" * 12}


@pytest.fixture
def real_site(settings):
    settings.DEMO = False


@pytest.fixture
def secret(coordinator) -> str:
    made = generate_totp_secret()
    TOTP.activate(coordinator, made)
    return made


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def signed_in_by_form(user) -> Client:
    client = Client()
    assert client.post(LOGIN, {"username": user.username} | PASSWORD).status_code == 302
    return client


@pytest.mark.parametrize("role", Role)
def test_who_may_publish_or_sees_people_needs_a_second_factor(agency, role, real_site):
    user = make_user(agency, role, "someone")
    answer = signed_in(user).get("/agencies/")
    if role in (Role.LEADER, Role.ADMINISTRATOR, Role.COORDINATOR):
        assert (answer.status_code, answer["Location"]) == (302, SET_UP)
    else:
        assert answer.status_code == 200
    assert lacks_second_factor(user) == (answer.status_code == 302)


def test_a_demonstration_asks_for_no_second_factor(coordinator):
    assert signed_in(coordinator).get("/agencies/").status_code == 200


def test_a_form_that_is_sent_without_a_second_factor_does_nothing(coordinator, agency, real_site):
    answer = signed_in(coordinator).post("/agencies/new/", {"name_vi": "Sở Mới", "kind": "department"})
    assert answer["Location"] == SET_UP and not agency.province.agencies.filter(name_vi="Sở Mới").exists()


def test_a_person_sets_it_up_and_gets_recovery_codes(coordinator, real_site, django_capture_on_commit_callbacks):
    client = signed_in_by_form(coordinator)
    assert client.get(SET_UP)["Location"].startswith("/account/confirm/?next=")
    client.post("/account/confirm/", PASSWORD | {"next": SET_UP})
    page = client.get(SET_UP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page and "style=" not in page
    secret = re.search(r"<code>(\w{32})</code>", page)[1]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(SET_UP, {"code": code_of(secret)})
    assert answer["Location"] == "/account/second-factor/codes/"
    assert len(re.findall(r"<li><code>\w{8}</code></li>", client.get(answer["Location"]).content.decode())) == 10
    assert client.get("/agencies/").status_code == 200


def test_a_sign_in_is_not_done_before_the_code(coordinator, secret, real_site):
    client = signed_in_by_form(coordinator)
    assert "_auth_user_id" not in client.session
    assert client.get("/agencies/")["Location"].startswith(LOGIN)
    assert client.get(ASKED).status_code == 200
    assert client.post(ASKED, {"code": code_of(secret)}).status_code == 302
    assert client.get("/agencies/").status_code == 200


def test_a_code_works_once(coordinator, secret):
    first, second = signed_in_by_form(coordinator), signed_in_by_form(coordinator)
    code = code_of(secret)
    assert first.post(ASKED, {"code": code}).status_code == 302
    assert second.post(ASKED, {"code": code}).status_code == 200


def test_wrong_codes_wait_as_wrong_passwords_do(coordinator, secret):
    client = signed_in_by_form(coordinator)
    for _ in range(5):
        assert 'role="alert"' in client.post(ASKED, {"code": "x"}).content.decode()
    assert client.post(ASKED, {"code": code_of(secret)}).status_code == 200
    row = FailedAttempts.objects.get(key=CODE.key(str(coordinator.pk)))
    assert row.failures == 5
    FailedAttempts.objects.filter(pk=row.pk).update(last_at=row.last_at - timedelta(seconds=31))
    assert client.post(ASKED, {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize("code", ["", "0", "0" * 5000, "٣٤٥٦٧٨", "<b>", "\x00"])
def test_what_is_no_code_is_refused(coordinator, secret, code):
    client = signed_in_by_form(coordinator)
    assert client.post(ASKED, {"code": code}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_nobody_reaches_the_code_page_without_a_password(client, db):
    assert client.get(ASKED)["Location"] == LOGIN
    assert client.post(ASKED, {"code": "123456"})["Location"] == LOGIN


def test_it_is_removed_only_after_confirming_who_sits_there(coordinator, secret):
    client = signed_in(coordinator)
    away = "/account/second-factor/application/remove/"
    assert client.post(away)["Location"].startswith("/account/confirm/")
    assert Authenticator.objects.filter(user=coordinator).exists()
    client.post("/account/confirm/", PASSWORD)
    assert client.get(away).status_code == 200
    assert client.post(away).status_code == 302
    assert not Authenticator.objects.filter(user=coordinator).exists()
