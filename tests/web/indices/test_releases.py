"""Releases: who publishes, what is superseded, and what each page says of its own release."""

import pytest
from django.core.exceptions import PermissionDenied

from corrections import correct
from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry
from quantri.web.indices.actions import publish_draft, publish_release
from quantri.web.indices.documents import document_for
from quantri.web.indices.drafts import Draft
from quantri.web.indices.models import Release, ReleaseQuerySet


@pytest.fixture
def stands(db) -> Release:
    return Release.objects.current().get(year=2022)


@pytest.fixture
def draft(stands) -> Draft:
    text = stands.results.replace("vn63-01,D8,", "vn63-01,D8,", 1)
    return Draft(index="papi", year=2022, definition=stands.definition, results=f"{text}\n", source="2022PAPI.xlsx")


def test_a_draft_takes_the_place_of_the_release_that_it_was_compared_with(stands, draft):
    published = publish_draft(draft, instead_of=stands.pk, by=SYSTEM)
    stands.refresh_from_db()
    assert stands.superseded_by == published


def test_an_old_draft_does_not_take_the_place_of_a_newer_correction(stands, draft):
    newer = correct(stands, "vn63-89", "D7", "3.5", by=SYSTEM)
    with pytest.raises(RuleViolation, match="2022"):
        publish_draft(draft, instead_of=stands.pk, by=SYSTEM)
    assert Release.objects.current().get(year=2022) == newer


def test_a_second_confirmation_of_the_same_draft_does_no_harm(stands, draft):
    first = publish_draft(draft, instead_of=stands.pk, by=SYSTEM)
    assert publish_draft(draft, instead_of=stands.pk, by=SYSTEM) == first


def test_of_two_first_imports_at_once_the_second_is_refused_with_a_sentence(draft, monkeypatch):
    monkeypatch.setattr(ReleaseQuerySet, "current", lambda rows: rows.none())  # neither sees the other yet
    with pytest.raises(RuleViolation, match="2022"):
        publish_draft(draft, instead_of=None, by=SYSTEM)
    monkeypatch.undo()
    assert Release.objects.filter(year=2022).count() == 1


def test_coordinators_of_the_home_province_alone_publish_results(coordinator, leader, outsider, former, stands, draft):
    for user in (leader, outsider, former):
        with pytest.raises(PermissionDenied):
            publish_draft(draft, instead_of=stands.pk, by=user)
        assert signed_in(user).get("/data/import/").status_code == 403
        assert signed_in(user).post("/data/import/confirm/", {"sealed": "x"}).status_code == 403
        assert "/data/import/" not in signed_in(user).get("/data/").content.decode()
    assert signed_in(coordinator).get("/data/import/").status_code == 200
    assert "/data/import/" in signed_in(coordinator).get("/data/").content.decode()
    assert publish_draft(draft, instead_of=stands.pk, by=coordinator).imported_by == "coordinator"


def test_a_coordinator_of_a_merged_province_publishes_no_results(old_an_giang, stands, draft):
    before = ensure_agency(old_an_giang, "Sở Nội vụ An Giang cũ", by=SYSTEM)
    with pytest.raises(PermissionDenied):
        publish_draft(draft, instead_of=stands.pk, by=make_user(before, Role.COORDINATOR, "old"))


def test_a_visitor_sees_no_way_to_import(client, db):
    assert "/data/import/" not in client.get("/data/").content.decode()
    assert client.get("/data/import/").status_code == 302


def test_a_superseded_release_shows_its_own_figures(client, stands):
    page = f"/en/data/{stands.pk}/"
    before = client.get(page).content.decode()
    without_hanoi = "".join(row for row in stands.results.splitlines(True) if not row.startswith("vn63-01,"))
    publish_release(
        index="papi", year=2022, definition=stands.definition, results=without_hanoi, source="62.xlsx", by=SYSTEM
    )
    now = client.get(page).content.decode()
    assert "63 provinces" in before and "63 provinces" in now
    assert '<th scope="row">Ha Noi</th>' in now


def test_releases_of_an_edition_lead_to_each_other_with_what_changed(client, stands):
    newer = correct(stands, "vn63-89", "D7", "3.5", by=SYSTEM)
    newest = correct(newer, "vn63-89", "D8", "2.5", by=SYSTEM)
    for shown in (stands, newer, newest):
        page = client.get(f"/en/data/{shown.pk}/").content.decode()
        for other in {stands, newer, newest} - {shown}:
            assert f'href="/en/data/{other.pk}/"' in page
        assert page.count("1 figure differs from the release before") == 2
        assert ("Another release has stood" in page) is (shown != newest)
    assert "3.5000" in client.get(f"/en/data/{newer.pk}/").content.decode()


def test_a_release_that_stands_alone_speaks_of_no_other(client, stands):
    page = client.get(f"/en/data/{stands.pk}/").content.decode()
    assert "releases of PAPI 2022" not in page and "Another release" not in page


def test_a_release_of_the_package_names_its_document_and_no_file_of_the_code(client, stands):
    for address in (f"/en/data/{stands.pk}/", "/en/data/", "/en/figures/2022/vn63-01/D1/"):
        page = client.get(address).content.decode()
        assert "Official spreadsheet of the PAPI results of 2022" in page and "papi.org.vn" in page
        assert "src/quantri" not in page and "SOURCES.md" not in page and "manage load" not in page
    assert stands.results_sha256 in client.get(f"/en/data/{stands.pk}/").content.decode()
    assert "Bảng tính chính thức về kết quả PAPI năm 2022" in client.get(f"/data/{stands.pk}/").content.decode()


def test_an_imported_release_names_its_file_and_who_imported_it(client, stands, draft, coordinator):
    published = publish_draft(draft, instead_of=stands.pk, by=coordinator)
    page = client.get(f"/en/data/{published.pk}/").content.decode()
    assert "2022PAPI.xlsx" in page and "by coordinator" in page and "Official spreadsheet" not in page


def test_every_edition_of_the_package_has_a_document(db):
    assert [r for r in Release.objects.current() if r.is_from_package and not document_for(r.index, r.year)] == []


def test_each_publication_is_in_the_audit_trail_with_what_it_superseded(stands, draft):
    published = publish_draft(draft, instead_of=stands.pk, by=SYSTEM)
    entry = AuditEntry.objects.get(action="release.published", subject_key=published.pk)
    assert entry.details["superseded"] == stands.results_sha256


def test_the_page_of_a_release_takes_as_many_queries_with_one_correction_as_with_three(
    client, stands, django_assert_max_num_queries
):
    for score in ("3.5", "3.6", "3.7"):
        stands = correct(stands, "vn63-89", "D7", score, by=SYSTEM)
    with django_assert_max_num_queries(6):
        assert client.get(f"/en/data/{stands.pk}/").status_code == 200
