"""A letter goes out once: whoever asks twice, whatever the mail server says, and whenever two carry at once."""

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from quantri.errors import RuleViolation
from quantri.web.core import outbox
from quantri.web.core.mail import Carrier, MailServer
from quantri.web.core.models import AuditEntry, Message
from smtp_stand_in import StandIn

State = Message.State
KEYS = itertools.count()


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def carrier(server) -> Carrier:
    return Carrier(MailServer.parse(server.address), "Quantri <quantri@papi.example.vn>")


def letter(person, key: str = "reminder:1", **facts) -> Message:
    words = {"subject": "Nhắc việc", "body": "Còn 3 ngày làm việc.", "address": "officer@example.vn"}
    return outbox.post(key=key, recipient=person, **words | facts)


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_letter_arrives_with_its_words_and_a_name_that_its_key_gives(coordinator, carrier, server):
    message = letter(coordinator, link="https://papi.example.vn/plans/1/")
    assert outbox.send_due(timezone.now(), carrier) == 1
    assert state_of(message) == State.SENT
    [taken] = server.letters
    assert taken["Subject"] == "Nhắc việc" and "3 ngày làm việc" in taken.get_content()
    assert "https://papi.example.vn/plans/1/" in taken.get_content()
    assert taken["Message-ID"] == outbox.message_id("reminder:1", "papi.example.vn") == message.provider_id
    assert outbox.send_due(timezone.now(), carrier) == 0 and len(server.letters) == 1


def test_a_key_is_posted_once(coordinator):
    first, second = letter(coordinator), letter(coordinator, subject="Khác")
    assert first.pk == second.pk and Message.objects.get().subject == "Nhắc việc"


def test_many_are_posted_in_few_queries_and_once(coordinator, django_assert_max_num_queries):
    letters = [
        outbox.Letter(key=f"digest:{n}", recipient=coordinator, subject="s", body="b", address="a@b.vn")
        for n in range(600)
    ]
    letter(coordinator, "digest:1", subject="first")
    with django_assert_max_num_queries(40):
        outbox.post_all(letters)
        outbox.post_all(letters)
    assert Message.objects.count() == 600 and Message.objects.get(key="digest:1").subject == "first"


def test_an_action_that_is_undone_takes_its_letter_back(coordinator):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        letter(coordinator)
        raise ZeroDivisionError
    assert not Message.objects.exists()


def test_without_a_mail_server_letters_stay(coordinator, settings):
    settings.MAIL_URL = ""
    message = letter(coordinator)
    assert outbox.send_due(timezone.now()) == 0
    assert state_of(message) == State.WAITING


def test_a_letter_waits_for_its_hour(coordinator, carrier, server):
    now = timezone.now()
    letter(coordinator, not_before=now + timedelta(hours=1))
    assert outbox.send_due(now, carrier) == 0
    assert outbox.send_due(now + timedelta(hours=2), carrier) == 1


def test_a_letter_without_an_address_is_shown_as_given_up(coordinator):
    assert letter(coordinator, address="").state == State.GIVEN_UP


def test_a_server_that_is_down_for_a_day_loses_nothing(coordinator, carrier, server):
    messages = [letter(coordinator, f"k{n}") for n in range(3)]
    away = Carrier(MailServer.parse("smtp://127.0.0.1:1"), "quantri@papi.example.vn")
    now = timezone.now()
    for minute in range(0, 24 * 60, 30):
        outbox.send_due(now + timedelta(minutes=minute), away)
    assert {state_of(m) for m in messages} == {State.FAILED}
    assert messages[0].attempts < 12 and "refused" in messages[0].error.lower()
    assert outbox.send_due(now + timedelta(hours=31), carrier) == 3
    assert len(server.letters) == 3


def test_a_server_that_stays_away_is_given_up_after_days(coordinator, monkeypatch):
    message = letter(coordinator)
    away = Carrier(MailServer.parse("smtp://127.0.0.1:1"), "quantri@papi.example.vn")
    now = timezone.now()
    for n in range(outbox.MOST_ATTEMPTS):
        outbox.send_due(now + timedelta(hours=7 * n), away)
    assert state_of(message) == State.GIVEN_UP


