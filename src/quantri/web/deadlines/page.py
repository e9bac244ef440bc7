"""What the base page says about the calendar to those who keep it."""

from django.http import HttpRequest
from django.utils import timezone

from quantri.web.deadlines import calendars
from quantri.web.deadlines.actions import keeps_calendar


def calendar_warning(request: HttpRequest) -> int | None:
    """Year whose calendar is missing; None for those who cannot mend it."""
    if not keeps_calendar(request.user):
        return None
    return calendars.missing_year(calendars.current(), timezone.localdate())
