"""What pages say about the calendar: to those who keep it, and to who sets a day."""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from quantri.web.deadlines import calendars
from quantri.web.deadlines.actions import keeps_calendar
from quantri.web.deadlines.days_off import warning_of


def calendar_warning(request: HttpRequest) -> dict[str, Callable[[], int | None]]:
    """Context of the base page; only a page that shows it to who keeps the calendar may ask the database."""
    return {"missing_calendar": partial(_missing_year, request)}


def warn_of_day(request: HttpRequest, day: date | None) -> None:
    """Say, once a form is kept, that offices do not work on the day in it, or that its year has no calendar."""
    said = warning_of(day, calendars.current()) if day else ""
    if said:
        messages.warning(request, said)


def _missing_year(request: HttpRequest) -> int | None:
    """Year whose calendar is missing; None for those who cannot mend it."""
    user = getattr(request, "user", None)
    return calendars.missing_year(timezone.localdate()) if user and keeps_calendar(user) else None
