"""What a person may do is read once a page, and anew for each request and each action."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import signed_in
from quantri.web.accounts.models import Role


def asked_for_memberships(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return sum('"accounts_membership"."role" AS "role"' in query["sql"] for query in seen)


@pytest.mark.parametrize("address", ["/work/", "/audit/", "/outbox/", "/agencies/", "/plans/", "/follow/"])
def test_a_page_asks_once_what_its_reader_may_do(plan, coordinator, address):
    assert asked_for_memberships(signed_in(coordinator), address) == 1


def test_a_role_that_is_taken_away_is_gone_with_the_next_page(plan, coordinator):
    client = signed_in(coordinator)
    assert client.get("/follow/").status_code == 200
    coordinator.memberships.update(valid_to=timezone.localdate())
    assert client.get("/follow/").status_code == 403


def test_outside_of_a_page_nothing_is_remembered(plan, coordinator):
    assert coordinator.holds(plan.province_id, Role.COORDINATOR)
    coordinator.memberships.update(valid_to=timezone.localdate())
    assert not coordinator.holds(plan.province_id, Role.COORDINATOR)
    assert not coordinator.seats(*Role).exists() and not coordinator.agencies(*Role).exists()


def test_an_action_of_a_request_asks_anew(plan, coordinator):
    with CaptureQueriesContext(connection) as seen:
        signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/", {"title": "Việc"})
    assert sum('"accounts_membership"."role" AS "role"' in query["sql"] for query in seen) > 1
