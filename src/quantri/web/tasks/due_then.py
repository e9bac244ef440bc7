"""Due dates as they stood on a day: an extension that was granted afterwards does not make what was late timely."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce

from quantri.web.tasks.models import Assignment


def parts_then(parts: QuerySet[Assignment], day: date, *names: str) -> Iterable[tuple[Any, ...]]:
    """Give of each part its key, its own due date as it stood on a day, whether that is known, and further values.

    It is not known of an extension that was granted afterwards without the day before it; then the later one is given.
    """
    later = Q(extensions__is_granted=True, extensions__answered_at__date__gt=day)
    found = parts.annotate(later=FilteredRelation("extensions", condition=later)).annotate(
        due_then=Coalesce("later__due_before", "due_on"),
        is_due_known=Q(later__pk=None) | Q(later__due_before__isnull=False),
    )
    rows = found.order_by("part", "pk", F("later__pk").desc()).values_list("pk", "due_then", "is_due_known", *names)
    return {row[0]: row for row in rows}.values()  # of several extensions the first one after the day stays
