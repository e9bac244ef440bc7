"""Which unit each area of a file is: by official code first, then by name with marks, then without."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from quantri.text import fold, spelling
from quantri.web.places.codes import padded
from quantri.web.places.models import Unit, UnitName
from quantri.web.places.outlines import Outline

KINDS = re.compile(
    r"^(tinh|thanh pho|tp|quan|q|huyen|h|thi xa|tx|xa|x|phuong|p|thi tran|tt|dac khu|dk)\s+(?=\S)"
)  # as files write them before a name, marks folded away


@dataclass(frozen=True)
class Match:
    """An area and its unit; without a unit, `candidates` are those that it may be."""

    outline: Outline
    unit: Unit | None
    how: str  # code, name, bare_name, conflict, ambiguous, nothing
    label: str
    candidates: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class Matching:
    """All matches, and the properties of the file that held codes and names."""

    matches: list[Match]
    code_property: str
    name_property: str

    def by(self, *how: str) -> list[Match]:
        return [m for m in self.matches if m.how in how]


class Book:
    """Units of a level on a day, by code, by title or name, and by either without marks."""

    def __init__(self, level: str, day: date) -> None:
        self.level = level
        self.codes: dict[str, Unit] = {}
        self.names: dict[str, set[Unit]] = defaultdict(set)
        self.bare: dict[str, set[Unit]] = defaultdict(set)
        ever = UnitName.objects.filter(unit__level=level).values_list("name_vi", flat=True).distinct()
        self.ever = {KINDS.sub("", fold(name)) for name in ever}
        for unit in Unit.objects.filter(level=level).on(day).prefetch_related("names", "codes"):
            self.codes |= {code.code: unit for code in unit.codes.all()}
            for name in unit.names.all():  # also one that it bore before: files are seldom of the very day
                self._learn(unit, name)

    def _learn(self, unit: Unit, name: UnitName) -> None:
        for text in {name.name_vi, name.title, name.name_en} - {""}:
            self.names[spelling(text)].add(unit)
            self.bare[fold(text)].add(unit)
        self.bare[KINDS.sub("", fold(name.name_vi))].add(unit)

    def coded(self, text: str) -> Unit | None:
        return self.codes.get(padded(text, self.level))

    def is_name(self, text: str) -> bool:
        """Tell whether a unit of this level ever bore the name: a name of another day tells that a code is misread."""
        return KINDS.sub("", fold(text)) in self.ever or bool(self.named(text)[1])

    def named(self, text: str) -> tuple[str, set[Unit]]:
        exact = self.names.get(spelling(text), set())
        bare = fold(text)
        return (
            ("name", exact)
            if exact
            else ("bare_name", self.bare.get(bare) or self.bare.get(KINDS.sub("", bare), set()))
        )


def match(outlines: Iterable[Outline], level: str, day: date) -> Matching:
    """Match areas to the units of a level that exist on a day."""
    listed = [o for o in outlines if not o.fault]
    book = Book(level, day)
    code = _best(listed, lambda text: book.coded(text) is not None)
    name = _best(listed, book.is_name, but=code)  # some wards are called by a number
    return Matching([_matched(o, book, code, name) for o in listed], code, name)


def _best(outlines: list[Outline], fits: Callable[[str], bool], but: str = "") -> str:
    """Name the property whose values fit most often; at least half of the areas must."""
    counted = Counter(key for o in outlines for key, value in o.properties.items() if key != but and fits(value))
    found = counted.most_common(1)
    return found[0][0] if found and found[0][1] * 2 >= len(outlines) else ""


def _matched(outline: Outline, book: Book, code: str, name: str) -> Match:
    written, called = outline.properties.get(code, ""), outline.properties.get(name, "")
    label = " ".join(filter(None, (written, called))) or f"#{outline.number}"
    by_code = book.coded(written) if written else None
    how, by_name = book.named(called) if called else ("", set())
    if by_code and (not by_name or by_code in by_name):
        is_named_otherwise = bool(called) and not by_name
        return Match(outline, None if is_named_otherwise else by_code, "conflict" if is_named_otherwise else "code",
                     label, (by_code,) if is_named_otherwise else ())  # fmt: skip
    if by_code:
        return Match(outline, None, "conflict", label, (by_code, *sorted(by_name, key=lambda u: u.key)))
    if len(by_name) == 1:
        return Match(outline, next(iter(by_name)), how, label)
    return Match(outline, None, "ambiguous" if by_name else "nothing", label, tuple(sorted(by_name, key=str)))
