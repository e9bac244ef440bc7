"""Scoring itself as open work of an agency, for when it ends and others follow."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from quantri.web.accounts.models import Agency, User
from quantri.web.accounts.open_work import Piece
from quantri.web.appraisal import news
from quantri.web.appraisal.models import Entry, Exercise
from quantri.web.core import audit


class SelfScores:
    """Places of agencies in exercises whose classes are not confirmed."""

    name = "scores"

    def of_agency(self, agency: Agency) -> Iterable[Piece]:
        rows = _open(agency).select_related("exercise").order_by("exercise", "pk")
        return [Piece(holder=self.name, key=str(e.pk), title=e.exercise.title, note=_note(e)) for e in rows]

    def give_to_agency(self, key: str, before: Agency, after: Agency, *, by: User) -> None:
        """Let another agency be scored with what is there; one that is scored already goes on with its own points."""
        exercises = Exercise.objects.select_for_update()
        exercise = exercises.get(pk=Entry.objects.values_list("exercise").get(pk=key)[0])
        entry = _open(before).select_for_update(of=("self",)).get(pk=key)
        there = exercise.entries.standing().filter(agency=after).first()
        if there:
            entry.followed_by = there
        else:
            entry.agency = after
        entry.save(update_fields=["followed_by", "agency"])
        audit.record("selfscore.passed_on", entry, by=by, before=before.name_vi, after=after.name_vi)
        news.selfscore_passed_on(entry, before, after)


def _open(agency: Agency) -> object:
    return Entry.objects.standing().filter(agency=agency, exercise__confirmed_at=None)


def _note(entry: Entry) -> str:
    if entry.is_appraised:
        return _("appraised")
    return _("handed in, to be appraised") if entry.is_handed_in else _("not handed in")


SELF_SCORES = SelfScores()
