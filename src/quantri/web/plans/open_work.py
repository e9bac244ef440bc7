"""Components and asked opinions as open work of an agency, for when it ends and others follow."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.web.accounts.models import Agency, User
from quantri.web.accounts.open_work import Piece
from quantri.web.core import audit
from quantri.web.plans import news
from quantri.web.plans.actions import pass_owner
from quantri.web.plans.models import ComponentOwner, Opinion, Plan


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


class Opinions:
    """Opinions of drafts that were asked and not given."""

    name = "opinions"

    def of_agency(self, agency: Agency) -> Iterable[Piece]:
        rows = _asked(agency).select_related("plan__province").order_by("plan", "pk")
        return [Piece(holder=self.name, key=str(o.pk), title=str(o.plan), note=_note(o)) for o in rows]

    def give_to_agency(self, key: str, before: Agency, after: Agency, *, by: User) -> None:
        """Ask another agency; one that was asked too gives one opinion for both."""
        opinion = _asked(before).select_for_update(of=("self",)).select_related("plan").get(pk=key)
        there = opinion.plan.opinions.filter(agency=after).first()
        if there:
            opinion.followed_by = there
        else:
            opinion.agency = after
        opinion.save(update_fields=["followed_by", "agency"])
        audit.record("opinion.passed_on", opinion, by=by, before=before.name_vi, after=after.name_vi)
        if not there:
            news.opinions_asked(opinion.plan, [opinion])


def _asked(agency: Agency) -> object:
    asked = Opinion.objects.filter(agency=agency, given_on=None, followed_by=None)
    return asked.filter(plan__state=Plan.State.CONSULTED, plan__ended_at=None)


def _note(opinion: Opinion) -> str:
    by_when = opinion.answer_by and _("by %(day)s") % {"day": date_format(opinion.answer_by)}
    return " ".join(filter(None, (_("opinion of a draft"), by_when)))


OWNERS = Owners()
OPINIONS = Opinions()
