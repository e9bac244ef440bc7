"""Tasks of a plan that others issued before, recorded as its source tells them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from quantri.web.accounts.models import Agency
from quantri.web.core import audit
from quantri.web.plans.history import historic
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Task


@dataclass(frozen=True, kw_only=True)
class ToldTask:
    """A task as the source of a historic plan tells it."""

    number: str
    title: str
    title_en: str
    components: tuple[str, ...]
    remark: str
    leads: tuple[Agency, ...]
    coordinating: tuple[Agency, ...]


@transaction.atomic
def record_historic_tasks(plan: Plan, told: Iterable[ToldTask], *, by: audit.Actor) -> None:
    """Keep the tasks of a historic plan; its agencies hold their parts from the day of issue."""
    historic(plan)
    for each in told:
        task = Task.objects.create(
            plan=plan, number=each.number, title=each.title, title_en=each.title_en, source=plan.number,
            components=list(each.components), remark=each.remark,
        )  # fmt: skip
        parts = [(agency, Assignment.Part.LEAD) for agency in each.leads]
        parts += [(agency, Assignment.Part.COORDINATING) for agency in each.coordinating]
        for agency, part in parts:
            Assignment.objects.create(task=task, agency=agency, part=part, valid_from=plan.issued_on)
        audit.record("task.added", task, by=by)
