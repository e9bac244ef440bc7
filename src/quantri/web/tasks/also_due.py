"""What agencies of a person owe beside parts and reports: apps above tell it."""

from django.conf import settings
from django.utils.module_loading import import_string

from quantri.web.accounts.models import Reader


def also_due(user: Reader) -> list[object]:
    """Tell what else the person's agencies owe, by the functions that settings.ALSO_DUE names."""
    return [row for name in settings.ALSO_DUE for row in import_string(name)(user)]
