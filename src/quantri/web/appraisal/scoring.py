"""Points of an entry as the rule wants them, and what the rule makes of them as frozen text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quantri.web.appraisal.models import Entry, Line, Proof
from quantri.web.appraisal.rules import Criterion, Refusal, Result, Scores, Sheet, classify


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the sheet with what the agency and the appraisal gave."""

    criterion: Criterion
    line: Line | None
    proofs: Sequence[Proof] = ()

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def difference(self) -> Decimal | None:
        """Points of the appraisal minus the agency's own."""
        if self.line is None or self.line.points is None or self.line.self_points is None:
            return None
        return self.line.points - self.line.self_points


def rows_of(entry: Entry, sheet: Sheet, proofs: Mapping[str, Sequence[Proof]]) -> list[Row]:
    """Every line of the sheet in its order; lines that nobody touched are there too."""
    kept = {line.code: line for line in entry.lines.all()}
    return [Row(criterion=c, line=kept.get(code), proofs=proofs.get(code, ())) for code, c in sheet.lines.items()]


def self_result(entry: Entry, sheet: Sheet) -> Result:
    """Say what the agency's own points would make."""
    points = {line.code: line.self_points for line in entry.lines.all() if line.self_points is not None}
    return classify(sheet, Scores(points=points, is_self_scored=True))


def appraised_result(entry: Entry, sheet: Sheet) -> Result:
    """Say what the points of the appraisal make; an agency that handed nothing in has none."""
    kept: Iterable[Line] = entry.lines.all() if entry.is_handed_in else ()
    points = {line.code: line.points for line in kept if line.points is not None}
    return classify(
        sheet, Scores(points=points, is_self_scored=entry.is_handed_in, facts=frozenset(entry.facts))
    )  # fmt: skip


def frozen(result: Result) -> dict[str, Any]:
    """Turn a result into plain values that do not change when the program does."""
    return {
        "points": str(result.points), "base": str(result.base), "bonus": str(result.bonus),
        "penalty": str(result.penalty), "class": result.band.code, "class_vi": result.band.name_vi,
        "class_en": result.band.name_en, "before_lowering": result.before_lowering.code,
        "lowered_by": list(result.lowered_by), "unscored": list(result.unscored),
        "refusals": [_frozen_refusal(r) for r in result.refusals],
    }  # fmt: skip


def _frozen_refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "class": refusal.band.code, "points_missing": str(refusal.points_missing), "condition": refusal.condition,
        "lines": list(refusal.lines),
    }  # fmt: skip
