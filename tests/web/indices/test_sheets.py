"""Reading official spreadsheets in every known layout, and refusing what cannot be trusted."""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from django.utils import translation
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from quantri.engine.groups import cuts
from quantri.engine.loading import DATA, load_units, read_definition, read_results
from quantri.engine.results import EditionResults
from quantri.errors import DataError
from quantri.web.indices.sheets import envelope, workbook
from quantri.web.indices.sheets.reading import SheetResults, read_sheets

PRINTED = 1e-6
ADDED_UP = 5e-6  # composites that the package and the reader add up from scores of six decimals

# Official sheet of 2023, tab 2023_VIE_ENG, D1.1: Hà Nội, Hà Giang, Cao Bằng
CIVIC_KNOWLEDGE = (0.745272, 0.703545, 0.483298)
LEADERS = (0.581964, 0.334127, 0.369411)
# The same sheet, "Unweighted 95% CI Low" and "High" of the composite
LOW = (43.700916, 42.789047, 41.337597)
HIGH = (44.219692, 45.70681, 41.972698)

Read = Callable[..., SheetResults]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def read(papi, layouts) -> Read:
    """Read a workbook, or its bytes, as the named file."""

    def reading(book: Workbook | bytes, name: str = "file-2023.xlsx", *, year: int | None = None, units_of: int = 2023,
                sheet: str | None = None) -> SheetResults:  # fmt: skip
        content = book if isinstance(book, bytes) else layouts.to_bytes(book)
        units = load_units(DATA / "places" / "provinces.csv", date(year or units_of, 12, 31))
        return read_sheets(content, name, year=year, archive=papi, all_units=units, sheet=sheet)

    return reading


@pytest.fixture
def book_2023(papi, layouts) -> Workbook:
    return layouts.by_columns(papi.edition(2023), tab="2023_VIE_ENG")


@pytest.fixture
def sheet_2023(book_2023) -> Worksheet:
    return book_2023.active


def faults(found: SheetResults) -> list[tuple[str, str]]:
    return [(fault.where, fault.message) for fault in found.faults]


def the_fault(found: SheetResults) -> str:
    """Cell of the only fault, whose texts must then be empty."""
    assert len(found.faults) == 1, faults(found)
    assert (found.definition, found.results, found.indicators) == ("", "", "")
    return found.faults[0].where


def same_scores(found: SheetResults, published: EditionResults) -> None:
    """Compare with published results; the texts must pass the engine's own readers."""
    assert faults(found) == []
    units = {unit.key: unit for unit in published.units}
    results = read_results(found.results, "read.csv", read_definition(found.definition, "read.toml"), units)
    assert set(results.units) == set(published.units)
    for component in published.definition:
        for unit in published.units:
            score = published.score(unit.key, component.code)
            off = ADDED_UP if component.parent is None else PRINTED
            assert results.score(unit.key, component.code) == (score and pytest.approx(score, abs=off))
            assert score is not None or results.notes[unit.key, component.code] == "not published"


# Layouts


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


# Indicators and intervals


def put_below(sheet: Worksheet, row: int, *labels: str, values: tuple[float, ...]) -> None:
    sheet.insert_rows(row + 1)
    for column, value in enumerate((*labels, *values), 1):
        sheet.cell(row + 1, column, value)


def row_of(sheet: Worksheet, label: str) -> int:
    return next(cell.row for cells in sheet.iter_rows(max_col=2) for cell in cells if label in str(cell.value))


def put_head_of_2023(sheet: Worksheet) -> None:
    """Rows below the composite and below D1.1 as the official sheet prints them."""
    part = row_of(sheet, "1.1:")
    put_below(sheet, part, "Knowledge of Leaders", "Hiểu biết về vị trí lãnh đạo (%)", "0%-100%", values=LEADERS)
    put_below(sheet, part, "Proportion with Civic Knowledge", "Hiểu biết về chính sách hiện hành (%)", "0%-100%",
              values=CIVIC_KNOWLEDGE)  # fmt: skip
    top = "Chỉ số PAPI tổng hợp (không có trọng số)"
    put_below(sheet, 3, "Unweighted Standard Error", f"{top} - sai số", "", values=(0.157685, 0.886877, 0.193045))
    put_below(sheet, 3, "Unweighted 95% CI High", f"{top} - điểm cao", "", values=HIGH)
    put_below(sheet, 3, "Unweighted 95% CI Low", f"{top} - điểm thấp", "", values=LOW)


