"""What the reader made of a workbook, and small changes to one."""

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from quantri.engine.loading import read_definition, read_results
from quantri.engine.results import EditionResults
from quantri.web.indices.sheets.reading import SheetResults

Read = Callable[..., SheetResults]
PRINTED = 1e-6
ADDED_UP = 5e-6  # composites that the package and the reader add up from scores of six decimals


def faults(found: SheetResults) -> list[tuple[str, str]]:
    return [(fault.where, fault.message) for fault in found.faults]


def the_fault(found: SheetResults) -> str:
    """Cell of the only fault, whose texts must then be empty."""
    assert len(found.faults) == 1, faults(found)
    assert (found.definition, found.results, found.indicators) == ("", "", "")
    return found.faults[0].where


def same_scores(found: SheetResults, published: EditionResults) -> None:
    """Compare with published results; the texts must pass the engine's own readers."""
    assert faults(found) == []
    units = {unit.key: unit for unit in published.units}
    results = read_results(found.results, "read.csv", read_definition(found.definition, "read.toml"), units)
    assert set(results.units) == set(published.units)
    for component in published.definition:
        for unit in published.units:
            score = published.score(unit.key, component.code)
            off = ADDED_UP if component.parent is None else PRINTED
            assert results.score(unit.key, component.code) == (score and pytest.approx(score, abs=off))
            assert score is not None or results.notes[unit.key, component.code] == "not published"


def put_below(sheet: Worksheet, row: int, *labels: str, values: tuple[float, ...]) -> None:
    sheet.insert_rows(row + 1)
    for column, value in enumerate((*labels, *values), 1):
        sheet.cell(row + 1, column, value)


def row_of(sheet: Worksheet, label: str) -> int:
    return next(cell.row for cells in sheet.iter_rows(max_col=2) for cell in cells if label in str(cell.value))


def entry(name: str, text: bytes, content: bytes) -> bytes:
    """Put a part into a workbook, in the place of the one it has."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return file.getvalue()
