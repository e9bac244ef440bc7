"""Letters and notices on screen: staff decide on letters of their province, each person reads their own notices."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import make_user, signed_in
from quantri.web.accounts.models import Role
from quantri.web.core import outbox
from quantri.web.core.models import Message, Tick

NOTICE = Message.Channel.NOTICE


def letter(person, key="k", **facts) -> Message:
    words = {"subject": "Nhắc việc", "body": "Bí mật: mã 123", "address": "officer@example.vn", "scope": "vn34-91"}
    return outbox.post(key=key, recipient=person, **words | facts)


@pytest.fixture
def officer(agency):
    return make_user(agency, Role.OFFICER, "officer")


@pytest.fixture
def uncertain(officer) -> Message:
    message = letter(officer)
    Message.objects.filter(pk=message.pk).update(state=Message.State.UNCERTAIN)
    return message


def decide(user, message, deed: str):
    return signed_in(user).post(f"/outbox/{message.pk}/{deed}/")


def test_staff_see_the_letters_of_their_province_without_their_text(uncertain, coordinator, outsider):
    shown = signed_in(coordinator).get("/outbox/").content.decode()
    assert "Nhắc việc" in shown and "mã 123" not in shown
    assert "Nhắc việc" not in signed_in(outsider).get("/outbox/").content.decode()
    assert "QUANTRI_MAIL_URL" in shown


@pytest.mark.parametrize(("deed", "state"), [("retry", "waiting"), ("give-up", "given_up"), ("arrived", "sent")])
def test_a_coordinator_decides_on_an_uncertain_letter(uncertain, coordinator, deed, state):
    assert decide(coordinator, uncertain, deed).status_code == 302
    uncertain.refresh_from_db()
    assert uncertain.state == state
    if state == "sent":
        assert decide(coordinator, uncertain, deed).status_code == 409


def test_nobody_else_decides(uncertain, officer, outsider):
    assert decide(None, uncertain, "retry").status_code == 302
    assert decide(outsider, uncertain, "retry").status_code == 404
    assert decide(officer, uncertain, "retry").status_code == 403
    uncertain.refresh_from_db()
    assert uncertain.state == "uncertain"


def test_an_unknown_deed_or_a_wrong_method_does_nothing(uncertain, coordinator):
    assert decide(coordinator, uncertain, "delete").status_code == 404
    assert signed_in(coordinator).get(f"/outbox/{uncertain.pk}/retry/").status_code == 405
    assert signed_in(coordinator).get("/outbox/?state='--").status_code == 200


def test_a_fault_of_regular_work_is_shown_to_the_homes_administrators(committee, coordinator):
    Tick.objects.create(name="quantri.web.core.timer.send_letters", fault="ValueError: broken")
    keeper = make_user(committee, Role.ADMINISTRATOR, "keeper")
    assert "ValueError: broken" in signed_in(keeper).get("/outbox/").content.decode()
    assert "ValueError: broken" not in signed_in(coordinator).get("/outbox/").content.decode()


def test_a_person_reads_their_own_notices_and_marks_them(officer, coordinator):
    notice = letter(officer, channel=NOTICE, link="/plans/")
    client = signed_in(officer)
    assert "(1)" in client.get("/notices/").content.decode()
    assert signed_in(coordinator).post(f"/notices/{notice.pk}/read/").status_code == 404
    assert "Nhắc việc" not in signed_in(coordinator).get("/notices/").content.decode()
    for _again in range(2):
        assert client.post(f"/notices/{notice.pk}/read/").status_code == 302
    assert "(1)" not in client.get("/notices/").content.decode()
    assert signed_in(None).get("/notices/").status_code == 302
    assert client.get(f"/notices/{notice.pk}/read/").status_code == 405


def test_all_notices_are_marked_at_once_and_only_ones_own(officer, coordinator):
    letter(officer, "a", channel=NOTICE), letter(officer, "b", channel=NOTICE)
    other = letter(coordinator, "c", channel=NOTICE)
    signed_in(officer).post("/notices/read/")
    assert Message.objects.filter(read_at=None).get() == other


@pytest.mark.parametrize("n", [3, 60])
def test_the_pages_cost_the_same_with_many_rows(officer, coordinator, n):
    for k in range(n):
        letter(officer, f"letter{k}"), letter(officer, f"notice{k}", channel=NOTICE)
    for user, address in ((coordinator, "/outbox/"), (officer, "/notices/")):
        client = signed_in(user)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
        assert len(seen) <= 20 and len(answer.context["rows"]) == min(n, 50)


def test_a_visitors_page_asks_for_no_notice(client, db):
    client.get("/method/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/method/")
    assert not [q for q in seen if "core_message" in q["sql"]]
