"""Time limits of the law that agencies of a person owe, as the page of own work lists them."""

from quantri.web.accounts.models import Reader, Role
from quantri.web.core.from_above import Section
from quantri.web.deadlines.models import Clock

MOST = 50  # clocks that are listed; more stand in the register


def clocks_owed_by(user: Reader) -> list[Section]:
    """Clocks that run for own agencies, the nearest day first; those that stand still stay in the register."""
    own = user.agencies(Role.COORDINATOR, Role.LEADER, Role.OFFICER)
    found = Clock.objects.owed().filter(agency__in=own).select_related("rule", "agency")
    rows = list(found.order_by("due_on", "pk")[: MOST + 1])
    return [Section(template="deadlines/_owed.html", rows=rows)] if rows else []
