import hashlib
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quantri.engine.files import fields
from quantri.engine.files.content import CodeRange
from quantri.engine.microdata import Microdata, read_microdata, reading, sha256
from quantri.engine.tidy import without_missing
from quantri.errors import DataError

FILES = Path(__file__).parent / "files"
PROVINCES = ["Đà Nẵng", "Huế", "Bà Rịa - Vũng Tàu", None, "Cà Mau", "Huế"]
WEIGHTS = [0.5, 1.25, 2.0, None, 1.0, 3.75]


def column(data: Microdata, name: str) -> list:
    return data.frame.collect()[name].to_list()


def csv(folder: Path, text: str | bytes, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("name", ["haven.sav", "haven-plain.sav", "haven.zsav"])
def test_an_spss_file_of_r_keeps_its_labels_and_says_which_codes_are_missing(name):
    data = read_microdata(FILES / name)
    assert column(data, "province") == PROVINCES
    assert column(data, "weight") == WEIGHTS
    assert column(data, "q1") == [1, 2, 888, 999, None, 1]
    assert data.labels["q1"] == {1: "Có", 2: "Không", 888: "Không biết", 999: "Từ chối"}
    assert data.labels["sex"]["f"] == "Nữ"
    assert data.missing == {"q1": (888, 999), "q2": (CodeRange(low=-9, high=-1), 7), "sex": ("x",)}


def test_codes_that_spss_declares_missing_become_null_on_request():
    data = without_missing(read_microdata(FILES / "haven.sav"))
    assert column(data, "q1") == [1, 2, None, None, None, 1]
    assert column(data, "q2") == [1, 5, None, None, 3, None]
    assert column(data, "sex") == ["m", "f", "m", None, "f", "m"]


def test_a_vietnamese_code_page_is_read_without_moving_letters_between_texts():
    data = read_microdata(FILES / "pspp-1258.sav", ["province", "q1"])
    assert column(data, "province") == ["Cà Mau", "Huế", "Quảng Trị"]
    assert data.labels["q1"] == {1: "Có", 2: "Không", 888: "Không biết"}


@pytest.mark.parametrize("name", ["haven-13.dta", "haven-15.dta"])
def test_a_stata_file_of_r_has_null_for_each_of_its_missing_values(name):
    data = read_microdata(FILES / name)
    assert column(data, "province") == PROVINCES
    assert column(data, "q1") == [1, 2, None, None, None, 1]
    assert data.labels["q1"] == {1: "Có", 2: "Không", ".a": "Không biết", ".b": "Từ chối"}
    assert data.missing == {"q1": (".a", ".b")}


def test_a_stata_text_that_is_not_utf8_is_named_with_its_row():
    with pytest.raises(DataError, match=r"latin-10\.dta: column 'name', row 2: the text is not UTF-8; save"):
        read_microdata(FILES / "latin-10.dta")
    assert column(read_microdata(FILES / "foreign-10.dta"), "name") == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["calc.xlsx", "answers.csv"])
def test_a_workbook_of_libreoffice_and_its_csv_say_the_same(name):
    data = read_microdata(FILES / name, ["opinion", "weight", "q1", "province"])
    assert data.frame.collect().columns == ["opinion", "weight", "q1", "province"]
    assert column(data, "opinion") == ["Tốt, nhanh", None, "Chậm", None, 'Hỏi "một cửa"']
    assert column(data, "weight") == WEIGHTS[:5]
    assert column(data, "q1") == [1, 2, 888, 999, None]
    assert data.first_row == 2
    assert data.columns == ("id", "province", "weight", "day", "q1", "opinion")


