"""Many agencies at once, each with its name, its place, its head's title and its superior."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from quantri.web.accounts.models import Agency, AgencyName, Headship, Subordination
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.places.models import Province, Unit


@dataclass(frozen=True, kw_only=True)
class AgencyDraft:
    """An agency to be made; `head` is a title without a name."""

    name_vi: str
    name_en: str = ""
    kind: str = Agency.Kind.OTHER
    unit: Unit | None = None
    head: str = ""


@transaction.atomic
def add_demonstration_agencies(
    above: Agency, drafts: Iterable[AgencyDraft], *, headed_from: date, by: Actor
) -> dict[str, Agency]:
    """Make demonstration agencies under one that stands on top; those whose names are there stay as they are."""
    province = Province.objects.select_for_update().get(pk=above.province_id)
    there = {a.name_vi: a for a in Agency.objects.filter(province=province).on(timezone.localdate())}
    new = {d.name_vi: d for d in drafts if d.name_vi not in there}
    made = Agency.objects.bulk_create(
        Agency(
            province=province, parent=above, name_vi=d.name_vi, name_en=d.name_en, kind=d.kind, unit=d.unit,
            is_demonstration=True,
        )
        for d in new.values()
    )  # fmt: skip
    AgencyName.objects.bulk_create(AgencyName(agency=a, name_vi=a.name_vi, name_en=a.name_en) for a in made)
    today = timezone.localdate()
    Subordination.objects.bulk_create(Subordination(agency=a, above=above, distance=1, valid_from=today) for a in made)
    Headship.objects.bulk_create(
        Headship(agency=a, title=new[a.name_vi].head, valid_from=headed_from) for a in made if new[a.name_vi].head
    )
    if made:
        audit.record("agencies.added", above, by=by, rows=audit.listed(made))
    return there | {a.name_vi: a for a in made}
