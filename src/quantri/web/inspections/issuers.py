"""Who may have issued the decision on a programme: offered in its form, never filled in by itself."""

from django.utils import timezone

from quantri.web.accounts.models import Agency, Role, User
from quantri.web.plans.citing import committee_of


def issuers_near(user: User) -> list[str]:
    """Name, as documents do, the committees of the provinces that a person coordinates and the own agencies."""
    today, seats = timezone.localdate(), user.seats(Role.COORDINATOR).prefetch_related("names")
    own = Agency.objects.filter(pk__in=[held.agency for held in user.held(Role.COORDINATOR)])
    names = [committee_of(province, today) for province in seats] + [agency.name_vi for agency in own]
    return list(dict.fromkeys(names))
