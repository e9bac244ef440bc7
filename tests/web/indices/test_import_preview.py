"""What the preview of an import tells, and what it does when the results have moved on meanwhile."""

from io import BytesIO

import numpy as np
import pytest

from corrections import correct
from people import SYSTEM, signed_in
from quantri.web.indices.actions import publish_release
from quantri.web.indices.models import Release
from test_import_page import upload


@pytest.fixture
def edition_2023(papi):
    return papi.edition(2023)


@pytest.fixture
def book(layouts, edition_2023):
    return layouts.by_columns(edition_2023, tab="2023_VIE_ENG")


def english(user, content: bytes, name: str):
    """Upload on the English page."""
    file = BytesIO(content)
    file.name = name
    return signed_in(user).post("/en/data/import/", {"file": file, "year": ""})


def line(sheet, label: str) -> int:
    return next(r for r in range(1, 60) if label in str(sheet.cell(r, 2).value))


def test_a_preview_that_was_overtaken_is_409_with_the_way_on(coordinator, layouts, book):
    book.active["D4"] = None  # so that the sheet says otherwise than both
    book.active["D3"] = None
    staff = signed_in(coordinator)
    sealed = upload(staff, layouts.to_bytes(book), "2023PAPI.xlsx").context["sealed"]
    newer = correct(Release.objects.current().get(year=2023), "vn63-89", "D7", "3.5", by=SYSTEM)
    answer = staff.post("/en/data/import/confirm/", {"sealed": sealed})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Other results of 2023 have come in since this preview was made" in page
    assert 'role="alert"' in page and 'type="file"' in page and 'value="2023"' in page
    assert Release.objects.current().get(year=2023) == newer


def test_the_second_of_two_first_imports_gets_409(coordinator, layouts, since_mergers):
    staff = signed_in(coordinator)
    sheet = layouts.to_bytes(layouts.by_columns(since_mergers, tab="2025_VIE_ENG"))
    preview = upload(staff, sheet, "2025PAPI.xlsx")
    shown = preview.context["preview"]
    publish_release(
        index="papi", year=2025, definition=shown.sheet.definition, results=f"{shown.sheet.results}\n",
        source="first.xlsx", by=SYSTEM,
    )  # fmt: skip
    assert staff.post("/data/import/confirm/", {"sealed": preview.context["sealed"]}).status_code == 409
    assert Release.objects.filter(year=2025).count() == 1


def test_faults_write_their_figures_as_the_reader_does(coordinator, layouts, book):
    row = line(book.active, "1.1")
    book.active.cell(row, 5).value = 5.4
    content = layouts.to_bytes(book)
    vietnamese = upload(signed_in(coordinator), content, "2023PAPI.xlsx").content.decode()
    assert "5,40 của D1.1" in vietnamese and "0,25" in vietnamese and "5.4" not in vietnamese
    assert "5.40 of D1.1 lies outside 0.25 to 2.5" in english(coordinator, content, "2023PAPI.xlsx").content.decode()


def test_faults_stand_under_the_name_of_their_sheet(coordinator, layouts, papi):
    book = layouts.by_dimension(papi.edition(2011))
    first, second = book.worksheets[1], book.worksheets[2]
    first["B3"], second["B4"], second["B5"] = "x", "x", "x"
    page = upload(signed_in(coordinator), layouts.to_bytes(book), "PAPI-2011.xlsx").content.decode()
    for sheet in (first.title, second.title):
        assert page.count(f'<h3 class="h6">{sheet}</h3>') == 1
    heading = page.index(f'<h3 class="h6">{second.title}</h3>')
    assert heading < page.index(f"{second.title}!B4") < page.index(f"{second.title}!B5")


def test_the_preview_says_how_many_provinces_of_how_many_were_found(coordinator, layouts, since_mergers):
    sheet = layouts.to_bytes(layouts.by_columns(since_mergers, tab="2025_VIE_ENG"))
    assert "34 of 34 that 2025 has." in english(coordinator, sheet, "2025PAPI.xlsx").content.decode()


def test_the_preview_names_the_provinces_that_a_sheet_of_the_old_set_lacks(coordinator, layouts, papi):
    sheet = layouts.to_bytes(layouts.by_columns(papi.edition(2024), tab="2025"))
    page = english(coordinator, sheet, "2025PAPI.xlsx").content.decode()
    assert "11 of 34 that 2025 has." in page and "The sheet lists 63 provinces." in page


def test_the_preview_warns_of_a_sheet_that_repeats_the_edition_before(coordinator, layouts, papi):
    sheet = layouts.to_bytes(layouts.by_columns(papi.edition(2024), tab="2025"))
    page = english(coordinator, sheet, "2025PAPI.xlsx").content.decode()
    assert "Every figure is that of 2024." in page and "The largest moves since" not in page


def test_the_preview_shows_where_an_error_would_show(coordinator, layouts, papi):
    edition = papi.edition(2024)
    scores = edition.scores.copy()
    hanoi, d1, d11, top = edition.row("vn63-01"), *(edition.definition.column(c) for c in ("D1", "D1.1", "PAPI"))
    off = 2.5 - scores[hanoi, d11]
    for column in (d1, d11, top):
        scores[hanoi, column] += off
    wrong = layouts.edition_of(edition.definition, edition.units, scores)
    answer = english(coordinator, layouts.to_bytes(layouts.by_columns(wrong, tab="2025")), "2025PAPI.xlsx")
    check = answer.context["preview"].checklist
    assert (check.moves[0].unit.key, check.moves[0].component.code) == ("vn63-01", "D1.1")
    assert len(check.moves) == 10
    page = answer.content.decode()
    assert "The largest moves since 2024" in page and "Civic Knowledge" in page


def test_the_preview_names_what_is_withheld_missing_new_highest_and_lowest(coordinator, layouts, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG")
    sheet = book.active
    for row in range(3, sheet.max_row + 1):
        sheet.cell(row, 4).value = None  # nothing of Hà Nội is published
    page_of = english(coordinator, layouts.to_bytes(book), "2025PAPI.xlsx")
    check = page_of.context["preview"].checklist
    page = page_of.content.decode()
    assert [(unit.key, len(codes)) for unit, codes in check.withheld] == [("vn63-01", 9)]
    assert "Ha Noi (PAPI, D1" in page
    (highest, most), (lowest, least) = check.ends
    totals = since_mergers.column("PAPI")[1:]
    assert (most, least) == pytest.approx((np.max(totals), np.min(totals)), abs=1e-5)
    assert f"{highest.name_en}: {most:.2f}" in page and f"{lowest.name_en}: {least:.2f}" in page
    assert check.gone == check.new == ()


def test_the_preview_names_indicators_that_the_edition_before_had(coordinator, layouts, papi):
    before = Release.objects.current().get(year=2022)
    header = "parent,position,label_en,label_vi,scale,unit,value\n"
    publish_release(
        index="papi", year=2022, definition=before.definition, results=before.results, source="x.xlsx", by=SYSTEM,
        indicators=f"{header}D1.1,1,Knowledge of Leaders,Hiểu biết,0%-100%,vn63-01,0.5\n",
    )  # fmt: skip
    sheet = layouts.to_bytes(layouts.by_columns(papi.edition(2023), tab="2023_VIE_ENG"))
    page = english(coordinator, sheet, "2023PAPI.xlsx").content.decode()
    assert "The edition before has 1." in page and "Hiểu biết" in page
