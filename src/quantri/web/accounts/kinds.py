"""Kinds of agencies as groups chosen in one touch, with the committee of the province apart from those of communes."""

from django.utils.translation import gettext as _

from quantri.web.accounts.models import Agency

COMMITTEE_OF_PROVINCE = "province_committee"


def group_of(agency: Agency) -> str:
    """Tell the group of an agency: its kind, but for the people's committee of the province itself."""
    committee = agency.kind == Agency.Kind.PEOPLE_COMMITTEE and agency.unit_id == agency.province_id
    return COMMITTEE_OF_PROVINCE if committee else agency.kind


def names_of_groups() -> dict[str, str]:
    """Name the groups, communes first, for they are most."""
    kinds = {str(kind): str(name) for kind, name in Agency.Kind.choices}
    first = {Agency.Kind.PEOPLE_COMMITTEE.value: _("communes"),
             COMMITTEE_OF_PROVINCE: _("people’s committee of the province")}  # fmt: skip
    return first | {kind: name for kind, name in kinds.items() if kind not in first}