def test_indicators_are_kept_as_printed_in_their_order(papi, read, book_2023, sheet_2023):
    put_head_of_2023(sheet_2023)
    found = read(book_2023)
    same_scores(found, papi.edition(2023))
    rows = list(csv.DictReader(io.StringIO(found.indicators)))
    assert found.n_indicators == 2 and len(rows) == 2 * 63
    printed = [(r["position"], r["unit"], float(r["value"])) for r in rows if r["value"]]
    units = ("vn63-01", "vn63-02", "vn63-04")
    assert printed == [
        (position, unit, value)
        for position, values in (("1", CIVIC_KNOWLEDGE), ("2", LEADERS))
        for unit, value in zip(units, values, strict=True)
    ]
    assert {(r["parent"], r["label_en"], r["label_vi"], r["scale"]) for r in rows if r["position"] == "2"} == {
        ("D1.1", "Knowledge of Leaders", "Hiểu biết về vị trí lãnh đạo (%)", "0%-100%")
    }


def test_intervals_go_with_the_component_above_them(papi, read, book_2023, sheet_2023):
    put_head_of_2023(sheet_2023)
    put_below(sheet_2023, row_of(sheet_2023, "Dimension 2"), "Unweighted 95% CI High", "", "", values=(9,))
    put_below(sheet_2023, row_of(sheet_2023, "Dimension 2"), "Unweighted 95% CI Low", "", "", values=(2,))
    found = read(book_2023)
    units = {unit.key: unit for unit in papi.edition(2023).units}
    results = read_results(found.results, "read.csv", read_definition(found.definition, "read.toml"), units)
    assert found.n_intervals == 4
    assert results.intervals == {
        ("vn63-01", "PAPI"): (LOW[0], HIGH[0]),
        ("vn63-02", "PAPI"): (LOW[1], HIGH[1]),
        ("vn63-04", "PAPI"): (LOW[2], HIGH[2]),
        ("vn63-01", "D2"): (2, 9),
    }


def test_weighted_rows_and_their_intervals_are_left_out_with_a_remark(papi, read, book_2023, sheet_2023):
    put_below(sheet_2023, 3, "Weighted 95% CI Low", "", "", values=(1, 1, 1))
    put_below(sheet_2023, 3, "95% CI Low", "", "", values=(2, 2, 2))
    put_below(sheet_2023, 3, "Weighted PAPI Score", "Chỉ số PAPI tổng hợp (có trọng số)", "", values=(60, 60, 60))
    found = read(book_2023)
    same_scores(found, papi.edition(2023))
    assert found.n_intervals == 0
    assert [remark.where for remark in found.remarks] == ["2023_VIE_ENG!A4", "2023_VIE_ENG!A6"]


def test_indicators_of_a_withheld_province_are_empty_even_where_zeros_are_printed(papi, layouts, read):
    book = layouts.by_columns(papi.edition(2023), tab="2023_VIE_ENG", withheld=0)
    part = row_of(book.active, "1.1:")
    put_below(book.active, part, "Knowledge of Leaders", "Hiểu biết", "0%-100%", values=(0.0,) * 63)
    rows = {row["unit"]: row["value"] for row in csv.DictReader(io.StringIO(read(book).indicators))}
    assert rows["vn63-22"] == "" and rows["vn63-01"] == "0"


# Numbers


@pytest.mark.parametrize("text", ["5,427534", "5.427534", " 5.427534 "])
def test_a_number_kept_as_text_is_read_with_comma_or_point(papi, read, book_2023, sheet_2023, text):
    sheet_2023["D4"] = text
    same_scores(read(book_2023), papi.edition(2023))


