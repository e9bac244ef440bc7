"""What stands beside a plan's own figures in a period: medians of communes' figures, and classes that were decided."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db.models import Q

from quantri.web.appraisal.models import Entry, Exercise
from quantri.web.figures.models import Figure, FigureSheet
from quantri.web.figures.table import middle_of
from quantri.web.reports.models import SynthesisReport


@dataclass(frozen=True, kw_only=True)
class Median:
    """The median of a sheet of figures; None where the figures are too few to hide a single one."""

    sheet: FigureSheet
    value: Decimal | None
    n: int


@dataclass(frozen=True, kw_only=True)
class Classing:
    """A confirmed exercise with its agencies by the name of their class, the best first."""

    exercise: Exercise
    entries: list[Entry]

    def of_band(self, name: str) -> list[Entry]:
        return [entry for entry in self.entries if (entry.result or {}).get("class_vi") == name]


def medians_of(report: SynthesisReport) -> list[Median]:
    """Take the medians of communes in the current sheets of the very period of a report."""
    sheets = FigureSheet.objects.current().filter(
        province=report.plan.province_id, kind=report.kind, year=report.year, number=report.number
    )
    found = Figure.objects.filter(unit__isnull=False, sheet__in=sheets).select_related("sheet__measure")
    figures = found.order_by("sheet__measure", "sheet", "pk")
    return [_median(sheet, list(its)) for sheet, its in groupby(figures, attrgetter("sheet"))]


def classings_of(report: SynthesisReport, today: date) -> list[Classing]:
    """Give the classes confirmed in the period; a report of the year also those of its year, confirmed by today."""
    decided = Q(exercise__confirmed_at__date__range=(report.starts_on, report.ends_on))
    if report.kind == "year":
        decided |= Q(exercise__year=report.year, exercise__confirmed_at__date__lte=today)
    found = Entry.objects.standing().filter(decided, exercise__province=report.plan.province_id)
    entries = found.select_related("exercise", "agency").order_by("exercise__year", "exercise", "agency__name_vi", "pk")
    return [Classing(exercise=e, entries=list(its)) for e, its in groupby(entries, attrgetter("exercise"))]


def _median(sheet: FigureSheet, figures: list[Figure]) -> Median:
    middle = middle_of([figure.value for figure in figures])
    return Median(sheet=sheet, value=middle.value, n=middle.n)
