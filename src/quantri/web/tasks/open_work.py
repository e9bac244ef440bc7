"""Parts in tasks as open work of an agency, for when it ends and others follow."""

from collections.abc import Iterable

from django.utils import timezone

from quantri.web.accounts.models import Agency, User
from quantri.web.accounts.open_work import Piece
from quantri.web.core import audit
from quantri.web.tasks.models import Assignment


class Parts:
    """Parts in the tasks of plans that stand; who is with an agency shares its parts."""

    name = "tasks"

    def of_agency(self, agency: Agency) -> Iterable[Piece]:
        rows = Assignment.objects.filter(agency=agency, valid_to=None, closed_on=None)
        rows = rows.filter(task__ended_at=None, task__dropped_at=None, task__plan__ended_at=None)
        return [
            Piece(holder=self.name, key=str(a.pk), title=a.task.name, note=f"{a.get_part_display()}; {a.task.plan}")
            for a in rows.select_related("task__plan__province").order_by("task__plan", "task", "pk")
        ]

    def give_to_agency(self, key: str, before: Agency, after: Agency, *, by: User) -> None:
        """End the part of one agency and open the same one for another, unless that one is in the task already."""
        part = Assignment.objects.select_for_update().select_related("task").get(pk=key, agency=before, valid_to=None)
        part.valid_to = timezone.localdate()
        part.save(update_fields=["valid_to"])
        if not part.task.assignments.filter(agency=after, valid_to=None).exists():
            Assignment.objects.create(
                task=part.task, agency=after, part=part.part, wording=part.wording, due_on=part.due_on,
                deliverable=part.deliverable, valid_from=part.valid_to,
            )  # fmt: skip
        audit.record("task.passed_on", part.task, by=by, before=before.name_vi, after=after.name_vi, part=part.part)


PARTS = Parts()
