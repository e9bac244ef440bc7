"""Agencies of a province in the order of who stands under whom."""

from dataclasses import dataclass

from quantri.text import fold
from quantri.web.accounts.models import Agency


@dataclass(frozen=True, kw_only=True)
class Branch:
    """An agency with its depth."""

    agency: Agency
    depth: int


def branches(agencies: list[Agency]) -> list[Branch]:
    """Put each agency behind the one that it stands under; one whose superior is not listed stands on its own."""
    listed = {a.pk for a in agencies}
    below: dict[int | None, list[Agency]] = {}
    for agency in sorted(agencies, key=lambda a: (fold(a.name_vi), a.pk)):
        above = agency.parent_id if agency.parent_id in listed else None
        below.setdefault(above, []).append(agency)
    found, waiting = [], [(a, 0) for a in reversed(below.get(None, []))]
    while waiting:
        agency, depth = waiting.pop()
        found.append(Branch(agency=agency, depth=depth))
        waiting += [(a, depth + 1) for a in reversed(below.get(agency.pk, []))]
    return found