@pytest.mark.parametrize("empty", ["", "-", "N/A", 0, "0", None])
def test_an_empty_mark_or_a_zero_is_withheld(read, book_2023, sheet_2023, empty):
    for row in (3, 4, 5):
        sheet_2023.cell(row, 4).value = empty
    found = read(book_2023)
    assert faults(found) == []
    assert "vn63-01,D1,,,not published" in found.results and "vn63-01,D1.1,,,not published" in found.results
    assert found.n_withheld == 74 + 3
    lifted = [remark.where for remark in found.remarks]
    assert lifted == (["2023_VIE_ENG!D3"] if str(empty) == "0" else [])


@pytest.mark.parametrize("wrong", [date(2023, 4, 5), True, "5.4 điểm", "#N/A", "1.234,5", "tám"])
def test_a_cell_that_is_no_number_is_a_fault(read, book_2023, sheet_2023, wrong):
    sheet_2023["F12"] = wrong
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!F12"
    assert ("for a date" in found.faults[0].message) is isinstance(wrong, date)


def test_a_formula_without_a_stored_result_is_a_fault(read, book_2023, sheet_2023):
    sheet_2023["F12"] = "=1+1"
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!F12" and "open the file in Excel" in found.faults[0].message


def test_a_formula_without_a_result_in_a_table_of_rows_names_the_right_cell(papi, layouts, read):
    book = layouts.compiled([papi.edition(2011)])
    book["2011"]["E7"] = "=1+1"
    assert the_fault(read(book, year=2011)) == "2011!E7"


def test_a_range_merged_over_scores_is_a_fault(read, book_2023, sheet_2023):
    sheet_2023["E13"] = None
    sheet_2023.merge_cells("D13:E13")
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!D13:E13"


def test_a_sum_that_does_not_hold_is_a_fault_at_the_whole(read, book_2023, sheet_2023):
    sheet_2023["D4"] = sheet_2023["D4"].value + 0.001  # off for its parts and for the composite
    assert [where for where, _message in faults(read(book_2023))] == ["2023_VIE_ENG!D3", "2023_VIE_ENG!D4"]


def test_figures_printed_to_two_decimals_may_miss_their_sums_by_rounding(read, book_2023, sheet_2023):
    for row in sheet_2023.iter_rows(min_row=3, min_col=4):
        for cell in row:
            cell.value = cell.value and round(cell.value, 2)
    assert faults(read(book_2023)) == []
    sheet_2023["D4"] = round(sheet_2023["D4"].value + 0.06, 2)
    assert [where for where, _message in faults(read(book_2023))] == ["2023_VIE_ENG!D3", "2023_VIE_ENG!D4"]


def test_a_score_beyond_its_bounds_is_a_fault(read, book_2023, sheet_2023):
    sheet_2023["D5"] = 2.51
    outside = [where for where, message in faults(read(book_2023)) if "outside 0.25 to 2.5" in message]
    assert outside == ["2023_VIE_ENG!D5"]


def test_a_score_just_below_the_printed_bound_of_a_third_is_none(read, book_2023, sheet_2023):
    lower_by = sheet_2023.cell(row_of(sheet_2023, "8.1:"), 4).value - 0.3275
    for row in (3, row_of(sheet_2023, "Dimension 8"), row_of(sheet_2023, "8.1:")):
        sheet_2023.cell(row, 4).value -= lower_by
    assert faults(read(book_2023)) == []


def test_a_composite_without_all_its_dimensions_is_a_fault(read, book_2023, sheet_2023):
    sheet_2023["D4"] = None
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!D3" and "D1 is not" in found.faults[0].message


def test_an_interval_that_does_not_hold_its_score_is_a_fault(read, book_2023, sheet_2023):
    put_head_of_2023(sheet_2023)
    sheet_2023["D4"], sheet_2023["D5"] = 44.1, 44.2
    assert the_fault(read(book_2023)) == "2023_VIE_ENG!D4"


# Provinces


def test_a_name_and_a_code_that_disagree_are_a_fault(read, book_2023, sheet_2023):
    sheet_2023["E2"] = "Cao Bằng"
    found = read(book_2023)
    assert "2023_VIE_ENG!E2" in dict(faults(found)) and "not of one province" in dict(faults(found))["2023_VIE_ENG!E2"]


