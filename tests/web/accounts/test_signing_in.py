"""Signing in: wrong passwords make the next attempt wait, for the name and for the address."""

import re
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from quantri.web.accounts.models import User
from quantri.web.accounts.signing_in import ADDRESS, NAME, address_of, wait_sentence
from quantri.web.core.models import AuditEntry, FailedAttempts

LOGIN = "/account/login/"
WRONG = "wrong"


def attempt(client, name: str, password: str = WRONG, address: str = "203.0.113.7"):
    return client.post(LOGIN, {"username": name, "password": password}, headers={"X-Forwarded-For": address})


def same(page: str, name: str) -> str:
    """Leave out what differs from request to request: the name, the form's token and the time."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|\d\d:\d\d', "", page).replace(name, "NAME")


def pass_time(seconds: int) -> None:
    for row in FailedAttempts.objects.all():
        FailedAttempts.objects.filter(pk=row.pk).update(last_at=row.last_at - timedelta(seconds=seconds))


def test_the_wait_doubles_with_each_failure_up_to_a_quarter_of_an_hour():
    seconds = [int(NAME.wait(n).total_seconds()) for n in (4, 5, 6, 7, 9, 10, 1000)]
    assert seconds == [0, 30, 60, 120, 480, 900, 900]


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client, coordinator):
    assert [attempt(client, "coordinator").status_code for _ in range(5)] == [200] * 5
    answer = attempt(client, "coordinator", "p" * 12)
    assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 30
    assert 'role="alert"' in answer.content.decode() and 'value="coordinator"' in answer.content.decode()
    pass_time(31)
    assert attempt(client, "coordinator", "p" * 12).status_code == 302
    assert not FailedAttempts.objects.filter(key=NAME.key("coordinator")).exists()


def test_a_refusal_does_not_tell_whether_the_account_exists(client, coordinator):
    pages = []
    for name in ("coordinator", "nobody"):
        answers = [attempt(client, name) for _ in range(6)]
        pages.append([(a.status_code, same(a.content.decode(), name)) for a in answers])
    assert pages[0] == pages[1]


def test_one_address_cannot_try_many_names(client, coordinator):
    for n in range(ADDRESS.free):
        attempt(client, f"name-{n}")
    assert attempt(client, "coordinator", "p" * 12).status_code == 429
    assert attempt(client, "coordinator", "p" * 12, address="203.0.113.8").status_code == 302


def test_those_who_come_in_do_not_use_up_the_patience_with_their_address(client, coordinator):
    for _ in range(ADDRESS.free + 5):
        assert attempt(Client(), "coordinator", "p" * 12).status_code == 302
    assert FailedAttempts.objects.get(key=ADDRESS.key("203.0.113.7")).failures == 0


def test_attempts_while_one_waits_do_not_make_the_wait_longer(client, coordinator):
    for _ in range(9):
        attempt(client, "coordinator")
    assert FailedAttempts.objects.get(key=NAME.key("coordinator")).failures == 5


def test_failures_are_forgotten_after_a_day(client, coordinator):
    for _ in range(5):
        attempt(client, "coordinator")
    pass_time(25 * 3600)
    attempt(client, "coordinator")
    assert FailedAttempts.objects.get(key=NAME.key("coordinator")).failures == 1


def test_each_delay_is_in_the_audit_trail_without_the_name_that_was_typed(client, coordinator):
    for _ in range(5):
        attempt(client, "a-password-in-the-wrong-field")
    entry = AuditEntry.objects.get(action="sign_in.delayed")
    assert entry.details == {"failures": 5, "seconds": 30} and entry.actor_name == "sign-in"
    assert "a-password" not in entry.subject_name


def test_a_success_after_four_failures_leaves_no_trace_of_a_delay(client, coordinator):
    for _ in range(4):
        attempt(client, "coordinator")
    assert attempt(client, "coordinator", "p" * 12).status_code == 302
    assert not AuditEntry.objects.filter(action="sign_in.delayed").exists()


def test_a_form_that_is_not_filled_in_counts_for_nothing(client, db):
    client.post(LOGIN, {"username": "coordinator", "password": ""})
    assert FailedAttempts.objects.count() == 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # only the proxy on this computer is believed
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "", None),
        ("127.0.0.1", "127.0.0.1", None),
        ("127.0.0.1", "made up", None),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "", None),
    ],
)
def test_the_address_is_the_one_that_the_proxy_of_this_computer_tells(peer, forwarded, found):
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == found


def test_the_sentence_names_a_moment_after_the_wait(db):
    until = timezone.now() + timedelta(minutes=2)
    assert timezone.localtime(until + timedelta(minutes=1)).strftime("%H:%M") in wait_sentence(until)


def test_the_session_gets_another_name_at_the_sign_in(client, coordinator):
    client.post("/account/invitation/", {"code": "X"})
    before = client.session.session_key
    attempt(client, "coordinator", "p" * 12)
    assert before and client.session.session_key != before
    assert client.session["_auth_user_id"] == str(coordinator.pk)


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_sign_in_leads_to_no_other_site(client, coordinator, address):
    answer = client.post(LOGIN, {"username": "coordinator", "password": "p" * 12, "next": address})
    assert answer.status_code == 302 and answer["Location"] == "/start/"


def test_a_sign_in_leads_where_one_wanted_to_go(client, coordinator):
    page = client.get("/agencies/", follow=True)
    assert 'name="next" value="/agencies/"' in page.content.decode()
    answer = client.post(LOGIN, {"username": "coordinator", "password": "p" * 12, "next": "/agencies/"})
    assert answer["Location"] == "/agencies/"


def test_an_account_that_has_ended_is_refused_as_a_wrong_password_is(client, coordinator):
    pages = [attempt(client, "coordinator").content.decode()]
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    pages.append(attempt(client, "coordinator", "p" * 12).content.decode())
    assert same(pages[0], "X") == same(pages[1], "X")


def test_a_wrong_password_waits_on_the_page_that_confirms_too(client, coordinator):
    attempt(client, "coordinator", "p" * 12)
    answers = [client.post("/account/confirm/", {"password": WRONG}) for _ in range(6)]
    assert 'role="alert"' in answers[-1].content.decode()
    assert FailedAttempts.objects.get(key=NAME.key("coordinator")).failures == 5


def test_nobody_can_sign_up(client, db):
    for address in ("signup/", "social/signup/", "password/reset/", "email/"):
        assert client.get(f"/account/{address}").status_code == 404


def test_a_site_hashes_passwords_slowly_whatever_these_tests_do():
    from django.conf import global_settings

    from quantri.web import settings as site

    hashers = getattr(site, "PASSWORD_HASHERS", global_settings.PASSWORD_HASHERS)
    assert hashers[0] == "django.contrib.auth.hashers.PBKDF2PasswordHasher"
