"""One table of an exercise: every agency with its state, both points, the difference and the class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.web.appraisal.models import Appeal, Entry, Exercise
from quantri.web.appraisal.on_time import on_time_of, thawed
from quantri.web.appraisal.scoring import appraised_result, self_result
from quantri.web.core.tables import Cell
from quantri.web.tasks.rates import OnTime

ORDERS = {
    "name": lambda row: row.entry.agency.name_vi,
    "own": lambda row: (row.own is None, -(row.own or 0)),
    "points": lambda row: (row.points is None, -(row.points or 0)),
    "difference": lambda row: (row.difference is None, -abs(row.difference or 0)),
    "state": lambda row: row.place,
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """An agency in the table; points that are not there yet are None."""

    entry: Entry
    place: int
    state: str
    own: Decimal | None
    points: Decimal | None
    band: str
    on_time: OnTime | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.own is None or self.points is None else self.points - self.own

    @property
    def cells(self) -> list[Cell]:
        numbers = [None if n is None else float(n) for n in (self.own, self.points, self.difference)]
        rate = self.on_time and self.on_time.share
        return [self.entry.agency.name, self.state, *numbers, rate, self.band]


def header() -> list[str]:
    """Names of the columns."""
    return [_("Agency"), _("State"), _("Self-score"), _("Appraised"), _("Difference"), _("Work on time"), _("Class")]


def table_of(exercise: Exercise, entries: QuerySet[Entry]) -> list[Row]:
    """Make the table; four queries whatever the number of agencies."""
    open_appeals = Prefetch("appeals", Appeal.objects.filter(answered_at=None), to_attr="open_appeals")
    found = list(entries.prefetch_related("lines", open_appeals))
    rates = {} if exercise.is_confirmed else on_time_of(exercise, found, timezone.localdate())
    return [_row(exercise, entry, rates) for entry in found]


def in_order(rows: Iterable[Row], order: str) -> list[Row]:
    return sorted(rows, key=ORDERS[order])


def _row(exercise: Exercise, entry: Entry, rates: Mapping[int, OnTime]) -> Row:
    own = self_result(entry, exercise.sheet).points if entry.is_handed_in else None
    appraised = appraised_result(entry, exercise.sheet) if entry.is_appraised else None
    place, state = _state(exercise, entry)
    kept = entry.result or {}
    band = kept.get("class_en" if get_language() == "en" else "class_vi", "")
    if not band and appraised:
        band = appraised.band.name_en if get_language() == "en" else appraised.band.name_vi
    points = Decimal(kept["points"]) if kept else appraised and appraised.points
    on_time = thawed(kept) if kept else rates.get(entry.agency_id)
    return Row(entry=entry, place=place, state=state, own=own, points=points, band=band, on_time=on_time)


def _state(exercise: Exercise, entry: Entry) -> tuple[int, str]:
    """How far an entry is, and where that stands in the order."""
    if exercise.is_confirmed:
        return 5, _("confirmed")
    if entry.open_appeals:
        return 0, _("appeal waits for its answer")
    if entry.is_appraised:
        return 4, _("appraised")
    if entry.is_handed_in:
        return 1, _("handed in, to be appraised")
    if entry.returned_reason:
        return 2, _("given back")
    return 3, _("not handed in")
