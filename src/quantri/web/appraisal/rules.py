"""The rule of a scoring sheet: points become a class, and the answer says which condition decided.

Nothing here knows Django or a database: a sheet and scores go in, a result comes out. Points are decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import chain, pairwise

from quantri.errors import DefinitionError, refuse

ZERO = Decimal(0)
NO_ZERO, SELF_SCORED = "no_zero_criterion", "self_scored"
CONDITIONS = (NO_ZERO, SELF_SCORED)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One line of a sheet that receives points (tiêu chí); a group of lines receives none itself."""

    code: str
    name_vi: str
    name_en: str
    points: Decimal
    parent: str = ""
    needs_evidence: bool = True


@dataclass(frozen=True, kw_only=True)
class Extra:
    """Points given or taken beside the criteria (điểm thưởng, điểm trừ), together at most `cap`."""

    items: tuple[Criterion, ...] = ()
    cap: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Band:
    """A class with the points and conditions that it needs (mức xếp loại)."""

    code: str
    name_vi: str
    name_en: str
    at_least: Decimal | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A scoring sheet (bảng chấm điểm); classes stand best first, the last one needs nothing."""

    code: str
    name_vi: str
    name_en: str
    document: str
    demonstration: str
    groups: tuple[Criterion, ...]
    criteria: tuple[Criterion, ...]
    bonus: Extra
    penalty: Extra
    bands: tuple[Band, ...]
    lowering: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse([*self._code_faults(), *self._band_faults()])

    def _code_faults(self) -> list[DefinitionError]:
        faults, seen = [], set()
        for item in (*self.groups, *self.criteria, *self.bonus.items, *self.penalty.items):
            if item.code in seen:
                faults.append(DefinitionError("{code}: defined twice; give each line its own code", code=item.code))
            seen.add(item.code)
            if item.parent and item.parent not in {g.code for g in self.groups}:
                faults.append(
                    DefinitionError("{code}: there is no group {parent!r} above it", code=item.code, parent=item.parent)
                )
        return faults

    def _band_faults(self) -> list[DefinitionError]:
        *upper, last = self.bands
        faults = []
        if last.at_least is not None or last.conditions:
            faults.append(DefinitionError("class {code}: the last class must need nothing", code=last.code))
        floors = [band.at_least for band in upper]
        if None in floors or any(high <= low for high, low in pairwise(floors)):
            faults.append(DefinitionError("classes must stand best first, each with at_least above the next one's"))
        top = self.points + self.bonus.cap
        faults += [
            DefinitionError("class {code}: nobody can reach {points} of {top} points", code=b.code, points=b.at_least,
                            top=top)
            for b in upper if b.at_least is not None and b.at_least > top
        ]  # fmt: skip
        return faults

    @cached_property
    def points(self) -> Decimal:
        """Points that the criteria add up to, without bonus."""
        return sum((c.points for c in self.criteria), ZERO)

    @cached_property
    def lines(self) -> dict[str, Criterion]:
        """Every line that receives points, by its code."""
        return {c.code: c for c in (*self.criteria, *self.bonus.items, *self.penalty.items)}


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Points by the code of their line; `facts` name what lowers a class, such as a leader who was disciplined."""

    points: Mapping[str, Decimal]
    is_self_scored: bool
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a class was not given: too few points, or a condition with the lines that break it."""

    band: Band
    points_missing: Decimal = ZERO
    condition: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a sheet makes of scores; `refusals` say of each better class why it was not given."""

    points: Decimal
    base: Decimal
    bonus: Decimal
    penalty: Decimal
    band: Band
    before_lowering: Band
    lowered_by: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    unscored: tuple[str, ...]


def classify(sheet: Sheet, scores: Scores) -> Result:
    """Apply a sheet to scores.

    A criterion without points counts as zero and is named in `unscored`; points outside a line's bounds are refused.

    Raises
    ------
    DefinitionError
        Points for a line that the sheet does not have, below zero, or above the line's maximum.
    """
    refuse(_point_faults(sheet, scores))
    base = _sum(sheet.criteria, scores)
    bonus = min(_sum(sheet.bonus.items, scores), sheet.bonus.cap)
    penalty = min(_sum(sheet.penalty.items, scores), sheet.penalty.cap)
    points = base + bonus - penalty
    why = [_refusals(sheet, scores, band, points) for band in sheet.bands]
    place = next(n for n, refusals in enumerate(why) if not refusals)
    lowered_by = tuple(fact for fact in sheet.lowering if fact in scores.facts)
    lower = min(place + sum(sheet.lowering[fact] for fact in lowered_by), len(sheet.bands) - 1)
    return Result(
        points=points, base=base, bonus=bonus, penalty=penalty, band=sheet.bands[lower],
        before_lowering=sheet.bands[place], lowered_by=lowered_by, refusals=tuple(chain.from_iterable(why[:place])),
        unscored=tuple(c.code for c in sheet.criteria if c.code not in scores.points),
    )  # fmt: skip


def _point_faults(sheet: Sheet, scores: Scores) -> list[DefinitionError]:
    faults = []
    for code, points in scores.points.items():
        line = sheet.lines.get(code)
        if line is None:
            faults.append(DefinitionError("the sheet has no line {code!r}", code=code))
        elif not points.is_finite() or not ZERO <= points <= line.points:
            faults.append(
                DefinitionError("{code}: points must lie between 0 and {most}, not {found}", code=code,
                                most=line.points, found=points)
            )  # fmt: skip
    return faults


def _sum(lines: tuple[Criterion, ...], scores: Scores) -> Decimal:
    return sum((scores.points.get(line.code, ZERO) for line in lines), ZERO)


def _refusals(sheet: Sheet, scores: Scores, band: Band, points: Decimal) -> list[Refusal]:
    """Say why a class is not given; nothing when it is."""
    if band is sheet.bands[-1]:
        return []
    found = []
    if band.at_least is not None and points < band.at_least:
        found.append(Refusal(band=band, points_missing=band.at_least - points))
    zero = tuple(c.code for c in sheet.criteria if scores.points.get(c.code, ZERO) == ZERO)
    if NO_ZERO in band.conditions and zero:
        found.append(Refusal(band=band, condition=NO_ZERO, lines=zero))
    if SELF_SCORED in band.conditions and not scores.is_self_scored:
        found.append(Refusal(band=band, condition=SELF_SCORED))
    return found
