"""Parts in tasks as open work of an agency, for when it ends and others follow."""

from collections.abc import Iterable

from quantri.web.accounts.models import Agency, User
from quantri.web.accounts.open_work import Piece
from quantri.web.core import audit
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.passing import pass_on


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
        """Let another agency carry the part; one that coordinated leads where it takes the lead over."""
        part = Assignment.objects.select_for_update(of=("self",)).select_related("task").get(
            pk=key, agency=before, valid_to=None
        )  # fmt: skip
        taken = pass_on(part, after, by=by)
        audit.record("task.passed_on", part.task, by=by, before=before.name_vi, after=after.name_vi, part=taken.part)


PARTS = Parts()
