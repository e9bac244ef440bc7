"""Agencies and parts of which a coordinator chooses many, with what they are sought and grouped by."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quantri.web.accounts.kinds import group_of
from quantri.web.accounts.models import Agency
from quantri.web.core.picking import Item
from quantri.web.tasks.models import Assignment


def agencies_to_choose(agencies: QuerySet[Agency], there: Collection[int]) -> list[Item]:
    """Give the agencies that a task can go to; one query."""
    note = _("has a part already")
    return [
        Item(key=a.pk, name=a.name, group=group_of(a), note=note if a.pk in there else "")
        for a in agencies.only("name_vi", "name_en", "kind", "unit", "province")
    ]


def parts_to_choose(parts: QuerySet[Assignment]) -> list[Item]:
    """Give parts that a link can open, by their agency and task, in the order of agencies; one query."""
    fields = ("agency__name_vi", "agency__name_en", "agency__kind", "agency__unit", "agency__province")
    rows = parts.select_related("agency", "task").only(*fields, "task__title", "task__title_en")
    return [
        Item(key=part.pk, name=f"{part.agency} – {part.task.name}", group=group_of(part.agency))
        for part in rows.order_by("agency__name_vi", "pk")
    ]
