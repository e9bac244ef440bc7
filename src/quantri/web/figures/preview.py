"""What a file would change, measure by measure, beside what it would supersede; sealed until it is confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quantri.web.deadlines.periods import Period
from quantri.web.figures.actions import NONE, Brought, Recorded
from quantri.web.figures.models import FigureSheet, Measure
from quantri.web.figures.periods import key_of, period_of
from quantri.web.figures.sheets import Line, Reading
from quantri.web.places.models import Province, Unit


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What becomes of a measure in the period."""

    measure: Measure
    n: int
    empty: int  # rows of the file without a value
    earlier: FigureSheet | None
    changed: list[tuple[str, Decimal, Decimal]]
    dropped: list[str]  # had a figure in the earlier sheet and have none in the file
    looks_like_shares: bool


def effects_of(province: Province, period: Period, reading: Reading) -> list[Effect]:
    """Say for each measure what its sheet would hold, change and leave without a figure."""
    current = FigureSheet.objects.current().filter(
        province=province, kind=period.kind, year=period.year, number=period.number, measure__in=reading.measures
    )
    sheets = {sheet.measure_id: sheet for sheet in current.prefetch_related("figures")}
    return [_effect(measure, reading.lines, sheets.get(measure.pk)) for measure in reading.measures]


def _effect(measure: Measure, lines: Sequence[Line], earlier: FigureSheet | None) -> Effect:
    new = {_key(line): line.values[measure.code] for line in lines if measure.code in line.values}
    old = {(f.unit_id, f.agency_id): f for f in earlier.figures.all()} if earlier else {}
    return Effect(
        measure=measure, n=len(new), empty=sum(measure.code not in line.values for line in lines), earlier=earlier,
        changed=[(f.recorded_name, f.value, new[key]) for key, f in old.items() if key in new and new[key] != f.value],
        dropped=[f.recorded_name for key, f in old.items() if key not in new],
        looks_like_shares=measure.unit == Measure.Unit.PERCENT and len(new) > 1 and 0 < max(new.values()) <= 1,
    )  # fmt: skip


def _key(line: Line) -> tuple[int | None, int | None]:
    place = line.meant.place
    if place is None:
        return (None, -line.row)
    return (place.pk, None) if isinstance(place, Unit) else (None, place.pk)


def sealed(period: Period, source: str, file_name: str, sha256: str, reading: Reading, effects: list[Effect]) -> Any:
    """Give what was read as plain values, for the browser to carry."""
    rows = [[*_key(line), line.name or str(line.meant.place), line.code, line.note] for line in reading.lines]
    values = {str(m.pk): [str(line.values.get(m.code, "")) for line in reading.lines] for m in reading.measures}
    seen = {str(e.measure.pk): e.earlier.pk if e.earlier else NONE for e in effects}
    return {"period": key_of(period), "source": source, "file_name": file_name, "sha256": sha256, "rows": rows,
            "values": values, "seen": seen}  # fmt: skip


def unsealed(plain: dict[str, Any]) -> Brought:
    """Take it back as it was read."""
    values = {
        int(pk): [
            Recorded(unit=unit, agency=agency, name=name, code=code, note=note, value=Decimal(text))
            for (unit, agency, name, code, note), text in zip(plain["rows"], column, strict=True)
            if text
        ]
        for pk, column in plain["values"].items()
    }
    return Brought(
        period=period_of(plain["period"]), source=plain["source"], file_name=plain["file_name"], sha256=plain["sha256"],
        values=values, seen={int(pk): sheet for pk, sheet in plain["seen"].items()},
    )  # fmt: skip
