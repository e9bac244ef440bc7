"""Looking things up by a row's key, and days that a choice keeps as text."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def at(mapping: Mapping[int, object], key: int) -> object:
    """Give what stands at a key; None where nothing does."""
    return mapping.get(key)


@register.filter
def day(text: str | None) -> str:
    """Write a day that is kept as text."""
    return date_format(date.fromisoformat(text)) if text else ""
