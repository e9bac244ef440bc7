"""Time limits of the law go on with another agency when theirs ends; their days stay."""

from collections.abc import Iterable

from quantri.web.accounts.models import Agency, User
from quantri.web.accounts.open_work import Piece
from quantri.web.deadlines.clocks import give_clock
from quantri.web.deadlines.models import Clock


class Clocks:
    """Clocks of the law that run."""

    name = "clocks"

    def of_agency(self, agency: Agency) -> Iterable[Piece]:
        rows = Clock.objects.of_law().running().filter(agency=agency).select_related("rule")
        return [
            Piece(holder=self.name, key=str(c.pk), title=c.subject_name, note=c.rule.name_vi)
            for c in rows.order_by("pk")
        ]  # fmt: skip

    def give_to_agency(self, key: str, before: Agency, after: Agency, *, by: User) -> None:
        give_clock(Clock.objects.of_law().select_related("agency").get(pk=key, agency=before), after, by=by)


CLOCKS = Clocks()
