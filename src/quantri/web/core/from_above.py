"""Rows that apps above a page bring to it; settings name their functions, since no app imports one above it."""

from collections.abc import Iterable

from django.utils.module_loading import import_string


def rows_from(functions: Iterable[str], reader: object) -> list[object]:
    """Ask each function what it has for the reader, and put it together in their order."""
    return [row for name in functions for row in import_string(name)(reader)]
