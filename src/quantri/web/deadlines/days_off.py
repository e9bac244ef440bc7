"""What is said of a day that somebody sets: that offices do not work on it, or that nobody knows."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.web.deadlines.counting import CalendarMissing, WorkingCalendar


def warning_of(day: date, calendar: WorkingCalendar) -> str:
    """Say why offices do not work on a day and when they do next, or that nobody knows; empty where they work."""
    try:
        if calendar.is_working(day):
            return ""
    except CalendarMissing as missing:
        return _("There is no working calendar of %(year)s yet; the days off of that year are not known.") % (
            missing.fields
        )
    said = _("Offices do not work on %(day)s (%(why)s).") % {"day": date_format(day), "why": _why(day, calendar)}
    try:
        facts = {"day": date_format(calendar.next_working(day))}
    except CalendarMissing:  # the last days of the last year that is known
        return said
    return said + " " + _("The next working day is %(day)s.") % facts


def _why(day: date, calendar: WorkingCalendar) -> str:
    special = calendar.days.get(day)
    if special is None:
        return date_format(day, "l")
    return special.name_en if get_language() == "en" else special.name_vi
