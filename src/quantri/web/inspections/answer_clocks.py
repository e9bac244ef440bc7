"""The day of an answer runs on a clock: begun when findings are sent, ended by the answer, moved by the calendar."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency
from quantri.web.accounts.telling import News
from quantri.web.accounts.telling import tell as tell_agencies
from quantri.web.core import audit
from quantri.web.core.models import AuditEntry
from quantri.web.deadlines.clocks import SetLimit, give_clock, running_for, start_set_clock, stop_clock
from quantri.web.deadlines.counting import Limit, Unit
from quantri.web.deadlines.models import Clock
from quantri.web.deadlines.recounting import SYSTEM
from quantri.web.inspections.models import Finding, Programme


def begin(finding: Finding, *, by: audit.Actor) -> date:
    """Let the days for an answer run from today; return the day that was counted."""
    limit = Limit(amount=finding.answer_days, unit=Unit.WORKING_DAY)
    told = _told(finding.visit.programme, limit)
    clock = start_set_clock(finding, told, timezone.now(), agency=finding.agency, by=by)
    if clock.due_on is None:
        raise RuleViolation(
            _("The day of the answer cannot be counted: there is no working calendar of %(year)s yet.")
            % {"year": clock.missing_year}
        )
    return clock.due_on


def begin_missing(_now: datetime | None = None) -> int:
    """Let a clock run for each answer that is awaited without one, as of findings sent before there were clocks.

    Its days run from the day on which the findings were sent or the last answer came back; the day that was told is
    not taken back. Regular work: what has its clock is left alone. Returns how many clocks were begun.
    """
    kept = Clock.objects.running().filter(
        subject=Finding._meta.label_lower, subject_key=Cast(OuterRef("pk"), CharField()), rule=None
    )  # fmt: skip
    lacking = Finding.objects.awaited().filter(~Exists(kept), answer_days__isnull=False)
    return sum(_begin_late(key) for key in list(lacking.values_list("pk", flat=True)))


@transaction.atomic
def _begin_late(key: int) -> bool:
    awaited = Finding.objects.awaited().select_for_update(of=("self",)).select_related("agency", "visit__programme")
    finding = awaited.filter(pk=key).first()
    if finding is None or running_for(finding) is not None:  # somebody answered, or another pass was quicker
        return False
    back = max((a.decided_at for a in finding.answers.all()), default=None)
    told = _told(finding.visit.programme, Limit(amount=finding.answer_days, unit=Unit.WORKING_DAY))
    clock = start_set_clock(finding, told, back or finding.visit.sent_at, agency=finding.agency, by=SYSTEM)
    moved(clock, None)
    return True


def end(finding: Finding, *, by: audit.Actor) -> None:
    """End the clock, for the answer is there; where none was begun yet there is none to end."""
    clock = running_for(finding)
    if clock is not None:
        stop_clock(clock, timezone.localdate(), by=by)


def give(finding: Finding, agency: Agency, *, by: audit.Actor) -> None:
    """Let another agency answer within the days that run."""
    clock = running_for(finding)
    if clock is not None:
        give_clock(clock, agency, by=by)


def lock(finding: Finding) -> None:
    """Lock the clock before its finding, as the recount of the calendar does."""
    Clock.objects.running().filter(pk=getattr(running_for(finding), "pk", None)).select_for_update().first()


def moved(clock: Clock, before: date | None) -> None:
    """Move the day of an answer with its clock, and tell who has to answer; called when the calendar changed.

    A day that was told when the findings were sent is not taken back: it only ever moves behind that day.
    """
    if clock.subject != Finding._meta.label_lower or clock.due_on is None:
        return
    finding = Finding.objects.select_for_update(of=("self",)).select_related("agency", "visit__programme").get(
        pk=clock.subject_key
    )  # fmt: skip
    floor = finding.first_due_on if finding.due_on == before else finding.due_on
    due = max(clock.due_on, floor)
    if due == finding.due_on:
        return
    earlier, finding.due_on = finding.due_on, due
    finding.save(update_fields=["due_on"])
    audit.record("finding.moved", finding, by=SYSTEM, before={"due_on": str(earlier)}, after={"due_on": str(due)})
    with translation.override(settings.LANGUAGE_CODE):
        tell_agencies({finding.agency: _news(finding, earlier)}, today=timezone.localdate())


def _told(programme: Programme, limit: Limit) -> SetLimit:
    with translation.override(settings.LANGUAGE_CODE):
        name = _("Answer to the findings of “%(programme)s”") % {"programme": programme.title[:200]}
    return SetLimit(name=name, limit=limit, document=programme.decision_number or programme.title)


def _news(finding: Finding, before: date) -> News:
    """Write of one move; the trail counts the moves, so each is told once."""
    moves = AuditEntry.objects.filter(
        action="finding.moved", subject=Finding._meta.label_lower, subject_key=str(finding.pk)
    )
    facts = {
        "programme": finding.visit.programme.title, "day": date_format(finding.due_on), "before": date_format(before)
    }  # fmt: skip
    return News(
        key=f"answer-moved:{finding.pk}:{moves.count()}", subject=_("The day of an answer to an inspection has moved"),
        body=_("“%(programme)s”: the answer is due on %(day)s, no longer on %(before)s, for the working calendar has "
               "changed.") % facts,
        link=reverse("inspections:finding", args=[finding.pk]),
    )  # fmt: skip
