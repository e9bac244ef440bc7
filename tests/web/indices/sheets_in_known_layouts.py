"""Workbooks in every known layout of the official spreadsheets, filled with the package's published scores."""

import io
from collections.abc import Iterable

import numpy as np
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.results import EditionResults, Unit


def to_bytes(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def by_columns(
    edition: EditionResults, *, tab: str, composite: bool = True, english: bool = True, withheld: object = None
) -> Workbook:
    """2018-2023: provinces in columns, codes and names on top, labels and scale on the left."""
    book = Workbook()
    fill_columns(book.active, edition, tab=tab, composite=composite, english=english, withheld=withheld)
    return book


def fill_columns(
    sheet: Worksheet,
    edition: EditionResults,
    *,
    tab: str,
    composite: bool = True,
    english: bool = True,
    withheld: object = None,
) -> None:
    sheet.title = tab
    place = "Tỉnh/Thành phố trực thuộc trung ương"
    put(sheet, english, "Mã tỉnh", "Mã tỉnh", "Thang điểm/Scale", [int(unit.code) for unit in edition.units])
    put(sheet, english, place, place, "", [printed_name(unit) for unit in edition.units])
    for component in edition.definition:
        if component.parent is None and not composite:
            continue
        values = printed(edition, component.code, withheld)
        put(sheet, english, english_label(component), vietnamese_label(component), scale(component), values)


def put(sheet: Worksheet, english: bool, en: str, vi: str, scale: str, values: Iterable[object]) -> None:
    sheet.append([*([en] if english else []), vi, scale, *values])


def printed(edition: EditionResults, code: str, withheld: object = None) -> list[object]:
    return [withheld if np.isnan(score) else float(score) for score in edition.column(code)]


def printed_name(unit: Unit) -> str:
    return f"TP. {unit.name_vi}" if unit.code in ("01", "31", "48", "79", "92") else unit.name_vi


def english_label(component: Component) -> str:
    if component.parent is None:
        return "Unweighted PAPI Score"
    return component.name_en if "." in component.code else f"Dimension {component.code[1:]}: {component.name_en}"


def vietnamese_label(component: Component) -> str:
    if component.parent is None:
        return "Chỉ số PAPI tổng hợp (không có trọng số)"
    number = component.code[1:]
    return f"{number}: {component.name_vi}" if "." in number else f"Chỉ số nội dung {number}: {component.name_vi}"


def scale(component: Component) -> str:
    low, high = (10, 80) if component.bounds == (8, 80) else component.bounds  # as printed, though the floor is 8
    return f"{low:g}-{high:g} điểm/points"


def by_dimension(edition: EditionResults, *, tab_year: int | None = None, parts_in_main: bool = False) -> Workbook:
    """2011-2017: provinces in rows, a sheet of dimensions and one of parts for each dimension."""
    book = Workbook()
    summary = book.active
    summary.title = f"{tab_year or edition.definition.year}PAPI- Bảng tổng hợp kết quả"
    dimensions = edition.definition.children(edition.definition.top.code)
    main = [c for c in edition.definition if c.parent is not None] if parts_in_main else dimensions
    _fill_rows(summary, edition, [(d.code, f"{d.code[1:]}: {d.name_vi}") for d in main])
    for dimension in dimensions:
        number = dimension.code[1:]
        sheet = book.create_sheet(f"{'Điêm' if number == '5' else 'Điểm'} thành phần {number}")  # misspelt as in 2011
        parts = edition.definition.children(dimension.code)
        _fill_rows(sheet, edition, [(part.code, f"{part.code[1:]}: {part.name_vi}") for part in parts])
    return book


def _fill_rows(sheet: Worksheet, edition: EditionResults, columns: list[tuple[str, str]]) -> None:
    sheet.append(["Tên tỉnh", *(label for _code, label in columns)])
    values = [printed(edition, code) for code, _label in columns]
    for n, unit in enumerate(edition.units):
        sheet.append([unit.name_vi, *(column[n] for column in values)])


def compiled(
    editions: Iterable[EditionResults], *, numbered: bool = True, withheld_composite: object = None
) -> Workbook:
    """2011-2016 in one workbook: a sheet a year, two rows of names, a last row "Highest" that is no province."""
    book = Workbook()
    book.remove(book.active)
    for edition in editions:
        sheet = book.create_sheet(str(edition.definition.year))
        components = [c for c in edition.definition if c.parent is not None]
        names = [f"{c.code}: {c.name_en}" if numbered else c.name_en for c in components]
        sheet.append(["Code", "Province", "Province", *names, "Un-weighted2015PAPI"])
        sheet.append(["Mã", "Tỉnh", "Tỉnh", *(c.name_vi for c in components), "Chỉ số tổng hợp"])
        columns = [printed(edition, c.code) for c in components]
        columns.append(printed(edition, edition.definition.top.code, withheld_composite))
        for n, unit in enumerate(edition.units):
            sheet.append([int(unit.code), unit.name_en, unit.name_vi, *(column[n] for column in columns)])
        highest = [max(v for v in column if v) for column in columns]
        sheet.append([999, "Highest", "Cao nhất", *highest])
    return book


def re_issued(edition: EditionResults, new_names: dict[str, tuple[str, str]], *, withheld: object = None) -> Workbook:
    """2024: four mapping rows on top (merged over the old provinces of a new one), an empty column between groups."""
    book = by_columns(edition, tab="2024_PAPI_VIE_ENG", withheld=withheld)
    sheet = book.active
    order = sorted(range(len(edition.units)), key=lambda n: new_names[edition.units[n].code][0])
    columns = [[row[3 + n] for n in order] for row in sheet.iter_rows(values_only=True)]
    groups = [new_names[edition.units[n].code] for n in order]
    labels = [row[:3] for row in sheet.iter_rows(values_only=True)]
    sheet.delete_rows(1, sheet.max_row)
    for row in (["34 tỉnh, thành phố", None, None], ["Mã mới"], ["Tên mới"], ["63 tỉnh, thành phố"]):
        sheet.append(row)
    for label, values in zip(labels, columns, strict=True):
        sheet.append([*label, *_with_gaps(values, groups)])
    for offset, value in enumerate(_with_gaps([code for code, _name in groups], groups)):
        sheet.cell(2, 4 + offset, None if value is None else int(value))
    _merge_names(sheet, _with_gaps([name for _code, name in groups], groups))
    return book


def _with_gaps(values: list[object], groups: list[tuple[str, str]]) -> list[object]:
    spaced: list[object] = []
    for n, value in enumerate(values):
        spaced += [None] if n and groups[n] != groups[n - 1] else []
        spaced.append(value)
    return spaced


def _merge_names(sheet: Worksheet, names: list[object]) -> None:
    start = 0
    for n in range(len(names) + 1):
        if n == len(names) or names[n] is None:
            sheet.cell(3, 4 + start, names[start])
            if n - start > 1:
                sheet.merge_cells(start_row=3, end_row=3, start_column=4 + start, end_column=3 + n)
            start = n + 1


def edition_of(definition: IndexDefinition, units: tuple[Unit, ...], scores: np.ndarray) -> EditionResults:
    return EditionResults(
        definition=definition, units=units, scores=scores, derived=np.zeros(scores.shape, dtype=bool), notes={}
    )
