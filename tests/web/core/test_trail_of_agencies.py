"""Of a province's trail and outbox the staff of an agency read what concerns that agency and those below it."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from people import SYSTEM, make_user, signed_in
from quantri.web.accounts.agencies import add_agency, place_agency
from quantri.web.accounts.models import Agency, Role
from quantri.web.core import audit, outbox
from quantri.web.core.models import AuditEntry, Message

COMMITTEE = Agency.Kind.PEOPLE_COMMITTEE


@pytest.fixture
def commune(province, committee) -> Agency:
    return add_agency(province, "UBND xã Tân Châu", by=SYSTEM, kind=COMMITTEE, parent=committee)


@pytest.fixture
def keeper(commune):
    """Who looks after the people of the commune."""
    return make_user(commune, Role.ADMINISTRATOR, "keeper")


@pytest.fixture
def clerk(commune):
    return make_user(commune, Role.OFFICER, "clerk")


def read(user, *, action: str) -> list[str]:
    return list(AuditEntry.objects.visible_to(user).filter(action=action).values_list("subject_name", flat=True))


def test_a_communes_administrator_reads_what_its_people_did_and_not_what_others_did(
    plan, keeper, clerk, coordinator, colleague
):
    for by in (clerk, coordinator, colleague):
        audit.record(f"plan.seen-by-{by}", plan, by=by)
    told = set(AuditEntry.objects.visible_to(keeper).values_list("action", flat=True))
    assert "plan.seen-by-clerk" in told and not told & {"plan.seen-by-coordinator", "plan.seen-by-colleague"}


def test_what_was_done_to_the_commune_and_its_people_is_told(keeper, clerk, commune, agency, coordinator):
    audit.record("agency.checked", commune, by=coordinator)
    audit.record("agency.checked", agency, by=coordinator)
    assert read(keeper, action="agency.checked") == [commune.name_vi]
    assert len(read(keeper, action="member.added")) == 2  # the clerk and the keeper


def test_an_act_counts_for_the_agency_of_its_day(plan, keeper, clerk, agency):
    clerk.memberships.update(valid_from=timezone.localdate() - timedelta(9), valid_to=timezone.localdate())
    audit.record("plan.seen", plan, by=clerk)  # on the day from which on the clerk is elsewhere
    assert read(keeper, action="plan.seen") == []


def test_those_below_count_where_the_membership_says_so(plan, committee, commune, clerk, province):
    above = add_agency(province, "Cụm", by=SYSTEM, parent=committee)
    commune.refresh_from_db()
    place_agency(commune, above, by=SYSTEM)
    user = make_user(above, Role.ADMINISTRATOR, "above")
    audit.record("plan.seen", plan, by=clerk)
    assert read(user, action="plan.seen") == []
    user.memberships.update(with_subtree=True)
    assert read(user, action="plan.seen") == [str(plan)]


def test_the_provinces_administrator_reads_all_of_the_province_and_nothing_of_another(
    plan, committee, clerk, coordinator, outsider
):
    user = make_user(committee, Role.ADMINISTRATOR, "of the province")
    for by in (clerk, coordinator):
        audit.record("plan.seen", plan, by=by)
    audit.record("agency.checked", outsider.memberships.get().agency, by=outsider)
    assert len(read(user, action="plan.seen")) == 2 and read(user, action="agency.checked") == []


def test_the_files_hold_what_the_page_holds(plan, keeper, clerk, coordinator):
    audit.record("plan.seen", plan, by=coordinator)
    audit.record("plan.seen", plan, by=clerk)
    sheet = load_workbook(io.BytesIO(signed_in(keeper).get("/audit/table.xlsx").content))["Quantri"]
    assert {row[2] for row in list(sheet.values)[1:] if row[8]} == {"clerk", "tests"}
    assert "coordinator" not in signed_in(keeper).get("/audit/table.csv").content.decode("utf-8-sig")


@pytest.mark.parametrize("n", [3, 60])
def test_the_page_costs_the_same_however_much_it_tells(plan, keeper, clerk, n):
    for _each in range(n):
        audit.record("plan.seen", plan, by=clerk)
    client = signed_in(keeper)
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/audit/").status_code == 200
    assert len(seen) < 10


def test_of_the_outbox_only_letters_to_own_people_are_shown_and_sent_again(keeper, clerk, coordinator, province):
    own, other = (
        outbox.post(
            key=f"k{to}", recipient=to, subject=f"to {to}", body="b", address="a@example.vn", scope=province.key
        )
        for to in (clerk, coordinator)
    )
    Message.objects.update(state="failed")
    client = signed_in(keeper)
    shown = client.get("/outbox/").content.decode()
    assert "to clerk" in shown and "to coordinator" not in shown
    assert client.post(f"/outbox/{other.pk}/retry/").status_code == 404
    assert client.post(f"/outbox/{own.pk}/retry/").status_code == 302
