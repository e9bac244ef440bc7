"""How the tasks of a plan stood on a day that is over."""

from datetime import date

from quantri.web.plans.models import Plan
from quantri.web.reports.as_of import AsOf
from quantri.web.reports.figures_of_period import TaskFigure, work_at


def over(day: date) -> AsOf:
    return AsOf(ends_on=day, today=date.max)


def tasks_at(plan: Plan, day: date) -> list[TaskFigure]:
    return work_at(plan, over(day))[0]
