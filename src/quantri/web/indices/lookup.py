"""What an address asks for: edition, component and unit, or a 404 with the sentence that says what there is."""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from quantri.engine.definition import LEVELS, Component
from quantri.engine.results import Archive, EditionResults, Unit
from quantri.web.core.templatetags.numbers import named
from quantri.web.indices.archive import archive


def known() -> Archive:
    """Return the archive of the index that the pages show."""
    return archive(settings.INDEX)


def edition_of(request: HttpRequest, papi: Archive, default: int | None = None) -> EditionResults:
    """Return the edition that `?year=` names; the newest when there is none."""
    asked = request.GET.get("year", "") or str(default or papi.years[-1])
    if not asked.isascii() or not asked.isdigit() or int(asked) not in papi.years:
        span = {"asked": asked, "first": papi.years[0], "last": papi.years[-1]}
        raise Http404(_("There are no results of %(asked)s; choose a year from %(first)s to %(last)s.") % span)
    return papi.edition(int(asked))


def component_of(edition: EditionResults, code: str) -> Component:
    """Return a component of the edition."""
    if code not in edition.definition:
        codes = ", ".join(c.code for c in edition.definition)
        facts = {"code": code, "year": edition.definition.year, "codes": codes}
        raise Http404(_("The edition of %(year)s has no component %(code)s; it has %(codes)s.") % facts)
    return edition.definition[code]


def named_components(codes: Iterable[str]) -> list[str]:
    """Write components with their names in the newest edition; a code of another index stays as it is."""
    papi = known()
    definition = papi.edition(papi.years[-1]).definition
    return [f"{code} {named(definition[code])}" if code in definition else code for code in codes]


def unit_of(edition: EditionResults, key: str) -> Unit:
    """Return a unit of the edition."""
    if key not in edition:
        facts = {"key": key, "year": edition.definition.year}
        raise Http404(_("The edition of %(year)s has no province %(key)s; look it up under Provinces.") % facts)
    return edition.units[edition.row(key)]


def level_of(request: HttpRequest, edition: EditionResults) -> str:
    """Return the level that `?level=` or the component asks for."""
    here = [level for level in LEVELS if any(c.level == level for c in edition.definition)]
    asked = request.GET.get("level", "")
    code = request.GET.get("code", "")
    if asked in here:
        return asked
    return edition.definition[code].level if code in edition.definition else here[0]
