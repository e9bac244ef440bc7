"""Official spreadsheets in every known layout give the published scores."""

import csv
import io

import numpy as np
import pytest

from quantri.engine.groups import cuts
from quantri.engine.loading import DATA, read_definition, read_results
from what_was_read import faults, same_scores


@pytest.mark.parametrize("year", range(2011, 2018))
def test_a_sheet_of_dimensions_and_six_of_parts_give_the_published_scores(papi, layouts, read, year):
    found = read(layouts.by_dimension(papi.edition(year)), f"PAPI-{year}-Dữ-liệu-1.xlsx", units_of=year)
    same_scores(found, papi.edition(year))
    assert (found.layout, found.n_components, found.n_units) == ("rows by dimension", 29, 63)


def test_a_tab_that_names_another_year_is_remarked_and_the_file_counts(papi, layouts, read):
    found = read(layouts.by_dimension(papi.edition(2011), tab_year=2012), "PAPI-2011-Dữ-liệu-1.xlsx", units_of=2011)
    same_scores(found, papi.edition(2011))
    assert found.year == 2011
    assert [remark.where for remark in found.remarks] == ["2012PAPI- Bảng tổng hợp kết quả"]


def test_sheets_of_parts_are_not_needed_where_the_main_sheet_holds_the_parts(papi, layouts, read):
    book = layouts.by_dimension(papi.edition(2011), tab_year=2012, parts_in_main=True)
    found = read(book, "PAPI-2011-Dữ-liệu-1.xlsx", units_of=2011)
    same_scores(found, papi.edition(2011))
    assert found.layout == "rows"


@pytest.mark.parametrize("year", range(2011, 2017))
@pytest.mark.parametrize("numbered", [True, False])
def test_the_compiled_workbook_gives_the_sheet_of_the_year_without_its_highest_row(papi, layouts, read, year, numbered):
    book = layouts.compiled([papi.edition(y) for y in range(2011, 2017)], numbered=numbered, withheld_composite=0)
    found = read(book, "PAPI_2011-2016.xlsx", year=year)
    same_scores(found, papi.edition(year))
    assert (found.sheet, found.layout) == (str(year), "rows")
    assert f"{year}!C66" in {remark.where for remark in found.remarks}


def test_the_sheet_of_2018_has_no_composite_so_it_is_added_up(papi, layouts, read):
    book = layouts.by_columns(papi.edition(2018), tab="ProvincialIndicators_VIE", composite=False, english=False)
    found = read(book, "PAPI2018_ProvincialScores_ByIndicators_VIE.xlsx", units_of=2018)
    same_scores(found, papi.edition(2018))
    rows = [row for row in csv.DictReader(io.StringIO(found.results)) if row["code"] == "PAPI"]
    assert [row["derived"] for row in rows].count("1") == 61
    assert {row["unit"] for row in rows if not row["score"]} == {"vn63-22", "vn63-87"}


@pytest.mark.parametrize(
    ("name", "tab", "year", "withheld"),
    [
        ("2019_PAPI_Provincial_indicators2019_VIE_ENG.xlsx", "2019PAPI_Indicators_VIE", 2019, None),
        ("2020PAPI_ProvincialIndicators_BangChiTieuCapTinh-1.xlsx", "2020_VIE_ENG", 2020, None),
        ("1.2021PAPI_ProvincialIndicators_BangChiTieuCapTinh.xlsx", "2021_VIE_ENG", 2021, None),
        ("2022PAPI_ProvincialIndicators_BangChiTieuCapTinh.xlsx", "2022_VIE_ENG", 2022, 0),
        ("2023PAPI_ProvincialIndicators_BangChiTieuCapTinh..xlsx", "2023_VIE_ENG", 2023, None),
    ],
)
def test_provinces_in_columns_give_the_published_scores(papi, layouts, read, name, tab, year, withheld):
    found = read(layouts.by_columns(papi.edition(year), tab=tab, withheld=withheld), name, units_of=year)
    same_scores(found, papi.edition(year))
    assert (found.year, found.layout, found.sheet) == (year, "columns", tab)
    assert found.n_withheld == int(np.isnan(papi.edition(year).scores).sum())


def test_the_re_issue_of_2024_is_read_by_its_63_provinces(papi, layouts, read, mapping):
    book = layouts.re_issued(papi.edition(2024), mapping, withheld=0)
    found = read(book, "2024PAPI_ProvincialIndicators_BangChiTieuCapTinh_34_TinhThanh.xlsx", units_of=2024)
    same_scores(found, papi.edition(2024))
    assert found.n_units == 63


def test_further_sheets_of_earlier_years_are_left_out(papi, layouts, read):
    book = layouts.by_columns(papi.edition(2022), tab="2022_VIE_ENG")
    layouts.fill_columns(book.create_sheet(), papi.edition(2023), tab="2023_VIE_ENG")
    same_scores(read(book, "2023PAPI.xlsx"), papi.edition(2023))
    asked = read(book, "2023PAPI.xlsx", year=2022, sheet="2022_VIE_ENG")
    same_scores(asked, papi.edition(2022))


def test_the_definition_of_a_known_edition_is_the_packages_own(read, book_2023):
    own = (DATA / "indices" / "papi-2023.toml").read_text(encoding="utf-8")
    assert read(book_2023).definition == own


def test_a_coming_edition_has_the_34_provinces_and_cuts_from_them(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG")
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    same_scores(found, since_mergers)
    units = {unit.key: unit for unit in since_mergers.units}
    results = read_results(found.results, "read.csv", read_definition(found.definition, "read.toml"), units)
    assert (found.year, found.n_units, len(results.units)) == (2025, 34, 34)
    assert results.unit("91").key == "vn34-91" and results.unit("An Giang").key == "vn34-91"
    assert results.definition.top.bounds == (8, 80)
    assert [c.concept for c in results.definition] == [c.concept for c in since_mergers.definition]
    assert cuts(results.column("PAPI")) == pytest.approx(np.quantile(since_mergers.column("PAPI"), (0.25, 0.5, 0.75)))


def test_a_coming_edition_may_still_have_the_63_provinces(papi, layouts, read):
    found = read(layouts.by_columns(papi.edition(2024), tab="2025"), "2025PAPI.xlsx", units_of=2025)
    assert faults(found) == []
    assert found.n_units == 63 and "vn63-89," in found.results and "vn34-" not in found.results


def test_the_34_provinces_are_refused_for_a_year_before_the_mergers(layouts, read, since_mergers):
    found = read(layouts.by_columns(since_mergers, tab="2024_VIE_ENG"), "2024PAPI.xlsx", units_of=2024)
    assert "since the mergers of 2025" in dict(faults(found))["2024_VIE_ENG"]
