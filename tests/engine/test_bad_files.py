"""Each file that cannot be used gives one sentence: what, where, how to mend it."""

import io
import random
import shutil
import time
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from quantri.engine.files import workbook
from quantri.engine.files.envelope import EnvelopeBounds
from quantri.engine.microdata import read_microdata, reading, sha256
from quantri.errors import DataError

FILES = Path(__file__).parent / "files"
TEXT = "id,weight,q1\n1,0.5,2\n2,1.5,3\n"


def refusal(path: Path, columns: list[str] | None = None) -> str:
    with pytest.raises(DataError) as caught:
        read_microdata(path, columns)
    text = str(caught.value)
    assert path.name in text and "\n" not in text and ("; " in text or ":" in text)
    return text


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_what_is_no_file_is_named(tmp_path):
    (tmp_path / "b.csv").mkdir()
    assert "there is no such file; check the name" in refusal(tmp_path / "a.csv")
    assert "is a folder; name one file" in refusal(tmp_path / "b.csv")
    assert "is a folder; name one file" in refusal(tmp_path)
    assert "the file is empty (0 bytes)" in refusal(written(tmp_path / "c.csv", ""))
    assert "the ending '.xls' is not known; save the answers as one of" in refusal(written(tmp_path / "d.xls", "x"))
    for name in ("a\0.csv", "x" * 300 + ".csv"):
        with pytest.raises(DataError):
            read_microdata(tmp_path / name)
    with pytest.raises(DataError, match="no such file"):
        sha256(tmp_path / "a.csv")


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    path = written(tmp_path / "a.csv", TEXT)

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    assert "cannot be opened (Permission denied); check the name and your rights" in refusal(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,weight,q1\n1,0.5,2\n2,1.", "row 3 has 2 of 3 fields: the file is cut off"),
        ("id,weight,q1\n1,0.5\n2,1.5,3\n", "row 2 has 2 fields where the header has 3"),
        ("id,weight,q1\n1,0.5,2,9\n", "row 2 has 4 fields where the header has 3; put text that holds"),
        ("id,weight,q1\n1,0.5,2\n\n2,1.5,3\n", "row 3 is blank, or has one field"),
        ('id,weight,q1\n1,0.5,"2\n2,1.5,3\n', "row 2: a quotation mark is never closed"),
        ("id,weight,q1\n", "no rows below the header"),
        (",,\n1,2,3\n", "the first row holds no names"),
        ("id\rweight\r1\r", "carriage return alone"),
        (b"id,t\n1,x\n2,caf\xe9\n", "byte 0xE9 at offset 14 (line 3) is not UTF-8; save the file as UTF-8"),
        (b"id,t\n1,x\n2,\xc4\n", "is not UTF-8"),
        ("id,t\n1,Huế\n".encode("utf-16"), "the text is UTF-16, not UTF-8; save it as UTF-8"),
        ("id,t\n1,Huế\n".encode("utf-16-le"), "the text is UTF-16, not UTF-8; save it as UTF-8"),
        ("id,t\n1,Huế\n".encode("utf-16-be"), "the text is UTF-16, not UTF-8; save it as UTF-8"),
        (b"id,t\n1,x\n" + b"\0" * 40, "zero byte at offset 9"),
    ],
)
def test_a_faulty_csv_is_refused_at_its_place(tmp_path, text, says):
    assert says in refusal(written(tmp_path / "answers.csv", text))


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("q1,w,q1", "two columns have the name 'q1' (columns 1 and 3); rename one of them"),
        ("q1,w,Q1", "columns 'q1' and 'Q1' differ only in case or marks; rename one of them"),
        ("tỉnh,w,tinh", "columns 'tỉnh' and 'tinh' differ only in case or marks"),
        ("Đường,w,duong", "differ only in case or marks"),
    ],
)
def test_columns_that_people_would_mix_up_are_refused_in_each_format(tmp_path, header, says):
    text = written(tmp_path / "answers.csv", f"{header}\n1,2,3\n")
    assert says in refusal(text)
    book = openpyxl.Workbook()
    for row in (header.split(","), [1, 2, 3]):
        book.active.append(row)
    book.save(tmp_path / "answers.xlsx")
    assert says in refusal(tmp_path / "answers.xlsx")


def test_names_that_differ_in_a_sign_are_two_names(tmp_path):
    data = read_microdata(written(tmp_path / "a.csv", "weight,_weight,q1.1,q1_1\n1,2,3,4\n"))
    assert data.frame.collect().row(0) == (1, 2, 3, 4)


@pytest.mark.parametrize("name", ["answers.csv", "calc.xlsx", "haven.sav", "haven-15.dta"])
def test_a_column_that_is_missing_is_named_with_those_near_it(name):
    text = refusal(FILES / name, ["Weigth", "q1", "q99"])
    assert "no column 'Weigth' (is it 'weight'?), 'q99'" in text and "the file has id, province, weight" in text


def truncations(size: int) -> set[int]:
    """Powers of two, all lengths near the end, and others drawn once."""
    drawn = random.Random(2019).sample(range(size), min(size, 40))  # noqa: S311
    return {2**n for n in range(size.bit_length()) if 2**n < size} | set(range(max(size - 12, 0), size)) | set(drawn)


