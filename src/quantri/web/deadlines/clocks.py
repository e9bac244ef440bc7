"""A clock is started, paused, extended and stopped; its days follow the rule, the calendar and what was granted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency
from quantri.web.core import audit
from quantri.web.deadlines import calendars
from quantri.web.deadlines.counting import (
    CalendarMissing,
    Count,
    Limit,
    Pause,
    Unit,
    WorkingCalendar,
    count,
    extended,
    latest_before,
)
from quantri.web.deadlines.models import Clock, ClockExtension, ClockPause, LegalRule


@dataclass(frozen=True, kw_only=True)
class SetLimit:
    """A time limit as a decision sets it: for what, how long, and which document says so."""

    name: str
    limit: Limit
    document: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """What lets a limit of law run: the matter in words, the moment, and the agency that has to act."""

    matter: str
    moment: datetime
    agency: Agency
    is_demonstration: bool = False


@transaction.atomic
def start_clock(rule: LegalRule, event: Event, *, by: audit.Actor) -> Clock:
    """Let a rule's limit run from an event on, or up to it where the rule counts back.

    Without the calendar of a year that the count needs the clock runs all the same; its day is told once it is known.
    """
    if rule.kind not in LegalRule.TIMED:
        raise RuleViolation(_("The rule %(rule)s has no time limit.") % {"rule": rule.rule})
    clock = Clock(
        subject_name=event.matter[:300], rule=rule, started_at=event.moment, agency=event.agency,
        is_demonstration=event.is_demonstration,
    )  # fmt: skip
    try:
        with transaction.atomic():
            return _begun(clock, by=by)
    except IntegrityError:
        raise RuleViolation(
            _("This time limit runs already: the same matter, rule, agency and start. Close that one first.")
        ) from None


@transaction.atomic
def start_set_clock(
    subject: models.Model, told: SetLimit, started_at: datetime, *, agency: Agency, by: audit.Actor
) -> Clock:  # fmt: skip
    """Let a limit run that a decision sets, where no rule of law does; one at a time for a thing."""
    return _begun(set_clock(subject, told, started_at, agency=agency), by=by)


def set_clock(subject: models.Model, told: SetLimit, started_at: datetime, *, agency: Agency) -> Clock:
    """Make the clock of a limit that a decision sets; it is neither counted nor saved."""
    return Clock(
        subject=subject._meta.label_lower, subject_key=str(subject.pk), subject_name=told.name[:300],
        amount=told.limit.amount, unit=told.limit.unit.value, document=told.document[:300], started_at=started_at,
        agency=agency,
    )  # fmt: skip


def count_new(clock: Clock, calendar: WorkingCalendar) -> Clock:
    """Count a clock that was just made; it is not saved."""
    _set(clock, calendar, [], [])
    return clock


def running_for(subject: models.Model) -> Clock | None:
    """Find the clock that a decision started for a thing and that still runs."""
    own = Clock.objects.running().filter(subject=subject._meta.label_lower, subject_key=str(subject.pk), rule=None)
    return own.first()


@transaction.atomic
def give_clock(clock: Clock, agency: Agency, *, by: audit.Actor) -> Clock:
    """Let another agency act within a clock that runs; its days stay."""
    clock = _running(clock)
    before, clock.agency = clock.agency, agency
    clock.save(update_fields=["agency"])
    audit.record("clock.given", clock, by=by, before=before.name_vi, after=agency.name_vi)
    return clock


@transaction.atomic
def pause_clock(clock: Clock, on: date, *, reason: str, by: audit.Actor) -> Clock:
    """Let a clock stand still from a day on, where its rule names a ground for it."""
    clock = _running(clock)
    if not (clock.rule and clock.rule.pauses):
        raise RuleViolation(_("The rule does not let its time limit stand still."))
    if clock.state == Clock.State.PAUSED:
        raise RuleViolation(_("This clock stands still already."))
    last = max((p.ends_on for p in clock.pauses.all()), default=_start(clock))
    if on < last:
        raise RuleViolation(_("A pause cannot begin before the clock was started or ran again."))
    if clock.due_on and on > clock.due_on:
        raise RuleViolation(_("The time limit ended before that day; it cannot stand still any more."))
    ClockPause.objects.create(clock=clock, starts_on=on, reason=reason, made_by=str(by))
    audit.record("clock.paused", clock, by=by, reason=reason, after={"paused_on": _iso(on)})
    return clock


@transaction.atomic
def resume_clock(clock: Clock, on: date, *, by: audit.Actor) -> Clock:
    """Let a clock that stands still run again; the days between do not count."""
    clock = _running(clock)
    _end_pause(clock, on)
    return _recounted(clock, "clock.resumed", by=by)


@transaction.atomic
def extend_clock(clock: Clock, *, document: str, by: audit.Actor) -> Clock:
    """Grant the longer time that the rule itself allows, as often as it allows it."""
    clock = _running(clock)
    more = clock.next_extension
    if more is None:
        raise RuleViolation(_("The rule allows no further extension."))
    ClockExtension.objects.create(
        clock=clock, amount=more.amount, unit=more.unit.value, document=document, granted_by=str(by)
    )
    return _recounted(clock, "clock.extended", by=by)


@transaction.atomic
def stop_clock(clock: Clock, on: date, *, by: audit.Actor) -> Clock:
    """Stop a clock because what was due is done; a pause that is open ends with it."""
    clock = _running(clock)
    if on < _start(clock) and not clock.counts_back:
        raise RuleViolation(_("A clock cannot be stopped before the day it was started on."))
    if any(pause.ends_on and on < pause.ends_on for pause in clock.pauses.all()):
        raise RuleViolation(_("A clock cannot be stopped before the day on which it ran again."))
    if clock.state == Clock.State.PAUSED:
        _end_pause(clock, on)
        clock = _recounted(clock, "clock.resumed", by=by)
    clock.stopped_on = on
    clock.save(update_fields=["stopped_on"])
    on_time = on <= clock.due_on if clock.due_on else None
    audit.record("clock.stopped", clock, by=by, after={"stopped_on": _iso(on), "on_time": on_time})
    return clock


def _begun(clock: Clock, *, by: audit.Actor) -> Clock:
    count_new(clock, calendars.current()).save()
    audit.record("clock.started", clock, by=by, after={"due_on": _iso(clock.due_on)})
    return clock


def recount(clock: Clock, calendar: WorkingCalendar) -> None:
    """Count a locked clock by another calendar and save it."""
    _set(clock, calendar, _pauses(clock), list(clock.extensions.all()))
    clock.save()


def _running(clock: Clock) -> Clock:
    clock = Clock.objects.select_for_update(of=("self",)).select_related("rule").get(pk=clock.pk)
    if clock.stopped_on:
        raise RuleViolation(_("This clock is stopped."))
    return clock


def _end_pause(clock: Clock, on: date) -> None:
    pause = clock.pauses.filter(ends_on=None).first()
    if pause is None:
        raise RuleViolation(_("This clock does not stand still."))
    if on < pause.starts_on:
        raise RuleViolation(_("A pause cannot end before it began."))
    pause.ends_on = on
    pause.save(update_fields=["ends_on"])


def _recounted(clock: Clock, action: str, *, by: audit.Actor) -> Clock:
    before = clock.due_on
    recount(clock, calendars.current())
    audit.record(action, clock, by=by, before={"due_on": _iso(before)}, after={"due_on": _iso(clock.due_on)})
    return clock


def _pauses(clock: Clock) -> list[Pause]:
    return [Pause(starts_on=p.starts_on, ends_on=p.ends_on) for p in clock.pauses.exclude(ends_on=None)]


def _start(clock: Clock) -> date:
    return timezone.localdate(clock.started_at)


def _count(
    clock: Clock, calendar: WorkingCalendar, pauses: list[Pause], extensions: list[ClockExtension]
) -> Count:  # fmt: skip
    if clock.counts_back:
        return latest_before(clock.limit, _start(clock), calendar)
    start = clock.started_at if clock.limit.unit == Unit.HOUR else _start(clock)
    found = count(clock.limit, start, calendar, pauses)
    for extension in extensions:
        found = extended(found, Limit(amount=extension.amount, unit=Unit(extension.unit)), calendar)
    return found


def _set(
    clock: Clock, calendar: WorkingCalendar, pauses: list[Pause], extensions: list[ClockExtension]
) -> None:  # fmt: skip
    clock.calendar_mark = calendars.mark_of(calendar)
    try:
        found = _count(clock, calendar, pauses, extensions)
    except CalendarMissing as missing:
        clock.due_on = clock.due_at = None
        clock.explanation = {"day_zero": _iso(_start(clock)), "missing_year": missing.fields["year"]}
        return
    clock.due_on = timezone.localdate(found.due_at) if found.due_at else found.due_on
    clock.due_at, clock.explanation = found.due_at, _told(found)
    clock.first_due_on = clock.first_due_on or clock.due_on


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _told(found: Count) -> dict[str, Any]:
    """Turn a count into plain values that explain it later, whatever the calendar then says."""
    return {
        "day_zero": _iso(found.day_zero), "first_day": _iso(found.first_day), "due_on": _iso(found.due_on),
        "rolled_from": _iso(found.rolled_from),
        "skipped": [
            {
                "date": _iso(s.date), "reason": s.reason, "name_vi": s.special.name_vi if s.special else "",
                "name_en": s.special.name_en if s.special else "", "document": s.special.document if s.special else "",
            }
            for s in found.skipped
        ],
    }  # fmt: skip
