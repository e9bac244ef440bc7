"""What is read from a spreadsheet of figures, and what is refused, by cell."""

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from figure_files import HEADER, workbook
from quantri.errors import DataError
from quantri.web.figures.matching import Register, communes_on
from quantri.web.figures.models import Measure
from quantri.web.figures.sheets import Reading, read_figures, template

DAY = datetime.date(2026, 3, 14)


@pytest.fixture
def register(province) -> Register:
    return Register(province, DAY)


def read(register: Register, *lines: list[object], header: list[object] = HEADER, **made: object) -> Reading:
    return read_figures(workbook(header, *lines, **made), list(Measure.objects.all()), register)


def faults(reading: Reading) -> list[str]:
    return [fault.cell for fault in reading.faults]


def test_the_template_holds_the_102_communes_of_the_province_with_their_codes(register, on_time, points):
    sheet = load_workbook(io.BytesIO(template(register.communes, [on_time, points]))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 103
    assert rows[0] == ("Mã", "Xã, phường, đặc khu", on_time.name_vi, points.name_vi, "Ghi chú")
    assert ("30385", "xã Vĩnh Xương", None, None) in [row[:4] for row in rows]


def test_a_template_that_is_filled_in_comes_back_whole(register, on_time):
    book = load_workbook(io.BytesIO(template(register.communes, [on_time])))
    for n in range(2, 104):
        book.active.cell(row=n, column=3).value = 95.5
    out = io.BytesIO()
    book.save(out)
    reading = read_figures(out.getvalue(), [on_time], register)
    assert (reading.faults, reading.missing, len(reading.lines)) == ([], [], 102)
    assert {line.values["files_on_time"] for line in reading.lines} == {Decimal("95.5")}


def test_communes_are_found_by_code_by_name_and_by_name_without_marks(register):
    reading = read(register, [30385, None, 90], [None, "Xã An Phú", 91], [None, "phu huu", 92], ["30388", "Tân An", 93])
    assert [line.meant.how for line in reading.lines] == ["code", "name", "bare_name", "code"]
    assert [line.meant.place.code for line in reading.lines] == ["30385", "30337", "30352", "30388"]
    assert reading.faults == []
    assert len(reading.missing) == 98


def test_a_code_that_a_spreadsheet_made_a_decimal_number_is_still_a_code(register):
    assert read(register, [30385.0, None, 90]).lines[0].meant.how == "code"


def test_a_name_that_several_communes_bore_is_not_guessed(province):
    before_the_merger = Register(province, datetime.date(2025, 3, 14))
    name, places = next((n, p) for n, p in before_the_merger.bare.items() if len(p) == 2)
    reading = read(before_the_merger, [None, name, 90])
    assert faults(reading) == ["B2"]
    assert all(place.code in reading.faults[0].said for place in places)


def test_a_code_and_a_name_that_disagree_are_a_conflict(register):
    assert faults(read(register, ["30385", "xã An Phú", 90], ["99999", "xã An Phú", 90])) == ["B2", "B3"]


def test_a_commune_that_stands_twice_is_named_by_the_row_of_the_first(register):
    reading = read(register, ["30385", "", 90], [None, "vinh xuong", 91])
    assert faults(reading) == ["B3"]
    assert "2" in reading.faults[0].said


def test_an_unknown_name_and_a_row_without_a_name_are_faults(register):
    assert faults(read(register, [None, "Xã Không Có", 90], [None, None, 90])) == ["B2", "B3"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (95.5, "95.5"), (95, "95"), ("95,5", "95.5"), ("95.5", "95.5"), (" 95,5 % ", "95.5"), ("0,125", "0.125"),
        (0.1 + 0.2, "0.3"),
    ],
)  # fmt: skip
def test_decimals_are_read_as_vietnamese_and_as_english_write_them(register, cell, value):
    reading = read(register, ["30385", "", cell])
    assert (reading.faults, reading.lines[0].values) == ([], {"files_on_time": Decimal(value)})


