"""The public pages of places: what a visitor finds and reads."""

import io
import re

import pytest
from openpyxl import load_workbook

from quantri.web.places.models import Succession


def rows(page: str) -> list[str]:
    return re.findall(r'<tr><th scope="row"><a href="(?:/en)?/places/([\w-]+)/">', page)


def test_a_province_lists_its_communes_of_today_by_kind_fifty_a_page(client, db):
    page = client.get("/en/places/vn34-91/communes/").content.decode()
    assert "An Giang: 102 communes" in page and "85 commune, 14 ward, 3 special zone" in page
    keys = [rows(client.get(f"/places/vn34-91/communes/?page={n}").content.decode()) for n in (1, 2, 3)]
    assert [len(k) for k in keys] == [50, 50, 2] and len({key for page in keys for key in page}) == 102


@pytest.mark.parametrize("asked", ["Phú Quốc", "phu quoc", "PHU QUOC", "đặc khu phú quốc", "dac khu phu quoc", "31078"])
def test_a_commune_is_found_by_its_code_or_name_with_and_without_marks(client, db, asked):
    assert rows(client.get("/places/vn34-91/communes/", {"q": asked}).content.decode()) == ["vn25-31078"]


def test_what_a_province_had_before_holds_the_old_provinces_of_both(client, db):
    page = client.get("/en/places/vn34-91/communes/?when=before").content.decode()
    assert "districts and communes that ended" in page and "rural district" in page
    found = client.get("/places/vn34-91/communes/", {"when": "before", "q": "rach gia"}).content.decode()
    assert "vn24-899" in found  # a city of the old Kiên Giang
    assert "vn24-883" in client.get("/places/vn63-89/communes/?when=before&q=long+xuyen").content.decode()


def test_a_commune_tells_what_it_came_from_and_what_is_not_known(client, db):
    page = client.get("/en/places/vn25-30307/").content.decode()
    assert "What it came from" in page and "1654/NQ-UBTVQH15" in page and "thành phố Long Xuyên" in page
    assert "What is not known" in page and "Changes after 2 August 2026" in page


def test_a_divided_commune_says_that_its_shares_are_not_known(client, db):
    part = Succession.objects.filter(kind="split", certainty="C").first()
    page = client.get(f"/en/places/{part.before.key}/").content.decode()
    assert "in part; the share is not known" in page and "not sure" in page and part.after.key in page


def test_a_district_shows_its_communes_and_that_it_ended(client, db):
    page = client.get("/en/places/vn24-883/").content.decode()
    assert "ended on" in page and "72/2025/QH15" in page and len(rows(page)) == 12


def test_a_change_of_kind_is_shown_as_two_rows(client, db):
    page = client.get("/en/places/vn25-26248/").content.decode()
    assert "237/NQ-UBTVQH16" in page and page.count('<th scope="row">Trảng Bom</th>') == 2


def test_any_unit_of_any_time_is_found(client, db):
    page = client.get("/places/", {"q": "ba che"}).content.decode()
    assert {"vn25-06970", "vn24-202"} <= set(rows(page))
    assert "vn25-06970" in rows(client.get("/places/", {"q": "06978"}).content.decode())


def test_a_letter_that_fits_everything_is_cut_and_says_so(client, db):
    page = client.get("/en/places/", {"q": "a"}).content.decode()
    assert len(rows(page)) == 200 and "only the first are shown" in page


def test_the_list_is_handed_out_as_a_workbook(client, db):
    answer = client.get("/places/vn34-91/communes.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 103 and sheet.max_column == 7


@pytest.mark.parametrize(
    "address", ["/places/nowhere/", "/places/vn25-30307/communes/", "/places/nowhere/communes.xlsx", "/places/vn24-0/"]
)
def test_what_does_not_exist_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_pages_are_read_not_written(client, db):
    for address in ("/places/", "/places/vn25-30307/", "/places/vn34-91/communes/", "/places/vn34-91/communes.xlsx"):
        assert client.post(address).status_code in (403, 405)


@pytest.mark.parametrize("page", ["0", "99999", "x", "-1", "1e9"])
def test_a_page_that_does_not_exist_gives_one_that_does(client, db, page):
    assert client.get("/places/vn34-91/communes/", {"page": page}).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/places/vn34-91/communes/", "/places/vn63-01/communes/?when=before", "/places/vn25-30307/", "/places/vn24-883/",
     "/places/?q=phu", "/places/vn63-01/communes.xlsx"],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_rows(client, db, django_assert_max_num_queries, address):
    with django_assert_max_num_queries(20):
        assert client.get(address).status_code == 200


def test_a_name_that_looks_like_code_is_only_text(client, db):
    page = client.get("/places/vn34-91/communes/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
