"""What the base page says about the calendar to those who keep it."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest
from django.utils import timezone

from quantri.web.deadlines import calendars
from quantri.web.deadlines.actions import keeps_calendar


def calendar_warning(request: HttpRequest) -> dict[str, Callable[[], int | None]]:
    """Context of the base page; only a page that shows it to who keeps the calendar may ask the database."""
    return {"missing_calendar": partial(_missing_year, request)}


def _missing_year(request: HttpRequest) -> int | None:
    """Year whose calendar is missing; None for those who cannot mend it."""
    user = getattr(request, "user", None)
    return calendars.missing_year(timezone.localdate()) if user and keeps_calendar(user) else None
