"""Answers to findings that agencies of a person owe, as the page of own work lists them."""

from quantri.web.accounts.models import Reader
from quantri.web.core.from_above import Section
from quantri.web.inspections.models import Finding

MOST = 50  # answers that are listed; more stand in their programmes


def answers_owed_by(user: Reader) -> list[Section]:
    """Answers that are awaited, the nearest day first; one more than is listed tells that there are more."""
    rows = list(Finding.objects.owed_by(user).select_related("visit__programme", "agency")[: MOST + 1])
    return [Section(template="inspections/_owed.html", rows=rows)] if rows else []
