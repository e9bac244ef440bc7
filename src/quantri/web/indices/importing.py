"""An official spreadsheet as a preview of a release: what it holds, what forbids it, what it would change."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from quantri.engine.loading import DATA, load_units, read_archive
from quantri.engine.results import EditionResults, Unit
from quantri.errors import DataError
from quantri.web.indices.lookup import known
from quantri.web.indices.sheets.layout import years_in
from quantri.web.indices.sheets.reading import Fault, SheetResults, read_sheets

FIRST_YEAR, LAST_YEAR = 2009, 2100


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure of the sheet that differs from the release that stands."""

    unit: str
    code: str
    before: float | None
    after: float | None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an import would do; nothing is kept until it is confirmed."""

    source: str
    year: int | None
    sheet: SheetResults | None
    faults: tuple[Fault, ...]
    edition: EditionResults | None = None
    differences: tuple[Difference, ...] = ()
    is_new: bool = True

    @property
    def sample(self) -> list[tuple[Unit, list[float | None]]]:
        """The first provinces with their scores above the parts, for the eye."""
        codes = [c.code for c in self.edition.definition if c.level != "sub_dimension"]
        return [(u, [self.edition.score(u.key, code) for code in codes]) for u in self.edition.units[:6]]

    def sealed(self) -> dict[str, object]:
        """Give what an import needs, as plain values."""
        return {
            "index": self.sheet.index, "year": self.sheet.year, "definition": self.sheet.definition,
            "results": self.sheet.results, "indicators": self.sheet.indicators, "source": self.source,
        }  # fmt: skip

    @staticmethod
    def unsealed(values: dict[str, object]) -> dict[str, object]:
        """Take only the fields that `sealed` gave."""
        return {name: values[name] for name in ("index", "year", "definition", "results", "indicators", "source")}


def preview_results(content: bytes, name: str, year: int | None) -> Preview:
    """Read a spreadsheet without keeping anything."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        fault = _("The year %(year)s is not possible; give one from %(first)s to %(last)s.")
        facts = {"year": year, "first": FIRST_YEAR, "last": LAST_YEAR}
        return Preview(source=name, year=None, sheet=None, faults=(Fault(where=name, message=fault % facts),))
    source = f"{name} (sha256 {hashlib.sha256(content).hexdigest()[:16]})"
    try:
        named = years_in(name)
        known_year = year or (min(named) if len(named) == 1 else None)
        units = load_units(DATA / "places" / "provinces.csv", date(known_year or date.max.year, 12, 31))
        sheet = read_sheets(content, name, year=year, archive=known(), all_units=units)
    except DataError as fault:
        return Preview(source=source, year=year, sheet=None, faults=(Fault(where=name, message=str(fault)),))
    if sheet.faults:
        return Preview(source=source, year=sheet.year, sheet=sheet, faults=sheet.faults)
    try:
        texts = (f"{sheet.index}-{sheet.year}", sheet.definition, sheet.results)
        edition = read_archive(settings.INDEX, [texts]).editions[0]
    except (DataError, ValueError) as fault:  # what the sheet's own checks let through
        return Preview(source=source, year=sheet.year, sheet=sheet, faults=(Fault(where=name, message=str(fault)),))
    papi = known()
    return Preview(
        source=f"{source}, {sheet.sheet}", year=sheet.year, sheet=sheet, faults=(), edition=edition,
        is_new=sheet.year not in papi.years,
        differences=_differences(papi.edition(sheet.year), edition) if sheet.year in papi.years else (),
    )  # fmt: skip


def _differences(before: EditionResults, after: EditionResults) -> tuple[Difference, ...]:
    found = []
    for unit in after.units:
        for c in after.definition:
            old, new = before.score(unit.key, c.code), after.score(unit.key, c.code)
            if (old is None) != (new is None) or (old is not None and abs(old - new) > 5e-4):
                found.append(Difference(unit=unit.name_vi, code=c.code, before=old, after=new))
    return tuple(found)
