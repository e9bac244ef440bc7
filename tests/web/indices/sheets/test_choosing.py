"""Which year and which sheet a workbook means."""

import pytest
from openpyxl import Workbook

from quantri.errors import DataError


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
