"""The province's own login: a local stand-in of an OpenID Connect server, and who comes in by it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from people import signed_in
from quantri.web.accounts.models import User
from quantri.web.core.models import AuditEntry

START, BACK = "/account/oidc/province/login/", "/account/oidc/province/login/callback/"


class StandIn(BaseHTTPRequestHandler):
    """An OpenID Connect server that vouches for whomever the test names."""

    claims: dict[str, object] = {}  # noqa: RUF012 the test sets it

    def do_GET(self):
        here = f"http://127.0.0.1:{self.server.server_port}"
        if self.path.endswith("openid-configuration"):
            self.answer({
                "issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token",
                "userinfo_endpoint": f"{here}/userinfo", "jwks_uri": f"{here}/keys",
            })  # fmt: skip
        else:
            self.answer(type(self).claims)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "token", "token_type": "Bearer", "expires_in": 60})

    def answer(self, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(settings):
    with ThreadingHTTPServer(("127.0.0.1", 0), StandIn) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        app = {"provider_id": "province", "name": "Đăng nhập tỉnh", "client_id": "quantri", "secret": "s"}
        app["settings"] = {"server_url": f"http://127.0.0.1:{running.server_port}"}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
        yield running
        running.shutdown()
        thread.join(timeout=5)


@pytest.fixture
def person(coordinator) -> User:
    User.objects.filter(pk=coordinator.pk).update(email="dieuphoi@example.vn")
    return coordinator


def come_in(client: Client, process: str = "", **claims: object):
    """Go to the province's login and come back, vouched for with the claims."""
    StandIn.claims = {"sub": "1", "email": "DieuPhoi@example.vn", "email_verified": True} | claims
    there = client.post(START + process)
    asked = parse_qs(urlsplit(there["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["redirect_uri"] == [f"http://testserver{BACK}"]
    return client.get(BACK, {"code": "code", "state": asked["state"][0]})


def test_an_invited_person_comes_in_by_the_address_that_the_province_vouches_for(client, server, person):
    assert come_in(client)["Location"] == "/start/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert SocialAccount.objects.get().user == person
    assert AuditEntry.objects.get(action="province_login.connected").subject_key == str(person.pk)


def test_who_came_in_once_is_known_by_the_provinces_key_and_no_longer_by_the_address(server, person):
    come_in(Client())
    client = Client()
    assert come_in(client, email="another@example.vn", email_verified=False)["Location"] == "/start/"
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    "claims",
    [{"email": "nobody@example.vn"}, {"email_verified": False}, {"email": ""}, {"email": None}, {"email": "x" * 400},
     {"email": "", "preferred_username": "coordinator"}],
)  # fmt: skip
def test_without_a_matching_account_nobody_comes_in_and_nothing_is_made(client, server, person, claims):
    n = User.objects.count()
    answer = come_in(client, **claims)
    assert answer.status_code == 403 and 'role="alert"' in answer.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (n, 0)
    assert "_auth_user_id" not in client.session


def test_an_address_that_two_accounts_have_opens_neither(client, server, person, leader):
    User.objects.filter(pk=leader.pk).update(email="dieuphoi@example.vn")
    assert come_in(client).status_code == 403


def test_an_account_that_has_ended_does_not_come_in(server, person):
    come_in(Client())
    User.objects.filter(pk=person.pk).update(is_active=False)
    client = Client()
    page = client.get(come_in(client)["Location"])
    assert page.status_code == 200 and 'role="alert"' in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_signed_in_person_connects_the_own_account(server, leader):
    client = signed_in(leader)
    assert come_in(client, "?process=connect", sub="9", email="other@example.vn")["Location"] == "/account/"
    assert SocialAccount.objects.get(uid="9").user == leader


@pytest.mark.parametrize("query", [{}, {"code": "x"}, {"code": "x", "state": "made-up"}, {"error": "access_denied"}])
def test_a_return_that_was_not_asked_for_opens_nothing(client, server, person, query):
    answer = client.get(BACK, query, follow=True)
    assert answer.status_code in (200, 401, 403) and "_auth_user_id" not in client.session
    assert '<html lang="vi">' in answer.content.decode()


@pytest.mark.parametrize("claims", [{"sub": None}, {"sub": ["1"]}, {"email": 7}, {"email": ["x@example.vn"]}])
def test_a_server_that_answers_nonsense_opens_nothing(client, server, person, claims):
    answer = come_in(client, **claims)
    assert answer.status_code in (403, 502) and "_auth_user_id" not in client.session


def test_a_server_that_is_down_is_told_in_a_sentence(client, server, person):
    server.shutdown()
    server.server_close()
    answer = client.post(START)
    assert "_auth_user_id" not in client.session
    assert 'role="alert"' in answer.content.decode()


def test_the_sign_in_page_offers_it_by_its_name_and_only_a_form_starts_it(client, server, db):
    assert "Đăng nhập tỉnh" in client.get("/account/login/").content.decode()
    assert client.get(START).status_code == 200


def test_without_settings_there_is_no_such_login(client, db):
    assert START not in client.get("/account/login/").content.decode()
    assert client.post(START).status_code == 404
