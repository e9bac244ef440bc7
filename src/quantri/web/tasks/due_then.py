"""Due dates as they stood on a day: an extension that was granted afterwards does not make what was late timely."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from quantri.web.tasks.models import Assignment


def parts_then(parts: QuerySet[Assignment], day: date, *names: str) -> Iterator[tuple[Any, ...]]:
    """Give of each part its own due date as it stood on a day, whether that is known, and further values by name.

    It is not known of an extension that was granted afterwards without the day before it; then the later one is given.
    """
    later = Q(extensions__is_granted=True, extensions__answered_at__date__gt=day)
    found = parts.annotate(later=FilteredRelation("extensions", condition=later)).order_by("part", "pk", "later__pk")
    last = None
    for key, due_on, extension, before, *words in found.values_list(
        "pk", "due_on", "later__pk", "later__due_before", *names
    ):
        if key != last:  # of several extensions the first one after the day tells what stood before
            yield before or due_on, extension is None or before is not None, *words
        last = key