@pytest.mark.parametrize(
    "name", ["haven.sav", "haven-plain.sav", "haven.zsav", "haven-15.dta", "haven-13.dta", "calc.xlsx", "made.parquet"]
)
def test_a_file_cut_off_anywhere_is_refused(tmp_path, name):
    whole = tmp_path / "whole"
    if name == "made.parquet":
        pl.DataFrame({"id": range(2000), "p": ["Huế"] * 2000}).write_parquet(whole)
    else:
        shutil.copy(FILES / name, whole)
    content = whole.read_bytes()
    for size in truncations(len(content)):
        text = refusal(written(tmp_path / name, content[:size]))
        assert "copy it again" in text or "save it" in text or "write it anew" in text or "holds no" in text, size


def test_a_csv_cut_off_inside_a_row_is_refused_until_its_last_field(tmp_path):
    whole = TEXT.rstrip("\n")
    for size in range(whole.rindex("\n") + 2, whole.rindex(",") + 1):
        assert "row 3 has" in refusal(written(tmp_path / "a.csv", whole[:size]))


@pytest.mark.parametrize("name", ["haven.sav", "haven.zsav", "pspp-1258.sav", "haven-15.dta", "foreign-10.dta"])
def test_a_damaged_file_is_read_or_refused_but_never_a_crash(tmp_path, name):
    content = (FILES / name).read_bytes()
    chance = random.Random(41)  # noqa: S311
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 3, 30))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = written(tmp_path / name, bytes(damaged))
        try:
            with reading(name):
                read_microdata(path).frame.collect()
        except DataError as fault:
            assert name in str(fault)


def rebuilt(entry: str, content: bytes) -> bytes:
    """The workbook of LibreOffice with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(FILES / "calc.xlsx") as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), entry}:
            new.writestr(name, content if name == entry else old.read(name))
    return out.getvalue()


def sheet(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    return b'<worksheet xmlns="' + space + b'"><sheetData>' + head + rows + b"</sheetData></worksheet>"


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "' % (98 + n) + (b"&%c;" % (97 + n)) * 10 + b'">' for n in range(12)
) + b"]><sst>&m;</sst>"  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "content", "says"),
    [
        ("xl/sharedStrings.xml", LAUGHS, "XML definitions that Excel never writes"),
        ("xl/sharedStrings.xml", b"<sst><si><t>" + b"a" * 2**22 + b"</t></si></sst>", "damaged"),
        ("xl/vbaProject.bin", b"x", "holds macros; save it as .xlsx without macros"),
        ("xl/workbook.xml", b"<workbook", "damaged or cut off"),
        ("xl/worksheets/sheet1.xml", sheet(b'<row r="9999999"><c><v>1</v></c></row>'), "more rows than Excel can hold"),
        ("xl/worksheets/sheet1.xml", sheet(b'<row r="2"><c r="XFD2"><v>1</v></c></row>'), "no rows below the header"),
        ("xl/worksheets/sheet1.xml", sheet(b'<row r="2"><c r="B2"><v>1</v></c></row>'), "to the right of the last"),
        ("xl/worksheets/sheet1.xml", sheet(b'<row r="3"><c r="A3"><v>1</v></c></row>'), "row 2 is empty; delete it"),
        ("xl/worksheets/sheet1.xml", sheet(b""), "no rows below the header"),
    ],
)
def test_a_hostile_workbook_is_refused_quickly(tmp_path, entry, content, says):
    started = time.process_time()
    assert says in refusal(written(tmp_path / "a.xlsx", rebuilt(entry, content)))
    assert time.process_time() - started < 10


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    small = EnvelopeBounds(n_bytes=2**24, n_text_bytes=2**20, n_entries=100, n_tags=10_000)
    monkeypatch.setattr(workbook, "BOUNDS", small)
    for entry, content in (
        ("xl/media/image1.bin", b"\0" * (2**24 + 1)),
        ("xl/sharedStrings.xml", b"<a/>" * 2**18 + b"<"),
        ("xl/styles.xml", b"<a/>" * 10_001),
    ):
        path = written(tmp_path / "a.xlsx", rebuilt(entry, content))
        assert path.stat().st_size < 2**17
        assert "too big; save the sheet as CSV UTF-8" in refusal(path)


def test_what_bears_a_wrong_ending_is_refused(tmp_path):
    for name in ("haven.sav", "haven-15.dta", "calc.xlsx"):
        for ending in (".csv", ".parquet", ".xlsx", ".sav", ".dta"):
            if not name.endswith(ending):
                refusal(Path(shutil.copy(FILES / name, tmp_path / f"a{ending}")))


@pytest.mark.parametrize("text", ["id,q1\n1,2\n".encode("utf-16-le"), b"id,q\0001\n1,2\n"])
def test_bytes_that_are_no_text_are_told_before_the_columns_are_looked_for(tmp_path, text):
    said = refusal(written(tmp_path / "answers.csv", text), ["q1"])
    assert "no column" not in said and ("UTF-16" in said or "zero byte at offset 4" in said)
