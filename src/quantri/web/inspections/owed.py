"""Answers to findings that agencies of a person owe, as the page of own work lists them."""

from quantri.web.accounts.models import Reader
from quantri.web.inspections.models import Finding

MOST = 50  # answers that are listed; more stand in their programmes


def answers_owed_by(user: Reader) -> list[Finding]:
    """Answers that are awaited, the nearest day first; one more than is listed tells that there are more."""
    return list(Finding.objects.owed_by(user).select_related("visit__programme", "agency")[: MOST + 1])
