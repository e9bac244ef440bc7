"""Choose the sheets of a workbook that hold the edition wanted."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from quantri.errors import DataError
from quantri.web.indices.sheets.faults import Findings
from quantri.web.indices.sheets.layout import Table


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The tables of one edition; the first gives the name, the units and the composite."""

    layout: str  # "columns", "rows" or "rows by dimension"
    tables: tuple[Table, ...]


def choose_tables(tables: tuple[Table, ...], *, name: str, year: int, sheet: str | None, findings: Findings) -> Choice:
    """Choose by the sheet asked for, else by the year that a tab names; DataError when that leaves several."""
    if not tables:
        text = _("%(name)s: no sheet holds provinces with their PAPI scores; choose the official workbook of results.")
        raise DataError(text % {"name": name})
    main_tables, parts = _by_dimension(tables)
    if main_tables and sheet in {None, *(table.sheet for table in parts)}:
        main = _one(main_tables, name=name, year=year, sheet=None)
    else:
        main = _one(tables, name=name, year=year, sheet=sheet)
    further = tuple(table for table in parts if main.in_rows and not table.codes <= main.codes)
    layout = "rows by dimension" if further else "rows" if main.in_rows else "columns"
    chosen = Choice(layout=layout, tables=(main, *further))
    _say_years(chosen, year, findings)
    _say_left_out(tables, chosen, name, findings)
    return chosen


def _by_dimension(tables: tuple[Table, ...]) -> tuple[tuple[Table, ...], tuple[Table, ...]]:
    """Part the sheets for one dimension each from the main ones, by what they hold: their tabs are misspelt."""
    parts = tuple(table for table in tables if table.in_rows and len(_dimensions(table)) == 1)
    others = tuple(table for table in tables if table not in parts)
    return others if parts else (), parts


def _dimensions(table: Table) -> frozenset[str]:
    return frozenset(code.split(".")[0] for code in table.codes if code.startswith("D"))


def _one(tables: tuple[Table, ...], *, name: str, year: int, sheet: str | None) -> Table:
    titles = ", ".join(table.sheet for table in tables)
    if sheet is not None:
        for table in tables:
            if table.sheet == sheet:
                return table
        text = _("%(name)s: no table of results in a sheet “%(sheet)s”; choose one of %(sheets)s.")
        raise DataError(text % {"name": name, "sheet": sheet, "sheets": titles})
    naming = [table for table in tables if year in table.years]
    silent = [table for table in tables if not table.years]
    for fitting in (naming, silent, list(tables)):
        if len(fitting) == 1:
            return fitting[0]
    text = _("%(name)s: several sheets could be the results of %(year)s; choose one of %(sheets)s.")
    raise DataError(text % {"name": name, "year": year, "sheets": titles})


def _say_years(chosen: Choice, year: int, findings: Findings) -> None:
    for table in chosen.tables:
        if table.years and year not in table.years:
            text = _("The tab names another year than %(year)s; the year of the file counts, so check it.")
            findings.remark(table.sheet, text % {"year": year})


def _say_left_out(tables: tuple[Table, ...], chosen: Choice, name: str, findings: Findings) -> None:
    used = {table.sheet for table in chosen.tables}
    others = [table.sheet for table in tables if table.sheet not in used]
    if others:
        text = _("Other sheets with results are left out: %(sheets)s; each year is read from its own file.")
        findings.remark(name, text % {"sheets": ", ".join(others)})
