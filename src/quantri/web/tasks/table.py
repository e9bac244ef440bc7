"""Parts of a period or of a task in one table: who reported what, sortable, and as a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from quantri.web.core.tables import Cell
from quantri.web.tasks.agenda import PartInPeriod
from quantri.web.tasks.models import Assignment, Progress

STATES = ("silent", *Progress.State.values)
ORDERS = {
    "agency": lambda row: (row.part.agency.name_vi, row.part.pk),
    "state": lambda row: STATES.index(row.state),
    "value": lambda row: (row.value is None, -(row.value or 0)),
    "due": lambda row: row.part.last_day or date.max,
    "task": lambda row: row.part.task_id,
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A part and its report; without one the agency is silent."""

    part: Assignment
    report: Progress | None

    @property
    def state(self) -> str:
        return str(self.report.state) if self.report else "silent"

    @property
    def state_word(self) -> str:
        return self.report.get_state_display() if self.report else _("silent")

    @property
    def value(self) -> Decimal | None:
        return self.report.value if self.report else None

    @property
    def cells(self) -> list[Cell]:
        report = self.report
        told = [report.get_kind_display(), report.text, None if self.value is None else float(self.value), report.unit,
                report.difficulty, report.request, len(report.standing_evidence)] if report else [""] * 7  # fmt: skip
        due, closed = self.part.last_day, self.part.closed_on
        return [self.part.task.number, self.part.task.title, self.part.agency.name, self.part.get_part_display(),
                due and due.isoformat(), self.state_word, *told, closed and closed.isoformat()]  # fmt: skip


def header() -> list[str]:
    """Names of the columns."""
    return [_("No."), _("Task"), _("Agency"), _("Part"), _("Due date"), _("Report"), _("State of the work"),
            _("What was done"), _("Measured value"), _("Unit"), _("Difficulty"), _("Request"), _("Evidence"),
            _("Closed on")]  # fmt: skip


def rows_of(found: Iterable[PartInPeriod], *, order: str, state: str = "") -> list[Row]:
    """Make rows of parts in an order; only those in a state where one is asked."""
    rows = [Row(part=each.part, report=each.report) for each in found]
    kept = [row for row in rows if row.state == state] if state in STATES else rows
    return sorted(kept, key=ORDERS.get(order, ORDERS["agency"]))
