"""What pages of places show: the communes of a province, what was before, and what is found by a name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from quantri.text import fold
from quantri.web.places.models import Province, Succession, Unit, UnitName

MOST_FOUND = 200
KIND_ORDER = tuple(UnitName.Kind.values)


@dataclass(frozen=True)
class Found:
    """A unit with its latest name, and the unit that it lies in or last lay in."""

    unit: Unit
    name: UnitName
    above: Unit | None

    @property
    def is_open(self) -> bool:
        return self.name.valid_to is None


def communes_of(province: Province, day: date, wanted: str = "") -> list[Found]:
    """Communes of a province on a day, in the order of kinds and names; `wanted` with or without marks, or a code."""
    units = Unit.objects.filter(level=Unit.Level.COMMUNE).within(province).on(day)
    return fitting(units, wanted)


def before_merger(province: Province, wanted: str = "") -> list[Found]:
    """Districts and communes that ended, of the province and of those that it was made from."""
    keys = [province.pk, *(s.before_id for s in province.predecessors.all())]
    lay_in = Q(parents__parent__in=keys) | Q(parents__parent__parents__parent__in=keys)
    ended = Unit.objects.filter(lay_in).exclude(names__valid_to=None).exclude(level=Unit.Level.PROVINCE)
    return fitting(ended.distinct(), wanted)


def found_anywhere(wanted: str) -> list[Found]:
    """Units of any level and time whose name or code fits; those of today first, at most so many."""
    key = fold(wanted)
    if not key:
        return []
    names = UnitName.objects.values_list("unit_id", "name_vi")
    fitting = {pk for pk, name in names if key in fold(name)}
    fitting |= set(Unit.objects.filter(codes__code=wanted.strip()).values_list("pk", flat=True))
    first = sorted(fitting)[: MOST_FOUND * 4]  # what a single letter would find is more than anybody reads
    return sorted(_rows(Unit.objects.filter(pk__in=first)), key=lambda f: (not f.is_open, _order(f)))[:MOST_FOUND]


def kinds_of(found: Iterable[Found]) -> list[tuple[str, int]]:
    """How many there are of each kind, in the order of kinds."""
    counted = Counter(f.name.get_kind_display() for f in found)
    order = {str(label): n for n, label in enumerate(UnitName.Kind.labels)}
    return sorted(((str(kind), n) for kind, n in counted.items()), key=lambda pair: order[pair[0]])


def fitting(units: Iterable[Unit], wanted: str) -> list[Found]:
    key = fold(wanted)
    rows = [f for f in _rows(units) if not key or f.unit.code == wanted.strip() or _fits(f.unit, key)]
    return sorted(rows, key=_order)


def _fits(unit: Unit, key: str) -> bool:
    return any(key in fold(n.title) for n in unit.names.all())


def _order(found: Found) -> tuple[int, str]:
    return KIND_ORDER.index(found.name.kind), fold(found.name.name_vi)


def _rows(units: object) -> list[Found]:
    names = Prefetch("parents__parent__names", UnitName.objects.all())
    loaded = list(units.prefetch_related("names", "parents__parent", names))
    return [Found(u, u.latest, above_of(u)) for u in loaded]


def counted_predecessors(found: Iterable[Found]) -> Counter[int]:
    """Count the units that each was made from, by its key in the database."""
    return Counter(Succession.objects.filter(after__in=[f.unit.pk for f in found]).values_list("after_id", flat=True))


def above_of(unit: Unit) -> Unit | None:
    """Return the unit that it lies in, or last lay in."""
    rows = sorted(unit.parents.all(), key=lambda p: p.valid_to or date.max)
    return rows[-1].parent if rows else None
