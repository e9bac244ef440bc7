"""A cell is a number, nothing, or a fault with its name."""

from datetime import date

import pytest

from what_was_read import faults, row_of, same_scores, the_fault


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
