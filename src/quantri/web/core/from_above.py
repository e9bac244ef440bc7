"""Rows that apps above a page bring to it; settings name their functions, since no app imports one above it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.module_loading import import_string


@dataclass(frozen=True, kw_only=True)
class Section:
    """Rows of one kind, with the template that shows them as `rows`."""

    template: str
    rows: list[object]


def rows_from(functions: Iterable[str], reader: object) -> list[object]:
    """Ask each function what it has for the reader, and put it together in their order."""
    return [row for name in functions for row in import_string(name)(reader)]