def test_a_clock_set_back_by_a_year_does_no_harm(coordinator, carrier, server):
    message = letter(coordinator)
    away = Carrier(MailServer.parse("smtp://127.0.0.1:1"), "quantri@papi.example.vn")
    now = timezone.now()
    outbox.send_due(now + timedelta(days=365), away)
    assert state_of(message) == State.FAILED
    assert outbox.send_due(now, carrier) == 1
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    ("answer", "state"), [("550 no such person", State.GIVEN_UP), ("451 come again", State.FAILED)]
)
def test_a_refusal_is_told_from_a_request_to_come_again(coordinator, carrier, server, answer, state):
    message = letter(coordinator)
    server.answer_to_recipient = answer
    outbox.send_due(timezone.now(), carrier)
    assert state_of(message) == state and answer[4:] in message.error


def test_a_line_that_breaks_after_the_letter_leaves_it_uncertain_and_not_sent_again(coordinator, carrier, server):
    message = letter(coordinator)
    server.drops = True
    outbox.send_due(timezone.now(), carrier)
    server.drops = False
    outbox.send_due(timezone.now() + timedelta(days=2), carrier)
    assert state_of(message) == State.UNCERTAIN and len(server.letters) == 1


@pytest.mark.parametrize("address", ["a@b\r\nBcc: c@d", "không phải địa chỉ", "a@b, c@d", "@", "x" * 250 + "@b"])
def test_an_address_that_is_none_harms_nobody_else(coordinator, carrier, server, address):
    bad, good = letter(coordinator, "bad", address=address), letter(coordinator, "good")
    outbox.send_due(timezone.now(), carrier)
    assert state_of(good) == State.SENT
    assert [m for m in server.letters if "c@d" in str(m["Bcc"])] == []
    assert state_of(bad) in (State.GIVEN_UP, State.SENT, State.FAILED)


def test_a_subject_of_several_lines_becomes_one(coordinator, carrier, server):
    letter(coordinator, subject="Nhắc\r\nBcc: c@d")
    outbox.send_due(timezone.now(), carrier)
    assert server.letters[0]["Bcc"] is None and server.letters[0]["Subject"] == "Nhắc Bcc: c@d"


@given(order=st.permutations([0] * 4 + [1] * 4))
@how(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_carriers_that_meet_at_any_step_send_once(coordinator, order):
    """Each carrier is a row of steps, and the steps of both come in any order."""
    message = letter(coordinator, f"met:{next(KEYS)}")
    sent: list[int] = []

    def steps(who: int) -> Iterator[None]:
        now = timezone.now()
        outbox.put_back(now)
        yield
        token = outbox.claim(message.pk, now)
        yield
        mine = token and outbox.begin(message.pk, token)
        yield
        if mine:
            sent.append(who)
            outbox.mark_sent(message.pk, token, "x")
        yield

    carriers = [steps(0), steps(1)]
    for who in order:
        next(carriers[who])
    assert len(sent) == 1 and state_of(message) == State.SENT


def test_a_carrier_that_was_thought_dead_still_marks_its_letter(coordinator):
    message, now = letter(coordinator), timezone.now()
    token = outbox.claim(message.pk, now)
    outbox.begin(message.pk, token)
    outbox.put_back(now + timedelta(hours=1))
    assert state_of(message) == State.UNCERTAIN
    assert outbox.mark_sent(message.pk, token, "x") and state_of(message) == State.SENT


def test_a_person_decides_on_an_uncertain_letter_and_the_trail_tells(coordinator):
    message = letter(coordinator)
    Message.objects.update(state=State.UNCERTAIN)
    outbox.mark_arrived(message, by=coordinator)
    assert state_of(message) == State.SENT
    with pytest.raises(RuleViolation):
        outbox.retry(message, by=coordinator)
    entry = AuditEntry.objects.get(action="message.decided")
    assert entry.details == {"before": {"state": "uncertain"}, "after": {"state": "sent"}}


def test_a_notice_has_arrived_when_it_is_written_and_is_of_its_person_alone(coordinator, leader, carrier, server):
    notice = letter(coordinator, channel=Message.Channel.NOTICE)
    assert outbox.send_due(timezone.now(), carrier) == 0 and server.letters == []
    now = timezone.now()
    assert list(Message.objects.notices_of(coordinator, now)) == [notice]
    assert not Message.objects.notices_of(leader, now).exists()


@pytest.mark.parametrize("address", ["", "http://x", "smtp://", "mail.example.vn", "smtp:/x"])
def test_a_mail_server_that_is_none_is_refused(address):
    with pytest.raises(ValueError):
        MailServer.parse(address)


def test_a_mail_server_is_read_with_escaped_signs():
    server = MailServer.parse("smtps://a%40b:p%2Fw@mail.example.vn:2465")
    assert (server.username, server.password, server.host, server.port) == ("a@b", "p/w", "mail.example.vn", 2465)
