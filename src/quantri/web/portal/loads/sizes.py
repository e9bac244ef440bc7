"""How much a load makes, and what all its parts share: the day, the draw and the rows so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from random import Random
from typing import TypeVar

from django.utils import timezone

from quantri.web.accounts.models import Agency
from quantri.web.core import audit

T = TypeVar("T")
SYSTEM = audit.System("load test")
ROWS = 2000  # rows of one insert; nothing larger is held


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How many of each; tasks, reports and entries are those of the whole site."""

    provinces: int = 34
    communes: int = 98
    departments: int = 20
    officers: int = 3
    plans: int = 4
    tasks: int = 100_000
    reports: int = 1_000_000
    entries: int = 1_000_000


@dataclass(kw_only=True)
class Load:
    """One run: its sizes, its day, its draw, and what was made for the trail to name."""

    sizes: Sizes
    today: date
    draw: Random
    subjects: list[tuple[str, str, str, str]] = field(default_factory=list)  # scope, model, key, name
    people: list[tuple[str, str, str]] = field(default_factory=list)  # scope, key, name
    reports: int = 0


@dataclass(frozen=True, kw_only=True)
class Bodies:
    """Agencies of a province: its committee, departments and communes."""

    committee: Agency
    others: Sequence[Agency]


def share(total: int, parts: int, number: int) -> int:
    """Give the number-th of equal parts of a total, so that all of them make it up."""
    return total * (number + 1) // parts - total * number // parts


def morning(day: date) -> datetime:
    """Give the moment at which something was done on a day."""
    return timezone.make_aware(datetime.combine(day, time(9)))


def batches(rows: Iterator[T]) -> Iterator[list[T]]:
    """Cut rows into inserts."""
    while batch := list(islice(rows, ROWS)):
        yield batch
