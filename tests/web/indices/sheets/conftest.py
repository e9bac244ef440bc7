from datetime import date

import pytest
from django.utils import translation
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from quantri.engine.loading import DATA, load_units
from quantri.web.indices.sheets.reading import SheetResults, read_sheets
from what_was_read import Read


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
