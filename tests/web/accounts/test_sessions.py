"""One's own account: password and sessions."""

import pytest
from django.test import Client

from people import make_user, signed_in
from quantri.web.accounts.models import Role

LOGIN, MINE, SESSIONS, PASSWORD = "/account/login/", "/account/", "/account/sessions/", "/account/password/"


def at_a_place(user, browser: str = "Firefox") -> Client:
    client = Client(headers={"User-Agent": browser, "X-Forwarded-For": "203.0.113.9"})
    client.post(LOGIN, {"username": user.username, "password": "p" * 12})
    return client


@pytest.fixture
def officer(agency):
    return make_user(agency, Role.OFFICER, "officer")


def test_a_person_sees_the_own_sessions_and_ends_the_others(officer, coordinator):
    here, there, other = at_a_place(officer), at_a_place(officer, "Telephone"), at_a_place(coordinator)
    page = here.get(SESSIONS).content.decode()
    assert "Telephone" in page and page.count("203.0.113.9") == 2
    assert here.post(SESSIONS).status_code == 302
    assert here.get(MINE).status_code == 200
    assert there.get(MINE).status_code == 302
    assert other.get(MINE).status_code == 200


def test_a_known_browser_is_shown_by_its_name_and_its_system(officer):
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
    assert ">Chrome, Android</span>" in at_a_place(officer, agent).get(SESSIONS).content.decode()


def test_a_browser_that_names_itself_in_code_is_shown_as_text(officer):
    client = at_a_place(officer, "<script>alert(1)</script>")
    assert "<script>alert" not in client.get(SESSIONS).content.decode()


@pytest.mark.parametrize(
    ("new", "works"),
    [("a-good-long-sentence", True), ("short", False), ("qwertyuiop123", False), ("1234567890123", False),
     ("officer12345", False)],
)  # fmt: skip
def test_a_new_password_is_long_and_not_a_common_one(officer, new, works):
    client = at_a_place(officer)
    client.post(PASSWORD, {"oldpassword": "p" * 12, "password1": new, "password2": new})
    officer.refresh_from_db()
    assert officer.check_password(new) == works


def test_a_new_password_needs_the_present_one_and_is_typed_twice(officer):
    client = at_a_place(officer)
    page = client.post(PASSWORD, {"oldpassword": "x", "password1": "a" * 13, "password2": "b" * 13}).content.decode()
    assert page.count('<li><a href="#id_') == 2
    officer.refresh_from_db()
    assert officer.check_password("p" * 12)


def test_many_attempts_to_change_the_password_are_told_to_wait_in_the_readers_language(officer):
    client = at_a_place(officer)
    answers = [client.post(PASSWORD, {"oldpassword": "x"}) for _ in range(6)]
    assert answers[-1].status_code == 429 and '<html lang="vi">' in answers[-1].content.decode()


@pytest.mark.parametrize("address", [MINE, SESSIONS, PASSWORD, "/account/second-factor/"])
def test_pages_of_the_own_account_need_a_sign_in(client, officer, address):
    assert client.get(address)["Location"].startswith(LOGIN)
    assert signed_in(officer).get(address).status_code == 200


def test_the_account_page_tells_the_roles_of_today(officer, agency):
    assert agency.name_vi in signed_in(officer).get(MINE).content.decode()
    officer.memberships.update(valid_from="2020-01-01", valid_to="2020-02-01")
    page = signed_in(officer).get(MINE).content.decode()
    assert agency.name_vi not in page and "/account/invitation/" in page
