"""Files that are no sound workbook, or a dangerous one, are refused with the way out."""

import io
import time
import zipfile

import pytest

from quantri.errors import DataError
from quantri.web.indices.sheets import envelope, workbook
from what_was_read import entry, the_fault


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
    started = time.process_time()
    with pytest.raises(DataError, match="too big"):
        read(content)
    assert time.process_time() - started < 1


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
    started = time.process_time()
    with pytest.raises(DataError, match=says):
        read(content)
    assert time.process_time() - started < 4


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
