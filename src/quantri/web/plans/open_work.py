"""Answering for a component as open work of an agency, for when it ends and others follow."""

from collections.abc import Iterable

from quantri.web.accounts.models import Agency, User
from quantri.web.accounts.open_work import Piece
from quantri.web.plans.actions import pass_owner
from quantri.web.plans.models import ComponentOwner, Plan


class Owners:
    """Owners of components in plans that are made or carried out."""

    name = "owners"

    def of_agency(self, agency: Agency) -> Iterable[Piece]:
        return [
            Piece(holder=self.name, key=str(o.pk), title=f"{o.code}: {o.plan}", note=o.get_part_display())
            for o in _open(agency).select_related("plan__province").order_by("plan", "code", "pk")
        ]

    def give_to_agency(self, key: str, before: Agency, after: Agency, *, by: User) -> None:
        """Let another agency answer; one that coordinated leads where it takes the lead over."""
        owner = _open(before).select_for_update(of=("self",)).select_related("plan", "agency").get(pk=key)
        pass_owner(owner, after, by=by)


def _open(agency: Agency) -> object:
    plans = Plan.objects.filter(ended_at=None, superseded_at=None, source={}).exclude(state=Plan.State.CLOSED)
    return ComponentOwner.objects.filter(agency=agency, valid_to=None, plan__in=plans)


OWNERS = Owners()
