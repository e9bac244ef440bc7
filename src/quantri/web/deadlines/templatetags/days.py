"""How many working days are left, in words; never a guess where the calendar is not known."""

from datetime import date

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.web.deadlines import wording
from quantri.web.deadlines.counting import CalendarMissing, Limit, WorkingCalendar
from quantri.web.deadlines.days_off import warning_of
from quantri.web.deadlines.events import event_in_words
from quantri.web.deadlines.models import Clock, LegalRule

register = template.Library()


@register.filter
def asked(rule: LegalRule) -> str:
    """Say what a rule asks."""
    return wording.asked(rule)


@register.filter
def event(key: str) -> str:
    """Say the event from which a limit runs."""
    return event_in_words(key)


@register.filter
def how_long(limit: Limit) -> str:
    """Say how long a limit is."""
    return wording.how_long(limit)


@register.simple_tag
def day_warning(day: date | None, calendar: WorkingCalendar) -> str:
    """Say that offices do not work on a day, or that nobody knows; nothing where they work."""
    return warning_of(day, calendar) if day else ""


@register.simple_tag
def days_left(due: date | None, today: date, calendar: WorkingCalendar) -> str:
    """Say how far a day lies ahead or back, in working days."""
    if due is None:
        return _("no date")
    if due == today:
        return _("due today")
    try:
        left = calendar.working_days_between(today, due)
    except CalendarMissing as missing:
        return _("no working calendar of %(year)s yet") % missing.fields
    if due < today and left == 0:
        return _("overdue")
    if due < today:
        return ngettext("%(n)s working day late", "%(n)s working days late", -left) % {"n": -left}
    return ngettext("%(n)s working day left", "%(n)s working days left", left) % {"n": left}


@register.simple_tag
def day_from_today(day: date, today: date, calendar: WorkingCalendar) -> str:
    """Say how far a day lies ahead that ends nothing, such as that of a visit."""
    if day == today:
        return _("it is today")
    return _("the day has passed") if day < today else days_left(day, today, calendar)


@register.simple_tag
def clock_left(clock: Clock, today: date, calendar: WorkingCalendar) -> str:
    """Say how far a clock's last day lies ahead or back, or why it cannot be said."""
    if clock.state == Clock.State.PAUSED:
        return _("stands still")
    if clock.due_on is None:
        return _("no working calendar of %(year)s yet") % {"year": clock.missing_year}
    return days_left(clock.due_on, today, calendar)
