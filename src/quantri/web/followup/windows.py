"""When somebody is reminded: each window once, counted in working days; the numbers are data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources

from quantri.web.deadlines.counting import CalendarMissing, WorkingCalendar

HEAD = "head"  # told once when the delay is reached, whatever window runs


@dataclass(frozen=True, kw_only=True)
class Windows:
    """House rules of reminding."""

    before: tuple[int, ...]
    first_after: int
    then_every: int
    escalate_after: int
    from_hour: int
    until_hour: int
    due_soon: int
    silent_until: int

    def window(self, days_left: int) -> str:
        """Name the window in which a part stands that is due in so many working days; nothing while it is far off.

        Examples
        --------
        >>> [house_rules().window(n) for n in (9, 6, 0, -1, -5, -6, -11)]
        ['', 'before 7', 'before 0', 'after 1', 'after 1', 'after 6', 'after 11']
        """
        if days_left >= 0:
            reached = [n for n in self.before if days_left <= n]
            return f"before {min(reached)}" if reached else ""
        late = -days_left
        if late < self.first_after:
            return f"before {min(self.before)}"
        return f"after {self.first_after + (late - self.first_after) // self.then_every * self.then_every}"

    def is_escalated(self, days_left: int) -> bool:
        """Say whether the head is told too."""
        return -days_left >= self.escalate_after

    def is_history(self, days_left: int) -> bool:
        """Say whether a silence is too long ago to be told, counted to the cut-off of its period."""
        return -days_left > self.silent_until

    def reached(self, days_left: int) -> tuple[str, ...]:
        """Name what has been reached: the window, and apart from it the day from which on the head is told.

        Examples
        --------
        >>> [house_rules().reached(n) for n in (9, 0, -5)]
        [(), ('before 0',), ('after 1', 'head')]
        """
        head = (HEAD,) if self.is_escalated(days_left) else ()
        window = self.window(days_left)
        return (window, *head) if window else head

    def is_office_time(self, now: datetime, calendar: WorkingCalendar) -> bool:
        """Say whether offices work at a local moment; where no calendar is known, Monday to Friday."""
        try:
            works = calendar.is_working(now.date())
        except CalendarMissing:
            works = now.weekday() < 5
        return works and self.from_hour <= now.hour < self.until_hour


class DaysLeft:
    """Working days to a day, each counted once; calendar days where no calendar is known, and `is_guessed` says so."""

    def __init__(self, today: date, calendar: WorkingCalendar) -> None:
        self.today, self.calendar, self.is_guessed = today, calendar, False
        self._known: dict[date, int] = {}

    def to(self, due: date) -> int:
        if due not in self._known:
            self._known[due] = self._count(due)
        return self._known[due]

    def _count(self, due: date) -> int:
        try:
            return self.calendar.working_days_between(self.today, due)
        except CalendarMissing:
            self.is_guessed = True
            return (due - self.today).days


@cache
def house_rules() -> Windows:
    """Read the rules that come with the package."""
    text = resources.files("quantri").joinpath("data/rules/reminders.toml").read_text("utf-8")
    found: Mapping[str, object] = tomllib.loads(text)
    names = ("first_after", "then_every", "escalate_after", "from_hour", "until_hour", "due_soon", "silent_until")
    return Windows(before=tuple(sorted(found["before"])), **{name: found[name] for name in names})
