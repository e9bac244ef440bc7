"""The register of time limits of the law: who keeps it, and what of an act its day, rule or calendar forbids."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, Reader, Role, User
from quantri.web.accounts.models.people import AgencyQuerySet
from quantri.web.accounts.rights import open_agency
from quantri.web.deadlines import calendars, clocks
from quantri.web.deadlines.actions import rule_on
from quantri.web.deadlines.models import Clock, ClockQuerySet, LegalRule, agencies_registered_by
from quantri.web.deadlines.telling import tell_of_start

OWED = (LegalRule.Kind.CLOCK, LegalRule.Kind.BEFORE)  # what an agency owes by a day; a duration only has to last
ELSEWHERE = "boundary."  # complaints and denunciations are kept on their own paths, sealed; never in a register


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is written into the register: which rule, and the event that it runs from."""

    rule: str
    matter: str
    agency: Agency
    moment: datetime


def rules_offered() -> list[LegalRule]:
    """Rules under which a clock can be started, each in its newest version."""
    found = LegalRule.objects.filter(kind__in=OWED).exclude(rule__startswith=ELSEWHERE)
    newest = {rule.rule: rule for rule in found.order_by("rule", "valid_from")}
    return sorted(newest.values(), key=lambda rule: (rule.document, rule.rule))


def agencies_offered(user: Reader) -> AgencyQuerySet:
    """Agencies for which a person starts clocks; those that have ended owe nothing any more."""
    return agencies_registered_by(user).on(timezone.localdate()).order_by("name_vi")


@transaction.atomic
def start(entry: Entry, *, by: User) -> Clock:
    """Start a clock under the version of the rule that held on the day of the event."""
    if not agencies_registered_by(by).filter(pk=entry.agency.pk).exists():
        raise PermissionDenied
    open_agency(entry.agency)
    day = timezone.localdate(entry.moment)
    rule = rule_on(entry.rule, day, (entry.agency.province.key,))
    if rule.kind not in OWED or rule.rule.startswith(ELSEWHERE):
        raise RuleViolation(_("No time limit of the register runs under this rule."))
    if rule.kind == LegalRule.Kind.CLOCK and entry.moment > timezone.now():
        raise RuleViolation(_("The event lies in the future; a time limit begins when it has happened."))
    _of_our_years(day)
    event = clocks.Event(matter=entry.matter, moment=entry.moment, agency=entry.agency)
    clock = clocks.start_clock(rule, event, by=by)
    if not by.agencies(Role.OFFICER, Role.LEADER).filter(pk=entry.agency.pk).exists():
        tell_of_start(clock)
    return clock


@transaction.atomic
def pause(clock: Clock, on: date, *, ground: str, note: str = "", by: User) -> Clock:
    """Let a clock stand still on a ground that its rule names."""
    clock = _kept(clock, by)
    _come(on)
    if clock.grounds and ground not in clock.grounds:
        raise RuleViolation(_("The rule does not name this ground."))
    return clocks.pause_clock(clock, on, reason=f"{ground}: {note}" if note else ground, by=by)


@transaction.atomic
def resume(clock: Clock, on: date, *, by: User) -> Clock:
    clock = _kept(clock, by)
    _come(on)
    return clocks.resume_clock(clock, on, by=by)


@transaction.atomic
def extend(clock: Clock, *, document: str, by: User) -> Clock:
    """Grant the longer time of the rule while the limit runs; what has ended is late and stays so."""
    clock = _kept(clock, by)
    if clock.state == Clock.State.PAUSED:
        raise RuleViolation(_("This clock stands still. Let it run again first."))
    if clock.due_on and clock.due_on < timezone.localdate():
        raise RuleViolation(_("The time limit has ended; it cannot be extended any more."))
    return clocks.extend_clock(clock, document=document, by=by)


@transaction.atomic
def close(clock: Clock, on: date, *, by: User) -> Clock:
    """Close a clock on the day on which what was due was done."""
    clock = _kept(clock, by)
    _come(on)
    return clocks.stop_clock(clock, on, by=by)


def acts_for(clock: Clock) -> list[str]:
    """Name what can be done with a clock as it stands; pauses and extensions only where its rule names them."""
    if clock.rule is None or clock.state == Clock.State.STOPPED:
        return []
    if clock.state == Clock.State.PAUSED:
        return ["resume", "close"]
    is_over = bool(clock.due_on and clock.due_on < timezone.localdate())
    pausing = ["pause"] if clock.grounds else []
    extending = ["extend"] if clock.next_extension and not is_over else []
    return [*pausing, *extending, "close"]


def _kept(clock: Clock, by: User) -> Clock:
    """Lock a clock that the person keeps; refuse others."""
    kept: ClockQuerySet = Clock.objects.kept_by(by)
    if not kept.filter(pk=clock.pk).exists():
        raise PermissionDenied
    return Clock.objects.select_for_update(of=("self",)).select_related("rule", "agency").get(pk=clock.pk)


def _come(day: date) -> None:
    if day > timezone.localdate():
        raise RuleViolation(_("This day has not come yet."))


def _of_our_years(day: date) -> None:
    """Refuse an event of a year whose calendar will never come; that of this and the next year is waited for."""
    this = timezone.localdate().year
    if day.year not in (this, this + 1) and day.year not in calendars.known_years():
        raise RuleViolation(
            _("There is no working calendar of %(year)s, so that no day can be counted from it. Check the date.")
            % {"year": day.year}
        )
