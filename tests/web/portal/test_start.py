"""After signing in a person is where the work of the role is."""

import pytest
from django.urls import reverse

from people import SYSTEM, signed_in
from quantri.web.accounts.actions import ensure_agency


@pytest.mark.parametrize(
    ("person", "page"),
    [
        ("coordinator", "followup:follow"), ("leader", "followup:lead"), ("officer", "work:mine"),
        ("overseer", "portal:home"), ("administrator", "portal:home"), ("former", "portal:home"),
    ],
)  # fmt: skip
def test_each_role_begins_where_its_work_is(person, page, request, db):
    answer = signed_in(request.getfixturevalue(person)).get(reverse("portal:start"))
    assert answer.status_code == 302 and answer.url == reverse(page)


def test_a_visitor_begins_at_the_public_page(db, client):
    assert client.get(reverse("portal:start")).url == reverse("portal:home")


def test_who_holds_two_roles_begins_with_the_coordinators_page(coordinator, province):
    coordinator.memberships.create(
        agency=ensure_agency(province, "Thanh tra tỉnh", by=SYSTEM), role="officer", valid_from="2020-01-01"
    )
    assert signed_in(coordinator).get(reverse("portal:start")).url == reverse("followup:follow")


def test_signing_in_leads_there(officer, client):
    typed = {"login": "officer", "username": "officer", "password": "p" * 12}
    answer = client.post(reverse("account_login"), typed, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("work:mine")


def test_nothing_is_sent_to_the_start(client, db):
    assert client.post(reverse("portal:start")).status_code == 405
