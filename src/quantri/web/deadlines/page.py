"""What the base page can say about the calendar to those who keep it."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest
from django.utils import timezone

from quantri.web.deadlines import calendars
from quantri.web.deadlines.actions import keeps_calendar


def calendar_warning(request: HttpRequest) -> dict[str, Callable[[], int | None]]:
    """Context of a page that wants to warn; nothing is asked of the database before a template does."""
    return {"missing_calendar": partial(_missing_year, request)}


def _missing_year(request: HttpRequest) -> int | None:
    """Year whose calendar is missing; None for those who cannot mend it."""
    if not getattr(request, "user", None) or not keeps_calendar(request.user):
        return None
    return calendars.missing_year(calendars.known_years(), timezone.localdate())
