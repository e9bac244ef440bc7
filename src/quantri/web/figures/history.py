"""The figures of one place over the periods, and what stands beside a component."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from quantri.web.accounts.models import Reader
from quantri.web.figures.models import Figure, FigureSheet, Measure
from quantri.web.figures.periods import before, key_of, period_of
from quantri.web.figures.table import Middle, middle_of
from quantri.web.places.models import Unit

MOST_SHEETS = 60  # of a measure, on one page


@dataclass(frozen=True, kw_only=True)
class Point:
    """A figure of one period with its change and the median of that period."""

    figure: Figure
    change: Decimal | None
    middle: Middle


@dataclass(frozen=True, kw_only=True)
class Series:
    """A measure with its points, the newest first."""

    measure: Measure
    points: list[Point]


def series_of(unit: Unit, reader: Reader) -> list[Series]:
    """Figures of a commune by measure; those of units before a merger stay on the pages of those units."""
    found = Figure.objects.visible_to(reader).filter(unit=unit, sheet__superseded_at=None)
    figures = list(found.select_related("sheet__measure").order_by("sheet__measure", "-sheet__ends_on", "sheet__kind"))
    middles = _middles({f.sheet_id for f in figures})
    values = {(f.sheet.measure_id, f.sheet.period_key): f.value for f in figures}
    points: dict[int, list[Point]] = {}
    for f in figures:
        point = Point(figure=f, change=_change(f, values), middle=middles[f.sheet_id])
        points.setdefault(f.sheet.measure_id, []).append(point)
    measures = {f.sheet.measure_id: f.sheet.measure for f in figures}
    return [Series(measure=measures[pk], points=each[:MOST_SHEETS]) for pk, each in points.items()]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A measure that may be read beside a component, with the medians of its sheets, the newest first."""

    measure: Measure
    sheets: list[tuple[FigureSheet, Middle]]


def beside(component: str, reader: Reader) -> list[Beside]:
    """Measures beside a component or the content that it belongs to, and what they were in the province."""
    codes = {component, component.partition(".")[0]}
    measures = [m for m in Measure.objects.visible_to(reader) if codes & set(m.components)]
    sheets = FigureSheet.objects.visible_to(reader).current().filter(measure__in=measures)
    by_measure: dict[int, list[tuple[FigureSheet, Middle]]] = {}
    for sheet, middle in _with_middles(sheets.select_related("measure", "province")):
        by_measure.setdefault(sheet.measure_id, []).append((sheet, middle))
    return [Beside(measure=m, sheets=by_measure.get(m.pk, [])[:8]) for m in measures]


def _with_middles(sheets: QuerySet[FigureSheet]) -> Iterable[tuple[FigureSheet, Middle]]:
    values = Prefetch("figures", Figure.objects.only("sheet", "value"))
    return [(s, middle_of([f.value for f in s.figures.all()])) for s in sheets[:200].prefetch_related(values)]


def _middles(keys: set[int]) -> dict[int, Middle]:
    values: dict[int, list[Decimal]] = {key: [] for key in keys}
    for sheet, value in Figure.objects.filter(sheet__in=keys).values_list("sheet", "value"):
        values[sheet].append(value)
    return {key: middle_of(each) for key, each in values.items()}


def _change(figure: Figure, values: dict[tuple[int, str], Decimal]) -> Decimal | None:
    past = before(period_of(figure.sheet.period_key))
    earlier = values.get((figure.sheet.measure_id, key_of(past))) if past else None
    return None if earlier is None else figure.value - earlier
