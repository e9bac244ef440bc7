"""People and agencies: accounts, roles and heads by date, invitations, and work that is handed over."""

from quantri.web.accounts.models.invitations import Invitation
from quantri.web.accounts.models.people import (
    PROVINCE_ADMINISTRATOR,
    PROVINCE_LEADER,
    Agency,
    AgencyName,
    AgencySuccession,
    DatedQuerySet,
    Headship,
    Held,
    Membership,
    Reader,
    Role,
    Subordination,
    User,
)
from quantri.web.accounts.models.transfers import WorkTransfer

__all__ = [
    "PROVINCE_ADMINISTRATOR", "PROVINCE_LEADER", "Agency", "AgencyName", "AgencySuccession", "DatedQuerySet",
    "Headship", "Held", "Invitation", "Membership", "Reader", "Role", "Subordination", "User", "WorkTransfer",
]  # fmt: skip
