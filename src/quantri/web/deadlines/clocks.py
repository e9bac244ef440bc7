"""A clock is started, paused, extended and stopped; when the calendar changes, open ones are counted again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.deadlines import calendars
from quantri.web.deadlines.counting import CalendarMissing, Count, Limit, Pause, Unit, WorkingCalendar, count, extended
from quantri.web.deadlines.models import Clock, ClockExtension, ClockPause, LegalRule

SYSTEM = audit.System("calendar")


@transaction.atomic
def start_clock(subject: models.Model, rule: LegalRule, started_at: datetime, *, by: audit.Actor) -> Clock:
    """Let a rule's limit run for something from an event on."""
    calendar = calendars.current()
    clock = Clock(
        subject=subject._meta.label_lower, subject_key=str(subject.pk), subject_name=str(subject)[:300], rule=rule,
        started_at=started_at,
    )  # fmt: skip
    _set(clock, _counted(clock, calendar, (), ()), calendar)
    clock.first_due_on = clock.due_on
    clock.save()
    audit.record("clock.started", clock, by=by, due_on=str(clock.due_on))
    return clock


@transaction.atomic
def pause_clock(clock: Clock, on: date, *, reason: str, by: audit.Actor) -> Clock:
    """Let a clock stand still from a day on."""
    clock = _running(clock)
    if clock.pauses.filter(ends_on=None).exists():
        raise RuleViolation(_("This clock stands still already."))
    ClockPause.objects.create(clock=clock, starts_on=on, reason=reason, made_by=str(by))
    audit.record("clock.paused", clock, by=by, reason=reason)
    return clock


@transaction.atomic
def resume_clock(clock: Clock, on: date, *, by: audit.Actor) -> Clock:
    """Let a clock that stands still run again; the days between do not count."""
    clock = _running(clock)
    pause = clock.pauses.filter(ends_on=None).first()
    if pause is None or on < pause.starts_on:
        raise RuleViolation(_("This clock does not stand still."))
    pause.ends_on = on
    pause.save(update_fields=["ends_on"])
    return _recounted(clock, "clock.resumed", by=by)


@transaction.atomic
def extend_clock(clock: Clock, *, document: str, by: audit.Actor) -> Clock:
    """Grant the longer time that the rule itself allows, as often as it allows it."""
    clock = _running(clock)
    granted = clock.extensions.count()
    allowed = [e for e in clock.rule.extensions for _n in range(e["times"])]
    if granted >= len(allowed):
        raise RuleViolation(_("The rule allows no further extension."))
    more = allowed[granted]
    ClockExtension.objects.create(
        clock=clock, amount=more["amount"], unit=more["unit"], document=document, granted_by=str(by)
    )
    return _recounted(clock, "clock.extended", by=by)


@transaction.atomic
def stop_clock(clock: Clock, on: date, *, by: audit.Actor) -> Clock:
    """Stop a clock because what was due is done."""
    clock = _running(clock)
    clock.stopped_on = on
    clock.save(update_fields=["stopped_on"])
    audit.record("clock.stopped", clock, by=by, on_time=on <= clock.due_on)
    return clock


def recount_open_clocks(now: datetime | None = None) -> list[Clock]:
    """Count open clocks again that another calendar was used for; tell whom it concerns; safe to run at any time."""
    calendar = calendars.current()
    stale = Clock.objects.running().exclude(calendar_mark=calendars.mark_of(calendar)).values_list("pk", flat=True)
    return [clock for pk in list(stale) if (clock := _recount(pk, calendar))]


@transaction.atomic
def _recount(pk: int, calendar: WorkingCalendar) -> Clock | None:
    """Count one clock again; return it when its day moved."""
    clock = Clock.objects.running().select_for_update(of=("self",)).select_related("rule").filter(pk=pk).first()
    if clock is None:
        return None
    before = clock.due_on
    try:
        _set(clock, _counted(clock, calendar, _pauses(clock), clock.extensions.all()), calendar)
    except CalendarMissing:
        return None
    clock.save()
    if clock.due_on == before:
        return None
    audit.record("clock.moved", clock, by=SYSTEM, before=str(before), after=str(clock.due_on))
    for listener in settings.CLOCK_LISTENERS:
        import_string(listener)(clock, before)
    return clock


def _running(clock: Clock) -> Clock:
    clock = Clock.objects.select_for_update(of=("self",)).select_related("rule").get(pk=clock.pk)
    if clock.stopped_on:
        raise RuleViolation(_("This clock is stopped."))
    return clock


def _recounted(clock: Clock, action: str, *, by: audit.Actor) -> Clock:
    before, calendar = clock.due_on, calendars.current()
    _set(clock, _counted(clock, calendar, _pauses(clock), clock.extensions.all()), calendar)
    clock.save()
    audit.record(action, clock, by=by, before=str(before), after=str(clock.due_on))
    return clock


def _pauses(clock: Clock) -> list[Pause]:
    closed = clock.pauses.exclude(ends_on=None)
    return [Pause(starts_on=p.starts_on, ends_on=p.ends_on) for p in closed]


def _counted(
    clock: Clock, calendar: WorkingCalendar, pauses: Sequence[Pause], extensions: Sequence[ClockExtension]
) -> Count:  # fmt: skip
    start = clock.started_at if clock.rule.unit == Unit.HOUR else timezone.localdate(clock.started_at)
    found = count(clock.rule.limit, start, calendar, pauses)
    for extension in extensions:
        found = extended(found, Limit(amount=extension.amount, unit=Unit(extension.unit)), calendar)
    return found


def _set(clock: Clock, found: Count, calendar: WorkingCalendar) -> None:
    clock.due_on = timezone.localdate(found.due_at) if found.due_at else found.due_on
    clock.due_at, clock.calendar_mark, clock.explanation = found.due_at, calendars.mark_of(calendar), _told(found)


def _told(found: Count) -> dict[str, Any]:
    """Turn a count into plain values that explain it later, whatever the calendar then says."""
    return {
        "day_zero": str(found.day_zero), "first_day": str(found.first_day), "due_on": str(found.due_on),
        "rolled_from": str(found.rolled_from) if found.rolled_from else None,
        "skipped": [
            {
                "date": str(s.date), "reason": s.reason, "name_vi": s.special.name_vi if s.special else "",
                "name_en": s.special.name_en if s.special else "", "document": s.special.document if s.special else "",
            }
            for s in found.skipped
        ],
    }  # fmt: skip