def test_an_unknown_province_is_a_fault(read, book_2023, sheet_2023):
    sheet_2023["E1"], sheet_2023["E2"] = None, "Hà Tây"
    assert "not one of the 63" in dict(faults(read(book_2023)))["2023_VIE_ENG!E2"]


def test_a_missing_province_is_a_fault_that_names_it(read, book_2023, sheet_2023):
    sheet_2023.delete_cols(5)
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG" and "Hà Giang" in found.faults[0].message


def test_a_province_that_stands_twice_is_a_fault(read, book_2023, sheet_2023):
    column = [cell.value for cell in sheet_2023["E"]]
    for row, value in enumerate(column, 1):
        sheet_2023.cell(row, 67, value)
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!BO2" and "twice" in found.faults[0].message


def test_a_number_under_no_province_is_a_fault(read, book_2023, sheet_2023):
    sheet_2023["BP5"] = 1.2
    assert the_fault(read(book_2023)) == "2023_VIE_ENG!BP5"


@pytest.mark.parametrize(("code", "name"), [(46, "Huế"), (46, "T.T. Huế"), (79, "TP.HCM"), (6, "Bắc Cạn")])
def test_another_spelling_is_read_by_its_code_with_a_remark(papi, read, book_2023, sheet_2023, code, name):
    column = next(c for c in sheet_2023[1] if c.value == code).column_letter
    sheet_2023[f"{column}2"] = name
    found = read(book_2023)
    same_scores(found, papi.edition(2023))
    assert [remark.where for remark in found.remarks] == [f"2023_VIE_ENG!{column}2"]


def test_without_codes_provinces_are_found_by_name(papi, read, book_2023, sheet_2023):
    column = next(c for c in sheet_2023[1] if c.value == 46).column_letter
    sheet_2023[f"{column}2"] = "Huế"
    sheet_2023.delete_rows(1)
    found = read(book_2023)
    same_scores(found, papi.edition(2023))
    assert [remark.where for remark in found.remarks] == [f"2023_VIE_ENG!{column}1"]


def test_without_names_provinces_are_found_by_code(papi, read, book_2023, sheet_2023):
    sheet_2023.delete_rows(2)
    same_scores(read(book_2023), papi.edition(2023))


def test_running_numbers_are_not_taken_for_codes(papi, read, book_2023, sheet_2023):
    for n, cell in enumerate(sheet_2023[1][3:], 1):
        cell.value = n
    same_scores(read(book_2023), papi.edition(2023))


# Components


def test_a_component_that_stands_twice_is_a_fault(read, book_2023, sheet_2023):
    put_below(sheet_2023, 5, "Civic Knowledge", "1.1: Tri thức công dân", "0.25-2.5", values=(1.5,) * 63)
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!A6" and "twice" in found.faults[0].message


def test_labels_that_name_two_components_are_a_fault(read, book_2023, sheet_2023):
    sheet_2023["A4"] = "Dimension 2: Participation"
    assert "D1, D2" in dict(faults(read(book_2023)))["2023_VIE_ENG!A4"]


def test_a_known_edition_takes_no_other_components(read, book_2023, sheet_2023):
    sheet_2023.cell(row_of(sheet_2023, "1.1:"), 2, "1.7: Tri thức công dân")
    found = dict(faults(read(book_2023)))
    assert "D1.7 is no component of PAPI 2023" in found["2023_VIE_ENG!A5"]
    assert "D1.1" in found["2023_VIE_ENG"]


def test_a_known_edition_keeps_its_scales(read, book_2023, sheet_2023):
    sheet_2023["C5"] = "0.33-3.33 điểm"
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!A5" and "0.25-2.5" in found.faults[0].message


