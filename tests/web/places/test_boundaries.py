"""Boundaries that an authority brings: matched, shown, confirmed, drawn, withdrawn."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from boundary_files import AN_GIANG, area, collection, square, three_wards, topology
from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.agencies import add_agency, place_agency
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry
from quantri.web.places.actions import keep_boundaries, withdraw_boundaries
from quantri.web.places.boundaries import preview_boundaries
from quantri.web.places.drawing import communes_drawn, whole_drawn
from quantri.web.places.models import BoundarySet, Province, Unit

SINCE = date(2025, 7, 1)
IMPORT, CONFIRM, LIST = "/places/boundaries/import/", "/places/boundaries/confirm/", "/places/boundaries/"


def preview(content: bytes, level: str = "commune", day: date = SINCE):
    return preview_boundaries(content, file_name="a.json", level=level, valid_from=day, source="Sở, 2025")


def typed(content: bytes | None = None, **changes: str) -> dict[str, object]:
    file = SimpleUploadedFile("wards.geojson", three_wards() if content is None else content)
    return {"file": file, "level": "commune", "valid_from": "1/7/2025", "source": "Sở, 2025", **changes}


@pytest.fixture
def kept(db) -> BoundarySet:
    return keep_boundaries(preview(three_wards()).draft, by=SYSTEM)


def test_areas_are_matched_by_code_and_the_missing_ones_are_named(db):
    found = preview(three_wards())
    assert found.counts == {"code": 3, "name": 0, "bare_name": 0} and len(found.missing) == 99
    assert found.matching.code_property == "ma" and not found.is_country
    assert set(found.draft.polygons) == {f"vn25-{code}" for code, _name in AN_GIANG}


def test_codes_that_lost_their_leading_zeros_still_match(db):
    assert preview(topology()).counts["code"] == 2


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("Phường Long Xuyên", "name"),
        ("LONG XUYÊN", "name"),
        ("long xuyen", "bare_name"),
        ("P. Long Xuyen", "bare_name"),
    ],
)  # fmt: skip
def test_without_codes_areas_are_matched_by_name_with_and_without_marks(db, written, how):
    found = preview(collection(area(square(105, 10), whatever="XX-1", ten=written)))
    assert [(m.how, m.unit.key) for m in found.matching.matches] == [(how, "vn25-30307")]
    assert found.matching.code_property == ""


def test_a_name_that_several_units_bear_is_left_open(db):
    found = preview(collection(area(square(105, 10), ten="Tân Thạnh"), area(square(105.3, 10), ten="Không có xã này")))
    assert [m.how for m in found.matching.matches] == ["ambiguous", "nothing"] and not found.may_be_kept
    assert len(found.matching.matches[0].candidates) > 1


def test_the_code_of_one_unit_and_the_name_of_another_is_never_guessed(db):
    """Code 91 was the old Kiên Giang and is the new An Giang."""
    areas = [area(square(105, 10), code="91", name="Kiên Giang"), area(square(105, 11), code="89", name="An Giang")]
    old = collection(*areas)
    assert {m.unit.key for m in preview(old, "province", date(2025, 6, 30)).matching.matches} == {"vn63-91", "vn63-89"}
    later = preview(collection(areas[0]), "province")
    assert [m.how for m in later.matching.matches] == ["conflict"] and later.is_of_another_day


def test_a_name_that_a_unit_bore_before_is_known(db):
    hue = collection(area(square(107, 16), code="46", name="Thừa Thiên Huế"))
    assert preview(hue, "province", date(2025, 6, 30)).counts["code"] == 1


def test_a_code_of_another_list_is_understood_where_it_is_known(db):
    assert preview(collection(area(square(107, 21), code="06978", name="Ba Chẽ"))).counts["code"] == 1


def test_two_areas_of_one_unit_are_drawn_together_and_named(db):
    twice = collection(*(area(square(x, 10), code="30307", name="Long Xuyên") for x in (105, 105.5)))
    found = preview(twice)
    assert [(u.key, len(parts)) for u, parts in found.joined] == [("vn25-30307", 2)]
    assert len(found.draft.polygons["vn25-30307"]) == 2


def test_a_file_of_the_country_without_the_archipelagos_is_told_so(db):
    provinces = Province.objects.on(SINCE)
    areas = [area(square(104 + n * 0.1, 12), code=p.code, name=p.name_vi) for n, p in enumerate(provinces.named())]
    assert preview(collection(*areas), "province").draft.lacks == ["Hoàng Sa", "Trường Sa"]
    whole = [*areas[:-1], *(area(r, code=areas[-1]["properties"]["code"]) for r in (square(112, 16), square(114, 9)))]
    assert preview(collection(*whole), "province").draft.lacks == []


def test_fine_outlines_are_kept_simplified(db, monkeypatch):
    monkeypatch.setattr("quantri.web.places.boundaries.MOST_KEPT", 10)
    side = [[105 + n / 1000, 10] for n in range(101)]
    ring = [*side, [105.1, 10.1], [105, 10.1], [105, 10]]
    found = preview(collection(area(ring, code="30307", name="Long Xuyên")))
    assert found.is_simplified and len(found.draft.polygons["vn25-30307"][0][0]) == 5


def test_keeping_is_recorded_with_what_it_ended(kept, coordinator):
    later = keep_boundaries(preview(three_wards(), day=date(2026, 1, 1)).draft, by=coordinator)
    kept.refresh_from_db()
    assert kept.valid_to == later.valid_from and later.kept_by == "coordinator"
    entry = AuditEntry.objects.filter(action="boundaries.kept").latest("pk")
    assert entry.details["before"] == {"ended": [kept.pk]} and entry.details["after"]["n_units"] == 3


def test_a_set_that_draws_more_goes_on_for_the_others(kept):
    one = collection(area(square(105, 10), code="30307", name="Long Xuyên"))
    keep_boundaries(preview(one, day=date(2026, 1, 1)).draft, by=SYSTEM)
    kept.refresh_from_db()
    assert kept.valid_to is None


def test_the_same_file_is_kept_once_for_a_day(kept):
    with pytest.raises(RuleViolation):
        keep_boundaries(preview(three_wards()).draft, by=SYSTEM)
    assert BoundarySet.objects.count() == 1


def test_nothing_matched_is_nothing_kept(db):
    with pytest.raises(RuleViolation):
        keep_boundaries(preview(collection(area(square(105, 10), ten="?"))).draft, by=SYSTEM)


@pytest.mark.parametrize("who", ["leader", "outsider", "former"])
def test_others_may_not_keep_boundaries(request, kept, who):
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        keep_boundaries(preview(three_wards(), day=date(2026, 1, 1)).draft, by=user)
    with pytest.raises(PermissionDenied):
        withdraw_boundaries(kept, by=user)
    assert signed_in(user).get(IMPORT).status_code == 403
    assert signed_in(user).post(CONFIRM, {"sealed": "x"}).status_code == 403
    assert signed_in(user).post(f"{LIST}{kept.pk}/withdraw/").status_code == 403


def test_a_visitor_is_asked_to_sign_in_to_bring_boundaries_but_sees_what_was_brought(client, kept):
    for address in (IMPORT, CONFIRM, f"{LIST}{kept.pk}/withdraw/"):
        answer = client.post(address)
        assert answer.status_code == 302 and "/account/login/" in answer["Location"]
    assert client.get(LIST).status_code == 200
    assert kept.sha256 in client.get(f"{LIST}{kept.pk}/").content.decode()


def test_an_administrator_of_the_province_brings_boundaries_and_one_of_a_single_agency_does_not(administrator, agency):
    below = make_user(agency, Role.ADMINISTRATOR, "below")
    assert [signed_in(user).get(IMPORT).status_code for user in (administrator, below)] == [200, 403]
    assert "/import/" in signed_in(administrator).get(LIST).content.decode()
    assert "/import/" not in signed_in(below).get(LIST).content.decode()
    with pytest.raises(PermissionDenied):
        keep_boundaries(preview(three_wards()).draft, by=below)


def test_a_body_above_the_committee_with_all_below_it_brings_boundaries(province, committee):
    above = add_agency(province, "Văn phòng vùng", by=SYSTEM)
    place_agency(committee, above, by=SYSTEM)
    user = make_user(above, Role.ADMINISTRATOR, "above")
    assert signed_in(user).get(IMPORT).status_code == 403
    user.memberships.update(with_subtree=True)
    assert signed_in(user).get(IMPORT).status_code == 200


def test_a_coordinator_sees_the_preview_confirms_and_finds_the_map(client, coordinator):
    staff = signed_in(coordinator)
    shown = staff.post(f"/en{IMPORT}", typed())
    assert shown.status_code == 200 and "3 units match, of 3 areas" in shown.content.decode()
    assert not BoundarySet.objects.exists()
    sealed = shown.context["sealed"]
    answer = staff.post(CONFIRM, {"sealed": sealed, "form_key": "k"}, follow=True)
    assert answer.redirect_chain and BoundarySet.objects.count() == 1
    page = client.get("/places/vn34-91/communes/").content.decode()
    assert page.count('<path class="place mid_high"') == 3 and "Sở, 2025" in page
    again = staff.post(CONFIRM, {"sealed": sealed})
    assert again.status_code == 409 and BoundarySet.objects.count() == 1


def test_a_preview_of_another_person_or_one_that_was_changed_is_refused(coordinator, agency):
    sealed = signed_in(coordinator).post(IMPORT, typed()).context["sealed"]
    other = signed_in(make_user(agency, Role.COORDINATOR, "second"))
    for words in (sealed, "x" + sealed, ""):
        assert other.post(CONFIRM, {"sealed": words})["Location"] == IMPORT
    assert not BoundarySet.objects.exists()


@pytest.mark.parametrize(
    ("content", "changes"),
    [(b"{", {}), (None, {"valid_from": "31/2/2025"}), (None, {"level": "district"}), (None, {"source": ""}), (b"", {})],
)
def test_a_wrong_form_comes_back_with_what_was_typed(coordinator, content, changes):
    answer = signed_in(coordinator).post(IMPORT, typed(content, **changes))
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert changes.get("source") == "" or 'value="Sở, 2025"' in answer.content.decode()


def test_text_of_a_file_is_shown_as_text(coordinator):
    evil = collection(area(square(105, 10), ten="<script>alert(1)</script>"), area(square(105, 11), ten="Long Xuyên"))
    answer = signed_in(coordinator).post(IMPORT, typed(evil)).content.decode()
    assert "<script>alert" not in answer and "&lt;script&gt;" in answer


def test_a_withdrawn_set_is_on_no_map_and_stays_in_the_records(client, coordinator, kept, province):
    staff = signed_in(coordinator)
    assert staff.post(f"{LIST}{kept.pk}/withdraw/", {"form_key": "w"}).status_code == 302
    assert communes_drawn(province, date(2026, 1, 1)) is None
    assert client.get(f"{LIST}{kept.pk}/").status_code == 200
    assert staff.post(f"{LIST}{kept.pk}/withdraw/").status_code == 409
    assert AuditEntry.objects.filter(action="boundaries.withdrawn").count() == 1


def test_boundaries_count_from_their_first_day(kept, province):
    assert communes_drawn(province, date(2025, 6, 30)) is None
    assert communes_drawn(province, SINCE).n == 3


def test_a_far_island_gets_a_frame_of_its_own(db):
    khanh_hoa = Province.objects.get(code="56", names__valid_to=None)
    near = Unit.objects.within(khanh_hoa).exclude(code="22736")[:3]
    areas = [area(square(109 + n * 0.1, 12), code=u.code) for n, u in enumerate(near)]
    drawn = whole_drawn(keep_boundaries(
        preview(collection(*areas, area(square(114, 9), code="22736"))).draft, by=SYSTEM
    ))  # fmt: skip
    assert [len(panel.shapes) for panel in drawn.panels] == [3, 1]


def test_a_hole_and_a_speck_are_drawn(db):
    ring, hole = square(105, 10, 1), square(105.3, 10.3, 0.2)
    feature = area(ring, code="30307")
    feature["geometry"]["coordinates"].append(hole)
    speck = area(square(105.5, 9.9, 0.00001), code="30301")
    drawn = whole_drawn(keep_boundaries(preview(collection(feature, speck)).draft, by=SYSTEM))
    paths = sorted((s.path for s in drawn.panels[0].shapes), key=len)
    assert "l1,1z" in paths[0] and paths[1].count("M") == 2


def test_a_set_that_is_too_large_for_a_page_leads_to_its_provinces(client, kept, monkeypatch):
    monkeypatch.setattr("quantri.web.places.views.boundaries.MOST_DRAWN", 2)
    page = client.get(f"/en{LIST}{kept.pk}/").content.decode()
    assert "<path" not in page.partition("<main")[2] and "/places/vn34-91/communes/" in page


def test_a_map_says_which_archipelago_its_file_lacks(client, kept):
    BoundarySet.objects.update(lacks=["Hoàng Sa", "Trường Sa"])
    assert "does not draw Hoàng Sa, Trường Sa" in client.get(f"/en{LIST}{kept.pk}/").content.decode()


def test_wrong_methods_are_refused(coordinator, kept):
    staff = signed_in(coordinator)
    assert staff.get(CONFIRM).status_code == 405 and staff.get(f"{LIST}{kept.pk}/withdraw/").status_code == 405
    assert staff.post(LIST).status_code == 405 and staff.put(IMPORT).status_code == 405


def test_the_map_asks_few_questions_of_the_database(client, coordinator, kept, django_assert_max_num_queries):
    for reader in (client, signed_in(coordinator)):
        for address in ("/places/vn34-91/communes/", LIST, f"{LIST}{kept.pk}/"):
            with django_assert_max_num_queries(20):
                assert reader.get(address).status_code == 200
