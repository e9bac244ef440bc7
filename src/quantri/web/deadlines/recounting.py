"""When the calendar changes, open clocks are counted again in the background, and whom it concerns is told."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from quantri.errors import RuleViolation
from quantri.web.core import audit, jobs
from quantri.web.core.models import Job
from quantri.web.deadlines import calendars
from quantri.web.deadlines.clocks import recount
from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.deadlines.models import Clock

KIND = "deadlines.recount"
SYSTEM = audit.System("calendar")


def ask(*, by: audit.Actor) -> None:
    """Let the worker count open clocks again; one that waits already does it for both."""
    try:
        jobs.put(KIND, {}, by=by)
    except RuleViolation:
        return


def work(job: Job, report: object) -> None:
    """Count until no open clock is left behind, also when the calendar changes meanwhile."""
    moved = 0
    while found := recount_open_clocks():
        moved += len(found)
    with transaction.atomic():
        jobs.finish(job, str(moved))


def recount_open_clocks(now: datetime | None = None) -> list[Clock]:
    """Count open clocks that another calendar was used for; return those whose day moved; safe to run at any time."""
    calendar = calendars.current()
    stale = Clock.objects.running().exclude(calendar_mark=calendars.mark_of(calendar)).values_list("pk", flat=True)
    return [clock for pk in list(stale) if (clock := _recount(pk, calendar))]


@transaction.atomic
def _recount(pk: int, calendar: WorkingCalendar) -> Clock | None:
    """Count one clock again; return it when its day moved."""
    clock = (
        Clock.objects.running().select_for_update(of=("self",)).select_related("rule", "agency").filter(pk=pk).first()
    )
    if clock is None:
        return None
    before = clock.due_on
    recount(clock, calendar)
    if clock.due_on == before:
        return None
    _tell(clock, before)
    return clock


def _tell(clock: Clock, before: date | None) -> None:
    days = [day.isoformat() if day else None for day in (before, clock.due_on)]
    audit.record("clock.moved", clock, by=SYSTEM, before={"due_on": days[0]}, after={"due_on": days[1]})
    for listener in settings.CLOCK_LISTENERS:
        import_string(listener)(clock, before)
