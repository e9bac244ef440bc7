"""Parts of which a coordinator chooses many, with what they are sought and grouped by."""

from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language

from quantri.web.accounts.kinds import group_of_kind
from quantri.web.core.picking import Item
from quantri.web.tasks.models import Assignment

WORDS = ("agency__name_vi", "agency__name_en", "task__title", "task__title_en")
KIND = ("agency__kind", "agency__unit", "agency__province")


class PartWords(NamedTuple):
    """What a choice tells of a part: a period may wait for thousands, too many for whole rows."""

    key: int
    agency_vi: str
    agency_en: str
    task_vi: str
    task_en: str
    kind: str
    unit: int | None
    province: int

    @property
    def name(self) -> str:
        is_english = get_language() == "en"
        agency = self.agency_en if is_english and self.agency_en else self.agency_vi
        return f"{agency} – {self.task_en if is_english and self.task_en else self.task_vi}"


def parts_to_choose(parts: QuerySet[Assignment]) -> list[Item]:
    """Give parts that a link can open, by their agency and task, in the order of agencies; one query."""
    rows = parts.order_by("agency__name_vi", "pk").values_list("pk", *WORDS, *KIND)
    return [
        Item(
            key=part.key, name=part.name, sought=f"{part.agency_vi} {part.task_vi}",
            group=group_of_kind(part.kind, part.unit, part.province),
        ) for part in map(PartWords._make, rows)
    ]  # fmt: skip
