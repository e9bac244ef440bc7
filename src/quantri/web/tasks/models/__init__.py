"""Tasks and who carries them; reports on them by period, with evidence; requests about them, and changes."""

from quantri.web.tasks.models.changing import Amendment, PartChange
from quantri.web.tasks.models.reporting import Evidence, OneUseLink, Progress, ReportingPeriod, Revision
from quantri.web.tasks.models.requests import Extension, Handover
from quantri.web.tasks.models.task import Assignment, Milestone, Move, Task

__all__ = [
    "Amendment", "Assignment", "Evidence", "Extension", "Handover", "Milestone", "Move", "OneUseLink", "PartChange",
    "Progress", "ReportingPeriod", "Revision", "Task",
]  # fmt: skip
