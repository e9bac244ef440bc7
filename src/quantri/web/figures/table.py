"""One table of a period: each commune or agency with its figures, their change, and the median of the province."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from statistics import median

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quantri.text import fold
from quantri.web.accounts.models import Agency, Reader
from quantri.web.core.tables import Cell
from quantri.web.deadlines.periods import Period
from quantri.web.figures.matching import Place, communes_on
from quantri.web.figures.models import OF_A_PLACE, READERS, Figure, FigureSheet
from quantri.web.figures.periods import before
from quantri.web.places.models import Province, Unit

Key = tuple[int | None, int | None]  # of a unit, or of an agency
FEWEST = 5  # communes behind a median that is shown to who does not see the single figures


@dataclass(frozen=True, kw_only=True)
class Middle:
    """The median of a sheet and how many figures it is of; None where they are too few."""

    value: Decimal | None
    n: int


@dataclass(frozen=True, kw_only=True)
class Column:
    """A measure in the period, with the sheet that brought it and its median."""

    sheet: FigureSheet
    middle: Middle

    @property
    def code(self) -> str:
        return self.sheet.measure.code


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A figure in the table; what is missing has neither value nor change."""

    value: Decimal | None = None
    change: Decimal | None = None
    note: str = ""


@dataclass(kw_only=True)
class Row:
    """A commune or agency with its figures by the code of the measure, under the name that was recorded."""

    place: Place
    name: str
    kind: str
    code: str
    shown: dict[str, Shown] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Key of the page of a commune; an agency has none."""
        return "" if isinstance(self.place, Agency) else self.place.key


@dataclass(frozen=True, kw_only=True)
class Table:
    """The table of a period as a reader sees it."""

    province: Province
    period: Period
    columns: list[Column]
    rows: list[Row]

    def header(self) -> list[str]:
        names = [[c.sheet.measure.name, _("Change"), _("Note")] for c in self.columns]
        return [_("Commune or agency"), _("Code"), *(text for each in names for text in each)]

    def cells(self) -> list[list[Cell]]:
        """Give the rows as cells of a file, the median below; what is missing is empty."""
        lines = [
            [row.name, row.code, *(c for col in self.columns for c in _cells(row.shown.get(col.code)))]
            for row in self.rows
        ]
        middles = [c for col in self.columns for c in (_float(col.middle.value), None, f"n = {col.middle.n}")]
        return [*lines, [_("Median of the province"), "", *middles]]


def middle_of(values: Sequence[Decimal], *, fewest: int = FEWEST) -> Middle:
    """Take the median of some figures; None where they are too few to hide a single one."""
    return Middle(value=median(values) if len(values) >= fewest else None, n=len(values))


def table_of(province: Province, period: Period, reader: Reader) -> Table:
    """Make the table that a reader may see; a handful of queries whatever the number of communes."""
    sheets = list(_sheets(province, period, reader))
    rows = _rows(sheets, period, reader)
    earlier = _earlier(province, period, reader)
    for (unit, agency), row in rows.items():
        for code, shown in row.shown.items():
            row.shown[code] = replace(shown, change=_change(shown, earlier.get((unit, agency, code))))
    if sheets:
        for unit in _expected(province, period, sheets, reader).prefetch_related("names"):
            rows.setdefault((unit.pk, None), _unit_row(unit, period))
    values = _values(sheets)
    columns = [Column(sheet=sheet, middle=middle_of(values[sheet.pk])) for sheet in sheets]
    return Table(province=province, period=period, columns=columns, rows=in_order(rows.values(), "name"))


def in_order(rows: Iterable[Row], order: str) -> list[Row]:
    """Sort by name, or by a measure or its change (`~` before it: the largest first); what is missing comes last."""
    down, what = order.startswith("~"), order.removeprefix("~")
    named = sorted(rows, key=lambda row: (isinstance(row.place, Agency), fold(row.name)))
    if what == "name":
        return named
    code, is_change = what.removeprefix("change."), what.startswith("change.")

    def value(row: Row) -> Decimal | None:
        shown = row.shown.get(code, Shown())
        return shown.change if is_change else shown.value

    there = [row for row in named if value(row) is not None]
    return sorted(there, key=value, reverse=down) + [row for row in named if value(row) is None]


def fitting(rows: Iterable[Row], wanted: str, kind: str, codes: Sequence[str]) -> list[Row]:
    """Keep rows by name or code and by kind; with codes those that lack one of these figures."""
    key = fold(wanted)
    found = [r for r in rows if (not key or key in fold(r.name) or r.code == wanted.strip()) and kind in ("", r.kind)]
    return [r for r in found if any(code not in r.shown for code in codes)] if codes else found


def _sheets(province: Province, period: Period, reader: Reader) -> Iterable[FigureSheet]:
    found = FigureSheet.objects.visible_to(reader).current().filter(
        province=province, kind=period.kind, year=period.year, number=period.number
    )  # fmt: skip
    return found.select_related("measure")


def _values(sheets: Sequence[FigureSheet]) -> dict[int, list[Decimal]]:
    """All figures of each sheet, of which a reader may see the median alone."""
    found: dict[int, list[Decimal]] = {sheet.pk: [] for sheet in sheets}
    for sheet, value in Figure.objects.filter(sheet__in=found).values_list("sheet", "value"):
        found[sheet].append(value)
    return found


def _rows(sheets: Sequence[FigureSheet], period: Period, reader: Reader) -> dict[Key, Row]:
    codes = {sheet.pk: sheet.measure.code for sheet in sheets}
    names = ("unit", "agency", "recorded_name", "sheet", "value", "note")
    figures = list(Figure.objects.visible_to(reader).filter(sheet__in=codes).values_list(*names))
    units = Unit.objects.prefetch_related("names").in_bulk({figure[0] for figure in figures if figure[0]})
    agencies = Agency.objects.in_bulk({figure[1] for figure in figures if figure[1]})
    rows: dict[Key, Row] = {}
    for unit, agency, name, sheet, value, note in figures:
        row = rows.get((unit, agency))
        if row is None:
            made = _unit_row(units[unit], period) if unit else _agency_row(agencies[agency], name)
            row = rows[unit, agency] = made
        row.shown[codes[sheet]] = Shown(value=value, note=note)
    return rows


def _unit_row(unit: Unit, period: Period) -> Row:
    name = unit.name_on(period.ends_on)
    return Row(place=unit, name=name.title, kind=name.kind, code=unit.code)


def _agency_row(agency: Agency, recorded_name: str) -> Row:
    return Row(place=agency, name=recorded_name, kind="agency", code="")


def _expected(province: Province, period: Period, sheets: Sequence[FigureSheet], reader: Reader) -> QuerySet[Unit]:
    """Communes that stand in the table even without a figure: a gap is shown, never filled."""
    communes = communes_on(province, period.ends_on)
    reads_all = reader.is_authenticated and reader.holds(province.pk, *READERS)
    if reads_all or all(sheet.published_at for sheet in sheets):
        return communes
    return communes.filter(pk__in=reader.agencies(*OF_A_PLACE).exclude(unit=None).values("unit"))


def _earlier(province: Province, period: Period, reader: Reader) -> dict[tuple[int | None, int | None, str], Decimal]:
    """Figures of the period before; a commune that did not exist then has none, and so no change."""
    past = before(period)
    if past is None:
        return {}
    codes = {sheet.pk: sheet.measure.code for sheet in _sheets(province, past, reader)}
    found = Figure.objects.visible_to(reader).filter(sheet__in=codes).values_list("unit", "agency", "sheet", "value")
    return {(unit, agency, codes[sheet]): value for unit, agency, sheet, value in found}


def _change(shown: Shown, earlier: Decimal | None) -> Decimal | None:
    return None if earlier is None or shown.value is None else shown.value - earlier


def _cells(shown: Shown | None) -> list[Cell]:
    return [None, None, None] if shown is None else [_float(shown.value), _float(shown.change), shown.note or None]


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