@pytest.mark.parametrize("cell", [None, "", "-", "–", "  "])
def test_what_is_missing_stays_missing_and_is_never_zero(register, cell):
    reading = read(register, ["30385", "", cell, "chưa có"])
    assert (reading.faults, reading.lines[0].values) == ([], {})


@pytest.mark.parametrize(
    "cell",
    [
        100.01, -1, "101", "abc", "95,5,5", "1.234", "9" * 400, "1e3", "NaN", "Infinity", True, "٩٥", "95 %%",
        datetime.date(2026, 1, 1), "=1+1", "=SUM(A1:A9)", "<script>alert(1)</script>", "không rõ", "{x} %s",
    ],
)  # fmt: skip
def test_what_is_no_value_of_the_measure_is_refused_in_its_cell(register, cell):
    assert faults(read(register, ["30385", "", cell])) == ["C2"]


def test_a_percent_cell_is_read_as_it_is_shown(register):
    reading = read(register, ["30385", "", 0.955], formats={"C2": "0.0%"})
    assert reading.lines[0].values == {"files_on_time": Decimal("95.5")}
    assert reading.n_percent == 1


def test_a_percent_cell_of_points_is_refused(register, points):
    header = ["Mã", "Tên", points.name_vi]
    assert faults(read(register, ["30385", "", 0.955], header=header, formats={"C2": "0%"})) == ["C2"]
    assert faults(read(register, ["30385", "", "95%"], header=header)) == ["C2"]


def test_numbers_that_are_texts_are_counted(register):
    assert read(register, ["30385", "", "95,5"], ["30388", "", 90]).n_written == 1


def test_headings_may_be_merged_over_two_rows(register, on_time):
    book = Workbook()
    sheet = book.active
    for line in (["Báo cáo quý I"], ["Mã", "Tên", "Kết quả"], [None, None, on_time.name_vi, "sipas"],
                 ["30385", "Vĩnh Xương", 90, 80]):  # fmt: skip
        sheet.append(line)
    for cells in ("A1:D1", "A2:A3", "B2:B3", "C2:D2"):
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    reading = read_figures(out.getvalue(), list(Measure.objects.all()), register)
    assert reading.faults == []
    assert reading.lines[0].values == {"files_on_time": 90, "sipas": 80}


def test_a_measure_with_two_columns_is_a_fault_of_the_second(register, on_time):
    assert "D1" in faults(read(register, ["30385", "", 90, 91], header=["Mã", "Tên", on_time.name_vi, "files_on_time"]))


def test_a_column_that_names_no_measure_is_told(register, on_time):
    header = ["Mã", "Tên", on_time.name_vi, "Số hồ sơ"]
    assert read(register, ["30385", "", 90, 1200], header=header).left_out == ["Số hồ sơ"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", "Mã,Tên".encode()])
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(register, content):
    with pytest.raises(DataError):
        read_figures(content, list(Measure.objects.all()), register)


def test_a_sheet_without_headings_or_rows_is_refused(register):
    for lines in ([["x", "y"]], [HEADER]):
        with pytest.raises(DataError):
            read_figures(workbook(*lines), list(Measure.objects.all()), register)


def test_a_sheet_of_too_many_rows_is_refused(register):
    with pytest.raises(DataError):
        read(register, *([["30385", "", 90]] * 1600))


def test_communes_of_a_day_before_the_merger_are_those_that_existed_then(province):
    old, new = communes_on(province, datetime.date(2025, 3, 14)), communes_on(province, DAY)
    assert new.count() == 102
    assert old.count() > 200
    assert not old.filter(pk__in=new.values("pk")).exists()


def test_the_committee_of_a_commune_means_the_commune(province, communal_officer, commune):
    reading = read(Register(province, DAY), [None, "UBND xã Vĩnh Xương", 90])
    assert reading.lines[0].meant.place == commune


def test_a_department_is_kept_as_the_agency_that_it_is(province, agency):
    assert read(Register(province, DAY), [None, "Sở Nội vụ", 90]).lines[0].meant.place == agency
