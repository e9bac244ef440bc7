import io
import zipfile

import pytest
from django.utils import translation
from openpyxl import Workbook

from quantri.errors import DataError
from quantri.web.core.workbooks import formulas_in, named, sheets_of


@pytest.fixture(autouse=True)
def _english(_vietnamese):
    with translation.override("en"):
        yield


def packed(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(*rows: list[object], title: str = "Chỉ tiêu") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def test_a_sheet_is_found_with_or_without_marks():
    sheets = sheets_of(packed(book_of(["Mã"], ["D1"])), most_rows=10)
    assert named(sheets, "chi tieu").lines == (["Mã"], ["D1"])
    assert named(sheets, "Nhiệm vụ") is None


def test_a_formula_is_named_by_its_cell():
    sheet = sheets_of(packed(book_of(["Mã", "Chỉ tiêu"], ["D1", "=1+1"])), most_rows=10)[0]
    assert [(f.cell, f.sheet) for f in formulas_in(sheet)] == [("B2", "Chỉ tiêu")]


def test_a_hidden_sheet_is_refused_by_its_name():
    book = book_of(["Mã"])
    book.create_sheet("Bí mật").sheet_state = "hidden"
    with pytest.raises(DataError, match=r"Bí mật.*hidden"):
        sheets_of(packed(book), most_rows=10)


def test_more_rows_than_a_plan_can_have_are_refused_without_reading_them_all():
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Chỉ tiêu")
    for _ in range(3000):
        sheet.append(["D1"])
    with pytest.raises(DataError, match="more than 100 rows"):
        sheets_of(packed(book), most_rows=100)


def test_macros_other_files_and_bombs_are_refused():
    book = io.BytesIO(packed(book_of(["Mã"])))
    with zipfile.ZipFile(book, "a") as file:
        file.writestr("xl/vbaProject.bin", b"x")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    for content, said in ((book.getvalue(), "macros"), (bomb.getvalue(), "50 MB"), (b"PK", "cannot|can be opened")):
        with pytest.raises(DataError, match=said):
            sheets_of(content, most_rows=10)


def test_an_empty_zip_is_no_spreadsheet():
    out = io.BytesIO()
    zipfile.ZipFile(out, "w").close()
    with pytest.raises(DataError, match="can be opened"):
        sheets_of(out.getvalue(), most_rows=10)
