"""A warning about the day of a visit."""

from datetime import date

from django.utils.translation import gettext as _

from quantri.web.deadlines.counting import CalendarMissing, WorkingCalendar


def warning_of(day: date, calendar: WorkingCalendar) -> str:
    """Say that offices do not work on a day, or that nobody knows; empty where they do."""
    try:
        works = calendar.is_working(day)
    except CalendarMissing as missing:
        return _("There is no working calendar of %(year)s yet; nobody knows whether offices work on this day.") % (
            missing.fields
        )
    return "" if works else _("Offices do not work on this day.")
