"""Words for groups, advice, levels and comparability, in the reader's language."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quantri.engine.definition import Component
from quantri.web.core.templatetags.numbers import named

register = template.Library()

GROUPS = {
    "high": gettext_lazy("high"),
    "mid_high": gettext_lazy("mid-high"),
    "mid_low": gettext_lazy("mid-low"),
    "low": gettext_lazy("low"),
}
ADVICE = {
    "improve": gettext_lazy("improve first"),
    "raise": gettext_lazy("raise"),
    "hold": gettext_lazy("hold and build on"),
}
LEVELS = {
    "index": gettext_lazy("index"),
    "dimension": gettext_lazy("dimension"),
    "sub_dimension": gettext_lazy("sub-dimension"),
    "indicator": gettext_lazy("indicator"),
}
COMPARABLE = {
    "yes": gettext_lazy("comparable"),
    "doubtful": gettext_lazy("doubtful"),
    "no": gettext_lazy("not comparable"),
}
REGIONS = {
    "red_river_delta": gettext_lazy("Red River Delta"),
    "northern_midlands_mountains": gettext_lazy("Northern midlands and mountains"),
    "north_central_central_coast": gettext_lazy("North Central and Central Coast"),
    "central_highlands": gettext_lazy("Central Highlands"),
    "southeast": gettext_lazy("Southeast"),
    "mekong_delta": gettext_lazy("Mekong Delta"),
}


@register.filter
def group_word(group: str | None) -> str:
    """Name a group of provinces."""
    return str(GROUPS[group]) if group else "–"


@register.filter
def advice_word(advice: str | None) -> str:
    """Name what a standing suggests."""
    return str(ADVICE[advice]) if advice else "–"


@register.filter
def level_word(level: str) -> str:
    """Name a level of the tree."""
    return str(LEVELS[level])


@register.filter
def titled(component: Component) -> str:
    """Name a component with its code; the whole index bears its name alone."""
    return named(component) if component.level == "index" else f"{component.code} {named(component)}"


@register.filter
def comparable_word(comparable: str) -> str:
    """Name how far two editions may be compared."""
    return str(COMPARABLE[comparable])


@register.filter
def region_word(region: str) -> str:
    """Name a region."""
    return str(REGIONS.get(region, region)) if region else "–"


@register.filter
def withheld_word(note: str | None) -> str:
    """Say why a score is missing."""
    return _("not published") if note else ""
