"""An agency scores itself and hands in; the coordinator appraises; an appeal is made and answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role, User
from quantri.web.appraisal.models import SCORERS, Appeal, Entry, Line
from quantri.web.core import audit


class PointsChangedMeanwhile(RuleViolation):
    """Somebody else appraised between reading and saving."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """Points for one line, with the evidence or the explanation that goes with them."""

    points: Decimal | None
    words: str = ""


@transaction.atomic
def save_self_scores(entry: Entry, given: Mapping[str, Given], *, by: User) -> Entry:
    """Keep an agency's own points so far; nothing is handed in yet."""
    entry = own_entry(entry, by=by)
    may_still_score(entry)
    _write(entry, given, "self_points", "evidence")
    audit.record("selfscore.saved", entry, by=by, points=_told(given))
    return entry


@transaction.atomic
def hand_in(entry: Entry, given: Mapping[str, Given], *, by: User) -> Entry:
    """Hand an agency's own points in, once; every criterion needs points, and points need evidence."""
    entry = save_self_scores(entry, given, by=by)
    lines = {line.code: line for line in entry.lines.all()}
    sheet = entry.exercise.sheet
    unscored = [c.code for c in sheet.criteria if c.code not in lines or lines[c.code].self_points is None]
    if unscored:
        raise RuleViolation(_("These criteria have no points yet: %(codes)s.") % {"codes": ", ".join(unscored)})
    filed = set(entry.proofs.standing().values_list("code", flat=True))
    bare = [
        line.code for line in lines.values()
        if line.self_points and sheet.lines[line.code].needs_evidence and not line.evidence and line.code not in filed
    ]  # fmt: skip
    if bare:
        raise RuleViolation(_("Points need evidence; it is missing for: %(codes)s.") % {"codes": ", ".join(bare)})
    entry.handed_in_at, entry.handed_in_by, entry.returned_reason = timezone.now(), str(by), ""
    entry.save(update_fields=["handed_in_at", "handed_in_by", "returned_reason"])
    audit.record("selfscore.handed_in", entry, by=by)
    return entry


@transaction.atomic
def give_back(entry: Entry, *, reason: str, by: User) -> Entry:
    """Send what was handed in back to the agency, with the reason; it can be handed in again."""
    entry = _steered(entry, by=by)
    if not entry.is_handed_in:
        raise RuleViolation(_("Nothing was handed in yet."))
    entry.handed_in_at, entry.appraised_at, entry.returned_reason = None, None, reason
    entry.save(update_fields=["handed_in_at", "appraised_at", "returned_reason"])
    audit.record("selfscore.returned", entry, by=by, reason=reason)
    return entry


@transaction.atomic
def extend(entry: Entry, *, until: date, reason: str, by: User) -> Entry:
    """Let one agency hand in later, with the reason."""
    entry = _steered(entry, by=by)
    if until <= entry.last_day:
        raise RuleViolation(_("The new date must lie after the present one."))
    before, entry.extended_until, entry.extension_reason = entry.last_day, until, reason
    entry.save(update_fields=["extended_until", "extension_reason"])
    audit.record("selfscore.extended", entry, by=by, before=str(before), after=str(until), reason=reason)
    return entry


@transaction.atomic
def appraise(entry: Entry, given: Mapping[str, Given], *, facts: list[str], seen: str, by: User) -> Entry:
    """Give the points of the appraisal; each that differs from the agency's own needs its explanation."""
    entry = _steered(entry, by=by)
    if not entry.is_handed_in:
        raise RuleViolation(_("Nothing was handed in yet."))
    if seen != mark(entry):
        raise PointsChangedMeanwhile(_("Somebody else appraised this meanwhile. Look at the points and save again."))
    own = {line.code: line.self_points for line in entry.lines.all()}
    missing = [code for code in (c.code for c in entry.exercise.sheet.criteria) if given[code].points is None]
    if missing:
        raise RuleViolation(_("These criteria have no points yet: %(codes)s.") % {"codes": ", ".join(missing)})
    silent = [code for code, each in given.items() if _differs(each.points, own.get(code)) and not each.words]
    if silent:
        raise RuleViolation(
            _("Explain each difference from the agency's own points: %(codes)s.") % {"codes": ", ".join(silent)}
        )
    _write(entry, given, "points", "explanation")
    entry.facts = [fact for fact in entry.exercise.sheet.lowering if fact in facts]
    entry.appraised_at, entry.appraised_by = timezone.now(), str(by)
    entry.save(update_fields=["facts", "appraised_at", "appraised_by"])
    audit.record("selfscore.appraised", entry, by=by, points=_told(given), facts=entry.facts)
    return entry


