"""What else waits for the decision of a leader: apps above tell it."""

from django.conf import settings
from django.utils.module_loading import import_string

from quantri.web.accounts.models import Reader


def also_to_decide(user: Reader) -> list[object]:
    """Tell what the person may decide, by the functions that settings.TO_DECIDE names; each with its address."""
    return [row for name in settings.TO_DECIDE for row in import_string(name)(user)]
