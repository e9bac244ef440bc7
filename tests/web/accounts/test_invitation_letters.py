"""Invitations go out as letters: once, with a code that only the letter holds, and with a state that is seen."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.web.accounts.agencies import add_agency, end_agency
from quantri.web.accounts.invitation_letters import post_letter
from quantri.web.accounts.invitations import (
    Invited,
    accept_with_new_account,
    invite,
    invite_back,
    invite_many,
    printed_code,
    withdraw,
)
from quantri.web.accounts.models import Agency, Invitation, Role
from quantri.web.core import codes, outbox
from quantri.web.core.mail import Carrier, MailServer
from quantri.web.core.models import AuditEntry, Message
from smtp_stand_in import StandIn

ADDRESS = "moi@example.vn"


@pytest.fixture
def commune(province) -> Agency:
    return add_agency(province, "UBND xã Châu Phú", by=SYSTEM, kind=Agency.Kind.PEOPLE_COMMITTEE)


@pytest.fixture
def invitation(commune, coordinator) -> Invitation:
    return invite(commune, Invited(role=Role.OFFICER, full_name="Cán bộ mới", email=ADDRESS), by=coordinator)


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def carrier(server) -> Carrier:
    return Carrier(MailServer.parse(server.address), "Quantri <quantri@papi.example.vn>")


def test_an_invited_person_gets_one_letter_whose_link_opens_the_account(invitation, carrier, server, settings):
    settings.ADDRESS = "https://papi.example.vn"
    for _n in range(2):
        outbox.send_due(timezone.now(), carrier)
    [letter] = server.letters
    link = f"https://papi.example.vn/account/invitation/{printed_code(invitation)}/"
    assert letter["To"] == ADDRESS and link in letter.get_content()
    client = Client()
    assert client.get(link.removeprefix("https://papi.example.vn"))["Location"] == "/account/invitation/"
    assert "UBND xã Châu Phú" in client.get("/account/invitation/").content.decode()


def test_the_letter_tells_neither_the_role_nor_who_is_meant(invitation, carrier, server):
    outbox.send_due(timezone.now(), carrier)
    text = server.letters[0].get_content() + server.letters[0]["Subject"]
    assert "UBND xã Châu Phú" in text and "Cán bộ mới" not in text and "coordinator" not in text
    assert invitation.get_role_display() not in text


def test_the_code_lies_in_no_row(invitation, carrier):
    code = printed_code(invitation)
    outbox.send_due(timezone.now(), carrier)
    kept = [str(vars(row)) for model in (Message, AuditEntry, Invitation) for row in model.objects.all()]
    assert Message.objects.get(address=ADDRESS).state == "sent"
    assert not any(form in row for row in kept for form in (code, codes.shown(code)))


def test_the_letter_is_written_once_and_with_its_invitation_alone(invitation, coordinator, commune, monkeypatch):
    post_letter(invitation)
    assert Message.objects.filter(address=ADDRESS).count() == 1

    def dies(made):
        raise SystemExit

    monkeypatch.setattr("quantri.web.accounts.invitations.post_letter", dies)
    with pytest.raises(SystemExit):
        invite(commune, Invited(role=Role.OFFICER, email="khac@example.vn"), by=coordinator)
    assert not Invitation.objects.filter(email="khac@example.vn").exists()


def taken_back(invitation, coordinator):
    withdraw(invitation, by=coordinator)


def used(invitation, coordinator):
    accept_with_new_account(printed_code(invitation), username="moi", password="p" * 12, full_name="X")


def too_old(invitation, coordinator):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())


def of_an_ended_agency(invitation, coordinator):
    end_agency(invitation.agency, on=timezone.localdate(), by=coordinator)


@pytest.mark.parametrize("happened", [taken_back, used, too_old, of_an_ended_agency])
def test_an_invitation_that_opens_nothing_any_more_is_not_sent(invitation, coordinator, carrier, server, happened):
    happened(invitation, coordinator)
    assert outbox.send_due(timezone.now(), carrier) == 0
    letter = Message.objects.get(address=ADDRESS)
    assert server.letters == [] and letter.state == "given_up" and "taken back" in letter.error


def test_without_an_address_or_for_a_lost_password_nothing_is_sent(commune, coordinator):
    invite(commune, Invited(role=Role.OFFICER), by=coordinator)
    invite_many([commune], Role.OFFICER, by=coordinator)
    officer = make_user(commune, Role.OFFICER, "officer")
    officer.email = "officer@example.vn"
    officer.save()
    invite_back(officer.memberships.get(), by=coordinator)
    assert not Message.objects.exists()


def test_how_far_the_letter_is_stands_on_the_slip_the_agency_s_page_and_in_the_outbox(invitation, coordinator, carrier):
    client = signed_in(coordinator)
    where = (f"/agencies/invitations/?id={invitation.pk}", f"/agencies/{invitation.agency_id}/", "/outbox/")
    assert all("đang chờ" in client.get(address).content.decode() for address in where)
    outbox.send_due(timezone.now(), carrier)
    assert all("đã gửi" in client.get(address).content.decode() for address in where)
    assert codes.shown(printed_code(invitation)) not in client.get("/outbox/").content.decode()


def test_another_province_sees_neither_letter_nor_state(invitation, outsider):
    assert ADDRESS not in signed_in(outsider).get("/outbox/").content.decode()


def test_links_of_other_letters_lead_to_the_site_too(coordinator, carrier, server, settings):
    settings.ADDRESS = "https://papi.example.vn"
    outbox.post(key="k", recipient=coordinator, subject="s", body="b", address="a@example.vn", link="/work/")
    outbox.send_due(timezone.now(), carrier)
    assert "https://papi.example.vn/work/" in server.letters[0].get_content()
