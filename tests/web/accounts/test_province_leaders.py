"""Who leads a province: leaders of its people's committee, and of a body above it; no department, no commune."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import SYSTEM, make_user, signed_in
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.agencies import add_agency, place_agency, rename_agency
from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Role
from quantri.web.places.models import Province
from quantri.web.plans.decisions import publish_plan
from walks import walked

WALK = """
import json
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

def at(*to):
    MigrationExecutor(connection).migrate(list(to))
    return MigrationExecutor(connection).loader.project_state(list(to)).apps

old = at(("accounts", "0008_seal_second_factors"), ("places", "0006_boundary_sets"))
province = old.get_model("places", "Unit").objects.create(key="vn0-0", level="province")
old.get_model("places", "UnitName").objects.create(unit=province, kind="province", name_vi="C\\u00e0 Mau")
for name in ("UBND t\\u1ec9nh C\\u00e0 Mau", "UBND th\\u00e0nh ph\\u1ed1 C\\u00e0 Mau", "S\\u1edf N\\u1ed9i v\\u1ee5"):
    old.get_model("accounts", "Agency").objects.create(province_id=province.pk, name_vi=name)
new = at(("accounts", "0009_who_governs_a_province"))
print(json.dumps({a.name_vi: a.unit_id == a.province_id for a in new.get_model("accounts", "Agency").objects.all()}))
"""


def leads(user) -> bool:
    return user.seats(PROVINCE_LEADER).exists()


def test_who_leads_the_committee_of_the_province_leads_the_province(leader, director, province):
    assert leads(leader) and not leads(director)
    commune = ensure_agency(province, "UBND xã Tân Châu", by=SYSTEM, kind=Agency.Kind.PEOPLE_COMMITTEE)
    assert not leads(make_user(commune, Role.LEADER, "chair of a commune"))


def test_a_city_within_a_province_that_bears_its_name_does_not_govern_it(db):
    province = Province.objects.get(key="vn63-96")
    assert not leads(make_user(ensure_agency(province, "UBND thành phố Cà Mau", by=SYSTEM), Role.LEADER, "one"))
    assert leads(make_user(ensure_agency(province, "Ủy ban nhân dân tỉnh Cà Mau", by=SYSTEM), Role.LEADER, "two"))


def test_a_body_above_leads_only_with_all_that_is_below(committee, province):
    above = add_agency(province, "Tỉnh ủy", by=SYSTEM, kind=Agency.Kind.PARTY_BODY)
    place_agency(committee, above, by=SYSTEM)
    user = make_user(above, Role.LEADER, "above")
    assert not leads(user)
    user.memberships.update(with_subtree=True)
    assert leads(user)


def test_an_agency_that_takes_the_name_of_the_committee_governs(agency, director):
    rename_agency(agency, "Ủy ban nhân dân tỉnh An Giang", by=SYSTEM, on=director.memberships.get().valid_from)
    assert leads(director)


def test_the_leader_of_a_department_neither_sees_the_provinces_screen_nor_decides(plan, director, leader):
    client = signed_in(director)
    assert client.get("/lead/").status_code == client.get(f"/plans/{plan.pk}/decision/").status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        publish_plan(plan, reason="Công khai", by=director)
    assert publish_plan(plan, reason="Công khai", by=leader).pk


def test_the_leader_of_a_department_begins_with_own_work_and_is_offered_no_screen_that_is_refused(director, leader):
    assert signed_in(director).get("/start/")["Location"] == "/work/"
    assert "/lead/" not in signed_in(director).get("/work/").content.decode()
    assert signed_in(leader).get("/start/")["Location"] == "/lead/"


def test_leading_is_read_with_the_roles_of_the_page(leader, director):
    for user in (leader, director):
        with CaptureQueriesContext(connection) as seen:
            user.held(Role.LEADER, PROVINCE_LEADER)
        assert len(seen) == 1


@pytest.mark.own_site
def test_committees_that_were_entered_before_are_marked(tmp_path):
    found = walked(tmp_path, WALK)
    assert found == {"UBND tỉnh Cà Mau": True, "UBND thành phố Cà Mau": False, "Sở Nội vụ": False}
