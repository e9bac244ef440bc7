"""How much was on time, said honestly: what is overdue and still open counts against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Piece(NamedTuple):
    """Work with the day on which it was due and the day on which it was closed, if it was."""

    due: date | None
    closed_on: date | None


@dataclass(frozen=True, kw_only=True)
class OnTime:
    """Closed on time ÷ (closed + overdue and open); `share` is None where nothing was due yet."""

    on_time: int
    closed: int
    overdue_open: int
    without_date: int

    @property
    def share(self) -> float | None:
        due = self.closed + self.overdue_open
        return self.on_time / due if due else None


def on_time(pieces: Iterable[Piece], today: date) -> OnTime:
    """Count pieces of work; one without a date cannot be late, and is told apart.

    Examples
    --------
    >>> day = date(2026, 3, 2)
    >>> on_time([Piece(due=day, closed_on=day), Piece(due=day, closed_on=None)], date(2026, 3, 3)).share
    0.5
    """
    found = list(pieces)
    dated = [p for p in found if p.due is not None]
    closed = [p for p in dated if p.closed_on is not None]
    return OnTime(
        on_time=sum(p.closed_on <= p.due for p in closed), closed=len(closed),
        overdue_open=sum(p.closed_on is None and p.due < today for p in dated), without_date=len(found) - len(dated),
    )  # fmt: skip
