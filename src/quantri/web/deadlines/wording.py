"""What a rule asks, in words: "at most 5 working days", "at least 2/3 of the households"."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.web.deadlines.counting import Limit
from quantri.web.deadlines.models import LegalRule


def asked(rule: LegalRule) -> str:
    """Say the number of a rule with its unit; empty where the law states none."""
    if rule.amount is None:
        return ""
    words = {"amount": _amount(rule.amount, rule.unit, rule.of)}
    if rule.kind == LegalRule.Kind.BEFORE:
        return _("at least %(amount)s before") % words
    if rule.bound == "at_least":
        return _("at least %(amount)s") % words
    return (_("more than %(amount)s") if rule.bound == "more_than" else _("at most %(amount)s")) % words


def how_long(limit: Limit) -> str:
    """Say the number of a limit with its unit."""
    return _amount(limit.amount, limit.unit.value, None)


def _amount(n: int, unit: str, of: int | None) -> str:
    words = {
        "working_day": ngettext("%(n)s working day", "%(n)s working days", n),
        "calendar_day": ngettext("%(n)s calendar day", "%(n)s calendar days", n),
        "hour": ngettext("%(n)s hour", "%(n)s hours", n),
        "month": ngettext("%(n)s month", "%(n)s months", n),
        "year": ngettext("%(n)s year", "%(n)s years", n),
        "person": ngettext("%(n)s person", "%(n)s persons", n),
        "a_quarter": ngettext("%(n)s time a quarter", "%(n)s times a quarter", n),
        "a_year": ngettext("%(n)s time a year", "%(n)s times a year", n),
        "part": "%(n)s %%" if of == 100 else "%(n)s/%(of)s",
        "millimetre": "%(n)s mm",
        "point": "%(n)s pt",
        "dpi": "%(n)s dpi",
    }
    return words.get(unit, "%(n)s") % {"n": n, "of": of}
