"""Parts of which a coordinator chooses many, with what they are sought and grouped by."""

from django.db.models import QuerySet

from quantri.web.accounts.kinds import group_of
from quantri.web.core.picking import Item
from quantri.web.tasks.models import Assignment


def parts_to_choose(parts: QuerySet[Assignment]) -> list[Item]:
    """Give parts that a link can open, by their agency and task, in the order of agencies; one query."""
    fields = ("agency__name_vi", "agency__name_en", "agency__kind", "agency__unit", "agency__province")
    rows = parts.select_related("agency", "task").only(*fields, "task__title", "task__title_en")
    return [
        Item(
            key=part.pk,
            name=f"{part.agency} – {part.task.name}",
            sought=f"{part.agency.name_vi} {part.task.title}",
            group=group_of(part.agency),
        )
        for part in rows.order_by("agency__name_vi", "pk")
    ]
