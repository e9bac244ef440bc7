"""Agencies of which a coordinator chooses many, with what they are sought and grouped by."""

from collections.abc import Collection

from django.db.models import QuerySet

from quantri.web.accounts.kinds import group_of
from quantri.web.accounts.models import Agency
from quantri.web.core.picking import Item


def agencies_to_choose(agencies: QuerySet[Agency], *, noted: Collection[int] = (), note: str = "") -> list[Item]:
    """Give the agencies that can be chosen, some of them with a note; one query."""
    return [
        Item(key=a.pk, name=a.name, sought=a.name_vi, group=group_of(a), note=note if a.pk in noted else "")
        for a in agencies.only("name_vi", "name_en", "kind", "unit", "province")
    ]
