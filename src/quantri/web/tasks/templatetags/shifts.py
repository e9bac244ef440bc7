"""What a change did, field by field."""

from django import template

from quantri.web.tasks.models import Amendment, PartChange
from quantri.web.tasks.shifts import Shift, shifts_of

register = template.Library()


@register.filter
def shifts(change: Amendment | PartChange) -> list[Shift]:
    """Return the fields that it changed, before and after."""
    return shifts_of(change.before, change.after)
