"""Every page, for everyone: what answers, in both languages, with how many queries."""

import gzip

import pytest
from django.test.utils import CaptureQueriesContext

from people import signed_in
from quantri.web.plans.models import Plan
from quantri.web.reports.actions import freeze_draft

PUBLIC = [
    "/",
    "/explore/",
    "/explore/?year=2017&level=dimension&code=D3&region=mekong_delta&sort=lowest",
    "/explore/?year=2012&level=sub_dimension",
    "/explore/table.csv?year=2017&code=D3",
    "/explore/table.xlsx?year=2017&code=D3",
    "/provinces/",
    "/provinces/?q=an+giang",
    "/provinces/vn63-89/",
    "/provinces/vn63-89/?year=2017",
    "/provinces/vn63-89/figures.csv?year=2017",
    "/provinces/vn63-89/figures.xlsx",
    "/provinces/vn34-91/",
    "/provinces/vn34-91/?year=2014",
    "/places/",
    "/places/?q=phu+quoc",
    "/places/vn25-30307/",
    "/places/vn34-91/communes/",
    "/places/vn34-91/communes.xlsx",
    "/components/D3/",
    "/components/D3.2/?year=2017&unit=vn63-89",
    "/components/PAPI/?year=2022",
    "/compare/",
    "/compare/?year=2022&unit=vn63-89&unit=vn63-24&unit=vn63-91",
    "/figures/2017/vn63-89/D3/",
    "/figures/2022/vn63-24/D1/",
    "/data/",
    "/plans/",
    "/method/",
    "/account/login/",
    "/rounds/",
    "/rounds/synthetic-2/?code=D5",
    "/rounds/synthetic-1/places/89/",
    "/rounds/synthetic-2/change/?place=91&code=D4",
    "/rounds/synthetic-2/weights/?choice=without+D3",
    "/rounds/synthetic-2/sample/",
    "/rounds/synthetic-2/table.csv?code=D5",
    "/rounds/synthetic-2/places/89/table.xlsx",
    "/rounds/synthetic-2/change/table.csv?place=89",
    "/rounds/synthetic-2/weights/table.xlsx",
    "/plans/diagnosis/vn63-89/?year=2017",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_visitor_reads_the_public_pages_in_both_languages(client, db, address):
    vietnamese, english = client.get(address), client.get(f"/en{address}")
    assert (vietnamese.status_code, english.status_code) == (200, 200)
    if "html" in vietnamese["Content-Type"]:
        assert '<html lang="vi">' in vietnamese.content.decode()
        assert '<html lang="en">' in english.content.decode()


def test_a_visitor_walks_through_the_plan_of_2019(client, historic_plan):
    for tail in ("", "source/", "try/D5/", "try/D5/?target=7,45", "try/D3/"):
        assert client.get(f"/plans/{historic_plan.pk}/{tail}").status_code == 200


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/explore/?year=1999", "1999"),
        ("/explore/?year=٢٠١٧", "2011"),
        ("/explore/?year=2017'--", "2011"),
        ("/provinces/vn63-89/?year=2030", "2030"),
        ("/provinces/nowhere/", ""),
        ("/components/D9/", "D9"),
        ("/components/D8/?year=2012", "D8"),
        ("/figures/2017/vn63-99/D1/", "vn63-99"),
        ("/figures/2017/vn63-89/D7/", "D7"),
        ("/figures/1990/vn63-89/D1/", ""),
        ("/provinces/vn34-91/figures.csv", ""),
        ("/explore/table.exe", ""),
        ("/plans/999/", ""),
        ("/plans/diagnosis/vn63-00/", ""),
        ("/data/999/", ""),
        ("/data/1/passwords.txt", ""),
        ("/rounds/nothing/", ""),
        ("/rounds/synthetic-1/change/", "no earlier round"),
        ("/rounds/synthetic-2/?code=D99", "D99"),
        ("/rounds/synthetic-2/places/999/", "999"),
        ("/rounds/synthetic-2/change/?place=999", "999"),
        ("/rounds/synthetic-2/table.exe", ""),
    ],
)
def test_what_does_not_exist_is_404_with_a_sentence(client, db, address, said):
    answer = client.get(f"/en{address}")
    assert answer.status_code == 404
    assert said in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_public_pages_of_frozen_data_answer_304(client, db):
    for address in ("/", "/explore/", "/provinces/vn63-89/", "/components/D3/", "/figures/2017/vn63-89/D3/"):
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert client.get(f"/en{address}", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_signed_in_readers_page_is_not_kept(coordinator):
    answer = signed_in(coordinator).get("/explore/")
    assert "ETag" not in answer
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", PUBLIC)
def test_the_number_of_queries_is_small_and_does_not_grow_with_provinces(client, db, connection, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    assert len(seen) <= 20, [q["sql"][:150] for q in seen]


@pytest.fixture
def connection(db):
    from django.db import connection

    return connection


STAFF = [
    ("new/", "get", {"coordinator"}),
    ("{pk}/", "get", {"coordinator", "leader"}),
    ("{pk}/targets/", "get", {"coordinator"}),
    ("{pk}/targets/D1/", "post", {"coordinator"}),
    ("{pk}/owners/", "get", {"coordinator"}),
    ("{pk}/about/", "get", {"coordinator"}),
    ("{pk}/about/", "post", {"coordinator"}),
    ("{pk}/issue/", "post", {"coordinator"}),
    ("{pk}/state/", "get", {"coordinator"}),
    ("{pk}/state/", "post", {"coordinator"}),
    ("{pk}/consultation/", "post", {"coordinator"}),
    ("{pk}/bases/", "get", {"coordinator"}),
    ("{pk}/annex/", "get", {"coordinator"}),
    ("{pk}/annex/phu-luc-ke-hoach.xlsx", "get", {"coordinator"}),
    ("{pk}/next-year/", "get", {"coordinator"}),
    ("{pk}/close/", "get", {"coordinator", "leader"}),
    ("{pk}/end/", "get", {"coordinator"}),
    ("{pk}/end/", "post", {"coordinator"}),
    ("{pk}/tasks/", "get", {"coordinator"}),
    ("{pk}/tasks/upload/", "post", {"coordinator"}),
    ("{pk}/tasks/copy/", "post", {"coordinator"}),
    ("{pk}/tasks/adopt/", "post", {"coordinator"}),
    ("{pk}/tasks/confirm/", "post", {"coordinator"}),
    ("{pk}/document/", "get", {"coordinator"}),
    ("{pk}/document/{sha}/ke-hoach.docx", "get", {"coordinator", "leader"}),
    ("{pk}/decision/", "get", {"leader"}),
    ("{pk}/reports/", "get", {"coordinator", "leader"}),
    ("templates/", "get", {"coordinator", "outsider"}),
    ("templates/bao-cao.docx", "get", {"coordinator", "outsider"}),
    ("{pk}/try/D5/", "get", {"coordinator", "leader"}),
    ("tasks/template.xlsx", "get", {"coordinator", "outsider"}),
    ("diagnosis/", "get", {"coordinator", "leader", "outsider"}),
    ("diagnosis/vn63-87/", "get", {"coordinator", "leader", "outsider"}),
]


@pytest.mark.parametrize(("tail", "method", "allowed"), STAFF)
def test_a_plan_that_is_not_public_is_for_its_own_staff(
    plan, coordinator, leader, outsider, former, tail, method, allowed
):
    sha = freeze_draft(plan, by=coordinator).sha256
    address = "/plans/" + tail.format(pk=plan.pk, sha=sha)
    people = {"nobody": None, "outsider": outsider, "former": former, "coordinator": coordinator, "leader": leader}
    for name, user in people.items():
        status = getattr(signed_in(user), method)(address).status_code
        if name in allowed or (tail == "new/" and name == "outsider"):
            assert status in (200, 302, 404, 422), (name, status)
            assert status != 404 or "copy" in tail, (name, status)
        else:
            assert status in (302, 403, 404), (name, status)
            if status == 302:
                assert name in ("nobody", "former")


def test_a_wrong_method_is_refused(plan, coordinator):
    client = signed_in(coordinator)
    assert client.get(f"/plans/{plan.pk}/tasks/copy/").status_code == 405
    assert client.post("/explore/").status_code == 405


def test_a_plan_is_not_listed_for_outsiders(client, plan, outsider, coordinator):
    title = "An Giang năm 2026"
    assert title not in client.get("/plans/").content.decode()
    assert title not in signed_in(outsider).get("/plans/").content.decode()
    assert title in signed_in(coordinator).get("/plans/").content.decode()
    assert Plan.objects.visible_to(outsider).filter(pk=plan.pk).count() == 0


def test_the_import_page_is_for_coordinators(client, leader, coordinator, former, db):
    assert client.get("/data/import/").status_code == 302
    assert signed_in(leader).get("/data/import/").status_code == 403
    assert signed_in(former).get("/data/import/").status_code == 403
    assert signed_in(coordinator).get("/data/import/").status_code == 200


def test_judgements_are_for_staff_unless_a_decision_published_them(client, coordinator, db):
    assert client.get("/plans/diagnosis/vn63-89/?year=2017").status_code == 200  # the public plan of 2019 stands on it
    assert client.get("/plans/diagnosis/vn63-89/?year=2018").status_code == 302
    assert client.get("/plans/diagnosis/vn63-91/?year=2017").status_code == 302
    assert signed_in(coordinator).get("/plans/diagnosis/vn63-91/?year=2017").status_code == 200


def test_every_page_has_a_strict_policy_and_no_inline_code(client, db):
    answer = client.get("/")
    policy, page = answer["Content-Security-Policy"], answer.content.decode()
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "style=" not in page and "onclick" not in page and "<style" not in page


def test_a_visitors_page_is_kept_packed_and_the_same(client, db):
    plain = client.get("/components/D3/").content
    packed = client.get("/components/D3/", headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain
    assert len(packed.content) < len(plain) / 4


def test_a_kept_page_goes_when_the_figures_change(client, coordinator, plan, leader):
    first = client.get("/")
    signed_in(leader).post(f"/plans/{plan.pk}/decision/", {"kind": "publish", "reason": "Công khai"})
    assert client.get("/")["ETag"] != first["ETag"]
    assert client.get(f"/plans/{plan.pk}/").status_code == 200
    signed_in(leader).post(f"/plans/{plan.pk}/decision/", {"kind": "withdraw", "reason": "Thu hồi"})
    assert client.get(f"/plans/{plan.pk}/").status_code == 404
    assert client.get("/")["ETag"] == first["ETag"]


def test_a_sign_of_life_needs_no_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health").content == b"ok"
