"""Kinds of agencies as groups chosen in one touch, with the committee of the province apart from those of communes."""

from django.utils.translation import gettext as _

from quantri.web.accounts.models import Agency

COMMITTEE_OF_PROVINCE = "province_committee"


def group_of(agency: Agency) -> str:
    return group_of_kind(agency.kind, agency.unit_id, agency.province_id)


def group_of_kind(kind: str, unit: int | None, province: int) -> str:
    """Tell the group of an agency: its kind, but for the people's committee of the province itself."""
    return COMMITTEE_OF_PROVINCE if kind == Agency.Kind.PEOPLE_COMMITTEE and unit == province else kind


def names_of_groups() -> dict[str, str]:
    """Name the groups, communes first, for they are most."""
    kinds = {str(kind): str(name) for kind, name in Agency.Kind.choices}
    first = {Agency.Kind.PEOPLE_COMMITTEE.value: _("communes"),
             COMMITTEE_OF_PROVINCE: _("people’s committee of the province")}  # fmt: skip
    return first | {kind: name for kind, name in kinds.items() if kind not in first}