@pytest.mark.parametrize("writer", ["polars", "pyarrow"])
def test_parquet_of_each_writer_is_read_lazily_with_nan_as_null(tmp_path, writer):
    path = tmp_path / "answers.parquet"
    frame = pl.DataFrame(
        {"w": [0.5, float("nan"), None], "q1": pl.Series([1, 2, None], dtype=pl.Int8), "p": ["Huế", None, "Cà Mau"]}
    ).with_columns(pl.col("p").cast(pl.Categorical))
    if writer == "polars":
        frame.write_parquet(path)
    else:
        pq.write_table(frame.to_arrow(), path)
    data = read_microdata(path, ["w", "p"])
    assert isinstance(data.frame, pl.LazyFrame)
    assert data.frame.collect().to_dict(as_series=False) == {"w": [0.5, None, None], "p": ["Huế", None, "Cà Mau"]}
    assert data.frame.collect_schema()["p"] == pl.String


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "text", ["id,w,p\n1,0.5,Huế\n2,,x\n", "id;w;p\r\n1;0,5;Huế\r\n2;;x\r\n", "id\tw\tp\n1\t0.5\tHuế\n2\t\tx",
             "id;w;p\n1;0.5;Huế\n2;;x\n\n\n"],
)  # fmt: skip
def test_separator_decimal_sign_and_byte_order_mark_are_seen_from_the_text(tmp_path, text, mark):
    data = read_microdata(csv(tmp_path, mark + text))
    assert data.frame.collect().rows() == [(1, 0.5, "Huế"), (2, None, "x")]


def test_codes_with_a_leading_zero_stay_text(tmp_path):
    data = read_microdata(csv(tmp_path, "province,share,n\n01,0.5,0\n79,0.25,10\n"))
    assert data.frame.collect().rows() == [("01", 0.5, 0), ("79", 0.25, 10)]


def test_a_column_whose_last_row_holds_a_text_is_text_from_the_first(tmp_path):
    data = read_microdata(csv(tmp_path, "q1\n" + "1\n" * 20_000 + "NA\n"))
    assert column(data, "q1")[-2:] == ["1", "NA"]


def test_rows_are_counted_alike_however_the_bytes_are_cut(tmp_path, monkeypatch):
    text = 'id,t\n1,"a\nb, ""c"" đ"\n2,"ỹ"\n3,x\n'
    path = csv(tmp_path, text)
    for size in range(1, len(text.encode()) + 1):
        monkeypatch.setattr(fields, "_CHUNK", size)
        assert fields.count_rows(path, ",", 2) == 3
    assert column(read_microdata(path), "t") == ['a\nb, "c" đ', "ỹ", "x"]


def test_names_of_columns_are_nfc_in_the_file_and_in_the_question(tmp_path):
    apart = unicodedata.normalize("NFD", "tỉnh")
    data = read_microdata(csv(tmp_path, f" {apart} ,q1\nHuế,1\n"), [apart])
    assert data.frame.collect().columns == ["tỉnh"]


def test_a_named_sheet_is_read(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["id"])
    sheet = book.create_sheet("Trả lời")
    for row in (["id", "w", "ok", "mixed"], [1, 0.5, True, 2], [2, None, False, "x"], [None] * 4):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    data = read_microdata(tmp_path / "a.xlsx", sheet="Trả lời")
    assert data.frame.collect().rows() == [(1, 0.5, True, "2"), (2, None, False, "x")]
    with pytest.raises(DataError, match=r"no sheet 'Tra loi'; choose one of Sheet, Trả lời"):
        read_microdata(tmp_path / "a.xlsx", sheet="Tra loi")


def test_rows_of_spss_are_the_same_in_one_part_and_in_many(monkeypatch):
    whole = read_microdata(FILES / "haven.sav").frame.collect()
    monkeypatch.setattr("quantri.engine.files.readstat._CELLS", 1)
    assert read_microdata(FILES / "haven.sav").frame.collect().equals(whole)


def test_the_sum_of_a_file_is_sha256_of_its_bytes():
    path = FILES / "haven.sav"
    assert sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_damage_inside_a_parquet_file_is_one_sentence_when_rows_are_fetched(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": np.arange(5000)}).write_parquet(path)
    content = bytearray(path.read_bytes())
    content[20:60] = b"\xff" * 40
    path.write_bytes(content)
    data = read_microdata(path)
    with pytest.raises(DataError, match=r"^a\.parquet: cannot be read \(.+\); copy it again"), reading(data.name):
        data.frame.collect()


def test_the_reader_imports_polars_and_the_formats_only_when_it_reads():
    code = (
        "import sys; import quantri.engine.microdata, quantri.engine.tidy;"
        "print(*{'polars', 'pyreadstat', 'openpyxl', 'pyarrow', 'narwhals'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == ""


def test_two_arrow_columns_of_one_name_are_refused(tmp_path):
    pq.write_table(pa.table([[1], [2]], names=["a", "a"]), tmp_path / "a.parquet")
    with pytest.raises(DataError, match="two columns have the same name"):
        read_microdata(tmp_path / "a.parquet")
