"""Which commune or agency a row of a sheet means: by code, by name with marks, then by name without."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from quantri.text import fold, spelling
from quantri.web.accounts.models import Agency
from quantri.web.places.codes import padded
from quantri.web.places.matching import KINDS
from quantri.web.places.models import Province, Unit

Place = Unit | Agency


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What a row means; without a place, `how` says why and `candidates` what it may be."""

    place: Place | None
    how: str  # code, name, bare_name, conflict, ambiguous, nothing
    candidates: tuple[Place, ...] = ()


def communes_on(province: Province, day: date) -> QuerySet[Unit]:
    """Communes that existed on a day in what is the province now, whatever district or province they lay in then."""
    keys = [province.pk, *province.predecessors.values_list("before_id", flat=True)]
    held = Q(parents__valid_from=None) | Q(parents__valid_from__lte=day)
    going_on = Q(parents__valid_to=None) | Q(parents__valid_to__gt=day)
    lay_in = Q(parents__parent__in=keys) | Q(parents__parent__parents__parent__in=keys)
    return Unit.objects.filter(held & going_on & lay_in, level=Unit.Level.COMMUNE).on(day).distinct()


class Register:
    """Communes and agencies of a province on a day, by code, by name and by name without marks."""

    def __init__(self, province: Province, day: date) -> None:
        self.codes: dict[str, Unit] = {}
        self.names: dict[str, set[Place]] = defaultdict(set)
        self.bare: dict[str, set[Place]] = defaultdict(set)
        self.communes = list(communes_on(province, day).prefetch_related("names", "codes"))
        for unit in self.communes:
            self.codes |= {code.code: unit for code in unit.codes.all()}
            for name in unit.names.all():
                self._learn(unit, {name.name_vi, name.title, name.name_en}, KINDS.sub("", fold(name.name_vi)))
        known = {unit.pk: unit for unit in self.communes}
        for agency in Agency.objects.filter(province=province).on(day):  # a commune's committee means the commune
            self._learn(known.get(agency.unit_id, agency), {agency.name_vi, agency.name_en}, "")

    def _learn(self, place: Place, names: set[str], core: str) -> None:
        for text in names - {""}:
            self.names[spelling(text)].add(place)
            self.bare[fold(text)].add(place)
        if core:
            self.bare[core].add(place)

    def meant(self, code: str, name: str) -> Meant:
        """Find the place of a row; a code and a name that disagree are a conflict, never a guess."""
        by_code = self.codes.get(padded(code, "commune"))
        how, by_name = self._named(name)
        if by_code and (not name or by_code in by_name):
            return Meant(place=by_code, how="code")
        if by_code or (code and by_name):  # a code that nobody bears is not passed over
            both = ([by_code] if by_code else []) + sorted(by_name, key=str)
            return Meant(place=None, how="conflict", candidates=tuple(both))
        if len(by_name) == 1:
            return Meant(place=next(iter(by_name)), how=how)
        return Meant(place=None, how="ambiguous" if by_name else "nothing", candidates=tuple(sorted(by_name, key=str)))

    def _named(self, text: str) -> tuple[str, set[Place]]:
        exact = self.names.get(spelling(text), set()) if text else set()
        if exact:
            return "name", exact
        bare = fold(text)
        return "bare_name", self.bare.get(bare) or self.bare.get(KINDS.sub("", bare)) or set()
