"""The calendar is uploaded, locked and mended by day; rules are loaded by version."""

import hashlib
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_ADMINISTRATOR, Reader, Role, User
from quantri.web.core import audit
from quantri.web.deadlines import recounting
from quantri.web.deadlines.calendars import believe_nothing, current
from quantri.web.deadlines.models import CalendarYear, DayOverride, LegalRule
from quantri.web.deadlines.reading import calendar_of
from quantri.web.deadlines.rules import Rule, package_rules
from quantri.web.places.loading import home_key

KEEPERS = (PROVINCE_ADMINISTRATOR, Role.COORDINATOR)


def keeps_calendar(user: Reader) -> bool:
    """Say whether a person may change the calendar: who coordinates the home province, or administers its committee."""
    return user.is_authenticated and any(held.province_key == home_key() for held in user.held(*KEEPERS))


@transaction.atomic
def upload_calendar(text: str, name: str, *, by: User) -> CalendarYear:
    """Keep a year's calendar as a draft; DataError tells its faults."""
    _keeper(by)
    read = calendar_of(text, name)
    row = CalendarYear.objects.create(
        year=read.year, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), uploaded_by=str(by)
    )
    audit.record("calendar.uploaded", row, by=by, file=name)
    return row


@transaction.atomic
def lock_calendar(row: CalendarYear, *, by: User) -> CalendarYear:
    """Let a draft hold from now on; the one that held before is kept as superseded."""
    _keeper(by)
    of_year = list(CalendarYear.objects.select_for_update().filter(year=row.year))
    row = next(each for each in of_year if each.pk == row.pk)
    if row.state != CalendarYear.State.DRAFT:
        raise RuleViolation(_("This calendar is no draft any more."))
    old = next((each for each in of_year if each.state == CalendarYear.State.LOCKED), None)
    if old:
        old.state = CalendarYear.State.SUPERSEDED
        old.save(update_fields=["state"])
    row.state, row.locked_at = CalendarYear.State.LOCKED, timezone.now()
    row.save(update_fields=["state", "locked_at"])
    before = {"sha256": old.sha256} if old else {}
    audit.record("calendar.locked", row, by=by, before=before, after={"sha256": row.sha256})
    believe_nothing()
    recounting.ask(by=by)
    return row


@transaction.atomic
def override_day(day: date, *, is_off: bool, name: str, document: str, by: User) -> DayOverride:
    """Set one day apart from the calendar, with the document that says so."""
    _keeper(by)
    held = current()
    if not held.knows(day.year):
        raise RuleViolation(_("There is no calendar of %(year)s yet. Load it first.") % {"year": day.year})
    if held.is_working(day) != is_off:
        raise RuleViolation(_("The calendar says this of that day already."))
    _put_back(day, by)
    try:
        with transaction.atomic():
            row = DayOverride.objects.create(date=day, is_off=is_off, name_vi=name, document=document, made_by=str(by))
    except IntegrityError:  # nothing stood that could be locked, and somebody else was first
        raise RuleViolation(_("Somebody else has just set this day apart. Look at it again.")) from None
    audit.record(
        "day.set_apart", row, by=by, before={"is_off": not is_off}, after={"is_off": is_off, "document": document}
    )
    recounting.ask(by=by)
    return row


@transaction.atomic
def retract_override(row: DayOverride, *, by: User) -> DayOverride:
    """Take a day's setting back; the calendar holds again."""
    _keeper(by)
    row = DayOverride.objects.select_for_update().get(pk=row.pk)
    if row.retracted_at is None:
        row.retracted_at, row.retracted_by = timezone.now(), str(by)
        row.save(update_fields=["retracted_at", "retracted_by"])
        audit.record("day.given_back", row, by=by, before={"is_off": row.is_off, "document": row.document}, after={})
        recounting.ask(by=by)
    return row


@transaction.atomic
def load_rules(*, by: audit.Actor) -> int:
    """Add the rules of the package that are not known in this version; known ones are never changed."""
    known = set(LegalRule.objects.values_list("rule", "scope", "valid_from"))
    new = [r for r in package_rules() if (r.id, r.scope, r.valid_from) not in known]
    for rule in new:
        audit.record("rule.loaded", LegalRule.objects.create(**_fields(rule)), by=by)
    return len(new)


def rule_on(rule: str, day: date, scopes: tuple[str, ...] = ()) -> LegalRule:
    """Return the version of a rule that holds on a day; the narrowest of the scopes wins, narrowest first."""
    held = LegalRule.objects.filter(rule=rule, valid_from__lte=day).exclude(valid_to__lte=day)
    for scope in (*scopes, "national"):
        found = held.filter(scope=scope).last()
        if found:
            return found
    raise RuleViolation(_("No version of the rule %(rule)s holds on that day.") % {"rule": rule})


def _put_back(day: date, by: User) -> None:
    """End what was set for a day before, and keep it."""
    for row in DayOverride.objects.select_for_update().filter(date=day, retracted_at=None):
        row.retracted_at, row.retracted_by = timezone.now(), str(by)
        row.save(update_fields=["retracted_at", "retracted_by"])


def _keeper(by: User) -> None:
    if not keeps_calendar(by):
        raise PermissionDenied


def _fields(rule: Rule) -> dict[str, object]:
    plain = ("scope", "kind", "name_vi", "name_en", "amount", "of", "unit", "bound", "starts_on", "document", "article",
             "valid_from", "valid_to", "certainty", "checked_on")  # fmt: skip
    return {name: getattr(rule, name) for name in plain} | {
        "rule": rule.id,
        "extensions": [
            {"amount": e.limit.amount, "unit": e.limit.unit.value, "times": e.times} for e in rule.extensions
        ],
        "pauses": list(rule.pauses),
    }  # fmt: skip
