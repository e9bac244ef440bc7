"""Invitations: one code, one use, for whom it was meant, and as long as it holds."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.agencies import add_agency, end_agency
from quantri.web.accounts.invitations import (
    Invited,
    accept_with_new_account,
    accept_with_own_account,
    invite,
    invite_back,
    invite_many,
    printed_code,
    withdraw,
)
from quantri.web.accounts.models import Agency, Invitation, Membership, Role, User
from quantri.web.core import codes
from quantri.web.core.models import AuditEntry

ENTRY = "/account/invitation/"
NEW = {
    "full_name": "Cán bộ mới",
    "username": "moi",
    "password": "a-good-long-sentence",
    "again": "a-good-long-sentence",
}
OFFICER = Invited(role=Role.OFFICER)


@pytest.fixture
def commune(province) -> Agency:
    return add_agency(province, "UBND xã Châu Phú", by=SYSTEM, kind=Agency.Kind.PEOPLE_COMMITTEE)


@pytest.fixture
def administrator(commune) -> User:
    return make_user(commune, Role.ADMINISTRATOR, "administrator")


@pytest.fixture
def invitation(commune, coordinator) -> Invitation:
    return invite(commune, Invited(role=Role.OFFICER, full_name="Cán bộ mới", email="moi@example.vn"), by=coordinator)


def entered(code: str, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(ENTRY, {"code": code})
    return client


def test_an_invited_person_opens_an_account_by_the_printed_code(invitation, commune):
    client = entered(codes.shown(printed_code(invitation)).lower())
    page = client.get(ENTRY).content.decode()
    assert "UBND xã Châu Phú" in page and 'value="Cán bộ mới"' in page
    assert client.post(ENTRY, NEW)["Location"] == "/account/login/"
    user = User.objects.get(username="moi")
    assert (user.full_name, user.email) == ("Cán bộ mới", "moi@example.vn")
    assert set(user.agencies(Role.OFFICER)) == {commune}
    invitation.refresh_from_db()
    assert invitation.used_by == user
    assert AuditEntry.objects.get(action="member.added", actor_key=str(user.pk)).details["invitation"] == invitation.pk
    assert Client().post("/account/login/", {"username": "moi", "password": NEW["password"]}).status_code == 302


def test_the_link_takes_the_code_out_of_the_address(client, invitation):
    answer = client.get(f"{ENTRY}{printed_code(invitation)}/")
    assert answer["Location"] == ENTRY
    assert "UBND xã Châu Phú" in client.get(ENTRY).content.decode()


def test_the_database_alone_does_not_tell_the_code(invitation, settings):
    code = printed_code(invitation)
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert code not in str(row) and codes.shown(code) not in str(row)
    settings.SECRET_KEY = "of somebody else" * 4
    assert printed_code(invitation) != code


def test_all_that_opens_nothing_says_the_same(invitation, commune, coordinator):
    used, late, back, gone = (invite(commune, OFFICER, by=coordinator) for _ in range(4))
    accept_with_new_account(printed_code(used), username="a", password="p" * 12, full_name="A")
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    withdraw(back, by=coordinator)
    body = "".join(reversed(printed_code(gone)[:-1]))
    pages = [
        re.sub(r'csrfmiddlewaretoken" value="\w+"|value="[0-9A-Z]{13}"', "", entered(code).get(ENTRY).content.decode())
        for code in (printed_code(used), printed_code(late), printed_code(back), body + codes.check_sign(body))
    ]
    assert len(set(pages)) == 1 and 'role="alert"' in pages[0]
    assert User.objects.filter(username="a").count() == 1


@pytest.mark.parametrize("typed", ["", "X", "A" * 300, "<script>", "\x00", "٣" * 13, "AAAA-AAAA-AAAA-B"])
def test_a_mistyped_code_is_said_to_be_mistyped(db, typed):
    answer = entered(typed).get(ENTRY)
    assert answer.status_code == 422 and 'href="#id_code"' in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_many_wrong_codes_make_the_address_wait(invitation):
    for n in range(31):
        body = f"{n:012d}".translate(str.maketrans("IOLU", "0000"))
        client = Client(headers={"X-Forwarded-For": "203.0.113.7"})
        entered(body + codes.check_sign(body), client).get(ENTRY)
    client = Client(headers={"X-Forwarded-For": "203.0.113.7"})
    assert entered(printed_code(invitation), client).get(ENTRY).status_code == 422
    assert entered(printed_code(invitation)).get(ENTRY).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [({"username": "coordinator"}, "username"), ({"username": "COORDINATOR"}, "username"),
     ({"username": "a b"}, "username"),
     ({"password": "short", "again": "short"}, "password"), ({"again": "something-else"}, "again"),
     ({"full_name": " "}, "full_name"), ({"username": "\x00"}, "username")],
)  # fmt: skip
def test_a_fault_keeps_what_was_typed_and_the_code(invitation, change, field):
    client = entered(printed_code(invitation))
    answer = client.post(ENTRY, NEW | change)
    page = answer.content.decode()
    assert answer.status_code == 422 and f'href="#id_{field}"' in page
    assert field == "username" or 'value="moi"' in page
    assert client.post(ENTRY, NEW | {"username": "moi2"}).status_code == 302


def test_somebody_who_is_signed_in_adds_the_role_to_the_own_account(invitation, outsider, commune):
    client = entered(printed_code(invitation), signed_in(outsider))
    assert "outsider" in client.get(ENTRY).content.decode()
    assert client.post(ENTRY)["Location"] == "/account/"
    assert set(outsider.agencies(Role.OFFICER)) == {commune}
    assert entered(printed_code(invitation)).get(ENTRY).status_code == 422


def test_nobody_takes_an_own_invitation(invitation, coordinator):
    assert entered(printed_code(invitation), signed_in(coordinator)).post(ENTRY).status_code == 409
    with pytest.raises(RuleViolation):
        accept_with_own_account(printed_code(invitation), by=coordinator)
    assert not coordinator.memberships.filter(role=Role.OFFICER).exists()


def test_a_role_that_one_has_is_not_given_twice_and_the_code_stays_open(invitation, commune, coordinator):
    officer = make_user(commune, Role.OFFICER, "officer")
    with pytest.raises(RuleViolation):
        accept_with_own_account(printed_code(invitation), by=officer)
    invitation.refresh_from_db()
    assert invitation.used_at is None


def test_an_invitation_into_an_agency_that_has_ended_opens_nothing(invitation, commune):
    end_agency(commune, by=SYSTEM, on=timezone.localdate())
    assert entered(printed_code(invitation)).get(ENTRY).status_code == 422


@pytest.mark.parametrize("role", Role)
def test_an_administrator_gives_roles_of_the_own_agency_only(administrator, commune, agency, role):
    if role in (Role.OFFICER, Role.ADMINISTRATOR):
        assert invite(commune, Invited(role=role), by=administrator).role == role
    else:
        with pytest.raises(PermissionDenied):
            invite(commune, Invited(role=role), by=administrator)
    with pytest.raises(PermissionDenied):
        invite(agency, Invited(role=role), by=administrator)


def test_an_administrator_does_not_give_more_than_the_own_reach(administrator, commune, province):
    invite(commune, Invited(role=Role.OFFICER, with_subtree=True), by=administrator)  # nothing stands below yet
    add_agency(province, "Văn phòng", by=SYSTEM, parent=commune)
    with pytest.raises(PermissionDenied):
        invite(commune, Invited(role=Role.OFFICER, with_subtree=True), by=administrator)
    administrator.memberships.update(with_subtree=True)
    invite(commune, Invited(role=Role.OFFICER, with_subtree=True), by=administrator)


@pytest.mark.parametrize("role", [Role.LEADER, Role.OFFICER, Role.OVERSEER, Role.ANALYST])
def test_other_roles_invite_nobody(commune, role):
    user = make_user(commune, role, "someone")
    with pytest.raises(PermissionDenied):
        invite(commune, OFFICER, by=user)
    assert signed_in(user).post(f"/agencies/{commune.pk}/invite/", {"role": "officer"}).status_code == 403


def test_all_communes_are_invited_at_once_with_one_entry_and_one_sheet(province, coordinator):
    made = [
        add_agency(province, f"UBND xã số {n}", by=SYSTEM, kind=Agency.Kind.PEOPLE_COMMITTEE) for n in range(102)
    ]  # fmt: skip
    make_user(made[0], Role.OFFICER, "there-already")
    client = signed_in(coordinator)
    answer = client.post("/agencies/invite/", {"role": "officer", "kind": "people_committee"})
    page = client.get(answer["Location"]).content.decode()
    assert page.count('class="tile slip"') == 101 and page.count("<svg") == 102  # and the site's own mark
    assert "style=" not in page
    entry = AuditEntry.objects.get(action="invitations.made")
    assert len(entry.details["agencies"]) == 101
    assert client.post("/agencies/invite/", {"role": "officer", "kind": "people_committee"}).status_code == 422


def test_an_invitation_by_mail_shows_a_letter_to_send(invitation, coordinator):
    page = signed_in(coordinator).get(f"/agencies/invitations/?id={invitation.pk}").content.decode()
    assert "moi@example.vn" in page and f"http://testserver{ENTRY}{printed_code(invitation)}/" in page


def test_codes_are_shown_to_their_maker_alone(invitation, administrator, coordinator, outsider):
    for user, n in ((administrator, 0), (outsider, 0), (coordinator, 1)):
        page = signed_in(user).get("/agencies/invitations/?id=x&from=-1&to=99999999999999999999").content.decode()
        assert page.count(codes.shown(printed_code(invitation))) == n


def test_an_invitation_is_taken_back_once(invitation, coordinator, outsider):
    address = f"/agencies/invitations/{invitation.pk}/withdraw/"
    assert signed_in(outsider).post(address).status_code == 404
    assert signed_in(coordinator).get(address).status_code == 405
    assert signed_in(coordinator).post(address).status_code == 302
    assert signed_in(coordinator).post(address).status_code == 409
    with pytest.raises(RuleViolation):
        accept_with_new_account(printed_code(invitation), username="x", password="p" * 12, full_name="X")


def test_a_form_that_is_sent_twice_invites_once(commune, coordinator):
    client, form = signed_in(coordinator), {"role": "officer", "form_key": "k", "full_name": "A"}
    first, second = (client.post(f"/agencies/{commune.pk}/invite/", form) for _ in range(2))
    assert first["Location"] == second["Location"] and Invitation.objects.count() == 1


def test_a_lost_password_is_renewed_by_a_code_that_ends_every_session(commune, administrator):
    officer = make_user(commune, Role.OFFICER, "officer")
    there = Client()
    there.post("/account/login/", {"username": "officer", "password": "p" * 12})
    old, new = (invite_back(officer.memberships.get(), by=administrator) for _ in range(2))
    assert there.get("/account/").status_code == 302
    assert entered(printed_code(old)).get(ENTRY).status_code == 422  # only the last one holds
    client = entered(printed_code(new))
    assert "officer" in client.get(ENTRY).content.decode()
    words = {"password": "another-good-sentence", "again": "another-good-sentence"}
    assert client.post(ENTRY, words)["Location"] == "/account/login/"
    officer.refresh_from_db()
    assert officer.check_password("another-good-sentence") and Membership.objects.filter(user=officer).count() == 1


def test_an_administrator_opens_no_account_whose_roles_the_own_reach_does_not_cover(commune, administrator, agency):
    above = make_user(commune, Role.LEADER, "leader")
    both = make_user(commune, Role.OFFICER, "both")
    Membership.objects.create(user=both, agency=agency, role=Role.OFFICER, valid_from="2020-01-01")
    for user in (above, both):
        with pytest.raises(PermissionDenied):
            invite_back(user.memberships.filter(agency=commune).get(), by=administrator)
    with pytest.raises(RuleViolation):
        invite_back(administrator.memberships.get(), by=administrator)


def test_a_renewal_is_no_way_to_a_new_account(commune, administrator):
    made = invite_back(make_user(commune, Role.OFFICER, "officer").memberships.get(), by=administrator)
    with pytest.raises(RuleViolation):
        accept_with_new_account(printed_code(made), username="x", password="p" * 12, full_name="X")
    with pytest.raises(RuleViolation):
        accept_with_own_account(printed_code(made), by=administrator)


def test_inviting_nobody_leaves_no_trace(coordinator):
    assert invite_many([], Role.OFFICER, by=coordinator) == []
    assert not AuditEntry.objects.filter(action="invitations.made").exists()
