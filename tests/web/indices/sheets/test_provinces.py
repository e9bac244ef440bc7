"""Every province stands once, by code or by name."""

import pytest

from what_was_read import faults, same_scores, the_fault


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


@pytest.mark.parametrize("name", ["Nam", "Quảng", "Bắc", "H"])
def test_a_name_that_could_be_of_several_provinces_is_a_fault_and_no_guess(read, book_2023, sheet_2023, name):
    sheet_2023["E2"] = name
    sheet_2023.delete_rows(1)
    assert f"“{name}” is not one of the 63 provinces" in dict(faults(read(book_2023)))["2023_VIE_ENG!E1"]
