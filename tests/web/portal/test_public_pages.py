import html
import json
import re

from people import signed_in
from quantri.engine.loading import DATA
from quantri.web.portal.demonstration import load_historic_plan
from quantri.web.portal.logins import LOGINS, ensure_logins


def text_of(client, address: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


def test_home_shows_both_old_series_and_no_average(client, db):
    page = text_of(client, "/")
    assert "An Giang cũ: 42,89 điểm" in page and "Kiên Giang cũ: 39,91 điểm" in page
    assert "39,91–42,89" in page
    assert "41,40" not in page  # their mean


def test_the_minute_leads_from_the_score_to_the_document(client, historic_plan):
    page = client.get("/").content.decode()
    path = page[page.index('class="steps"') : page.index("</ol>", page.index('class="steps"'))]
    links = re.findall(r'href="([^"]+)"', path)
    assert [link.split("?")[0] for link in links[:4]] == [
        "/provinces/vn63-89/", "/components/D3/", f"/plans/{historic_plan.pk}/try/D5/",
        f"/plans/{historic_plan.pk}/#results",
    ]  # fmt: skip
    for link in links:
        assert client.get(html.unescape(link.split("#")[0])).status_code == 200


def test_a_rank_never_stands_bare(client, db):
    for address in ("/en/", "/en/provinces/vn63-89/?year=2017", "/en/components/D3/?year=2017"):
        page = text_of(client, address)
        assert re.search(r"\d+ of 63\s+\(|near|within one typical yearly move", page)
        assert "Interval not published" in page or "publishes no interval" in page


def test_a_derived_figure_bears_its_mark_and_leads_to_its_source(client, db):
    page = client.get("/en/provinces/vn63-89/?year=2017").content.decode()
    assert "Added up by Quantri" in page
    link = re.search(r'href="(/en/figures/2017/vn63-89/D3/)"', page)[1]
    figure = client.get(link).content.decode()
    assert "vn63-89,D3,4.556" in figure and "Derived" in figure
    assert re.search(r'href="/en/data/\d+/"', figure)


def test_a_withheld_score_says_so_and_is_no_zero(client, db):
    page = text_of(client, "/en/provinces/vn63-24/?year=2022")  # Bắc Giang
    assert "no total was published" in page and "not published" in page
    assert "0.00 points" not in page


def test_no_lowest_dimension_is_named_where_some_are_withheld(client, db):
    page = text_of(client, "/en/provinces/vn63-24/?year=2022")  # Bắc Giang: four dimensions are withheld
    assert "4 dimensions were not published (D1, D2, D4, D5), so the lowest is not known." in page
    assert "Of the published ones D3" in page and "The lowest is" not in page
    whole = text_of(client, "/en/provinces/vn63-89/?year=2017")
    assert "The lowest is D3" in whole and "were not published" not in whole


def test_a_menu_entry_is_called_as_its_page(client, db):
    for language in ("", "/en"):
        home = client.get(f"{language}/").content.decode()
        menu = home[home.index("<nav") : home.index("</nav>")]
        for address, entry in re.findall(r'<a href="([^"]+)">([^<]+)</a>', menu):
            title = re.search(r"<title>([^<]+)</title>", client.get(address).content.decode())[1]
            assert html.unescape(title).strip().startswith(html.unescape(entry)), address


def test_the_total_is_named_without_a_code(client, db):
    for address in ("/explore/?year=2024", "/components/PAPI/?year=2024", "/provinces/vn63-89/?year=2024"):
        page = text_of(client, address)
        assert "Chỉ số PAPI tổng hợp" in page and "PAPI Chỉ số PAPI" not in page


def test_letters_of_a_chart_do_not_grow_with_it(client, db):
    page = client.get("/components/D3/?year=2017&unit=vn63-89").content.decode()
    charts = re.findall(r'<svg class="chart (?:strip|history)"[^>]*>', page)
    assert charts and not any("viewBox" in chart for chart in charts)
    assert re.search(r'<text class="tick" x="[\d.]+%"', page)


def test_the_new_province_names_its_two_series_and_what_the_merger_means(client, db):
    found = text_of(client, "/en/provinces/?q=an giang")
    assert "1 of today, 2 of before" in found or "1 of today, 1 of before" in found
    page = text_of(client, "/en/provinces/vn34-91/")
    assert "2 old provinces, 2 series" in page and "never averaged" in page and "1 July 2025" in page


def test_a_province_of_three_predecessors_shows_three(client, db):
    page = text_of(client, "/en/provinces/vn34-86/")  # Vĩnh Long, Bến Tre, Trà Vinh
    assert "3 old provinces, 3 series" in page


def test_search_does_not_need_marks(client, db):
    for asked in ("dong thap", "Đồng Tháp", "DONG-THAP", "87"):
        assert "Đồng Tháp" in text_of(client, f"/provinces/?q={asked}")
    assert "Thử gõ ít chữ hơn" in text_of(client, "/provinces/?q=zzz")


def test_the_plan_of_2019_shows_results_without_false_judgement(client, historic_plan):
    page = text_of(client, f"/en/plans/{historic_plan.pk}/")
    assert "6 dimension targets for 2019: 1 can be judged, reached: 1" in page
    assert page.count("not comparable: no judgement") >= 2
    assert "the figure lies above, but the comparison is doubtful" in page
    for fault in ("6 dimensions have no owner", "22 components have a direction but no number",
                  "12 tasks have no due date", "12 tasks have no deliverable"):  # fmt: skip
        assert fault in page
    assert page.count("the lead is read from the context") == 3 and page.count("requested, not ordered") == 2


def test_the_founding_document_gives_offices_as_published_then(client, historic_plan):
    page = text_of(client, f"/en/plans/{historic_plan.pk}/source/")
    assert "As published in 2019" in page and "0296.3.957.006" in page and "4 April 2019" in page
    assert "Thu Hồng" not in page  # offices only


def test_a_demonstration_copy_is_marked(client, historic_plan):
    for address in ("/en/", "/en/plans/", f"/en/plans/{historic_plan.pk}/"):
        assert "demonstration" in text_of(client, address)


def test_loading_again_changes_nothing(db):
    assert load_historic_plan() is None


def test_the_demonstration_has_a_login_for_each_role_and_keeps_it(province, settings, tmp_path, client):
    settings.DATA_DIR = tmp_path
    words = ensure_logins(province)
    assert set(words) == set(LOGINS) and ensure_logins(province) == words
    assert (tmp_path / "demo-logins.txt").stat().st_mode & 0o077 == 0
    for name, word in words.items():
        assert client.login(username=name, password=word)


def test_signing_in_and_out(client, coordinator):
    answer = client.post("/account/login/", {"username": "coordinator", "password": "wrong"})
    assert "không khớp" in answer.content.decode()
    answer = client.post(
        "/account/login/?next=/plans/new/", {"username": "coordinator", "password": "p" * 12, "next": "/plans/new/"}
    )
    assert answer["Location"] == "/plans/new/"
    answer = client.post(
        "/account/login/", {"username": "coordinator", "password": "p" * 12, "next": "https://example.org"}
    )
    assert answer["Location"] == "/start/"  # which leads on to the first page of the role
    client.post("/account/logout/")
    assert client.get("/plans/new/").status_code == 302


def test_compare_takes_five_at_most_and_says_so(client, db):
    units = "&".join(f"unit=vn63-{n}" for n in ("01", "02", "04", "06", "08", "10"))
    page = text_of(client, f"/en/compare/?year=2017&{units}&unit=forged")
    assert "Only the first 5 are shown" in page


def test_a_region_keeps_its_provinces_only(client, db):
    rows = client.get("/explore/table.csv?year=2017&code=D3&level=dimension&region=mekong_delta").content.decode(
        "utf-8-sig"
    )
    assert len(rows.strip().split("\r\n")) == 1 + 13
    assert "nhóm" in rows.lower() or "Nhóm" in rows


def test_a_leader_sees_the_decision_page_only_for_the_own_province(plan, leader, outsider):
    assert signed_in(leader).get(f"/plans/{plan.pk}/decision/").status_code == 200
    assert signed_in(outsider).get(f"/plans/{plan.pk}/decision/").status_code == 403


def test_the_method_page_tells_the_figures_of_the_backtest(client, db):
    found = json.loads((DATA / "backtest.json").read_text(encoding="utf-8"))
    years = found["coverage_50_by_base_year"].values()
    page = text_of(client, "/en/method/")
    held = [f"{found['coverage'][level] * 100:.0f} %" for level in ("50", "80", "95")]
    assert f"held {held[0]}, {held[1]} and {held[2]} of the results" in page
    assert f"by {found['skill'] * 100:.0f} %" in page
    assert f"between {min(years) * 100:.0f} % and {max(years) * 100:.0f} %" in page


def test_no_blank_stands_before_a_comma_in_the_list_of_plans(client, historic_plan):
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", client.get("/plans/").content.decode()))
    assert "công khai" in shown and " ," not in shown
