"""An official spreadsheet as a preview of a release: what it holds, what forbids it, what it would change."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from quantri.engine.loading import DATA, load_units, read_archive
from quantri.engine.results import EditionResults, Unit
from quantri.errors import DataError
from quantri.web.indices.checklist import Checklist, labels_of
from quantri.web.indices.differences import Difference, differences
from quantri.web.indices.drafts import Draft
from quantri.web.indices.lookup import known
from quantri.web.indices.models import Release
from quantri.web.indices.sheets.faults import Fault, SheetFaults, by_sheet
from quantri.web.indices.sheets.layout import years_in
from quantri.web.indices.sheets.reading import SheetResults, read_sheets

FIRST_YEAR, LAST_YEAR = 2009, 2100


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an import would do; nothing is kept until it is confirmed."""

    source: str
    year: int | None
    sheet: SheetResults | None
    faults: tuple[Fault, ...]
    edition: EditionResults | None = None
    stands: Release | None = None  # the release with which it was compared
    differences: tuple[Difference, ...] = ()
    checklist: Checklist | None = None

    @property
    def faults_by_sheet(self) -> tuple[SheetFaults, ...]:
        return by_sheet(self.faults)

    @property
    def remarks_by_sheet(self) -> tuple[SheetFaults, ...]:
        return by_sheet(self.sheet.remarks)

    @property
    def sample(self) -> list[tuple[Unit, list[float | None]]]:
        """The first provinces with their scores above the parts, for the eye."""
        codes = [c.code for c in self.edition.definition if c.level != "sub_dimension"]
        return [(u, [self.edition.score(u.key, code) for code in codes]) for u in self.edition.units[:6]]

    @property
    def draft(self) -> Draft:
        """What is published when it is confirmed."""
        return Draft(
            index=self.sheet.index, year=self.sheet.year, definition=self.sheet.definition,
            results=self.sheet.results, indicators=self.sheet.indicators, source=self.source[:300],
        )  # fmt: skip

    def sealed(self) -> dict[str, object]:
        """Give what a confirmation needs, as plain values."""
        return {"draft": asdict(self.draft), "instead_of": self.stands and self.stands.pk}


def preview_results(content: bytes, name: str, year: int | None) -> Preview:
    """Read a spreadsheet without keeping anything."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        fault = _("The year %(year)s is not possible; give one from %(first)s to %(last)s.")
        facts = {"year": year, "first": FIRST_YEAR, "last": LAST_YEAR}
        return _refused(name, None, None, fault % facts, source=name)
    source = f"{name} (sha256 {hashlib.sha256(content).hexdigest()[:16]})"
    try:
        sheet = _read(content, name, year)
    except DataError as fault:
        return _refused(name, year, None, str(fault), source=source)
    if sheet.faults:
        return Preview(source=source, year=sheet.year, sheet=sheet, faults=sheet.faults)
    try:
        edition = _edition(sheet)
    except (DataError, ValueError) as fault:  # what the sheet's own checks let through
        return _refused(name, sheet.year, sheet, str(fault), source=source)
    return _compared(sheet, edition, f"{source}, {sheet.sheet}")


def _refused(name: str, year: int | None, sheet: SheetResults | None, message: str, *, source: str) -> Preview:
    return Preview(source=source, year=year, sheet=sheet, faults=(Fault(where=name, message=message),))


def _read(content: bytes, name: str, year: int | None) -> SheetResults:
    named = years_in(name)
    known_year = year or (min(named) if len(named) == 1 else None)
    units = load_units(DATA / "places" / "provinces.csv", date(known_year or date.max.year, 12, 31))
    return read_sheets(content, name, year=year, archive=known(), all_units=units)


def _edition(sheet: SheetResults) -> EditionResults:
    texts = (f"{sheet.index}-{sheet.year}", sheet.definition, sheet.results)
    return read_archive(settings.INDEX, [texts]).editions[0]


def _compared(sheet: SheetResults, edition: EditionResults, source: str) -> Preview:
    releases = Release.objects.current().filter(index=sheet.index, year__lte=sheet.year).order_by("-year")[:2]
    stands = next((release for release in releases if release.year == sheet.year), None)
    before = next((release for release in releases if release.year < sheet.year), None)
    checklist = Checklist(
        edition=edition, before=before and _standing(before), indicators=labels_of(sheet.indicators),
        indicators_before=labels_of(before.indicators) if before else (),
    )  # fmt: skip
    return Preview(
        source=source, year=sheet.year, sheet=sheet, faults=(), edition=edition, stands=stands, checklist=checklist,
        differences=differences(_standing(stands), edition) if stands else (),
    )  # fmt: skip


def _standing(release: Release) -> EditionResults:
    """Read a release itself, so that what is compared is what is sealed."""
    return read_archive(release.index, [release.texts]).editions[0]
