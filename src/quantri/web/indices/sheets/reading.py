"""Read an official workbook of results: what it says, what is wrong with it, and the texts of a release."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quantri.engine.definition import IndexDefinition
from quantri.engine.loading import read_definition, read_results
from quantri.engine.results import Archive, Unit
from quantri.errors import DataError, QuantriError
from quantri.web.indices.sheets.checks import check_figures
from quantri.web.indices.sheets.choice import Choice, choose_tables
from quantri.web.indices.sheets.contents import Contents, gather, lift_zeros
from quantri.web.indices.sheets.definition import NewEdition, known_definition, to_toml
from quantri.web.indices.sheets.faults import Fault, Findings, cut
from quantri.web.indices.sheets.layout import find_table, years_in
from quantri.web.indices.sheets.places import choose_set, match_places, unit_sets
from quantri.web.indices.sheets.series import Ground
from quantri.web.indices.sheets.workbook import Workbook, open_workbook
from quantri.web.indices.sheets.writing import indicators_csv, intervals, results_csv, scores


@dataclass(frozen=True, kw_only=True)
class SheetResults:
    """What a workbook says about one edition; `faults` forbid the import, and then the texts are empty."""

    index: str
    year: int
    layout: str  # "columns", "rows" or "rows by dimension": how the provinces lie
    sheet: str
    n_units: int
    n_components: int
    n_indicators: int
    n_withheld: int
    n_intervals: int
    definition: str
    results: str
    indicators: str
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]


def read_sheets(
    content: bytes,
    name: str,
    *,
    year: int | None,
    archive: Archive,
    all_units: Mapping[str, Unit],
    sheet: str | None = None,
) -> SheetResults:
    """Read one edition from a workbook.

    Parameters
    ----------
    content, name : bytes, str
        The .xlsx file and its name.
    year : int, optional
        The edition; None takes it from the file's name.
    archive : Archive
        Known editions of the index.
    all_units : mapping of str to Unit
        Provinces of both sets, with the names of the edition's year.
    sheet : str, optional
        The tab to read; None chooses by the year.

    Raises
    ------
    DataError
        If nothing can be shown: no sound .xlsx, no year, no sheet of results, or several that fit.
    """
    year = year or _year_of(name)
    base = _base(archive, year, name)
    findings = Findings()
    _say_other_year(name, year, findings)
    book = open_workbook(content, name)
    tables = tuple(table for grid in book.grids if (table := find_table(grid, all_units.values(), base)))
    choice = choose_tables(tables, name=name, year=year, sheet=sheet, findings=findings)
    units = choose_set(choice.tables[0].head, unit_sets(all_units))
    _check_set(units, all_units, year, choice, findings)
    contents = _contents(book, choice, units, base, findings)
    definition = _definition(base, year, contents, choice, name, findings)
    check_figures(definition, contents, findings)
    return _answer(definition, contents, units, choice=choice, name=name, findings=findings)


def _year_of(name: str) -> int:
    years = years_in(name)
    if len(years) != 1:
        raise DataError(_("%(name)s: the name of the file does not say one year; give the year.") % {"name": name})
    return next(iter(years))


def _base(archive: Archive, year: int, name: str) -> IndexDefinition:
    editions = list(archive.until(year))
    if not editions:
        text = _("%(name)s: no edition is known before %(year)s; give a year since %(first)s.")
        raise DataError(text % {"name": name, "year": year, "first": archive.years[0]})
    return editions[-1].definition


def _say_other_year(name: str, year: int, findings: Findings) -> None:
    if len(years_in(name)) == 1 and year not in years_in(name):
        text = _("The name of the file says another year than %(year)s; check that the year is right.")
        findings.remark(name, text % {"year": year})


def _check_set(
    units: tuple[Unit, ...], all_units: Mapping[str, Unit], year: int, choice: Choice, findings: Findings
) -> None:
    """Refuse the provinces since the mergers for a year in which they were not there."""
    merged_in = min((unit.ended_in for unit in all_units.values() if unit.ended_in), default=year)
    if year < merged_in and any(not unit.key.startswith("vn63-") for unit in units):
        text = _("The sheet lists the %(n)s provinces since the mergers of %(merged)s; check the year %(year)s.")
        findings.fault(choice.tables[0].sheet, text % {"n": len(units), "merged": merged_in, "year": year})


def _contents(
    book: Workbook, choice: Choice, units: tuple[Unit, ...], base: IndexDefinition, findings: Findings
) -> Contents:
    contents = Contents()
    for table in choice.tables:
        ground = Ground(places=match_places(table.head, units, findings), details=book.details(table.sheet))
        gather(table, ground, top=base.top.code, into=contents, findings=findings)
    lift_zeros(contents, units, findings)
    return contents


def _definition(
    base: IndexDefinition, year: int, contents: Contents, choice: Choice, name: str, findings: Findings
) -> IndexDefinition:
    lines = {code: series.line for code, series in contents.scores.items()}
    sheet = choice.tables[0].sheet
    orphans = sorted(code for code in lines if "." in code and code.split(".")[0] not in lines)
    for code in orphans:
        text = _("%(code)s has scores, but its dimension has none; add the line of the dimension.")
        findings.fault(lines[code].where, text % {"code": code})
    if base.year == year:
        return known_definition(base, lines, sheet, findings)
    return NewEdition(base=base, year=year, lines=lines, source=f"{name}, {sheet}", findings=findings).definition()


def _answer(
    definition: IndexDefinition, contents: Contents, units: tuple[Unit, ...], *, choice: Choice, name: str,
    findings: Findings,
) -> SheetResults:  # fmt: skip
    texts = _texts(definition, contents, units, findings)
    values = scores(definition, contents, units)
    return SheetResults(
        index=definition.code, year=definition.year, layout=choice.layout, sheet=choice.tables[0].sheet,
        n_units=len(units), n_components=len(definition.components), n_indicators=len(contents.indicators),
        n_withheld=sum(value is None for value in values.values()), n_intervals=len(intervals(contents)),
        definition=texts[0], results=texts[1], indicators=texts[2],
        faults=cut(findings.faults, name), remarks=cut(findings.remarks, name),
    )  # fmt: skip


def _texts(
    definition: IndexDefinition, contents: Contents, units: tuple[Unit, ...], findings: Findings
) -> tuple[str, str, str]:
    """Write the texts and read them back as the engine will; empty when there are faults."""
    if findings.faults:
        return "", "", ""
    texts = to_toml(definition), results_csv(definition, contents, units), indicators_csv(contents, units)
    name = f"{definition.code}-{definition.year}"
    try:
        read_results(texts[1], name, read_definition(texts[0], name), {unit.key: unit for unit in units})
    except QuantriError as fault:
        findings.fault(name, str(fault))
        return "", "", ""
    return texts
