"""What a file of boundaries holds, shown before anything is kept; and the plain values that are sealed and kept."""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import shapely

from quantri.web.places.matching import Match, Matching, match
from quantri.web.places.models import Unit
from quantri.web.places.outlines import ARCHIPELAGOS, Outline, Sheet, multi, read_outlines

DIGITS = 5  # of a degree: about a metre
MOST_KEPT = 120_000  # points; a file that has more is simplified, since a map of 800 pixels shows no more
TOLERANCE = 0.0005  # degrees, about 50 metres


@dataclass(frozen=True)
class Draft:
    """Plain values of a set that may be kept; `polygons` by the key of the unit."""

    level: str
    valid_from: str
    source: str
    file_name: str
    sha256: str
    lacks: list[str]
    polygons: dict[str, list[list[list[list[float]]]]]

    def sealed(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Preview:
    """What matched and how, what did not, and what will be kept."""

    draft: Draft
    sheet: Sheet
    matching: Matching
    joined: list[tuple[Unit, list[Match]]]
    missing: list[Unit]
    is_country: bool
    is_simplified: bool

    @property
    def broken(self) -> list[Outline]:
        return [o for o in self.sheet.outlines if o.fault]

    @property
    def is_of_another_day(self) -> bool:
        """Tell whether so many codes and names disagree that the file must be of another day or code list."""
        return len(self.matching.by("conflict")) * 10 > len(self.matching.matches)

    @property
    def may_be_kept(self) -> bool:
        return bool(self.draft.polygons) and not self.is_of_another_day

    @property
    def crossing(self) -> list[Match]:
        return [m for m in self.matching.matches if m.outline.hint]

    @property
    def open_questions(self) -> list[Match]:
        return self.matching.by("conflict", "ambiguous", "nothing")

    @property
    def counts(self) -> dict[str, int]:
        return {how: len(self.matching.by(how)) for how in ("code", "name", "bare_name")}


def preview_boundaries(content: bytes, *, file_name: str, level: str, valid_from: date, source: str) -> Preview:
    """Read a file, match its areas and say what would be kept; RuleViolation when it cannot be read at all."""
    sheet = read_outlines(content)
    matching = match(sheet.outlines, level, valid_from)
    found: dict[Unit, list[Match]] = defaultdict(list)
    for each in matching.matches:
        if each.unit is not None:
            found[each.unit].append(each)
    expected, is_country = _expected(found, level, valid_from)
    is_simplified = sheet.n_points > MOST_KEPT
    draft = Draft(
        level=level, valid_from=valid_from.isoformat(), source=source, file_name=file_name[:120],
        sha256=hashlib.sha256(content).hexdigest(),
        lacks=[name for name in ARCHIPELAGOS if name not in sheet.archipelagos] if is_country else [],
        polygons=_kept(found, is_simplified=is_simplified),
    )  # fmt: skip
    return Preview(
        draft=draft, sheet=sheet, matching=matching, is_country=is_country, is_simplified=is_simplified,
        joined=[(unit, parts) for unit, parts in found.items() if len(parts) > 1],
        missing=sorted(set(expected) - set(found), key=lambda u: u.key),
    )  # fmt: skip


def _expected(found: dict[Unit, list[Match]], level: str, day: date) -> tuple[list[Unit], bool]:
    """Units that such a file should have, those of the provinces that it touches; and whether it is of the country."""
    units = Unit.objects.filter(level=level).on(day).prefetch_related("names")
    if level == Unit.Level.PROVINCE:
        return list(units), len(found) > units.count() // 2
    touched = set(Unit.objects.filter(children__unit__in=list(found)[:5000]).values_list("pk", flat=True))
    everywhere = Unit.objects.filter(level=Unit.Level.PROVINCE).on(day).count()
    return list(units.filter(parents__parent__in=touched).distinct()), len(touched) > everywhere // 2


def _kept(found: dict[Unit, list[Match]], *, is_simplified: bool) -> dict[str, Any]:
    shapes = {
        unit.key: multi([polygon for part in parts for polygon in part.outline.polygons])
        for unit, parts in found.items()
    }
    if is_simplified and shapes:
        shapes = dict(zip(shapes, shapely.simplify(list(shapes.values()), TOLERANCE), strict=True))
    return {key: _rounded(shape) for key, shape in sorted(shapes.items())}


def _rounded(shape: Any) -> list[list[list[list[float]]]]:
    return [
        [[[round(x, DIGITS), round(y, DIGITS)] for x, y, *_rest in ring.coords] for ring in (p.exterior, *p.interiors)]
        for p in getattr(shape, "geoms", [shape])
        if not p.is_empty
    ]


def unsealed(values: dict[str, Any]) -> Draft:
    return Draft(**json.loads(json.dumps(values)))
