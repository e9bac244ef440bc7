"""Pages of agencies: who sees them, who changes what, and what a page costs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from people import SYSTEM, make_user, signed_in
from quantri.web.accounts.agencies import Head, add_agency, appoint_head
from quantri.web.accounts.models import Agency, AgencySuccession, Headship, Role
from quantri.web.accounts.tree import branches

TODAY = date(2026, 3, 1)


@pytest.fixture
def committee(province) -> Agency:
    return add_agency(province, "UBND tỉnh", by=SYSTEM, kind=Agency.Kind.PEOPLE_COMMITTEE)


@pytest.fixture
def officer(agency):
    return make_user(agency, Role.OFFICER, "officer")


def day(value: date) -> str:
    return f"{value.day}/{value.month}/{value.year}"


def make_agencies(province, committee, n: int) -> None:
    for i in range(n):
        made = add_agency(province, f"UBND xã số {i:03}", by=SYSTEM, parent=committee)
        appoint_head(made, Head(title="Chủ tịch"), by=SYSTEM, on=TODAY)


def test_the_list_shows_who_stands_under_whom(province, committee, agency, officer):
    make_agencies(province, committee, 3)
    page = signed_in(officer).get("/agencies/").content.decode()
    assert page.index("UBND tỉnh") < page.index("UBND xã số 000") < page.index("UBND xã số 002")
    assert page.count('class="depth-1"') == 3 and "Chủ tịch" in page


def test_the_list_is_paged_and_searched_without_marks(province, committee, officer):
    make_agencies(province, committee, 60)
    client = signed_in(officer)
    first, last = (client.get(f"/agencies/?page={n}").content.decode() for n in (1, 99))
    assert first.count("<tr><th") == 51 and "UBND xã số 059" not in first and "UBND xã số 059" in last
    found = client.get("/agencies/?q=ubnd xa so 01").content.decode()
    assert found.count("<tr><th") == 11
    assert client.get("/agencies/?q=%00<b>&page=x").status_code == 200


@pytest.mark.parametrize("n", [3, 30])
def test_pages_cost_the_same_however_many_agencies_there_are(province, committee, coordinator, n):
    make_agencies(province, committee, n)
    for k in range(n):
        make_user(committee, Role.OFFICER, f"o{k}")
    client = signed_in(coordinator)
    for address in ("/agencies/", f"/agencies/{committee.pk}/", "/agencies/table.xlsx", "/agencies/succession/"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= 20, (address, len(seen))


def test_an_agency_without_superior_in_the_list_stands_on_its_own():
    alone, above, below = (
        Agency(pk=3, name_vi="C", parent_id=9),
        Agency(pk=2, name_vi="B"),
        Agency(pk=1, name_vi="A", parent_id=2),
    )
    assert [(b.agency.pk, b.depth) for b in branches([below, alone, above])] == [(2, 0), (1, 1), (3, 0)]


def test_the_list_is_a_spreadsheet_too(province, committee, officer, tmp_path):
    make_agencies(province, committee, 2)
    (tmp_path / "a.xlsx").write_bytes(signed_in(officer).get("/agencies/table.xlsx").content)
    rows = list(load_workbook(tmp_path / "a.xlsx").active.values)
    told = [(name, above, head) for name, _kind, above, head, _mark in rows[-2:]]
    assert told == [("UBND xã số 000", "UBND tỉnh", "Chủ tịch"), ("UBND xã số 001", "UBND tỉnh", "Chủ tịch")]


def test_people_are_shown_to_those_who_look_after_the_agency(agency, officer, coordinator, leader):
    address = f"/agencies/{agency.pk}/"
    assert (
        f"/agencies/members/{officer.memberships.get().pk}/leave/"
        in signed_in(coordinator).get(address).content.decode()
    )
    page = signed_in(leader).get(address).content.decode()
    assert "/leave/" not in page and ">officer<" not in page


def test_a_coordinator_adds_renames_moves_heads_and_ends_an_agency(province, committee, coordinator):
    client = signed_in(coordinator)
    answer = client.post("/agencies/new/", {"name_vi": " Sở  Mới ", "kind": "department", "parent": committee.pk})
    made = Agency.objects.get(name_vi="Sở Mới")
    assert answer["Location"] == f"/agencies/{made.pk}/" and made.parent == committee
    Agency.objects.filter(pk=made.pk).update(valid_from=TODAY)
    made.names.update(valid_from=TODAY)
    steps = [
        ("rename", {"name_vi": "Sở Khác", "on": day(TODAY + timedelta(days=1)), "legal_basis": "1/NQ"}),
        ("place", {"parent": ""}),
        ("head", {"title": "Giám đốc", "full_name": "", "on": day(TODAY)}),
        ("end", {"on": day(TODAY + timedelta(days=9))}),
    ]
    for step, typed in steps:
        assert client.get(f"/agencies/{made.pk}/{step}/").status_code == 200
        assert client.post(f"/agencies/{made.pk}/{step}/", typed).status_code == 302, step
    made.refresh_from_db()
    assert (made.name_vi, made.parent, made.valid_to) == ("Sở Khác", None, TODAY + timedelta(days=9))
    page = client.get(f"/agencies/{made.pk}/").content.decode()
    assert "Sở Mới" in page and "Giám đốc" in page
    assert client.post(f"/agencies/{made.pk}/rename/", steps[0][1]).status_code == 409


@pytest.mark.parametrize("who", ["officer", "leader", "administrator"])
def test_others_of_the_province_change_no_agency(agency, committee, who, request):
    user = (
        make_user(agency, Role.ADMINISTRATOR, "administrator")
        if who == "administrator"
        else request.getfixturevalue(who)
    )
    client = signed_in(user)
    for step in ("rename", "place", "end", "head", "work", "invite"):
        assert client.post(f"/agencies/{committee.pk}/{step}/", {}).status_code == 403, step
    for address in ("new/", "succession/", "invite/"):
        assert client.get(f"/agencies/{address}").status_code == 403


def test_an_administrator_enters_the_head_of_the_own_agency(agency):
    client = signed_in(make_user(agency, Role.ADMINISTRATOR, "administrator"))
    typed = {"title": "Giám đốc", "full_name": "Người đứng đầu", "on": day(TODAY)}
    assert client.post(f"/agencies/{agency.pk}/head/", typed).status_code == 302
    assert str(Headship.objects.get()) == "Giám đốc Người đứng đầu"


def test_pages_of_agencies_are_for_staff_of_the_province(agency, officer, outsider, former, client):
    address = f"/agencies/{agency.pk}/"
    statuses = [signed_in(u).get(address).status_code for u in (officer, outsider, former, None)]
    assert statuses == [200, 404, 403, 302]
    assert agency.name_vi not in signed_in(outsider).get(f"{address}work/").content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name_vi": ""}, "name_vi"), ({"name_vi": "x" * 201}, "name_vi"), ({"name_vi": "Sở Nội vụ"}, "name_vi"),
     ({"kind": "x"}, "kind"), ({"parent": "0"}, "parent"), ({"parent": "x"}, "parent"),
     ({"name_vi": "\x00"}, "name_vi")],
)  # fmt: skip
def test_a_faulty_form_says_so_and_keeps_what_was_typed(agency, coordinator, typed, field):
    answer = signed_in(coordinator).post("/agencies/new/", {"name_vi": "Sở Mới", "kind": "group"} | typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and f'href="#id_{field}"' in page
    assert field == "name_vi" or 'value="Sở Mới"' in page
    assert not Agency.objects.filter(name_vi="Sở Mới").exists()


def test_agencies_merge_by_the_form_and_the_page_of_open_work_follows(province, committee, coordinator):
    make_agencies(province, committee, 2)
    old = list(Agency.objects.filter(name_vi__startswith="UBND xã số"))
    client = signed_in(coordinator)
    typed = {"before": [a.pk for a in old], "new_names": " UBND  xã mới \n\nUBND xã mới\n", "on": day(date(2026, 7, 1))}
    answer = client.post("/agencies/succession/", typed)
    assert answer["Location"] == f"/agencies/{old[0].pk}/work/"
    assert {s.after.name_vi for s in AgencySuccession.objects.all()} == {"UBND xã mới"}
    assert old[1].name_vi in client.get(answer["Location"]).content.decode()
    assert client.post("/agencies/succession/", {"before": [committee.pk], "on": "31/2/2026"}).status_code == 422
    again = {"before": [committee.pk], "after": [committee.pk], "on": day(TODAY)}
    assert client.post("/agencies/succession/", again).status_code == 409


def test_a_coordinator_of_another_province_merges_nothing_here(committee, outsider):
    typed = {"before": [committee.pk], "new_names": "X", "on": day(TODAY)}
    answer = signed_in(outsider).post("/agencies/succession/", typed)
    assert answer.status_code == 422 and not AgencySuccession.objects.exists()
    assert timezone.localdate() > TODAY
