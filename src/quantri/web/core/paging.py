"""Long lists are read page by page from a key on, so that the last page costs what the first one does."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 50
LARGEST = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows, newest first, and from where older ones follow."""

    rows: list[Any]
    older: str  # the address behind `?` of the next page; empty at the end


def page_of(request: HttpRequest, rows: QuerySet[Any], key: str) -> Page:
    """Return the rows before the key that the address names."""
    asked = request.GET.get("before", "")
    if asked.isascii() and asked.isdigit() and int(asked) <= LARGEST:
        rows = rows.filter(**{f"{key}__lt": int(asked)})
    found = list(rows.order_by(f"-{key}")[: ROWS + 1])
    query = request.GET.copy()
    if len(found) > ROWS:
        query["before"] = str(getattr(found[ROWS - 1], key))
        return Page(rows=found[:ROWS], older=query.urlencode())
    return Page(rows=found, older="")
