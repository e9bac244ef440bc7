"""Files of what is seen: in the page's language, with no more digits than were published."""

import csv
import io

import pytest
from openpyxl import load_workbook


def rows(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def cells(answer) -> list[object]:
    return [cell for sheet in load_workbook(io.BytesIO(answer.content)) for row in sheet.values for cell in row if cell]


@pytest.mark.parametrize(
    ("address", "asked"),
    [("/explore/table", "year=2017&level=dimension&code=D3"), ("/provinces/vn63-48/figures", "year=2017")],
)
def test_files_name_places_and_components_in_the_language_of_the_page(client, db, address, asked):
    for ending, texts in (
        ("csv", lambda answer: [cell for row in rows(answer) for cell in row]),
        ("xlsx", lambda answer: [str(cell) for cell in cells(answer)]),
    ):
        english = " ".join(texts(client.get(f"/en{address}.{ending}?{asked}")))
        vietnamese = " ".join(texts(client.get(f"{address}.{ending}?{asked}")))
        names = (
            ("Da Nang", "Đà Nẵng") if "explore" in address else ("Vertical Accountability", "Trách nhiệm giải trình")
        )
        if ending == "xlsx":
            assert any(name in english for name in ("Da Nang", "Vertical Accountability"))
            assert "Đà Nẵng" not in english and "Trách nhiệm giải trình" not in english
        assert names[0] in english and names[1] in vietnamese
        assert names[1] not in english and names[0] not in vietnamese


def test_differences_in_files_have_no_more_digits_than_the_published_scores(client, db):
    for year in (2014, 2017, 2023):
        for key in ("vn63-89", "vn63-01", "vn63-22"):
            for row in rows(client.get(f"/en/provinces/{key}/figures.csv?year={year}"))[1:]:
                for cell in (row[2], row[7], row[9]):
                    assert len(cell.partition(".")[2]) <= 6, row


@pytest.mark.parametrize(
    ("address", "stands"),
    [
        ("/provinces/vn63-89/?year=2017", True),
        ("/explore/?year=2017&code=D3", True),
        ("/components/D3/?year=2017", True),
        ("/components/D8/?year=2018", False),
        ("/compare/?year=2022&unit=vn63-89&unit=vn63-24", False),
        ("/provinces/vn34-91/?year=2024", False),
        ("/plans/diagnosis/vn63-89/?year=2017", True),
    ],
)
def test_the_note_explains_near_only_where_it_stands(client, db, address, stands):
    page = client.get(f"/en{address}").content.decode()
    assert (" near)" in page or " near<" in page) is stands
    assert ("“Near” counts the other provinces" in page) is stands
