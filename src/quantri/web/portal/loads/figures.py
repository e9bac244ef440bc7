"""Figures of communes: the measures of the package in the last quarters, the earlier ones of them public."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from quantri.web.deadlines.periods import Period, periods_of
from quantri.web.figures.matching import communes_on
from quantri.web.figures.models import Figure, FigureSheet, Measure
from quantri.web.places.models import Province, Unit
from quantri.web.portal.loads.agencies import MARK
from quantri.web.portal.loads.sizes import ROWS, Load, batches, morning

PERIODS, PUBLIC = 4, 2
MOST = 1000  # where a measure has no highest value


def fill_figures(load: Load, province: Province) -> None:
    """Make a sheet of each measure and period, with a figure of each commune, but of no more than were asked for."""
    measures = list(Measure.objects.filter(province=None))
    for n, period in enumerate(_quarters(load)):
        communes = list(communes_on(province, period.ends_on).prefetch_related("names")[: load.sizes.communes])
        sheets = FigureSheet.objects.bulk_create(
            [_sheet(load, province, m, period, is_public=n < PUBLIC) for m in measures], batch_size=ROWS
        )
        for figures in batches(figure for sheet in sheets for figure in _figures(load, sheet, communes)):
            Figure.objects.bulk_create(figures, batch_size=ROWS)


def _quarters(load: Load) -> list[Period]:
    """Quarters that have ended, the earliest first."""
    year = load.today.year
    quarters = [*periods_of("quarter", year - 1), *periods_of("quarter", year)]
    return [quarter for quarter in quarters if quarter.ends_on < load.today][-PERIODS:]


def _sheet(load: Load, province: Province, measure: Measure, period: Period, *, is_public: bool) -> FigureSheet:
    brought_at = morning(load.today)
    return FigureSheet(
        province=province, measure=measure, kind=period.kind, year=period.year, number=period.number,
        starts_on=period.starts_on, ends_on=period.ends_on, source=f"Số liệu thử {MARK}", file_name="mo-phong.xlsx",
        sha256=f"{load.draw.getrandbits(256):064x}", brought_at=brought_at, brought_by=MARK,
        published_at=brought_at if is_public else None, is_demonstration=True,
    )  # fmt: skip


def _figures(load: Load, sheet: FigureSheet, communes: Sequence[Unit]) -> Iterator[Figure]:
    measure = sheet.measure
    lowest = int(measure.lowest or 0)
    highest = MOST if measure.highest is None else int(measure.highest)
    for unit in communes:
        yield Figure(
            sheet=sheet, unit=unit, recorded_name=unit.name_on(sheet.ends_on).title, recorded_code=unit.code,
            value=Decimal(load.draw.randint(lowest, highest)), note=MARK,
        )  # fmt: skip