def test_a_new_edition_takes_new_components_and_drops_those_that_are_gone(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG", composite=False)
    sheet = book.active
    sheet.delete_rows(row_of(sheet, "8.3:"))
    for column in range(4, 38):
        sheet.cell(row_of(sheet, "Dimension 8"), column).value = None
    eighth = row_of(sheet, "8.2:")
    put_below(sheet, eighth, "Data for All", "8.4: Dữ liệu mở", "0.33-3.33 điểm/points", values=(1.0,) * 34)
    for column in range(4, 38):
        parts = [sheet.cell(row_of(sheet, f"8.{n}:"), column).value for n in (1, 2, 4)]
        sheet.cell(row_of(sheet, "Dimension 8"), column, sum(parts))
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    assert faults(found) == []
    definition = read_definition(found.definition, "read.toml")
    new = definition["D8.4"]
    assert (new.name_vi, new.name_en, new.bounds, new.concept) == (
        "Dữ liệu mở", "Data for All", (0.33, 3.33), "D8.4-2025",
    )  # fmt: skip
    assert "D8.3" not in definition
    assert {(r.where, r.message.split(" ")[0]) for r in found.remarks} == {
        (f"2025_VIE_ENG!A{row_of(sheet, '8.4:')}", "D8.4"), ("2025PAPI.xlsx, 2025_VIE_ENG", "D8.3"),
    }  # fmt: skip


def test_a_code_with_other_names_has_another_meaning_in_a_new_edition(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG")
    row = row_of(book.active, "2.1:")
    book.active.cell(row, 1, "Land Auctions"), book.active.cell(row, 2, "2.1: Đấu giá đất đai")
    typo = row_of(book.active, "1.2:")
    book.active.cell(typo, 1, "Opportunties for Participaton"), book.active.cell(typo, 2, "1.2: Cơ hội tham giaa")
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    definition = read_definition(found.definition, "read.toml")
    assert (definition["D2.1"].concept, definition["D2.1"].name_vi) == ("D2.1-2025", "Đấu giá đất đai")
    assert definition["D1.2"].concept == since_mergers.definition["D1.2"].concept
    assert [remark.where for remark in found.remarks] == [f"2025_VIE_ENG!A{row}"]


def test_a_new_edition_takes_new_scales_with_a_remark(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG")
    book.active["C5"] = "0-2.5 điểm"
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    assert read_definition(found.definition, "read.toml")["D1.1"].bounds == (0, 2.5)
    assert [remark.where for remark in found.remarks] == ["2025_VIE_ENG!A5"]


def test_a_part_without_its_dimension_is_a_fault(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG")
    book.active.delete_rows(row_of(book.active, "Dimension 8"))
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    assert {message.split(" ")[0] for _where, message in faults(found)} >= {"D8.1", "D8.2", "D8.3"}


def test_more_than_fifty_faults_are_cut(read, book_2023, sheet_2023):
    for cell in sheet_2023[5][3:]:
        cell.value = "x"
    found = read(book_2023)
    assert len(found.faults) == 51 and "13 more" in found.faults[-1].message


# The file


def test_the_year_must_be_given_where_the_file_does_not_say_it(read, book_2023):
    with pytest.raises(DataError, match="give the year"):
        read(book_2023, "ket-qua.xlsx")
    assert read(book_2023, "ket-qua.xlsx", year=2023).year == 2023


def test_a_year_other_than_the_files_is_remarked(read, book_2023):
    remarks = [r.where for r in read(book_2023, "2022PAPI.xlsx", year=2023).remarks]
    assert remarks == ["2022PAPI.xlsx"]


def test_several_sheets_that_could_be_meant_are_asked_about(papi, layouts, read, book_2023):
    layouts.fill_columns(book_2023.create_sheet(), papi.edition(2023), tab="2022_VIE_ENG")
    with pytest.raises(DataError, match="choose one of 2023_VIE_ENG, 2022_VIE_ENG"):
        read(book_2023, "2025PAPI.xlsx", units_of=2025)
    with pytest.raises(DataError, match="choose one of"):
        read(book_2023, sheet="2021")


def test_a_workbook_without_provinces_is_refused(read):
    with pytest.raises(DataError, match="no sheet holds provinces"):
        read(Workbook())


def entry(name: str, text: bytes, content: bytes) -> bytes:
    """Put a part into a workbook, in the place of the one it has."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "password"),
        (b"<html><table></table></html>", "save it as .xlsx"),
        (b"unit,code,score\n", "save it as .xlsx"),
        (b"", "save it as .xlsx"),
        (b"PK\x03\x04 and nothing more", "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_way_out(read, content, says):
    with pytest.raises(DataError, match=says):
        read(content)


def test_another_zip_is_refused(read):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(DataError, match="not an Excel workbook"):
        read(file.getvalue())


def test_a_cut_off_workbook_is_refused(layouts, read, book_2023):
    content = layouts.to_bytes(book_2023)
    with pytest.raises(DataError, match="damaged"):
        read(content[: len(content) // 2])
    with pytest.raises(DataError, match="damaged"):
        read(entry("xl/workbook.xml", b"<workbook", content))


def test_macros_are_refused(layouts, read, book_2023):
    content = layouts.to_bytes(book_2023)
    with pytest.raises(DataError, match="without macros"):
        read(content, "2023PAPI.xlsm")
    with pytest.raises(DataError, match="without macros"):
        read(entry("xl/vbaProject.bin", b"x", content))


@pytest.mark.parametrize(
    "text",
    [
        b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaa">]><sst>&a;</sst>',
        b"<!--" + b"x" * 2**20 + b'--><!DOCTYPE sst [<!ENTITY a "aaaa">]><sst>&a;</sst>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE sst [<!ENTITY a "a">]><sst>&a;</sst>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?>+ADw-+ACE-DOCTYPE x+AD4-<sst/>',
    ],
)
def test_xml_tricks_are_refused(layouts, read, book_2023, text):
    with pytest.raises(DataError, match=r"XML definitions|damaged"):
        read(entry("xl/sharedStrings.xml", text, layouts.to_bytes(book_2023)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(layouts, read, book_2023):
    content = entry("xl/media/image1.bin", b"\0" * (envelope.MAX_BYTES + 1), layouts.to_bytes(book_2023))
    assert len(content) < 2**20
    started = time.monotonic()
    with pytest.raises(DataError, match="too big"):
        read(content)
    assert time.monotonic() - started < 1


def test_too_many_entries_are_refused(layouts, read, book_2023):
    file = io.BytesIO(layouts.to_bytes(book_2023))
    with zipfile.ZipFile(file, "a") as archive:
        for n in range(envelope.MAX_ENTRIES):
            archive.writestr(f"xl/media/{n}.bin", b"")
    with pytest.raises(DataError, match="too big"):
        read(file.getvalue())


def sheet_xml(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


@pytest.mark.parametrize(("n_rows", "n_cells", "says"), [(100_000, 60, "too big"), (5_000, 60, "3000 rows")])
def test_a_workbook_of_endless_rows_is_refused_quickly(layouts, read, book_2023, n_rows, n_cells, says):
    row = b"<row>" + b"<c><v>1</v></c>" * n_cells + b"</row>"
    content = entry("xl/worksheets/sheet1.xml", sheet_xml(row * n_rows), layouts.to_bytes(book_2023))
    started = time.monotonic()
    with pytest.raises(DataError, match=says):
        read(content)
    assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    "row", [b'<row r="1"><c r="XFD1"><v>1</v></c></row>', b'<row r="1048576"><c><v>1</v></c></row>']
)
def test_a_far_away_cell_is_refused(layouts, read, book_2023, row):
    content = entry("xl/worksheets/sheet1.xml", sheet_xml(row), layouts.to_bytes(book_2023))
    with pytest.raises(DataError, match=f"{workbook.MAX_ROWS} rows or {workbook.MAX_COLUMNS} columns"):
        read(content)


@pytest.mark.parametrize("value", [b"NaN", b"1e999", b"9" * 400])
def test_a_number_that_no_excel_writes_is_refused_or_a_fault(layouts, read, book_2023, value):
    content = layouts.to_bytes(book_2023)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    start = sheet.index(b'<c r="F12"')
    end = sheet.index(b"</c>", start) + 4
    changed = sheet[:start] + b'<c r="F12"><v>' + value + b"</v></c>" + sheet[end:]
    try:
        assert the_fault(read(entry("xl/worksheets/sheet1.xml", changed, content))) == "2023_VIE_ENG!F12"
    except DataError as refusal:
        assert "damaged" in str(refusal)
