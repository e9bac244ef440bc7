"""Components of a known edition, and of one that its sheet defines."""

from quantri.engine.loading import read_definition
from what_was_read import faults, put_below, row_of, the_fault


def test_a_component_that_stands_twice_is_a_fault(read, book_2023, sheet_2023):
    put_below(sheet_2023, 5, "Civic Knowledge", "1.1: Tri thức công dân", "0.25-2.5", values=(1.5,) * 63)
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!A6" and "twice" in found.faults[0].message


def test_labels_that_name_two_components_are_a_fault(read, book_2023, sheet_2023):
    sheet_2023["A4"] = "Dimension 2: Participation"
    assert "D1, D2" in dict(faults(read(book_2023)))["2023_VIE_ENG!A4"]


def test_a_known_edition_takes_no_other_components(read, book_2023, sheet_2023):
    sheet_2023.cell(row_of(sheet_2023, "1.1:"), 2, "1.7: Tri thức công dân")
    found = dict(faults(read(book_2023)))
    assert "D1.7 is no component of PAPI 2023" in found["2023_VIE_ENG!A5"]
    assert "D1.1" in found["2023_VIE_ENG"]


def test_a_known_edition_keeps_its_scales(read, book_2023, sheet_2023):
    sheet_2023["C5"] = "0.33-3.33 điểm"
    found = read(book_2023)
    assert the_fault(found) == "2023_VIE_ENG!A5" and "0.25-2.5" in found.faults[0].message


def test_a_new_edition_takes_new_components_and_drops_those_that_are_gone(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG", composite=False)
    sheet = book.active
    sheet.delete_rows(row_of(sheet, "8.3:"))
    for column in range(4, 38):
        sheet.cell(row_of(sheet, "Dimension 8"), column).value = None
    eighth = row_of(sheet, "8.2:")
    put_below(sheet, eighth, "Data for All", "8.4: Dữ liệu mở", "0.33-3.33 điểm/points", values=(1.0,) * 34)
    for column in range(4, 38):
        parts = [sheet.cell(row_of(sheet, f"8.{n}:"), column).value for n in (1, 2, 4)]
        sheet.cell(row_of(sheet, "Dimension 8"), column, sum(parts))
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    assert faults(found) == []
    definition = read_definition(found.definition, "read.toml")
    new = definition["D8.4"]
    assert (new.name_vi, new.name_en, new.bounds, new.concept) == (
        "Dữ liệu mở", "Data for All", (0.33, 3.33), "D8.4-2025",
    )  # fmt: skip
    assert "D8.3" not in definition
    assert {(r.where, r.message.split(" ")[0]) for r in found.remarks} == {
        (f"2025_VIE_ENG!A{row_of(sheet, '8.4:')}", "D8.4"), ("2025PAPI.xlsx, 2025_VIE_ENG", "D8.3"),
    }  # fmt: skip


def test_a_code_with_other_names_has_another_meaning_in_a_new_edition(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG")
    row = row_of(book.active, "2.1:")
    book.active.cell(row, 1, "Land Auctions"), book.active.cell(row, 2, "2.1: Đấu giá đất đai")
    typo = row_of(book.active, "1.2:")
    book.active.cell(typo, 1, "Opportunties for Participaton"), book.active.cell(typo, 2, "1.2: Cơ hội tham giaa")
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    definition = read_definition(found.definition, "read.toml")
    assert (definition["D2.1"].concept, definition["D2.1"].name_vi) == ("D2.1-2025", "Đấu giá đất đai")
    assert definition["D1.2"].concept == since_mergers.definition["D1.2"].concept
    assert [remark.where for remark in found.remarks] == [f"2025_VIE_ENG!A{row}"]


def test_a_new_edition_takes_new_scales_with_a_remark(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG")
    book.active["C5"] = "0-2.5 điểm"
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    assert read_definition(found.definition, "read.toml")["D1.1"].bounds == (0, 2.5)
    assert [remark.where for remark in found.remarks] == ["2025_VIE_ENG!A5"]


def test_a_part_without_its_dimension_is_a_fault(layouts, read, since_mergers):
    book = layouts.by_columns(since_mergers, tab="2025_VIE_ENG")
    book.active.delete_rows(row_of(book.active, "Dimension 8"))
    found = read(book, "2025PAPI.xlsx", units_of=2025)
    assert {message.split(" ")[0] for _where, message in faults(found)} >= {"D8.1", "D8.2", "D8.3"}


def test_more_than_fifty_faults_are_cut(read, book_2023, sheet_2023):
    for cell in sheet_2023[5][3:]:
        cell.value = "x"
    found = read(book_2023)
    assert len(found.faults) == 51 and "13 more" in found.faults[-1].message
