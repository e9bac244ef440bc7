"""Words and numbers of targets and chances, in the reader's language."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.engine.outlook import ComponentOutlook
from quantri.engine.targets import TargetSpec
from quantri.web.core.templatetags.numbers import points
from quantri.web.indices.templatetags.standing import GROUPS
from quantri.web.plans.wording import typed_words

register = template.Library()


@register.filter
def outlook_note(outlook: ComponentOutlook) -> str:
    """Say why there is no chance, or under what it holds."""
    return (outlook.note if get_language() == "en" else outlook.note_vi) or ""


@register.filter
def value_at(outlook: ComponentOutlook, chance: float) -> str:
    """Points that are reached with a chance, and whether that is less than the base."""
    value = outlook.value_with_chance(chance)
    below = value is not None and outlook.base is not None and round(value, 2) < round(outlook.base, 2)
    return _("%(value)s (below the base)") % {"value": points(value)} if below else points(value)


@register.filter
def interval_low(outlook: ComponentOutlook, level: int) -> str:
    """Low end of the interval of a level in percent."""
    return points((outlook.interval(level) or (None,))[0])


@register.filter
def interval_high(outlook: ComponentOutlook, level: int) -> str:
    """High end of the interval of a level in percent."""
    return points((outlook.interval(level) or (None, None))[1])


@register.filter
def spec_typed(spec: TargetSpec | None) -> str:
    """Write a target as it would be typed in the reader's language."""
    return "" if spec is None else typed_words(spec)


@register.filter
def spec_words(spec: TargetSpec | None) -> str:
    """Say what a target asks for."""
    if spec is None:
        return "–"
    facts = {"amount": number_format(spec.amount, 2), "places": f"{spec.amount:.0f}"}
    if spec.kind == "group":
        return _("%(group)s group or higher") % {"group": GROUPS[spec.text.removeprefix("group:")]}
    return {
        "score": _("%(amount)s points or more"), "delta": _("at least %(amount)s points above the base"),
        "keep": _("not below the base"), "better": _("above the base"), "rank": _("%(places)s places up"),
        "rank_per_year": _("%(places)s places up a year on average"),
    }[spec.kind] % facts  # fmt: skip