@transaction.atomic
def appeal(entry: Entry, *, reason: str, by: User) -> Appeal:
    """Ask for another look at the points, within the dates of the exercise."""
    entry = own_entry(entry, by=by)
    if not entry.is_appraised:
        raise RuleViolation(_("There is no appraisal yet."))
    if timezone.localdate() > entry.exercise.appealed_until:
        raise RuleViolation(_("The time for appeals has passed."))
    if entry.appeals.filter(answered_at=None).exists():
        raise RuleViolation(_("An appeal is waiting for its answer."))
    made = Appeal.objects.create(entry=entry, reason=reason, made_by=str(by))
    audit.record("appeal.made", made, by=by, agency=str(entry.agency))
    return made


@transaction.atomic
def answer_appeal(made: Appeal, *, answer: str, by: User) -> Appeal:
    """Answer an appeal; points that change are given by a new appraisal."""
    _steered(made.entry, by=by)
    made = Appeal.objects.select_for_update().get(pk=made.pk)
    if made.answered_at:
        raise RuleViolation(_("This appeal is answered already."))
    made.answer, made.answered_at, made.answered_by = answer, timezone.now(), str(by)
    made.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("appeal.answered", made, by=by)
    return made


def mark(entry: Entry) -> str:
    """Name the present appraisal; the next one has another."""
    return entry.appraised_at.isoformat() if entry.appraised_at else "none"


def own_entry(entry: Entry, *, by: User) -> Entry:
    """Lock the entry of an agency for which the person may score."""
    entry = _locked(entry)
    if not by.agencies(*SCORERS).filter(pk=entry.agency_id).exists():
        raise PermissionDenied
    return entry


def _steered(entry: Entry, *, by: User) -> Entry:
    """Lock an entry of a province that the person coordinates."""
    entry = _locked(entry)
    if not by.holds(entry.exercise.province_id, Role.COORDINATOR):
        raise PermissionDenied
    return entry


def _locked(entry: Entry) -> Entry:
    entry = Entry.objects.select_for_update(of=("self",)).select_related("exercise", "agency").get(pk=entry.pk)
    if entry.exercise.is_confirmed:
        raise RuleViolation(_("The classes of this exercise are confirmed; nothing in it changes any more."))
    if entry.followed_by_id:
        raise RuleViolation(_("This agency has ended; another one is scored in its place."))
    return entry


def may_still_score(entry: Entry) -> None:
    today = timezone.localdate()
    if entry.is_handed_in:
        raise RuleViolation(_("This was handed in; the coordinator can give it back."))
    if today < entry.exercise.scored_from:
        raise RuleViolation(_("Self-scoring has not begun yet."))
    if today > entry.last_day:
        raise RuleViolation(_("The time for self-scoring has passed; ask the coordinator for an extension."))


def _write(entry: Entry, given: Mapping[str, Given], points: str, words: str) -> None:
    """Keep points and words of the lines of the sheet; other codes are none of its lines."""
    lines = [
        Line(entry=entry, code=code, **{points: given[code].points, words: given[code].words})
        for code in entry.exercise.sheet.lines if code in given
    ]  # fmt: skip
    Line.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["entry", "code"], update_fields=[points, words]
    )


def _differs(points: Decimal | None, own: Decimal | None) -> bool:
    return (points or 0) != (own or 0)


def _told(given: Mapping[str, Given]) -> dict[str, str]:
    return {code: str(each.points) for code, each in given.items() if each.points is not None}
