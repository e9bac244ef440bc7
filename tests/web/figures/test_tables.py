"""Who reads which figures: the table of a period, a commune's page, what stands beside a component."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from figure_files import EARLIER, PERIOD, bring
from people import signed_in
from quantri.web.figures.actions import Brought, Recorded, keep_sheets, publish
from quantri.web.figures.matching import communes_on
from quantri.web.figures.models import Figure, FigureSheet, Measure
from quantri.web.figures.periods import period_of
from quantri.web.figures.table import fitting, in_order, middle_of, table_of

CODES = ["30385", "30388", "30337", "30341", "30346", "30352"]


@pytest.fixture
def brought(coordinator) -> None:
    """Figures of six communes in two periods, those of the later one rising by one each."""
    bring(coordinator, {code: 80 + n for n, code in enumerate(CODES)}, period=EARLIER)
    bring(coordinator, {code: 80 + 2 * n for n, code in enumerate(CODES)})


@pytest.fixture
def address(province) -> str:
    return reverse("figures:table", args=[province.key, PERIOD])


def rows_of(province, reader) -> dict[str, object]:
    return {row.code: row for row in table_of(province, period_of(PERIOD), reader).rows}


def test_the_table_has_all_communes_and_what_is_missing_stays_missing(brought, province, coordinator):
    rows = rows_of(province, coordinator)
    assert len(rows) == 102
    assert rows["30352"].shown["files_on_time"].value == 90
    assert rows["30352"].shown["files_on_time"].change == 5
    assert rows["30307"].shown == {}


def test_the_page_writes_a_dash_for_what_is_missing_and_never_zero(brought, coordinator, address):
    page = signed_in(coordinator).get(address + "?q=long+xuyen").content.decode()
    assert "phường Long Xuyên" in page
    assert "–</td>" in page and "0,00" not in page


def test_the_median_is_of_all_communes_and_hidden_where_they_are_few(brought, province, coordinator):
    [column] = table_of(province, period_of(PERIOD), coordinator).columns
    assert (column.middle.value, column.middle.n) == (Decimal(85), 6)
    assert middle_of([Decimal(1)] * 4).value is None


def test_an_officer_sees_the_own_commune_and_the_median_only(brought, province, communal_officer, address):
    rows = rows_of(province, communal_officer)
    assert list(rows) == ["30385"]
    page = signed_in(communal_officer).get(address).content.decode()
    assert "Vĩnh Xương" in page and "Tân An" not in page
    assert "85,00" in page and "n = 6" in page


def test_a_department_without_a_place_sees_the_median_and_no_commune(brought, province, officer):
    assert rows_of(province, officer) == {}


@pytest.mark.parametrize("tail", ["", "table.xlsx"])
def test_outsiders_and_visitors_do_not_learn_of_figures(client, brought, outsider, overseer, address, tail):
    assert client.get(address + tail).status_code == 404
    assert signed_in(outsider).get(address + tail).status_code == 404
    assert signed_in(overseer).get(address + tail).status_code == 404


def test_everyone_reads_what_a_leader_made_public_and_nothing_else(client, brought, coordinator, leader, address):
    bring(coordinator, {"30385": 70}, code="sipas")
    publish(Figure.objects.filter(sheet__kind="quarter", sheet__year=2026).first().sheet, reason="x", by=leader)
    page = client.get(address + "?sort=~files_on_time").content.decode()
    assert "Vĩnh Xương" in page and "Tân An" in page
    assert "SIPAS" not in page
    assert client.get(reverse("figures:commune", args=["vn25-30385"])).status_code == 200
    assert "+" not in page.split("<tbody>")[1]  # the period before is not public, so no change is told


def test_the_table_is_sorted_with_what_is_missing_last(brought, province, coordinator):
    rows = table_of(province, period_of(PERIOD), coordinator).rows
    assert [r.code for r in in_order(rows, "~files_on_time")][:2] == ["30352", "30346"]
    assert in_order(rows, "files_on_time")[0].code == "30385"
    assert in_order(rows, "~change.files_on_time")[0].code == "30352"
    assert in_order(rows, "~files_on_time")[-1].shown == {}


def test_the_table_is_filtered_by_name_kind_and_what_is_missing(brought, province, coordinator):
    rows = table_of(province, period_of(PERIOD), coordinator).rows
    assert [r.code for r in fitting(rows, "vinh xuong", "", [])] == ["30385"]
    assert {r.kind for r in fitting(rows, "", "ward", [])} == {"ward"}
    assert len(fitting(rows, "", "", ["files_on_time"])) == 96


@pytest.mark.parametrize(
    "asked", ["sort=nothing", "sort=~", "kind=%00", "q=%27--", "page=zzz", "only=x", "sort=change."]
)
def test_what_is_asked_wrongly_is_passed_over(brought, coordinator, address, asked):
    assert signed_in(coordinator).get(f"{address}?{asked}").status_code == 200


def test_the_table_goes_out_with_real_numbers_and_empty_cells(brought, coordinator, address):
    answer = signed_in(coordinator).get(address + "table.xlsx")
    rows = {row[1]: row for row in load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)}
    assert rows["30352"][2:4] == (90, 5)
    assert rows["30307"][2] is None


def test_the_table_costs_the_same_for_three_and_for_a_hundred_communes(coordinator, province, address):
    counts = []
    for codes in (CODES[:3], [u.code for u in communes_on(province, date(2026, 3, 14))]):
        bring(coordinator, dict.fromkeys(codes, 90))
        client = signed_in(coordinator)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20


def test_a_commune_has_its_figures_over_the_periods_beside_components_as_context(brought, coordinator):
    page = signed_in(coordinator).get(reverse("figures:commune", args=["vn25-30352"])).content.decode()
    assert "90,00" in page and "85,00" in page and "+5,00" in page
    assert "không phải PAPI" in page or "not PAPI" in page
    assert reverse("figures:component", args=["D5"]) in page


def test_the_page_of_a_commune_is_for_its_own_officers_and_those_who_steer(brought, communal_officer, officer, client):
    own, other = (reverse("figures:commune", args=[f"vn25-{code}"]) for code in ("30385", "30352"))
    assert signed_in(communal_officer).get(own).status_code == 200
    assert signed_in(communal_officer).get(other).status_code == 404
    assert signed_in(officer).get(own).status_code == 404
    assert client.get(own).status_code == 404


def test_figures_of_before_the_merger_stay_with_the_units_of_then(province, coordinator):
    old = communes_on(province, date(2024, 12, 14)).exclude(successors=None).first()
    measure = Measure.objects.get(code="files_on_time")
    row = Recorded(unit=old.pk, agency=None, name=old.title, code=old.code, value=Decimal(77))
    keep_sheets(province, Brought(
        period=period_of("quarter-2024-4"), source="x", file_name="x.xlsx", sha256="0" * 64,
        values={measure.pk: [row]}, seen={}), by=coordinator)  # fmt: skip
    assert Figure.objects.get().unit == old
    client = signed_in(coordinator)
    page = client.get(reverse("figures:commune", args=[old.key])).content.decode()
    assert "77,00" in page
    successor = old.successors.first().after
    assert "77,00" not in client.get(reverse("figures:commune", args=[successor.key])).content.decode()
    table = table_of(province, period_of("quarter-2024-4"), coordinator)
    assert [r.name for r in table.rows if r.shown] == [old.title]
    assert len(table.rows) > 200


def test_beside_a_component_stand_its_measures_with_their_medians_and_no_sum(brought, coordinator, client):
    address = reverse("figures:component", args=["D5.1"])
    page = signed_in(coordinator).get(address).content.decode()
    assert "85,00" in page
    assert 'class="group' not in page
    assert "85,00" not in client.get(address).content.decode()


def test_each_page_says_once_that_its_figures_are_not_papi(brought, coordinator, address):
    own = signed_in(coordinator)
    sheet = FigureSheet.objects.current().first()
    pages = [address, *(reverse(f"figures:{name}") for name in ("list", "measures")),
             reverse("figures:component", args=["D5.1"]), reverse("figures:sheet", args=[sheet.pk])]  # fmt: skip
    for page in pages:
        assert own.get(page).content.decode().count("Thông tin tham khảo, không phải PAPI") == 1, page


def test_the_code_of_a_measure_has_its_column_and_is_explained(coordinator):
    page = signed_in(coordinator).get("/en" + reverse("figures:measures")).content.decode()
    assert '<th scope="col">Code</th>' in page and "The code names the column of the measure in the file" in page
    assert re.search(r'<td class="small quiet" data-label="Code"><code>q766\.publicity</code></td>', page)


def test_wrong_methods_are_refused(coordinator, address):
    client = signed_in(coordinator)
    assert client.post(address).status_code == 405
    assert client.get(reverse("figures:confirm")).status_code == 405


def test_a_figure_that_was_public_before_a_correction_is_not_any_more(coordinator, leader):
    [sheet] = bring(coordinator, {"30385": 90})
    publish(sheet, reason="x", by=leader)
    assert Figure.objects.visible_to(AnonymousUser()).count() == 1
    bring(coordinator, {"30385": 91})
    assert not Figure.objects.visible_to(AnonymousUser()).exists()
