"""A coordinator opens a year's exercise; a leader confirms the classes and decides on what the public sees."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Role, User
from quantri.web.appraisal.models import ClassingDecision, Entry, Exercise
from quantri.web.appraisal.on_time import NOTHING, on_time_of
from quantri.web.appraisal.parsing import sheet_of
from quantri.web.appraisal.scoring import appraised_result, frozen
from quantri.web.core import audit
from quantri.web.places.models import Province

Kind = ClassingDecision.Kind


@dataclass(frozen=True, kw_only=True)
class ExerciseDraft:
    """An exercise as it was typed."""

    year: int
    title: str
    sheet_text: str
    scored_from: date
    scored_until: date
    appealed_until: date


@transaction.atomic
def open_exercise(province: Province, draft: ExerciseDraft, agencies: Sequence[Agency], *, by: User) -> Exercise:
    """Open an exercise for some agencies of a province; its sheet is read, and so refused when it has a fault."""
    if not by.holds(province.pk, Role.COORDINATOR):
        raise PermissionDenied
    if not agencies:
        raise RuleViolation(_("Choose at least one agency."))
    if any(a.province_id != province.pk for a in agencies):
        raise PermissionDenied
    sheet_of(draft.sheet_text, draft.title)
    exercise = Exercise.objects.create(
        province=province, sheet_sha256=hashlib.sha256(draft.sheet_text.encode()).hexdigest(),
        is_demonstration=settings.DEMO, **vars(draft),
    )  # fmt: skip
    Entry.objects.bulk_create([Entry(exercise=exercise, agency=a) for a in agencies], batch_size=1000)
    audit.record("exercise.opened", exercise, by=by, agencies=[a.name_vi for a in agencies])
    return exercise


@transaction.atomic
def confirm(exercise: Exercise, *, reason: str, by: User) -> ClassingDecision:
    """Confirm the classes that the sheet's rule makes; from then on nothing in the exercise changes."""
    exercise = _led(exercise, by=by)
    if exercise.is_confirmed:
        raise RuleViolation(_("The classes of this exercise are confirmed already."))
    entries = list(exercise.entries.standing().prefetch_related("lines").select_for_update(of=("self",)))
    waiting = sum(e.is_handed_in and not e.is_appraised for e in entries)
    if waiting:
        raise RuleViolation(_("%(n)s agencies that handed in are not appraised yet.") % {"n": waiting})
    if exercise.entries.standing().filter(appeals__answered_at=None, appeals__isnull=False).exists():
        raise RuleViolation(_("There is an appeal without an answer."))
    today, last = timezone.localdate(), _last_day(exercise, entries)
    if today <= last:
        raise RuleViolation(
            _("Agencies may still hand in or appeal until %(day)s; the classes are confirmed after that.")
            % {"day": date_format(last)}
        )
    rates = on_time_of(exercise, entries, today)
    for entry in entries:
        on_time = asdict(rates.get(entry.agency_id, NOTHING))
        entry.result = {**frozen(appraised_result(entry, exercise.sheet)), "on_time": on_time}
    Entry.objects.bulk_update(entries, ["result"], batch_size=500)
    exercise.confirmed_at = timezone.now()
    exercise.save(update_fields=["confirmed_at"])
    return _decided(exercise, Kind.CONFIRM, reason, by=by)


@transaction.atomic
def publish(exercise: Exercise, *, reason: str, by: User) -> ClassingDecision:
    """Let everyone see the confirmed classes."""
    exercise = _led(exercise, by=by)
    if not exercise.is_confirmed:
        raise RuleViolation(_("The classes must be confirmed before they are published."))
    if exercise.published_at:
        raise RuleViolation(_("This is public already."))
    exercise.published_at = timezone.now()
    exercise.save(update_fields=["published_at"])
    return _decided(exercise, Kind.PUBLISH, reason, by=by)


@transaction.atomic
def withdraw(exercise: Exercise, *, reason: str, by: User) -> ClassingDecision:
    """Take the classes back from the public; they stay confirmed."""
    exercise = _led(exercise, by=by)
    if not exercise.published_at:
        raise RuleViolation(_("This is not public."))
    exercise.published_at = None
    exercise.save(update_fields=["published_at"])
    return _decided(exercise, Kind.WITHDRAW, reason, by=by)


def _last_day(exercise: Exercise, entries: Iterable[Entry]) -> date:
    """Last day on which an agency may still hand in, by an extension too, or ask for another look."""
    return max([exercise.appealed_until, *(entry.last_day for entry in entries if not entry.is_handed_in)])


def _led(exercise: Exercise, *, by: User) -> Exercise:
    exercise = Exercise.objects.select_for_update().get(pk=exercise.pk)
    if not by.holds(exercise.province_id, PROVINCE_LEADER):
        raise PermissionDenied
    return exercise


def _decided(exercise: Exercise, kind: Kind, reason: str, *, by: User) -> ClassingDecision:
    decision = ClassingDecision.objects.create(exercise=exercise, kind=kind, reason=reason, decided_by=str(by))
    audit.record(f"exercise.{kind}", exercise, by=by, reason=reason)
    return decision
