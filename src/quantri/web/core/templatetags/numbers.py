"""Numbers, dates and names as a reader of the language writes them."""

from typing import Protocol

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

register = template.Library()
NONE = "–"


class Named(Protocol):
    """Anything with a name in both languages."""

    name_vi: str
    name_en: str


@register.filter
def points(value: float | None, digits: int = 2) -> str:
    """Write a score in points: 5,24 in Vietnamese, 5.24 in English; a dash for none."""
    return NONE if value is None or value == "" else number_format(round(value, digits), digits)  # "": not there


@register.filter
def signed(value: float | None, digits: int = 2) -> str:
    """Write a change with its sign; a true minus."""
    if value is None:
        return NONE
    text = number_format(abs(round(value, digits)), digits)
    return text if round(value, digits) == 0 else f"{'+' if value > 0 else '−'}{text}"


@register.filter
def percent(share: float | None) -> str:
    """Write a share (0–1) in whole percent; never 0 % or 100 % for what is only nearly so."""
    if share is None:
        return NONE
    if 0 < share < 0.005:
        return "< 1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{number_format(round(share * 100), 0)} %"


@register.filter
def chance(share: float | None) -> str:
    """Write a chance (0–1) that was drawn: what never or always came up is still only nearly so."""
    if share is None:
        return NONE
    if share < 0.005:
        return "< 1 %"
    return "> 99 %" if share >= 0.995 else percent(share)


@register.filter
def p_value(value: float) -> str:
    """Write the probability of a test: = 0,013, or < 0,001; never 0."""
    return f"< {number_format(0.001, 3)}" if value < 0.001 else f"= {number_format(value, 3)}"


@register.filter
def unlocal(value: float) -> str:
    """Write a number for the machine: a coordinate, a year in an address."""
    return f"{value:g}" if isinstance(value, float) else str(value)


@register.filter
def named(thing: Named) -> str:
    """Give the name in the reader's language."""
    return thing.name_en if get_language() == "en" else thing.name_vi


@register.filter
def said(thing: object, field: str) -> str:
    """Give a text that is kept as FIELD_vi and FIELD_en, in the reader's language."""
    return getattr(thing, f"{field}_en" if get_language() == "en" else f"{field}_vi") or ""


@register.filter
def of(mapping: dict[str, object], key: str) -> object:
    """Give the value of a key."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """Build the address of this page with some parameters changed; None takes one away."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"
