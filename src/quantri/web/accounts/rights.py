"""Who may give which role where; nobody changes own rights."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, Role, Subordination, User

OF_ONE_AGENCY = (Role.OFFICER, Role.ADMINISTRATOR)  # the other roles decide, or reach over the whole province


def roles_given_by(user: User, agency: Agency) -> tuple[Role, ...]:
    """Roles that a person may give in an agency: a coordinator all, an administrator those of one agency."""
    if user.holds(agency.province_id, Role.COORDINATOR):
        return tuple(Role)
    if user.agencies(Role.ADMINISTRATOR).filter(pk=agency.pk).exists():
        return OF_ONE_AGENCY
    return ()


def keeper_of(agency: Agency, *, by: User) -> Agency:
    """Lock an agency that the person looks after; refuse others."""
    if not Agency.objects.kept_by(by).filter(pk=agency.pk).exists():
        raise PermissionDenied
    return Agency.objects.select_for_update().get(pk=agency.pk)


def keeps_all_below(agency: Agency, *, by: User) -> bool:
    """Say whether the person looks after everything that stands under an agency too."""
    below = Subordination.objects.on(timezone.localdate()).filter(above=agency)
    return not below.exclude(agency__in=Agency.objects.kept_by(by)).exists()


def steward_of(agency: Agency, *, by: User) -> Agency:
    """Lock an agency whose name, place and end the person decides on: only the province's coordinator does."""
    if not by.holds(agency.province_id, Role.COORDINATOR):
        raise PermissionDenied
    return Agency.objects.select_for_update().get(pk=agency.pk)


def not_own(user: User, *, by: User) -> None:
    """Refuse whoever would change own rights."""
    if user.pk == by.pk:
        raise RuleViolation(_("Nobody changes own rights. Ask a colleague who may."))


def open_agency(agency: Agency) -> None:
    """Refuse an agency that has ended."""
    if not agency.is_open_on(timezone.localdate()):
        raise RuleViolation(_("This agency has ended; nothing of it can be changed."))
