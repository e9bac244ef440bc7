"""Agencies of a province in the order of who stands under whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from quantri.text import fold


class Placed(Protocol):
    """An agency, or what of it decides on its place in the list."""

    pk: int
    parent_id: int | None
    name_vi: str


@dataclass(frozen=True, kw_only=True)
class Branch:
    """An agency with its depth."""

    agency: Placed
    depth: int


def branches(placed: Iterable[Placed]) -> list[Branch]:
    """Put each agency behind the one that it stands under; one whose superior is not listed stands on its own."""
    agencies = list(placed)
    listed = {a.pk for a in agencies}
    below: dict[int | None, list[Placed]] = {}
    for agency in sorted(agencies, key=lambda a: (fold(a.name_vi), a.pk)):
        above = agency.parent_id if agency.parent_id in listed else None
        below.setdefault(above, []).append(agency)
    found, waiting = [], [(a, 0) for a in reversed(below.get(None, []))]
    while waiting:
        agency, depth = waiting.pop()
        found.append(Branch(agency=agency, depth=depth))
        waiting += [(a, depth + 1) for a in reversed(below.get(agency.pk, []))]
    return found
