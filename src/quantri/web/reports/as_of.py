"""The day as of which a report tells: the last one of its period, or today while the period runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, kw_only=True)
class AsOf:
    """A period's last day, and the day on which the report is made.

    Examples
    --------
    >>> running = AsOf(ends_on=date(2026, 12, 14), today=date(2026, 11, 30))
    >>> running.day, running.is_late(date(2026, 11, 30)), running.is_late(date(2026, 11, 29))
    (datetime.date(2026, 11, 30), False, True)
    >>> over = AsOf(ends_on=date(2026, 12, 14), today=date(2026, 12, 20))
    >>> over.day, over.is_late(date(2026, 12, 14)), over.is_late(date(2026, 12, 15))
    (datetime.date(2026, 12, 14), True, False)
    """

    ends_on: date
    today: date

    @property
    def day(self) -> date:
        """The last day that is counted."""
        return min(self.ends_on, self.today)

    @property
    def is_running(self) -> bool:
        return self.day < self.ends_on

    @property
    def late_before(self) -> date:
        """Work that was due before this day and is open is late: what is due today still has the day."""
        return min(self.ends_on + timedelta(days=1), self.today)

    def is_late(self, due: date) -> bool:
        return due < self.late_before


def told_until(content: Mapping[str, Any]) -> str:
    """Return the day as of which frozen content tells; where that is not kept, the last of its period."""
    return content.get("as_of", content["period"]["ends_on"])
