"""What goes on with somebody else: findings of an agency that ends, and the place in a team of a person who leaves."""

from collections.abc import Iterable

from quantri.web.accounts.models import Agency, User
from quantri.web.accounts.open_work import Piece
from quantri.web.core import audit
from quantri.web.inspections import answer_clocks
from quantri.web.inspections.models import Finding, TeamMember
from quantri.web.inspections.programmes import pass_seat_on


class Findings:
    """Findings that wait; who is with an agency answers for it."""

    name = "findings"

    def of_agency(self, agency: Agency) -> Iterable[Piece]:
        rows = (
            Finding.objects.unsettled().filter(agency=agency, due_on__isnull=False).select_related("visit__programme")
        )
        return [
            Piece(holder=self.name, key=str(f.pk), title=f.text[:300], note=f.visit.programme.title)
            for f in rows.order_by("pk")
        ]

    def give_to_agency(self, key: str, before: Agency, after: Agency, *, by: User) -> None:
        """Let another agency answer; its day and the answers so far stay."""
        answer_clocks.lock(Finding.objects.get(pk=key))
        finding = Finding.objects.select_for_update().get(pk=key, agency=before, settled_on=None)
        finding.agency = after
        finding.save(update_fields=["agency"])
        answer_clocks.give(finding, after, by=by)
        audit.record("finding.passed_on", finding, by=by, before=before.name_vi, after=after.name_vi)


class Seats:
    """Places of people in teams; what they wrote stays theirs."""

    name = "seats"

    def of_person(self, user: User, agency: Agency) -> Iterable[Piece]:
        rows = TeamMember.objects.standing().filter(user=user, agency=agency)
        return [
            Piece(holder=self.name, key=str(s.pk), title=str(s.programme), note=s.get_part_display())
            for s in rows.select_related("programme").order_by("pk")
        ]

    def give_to_person(self, key: str, before: User, after: User | None, *, by: User) -> None:
        pass_seat_on(TeamMember.objects.select_for_update().get(pk=key, user=before, valid_to=None), after, by=by)


FINDINGS = Findings()
SEATS = Seats()
