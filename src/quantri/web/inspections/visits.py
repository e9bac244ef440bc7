"""A visit is planned, announced or kept as a surprise, prepared by the agency, held, or cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, User
from quantri.web.core import audit, outbox
from quantri.web.core.models import Message
from quantri.web.inspections.models import Check, Choice, Finding, Programme, Visit
from quantri.web.inspections.programmes import inspected
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.tasks.models.task import CARRIERS


@dataclass(frozen=True, kw_only=True)
class VisitDraft:
    """A visit as it was typed."""

    visit_on: date
    is_surprise: bool = False
    outline: str = ""
    outline_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an inspector says of one question, and the mark of what the form began from."""

    outcome: str
    note: str
    mark: str

    @property
    def is_touched(self) -> bool:
        return bool(self.outcome) and mark_of([self.outcome, self.note]) != self.mark


@transaction.atomic
def plan_visit(choice: Choice, agency: Agency, draft: VisitDraft, *, by: User) -> Visit:
    """Plan a visit to a place that was chosen."""
    programme = inspected(choice.programme, by=by)
    if not choice.took(agency):
        raise RuleViolation(_("This place was not chosen."))
    return _planned(programme, agency, draft, by=by, choice=choice)


@transaction.atomic
def plan_reinspection(finding: Finding, draft: VisitDraft, *, by: User) -> Visit:
    """Plan a visit that looks again at a finding that was sent."""
    programme = inspected(finding.visit.programme, by=by)
    if not finding.visit.is_sent:
        raise RuleViolation(_("The finding must be sent before it is looked at again."))
    return _planned(programme, finding.agency, draft, by=by, reinspects=finding)


@transaction.atomic
def move_visit(visit: Visit, draft: VisitDraft, *, by: User) -> Visit:
    """Change the day and the preparation of a visit that did not take place yet."""
    visit = written(visit, by=by)
    if visit.is_held:
        raise RuleViolation(_("This visit took place already."))
    if draft.is_surprise and visit.announced_at:
        raise RuleViolation(_("This visit was announced; it is no surprise any more."))
    before = {"visit_on": str(visit.visit_on), "outline": visit.outline}
    for name, value in vars(draft).items():
        setattr(visit, name, value)
    visit.save(update_fields=list(vars(draft)))
    after = {"visit_on": str(visit.visit_on), "outline": visit.outline}
    audit.record("visit.changed", visit, by=by, before=before, after=after)
    return visit


@transaction.atomic
def announce(visit: Visit, *, by: User) -> Visit:
    """Tell the agency of the visit; from then on it sees it."""
    visit = written(visit, by=by)
    if visit.is_surprise:
        raise RuleViolation(_("A surprise visit is not announced."))
    if visit.announced_at is None:
        visit.announced_at = timezone.now()
        visit.save(update_fields=["announced_at"])
        audit.record("visit.announced", visit, by=by, agency=visit.agency.name_vi, visit_on=str(visit.visit_on))
        tell(
            visit,
            visit.agency,
            "announced",
            _("Your agency will be inspected on %(day)s.") % {"day": f"{visit.visit_on:%d/%m/%Y}"},
        )
    return visit


@transaction.atomic
def report_beforehand(visit: Visit, *, text: str, by: User) -> Visit:
    """Hand in what the team asked for before its visit; it may be written anew until the visit took place."""
    visit = locked(visit)
    if not by.agencies(*CARRIERS).filter(pk=visit.agency_id).exists():
        raise PermissionDenied
    if not visit.outline or visit.announced_at is None or visit.is_held or not visit.is_open:
        raise RuleViolation(_("No report is asked for before this visit, or the visit took place already."))
    before, visit.outline_report = visit.outline_report, text
    visit.outline_sent_at, visit.outline_sent_by = timezone.now(), str(by)
    visit.save(update_fields=["outline_report", "outline_sent_at", "outline_sent_by"])
    audit.record("visit.reported_beforehand", visit, by=by, before=before, after=text)
    return visit


@transaction.atomic
def record_checks(visit: Visit, seen: Mapping[int, Seen], *, held_on: date, by: User) -> Visit:
    """Keep what was seen; two inspectors may write at once, each what the other left alone."""
    visit = written(visit, by=by)
    if held_on > timezone.localdate():
        raise RuleViolation(_("The day of the visit has not come yet."))
    there = {check.question_id: check for check in visit.checks.select_for_update()}
    touched = {key: each for key, each in seen.items() if each.is_touched}
    crossed = [there[key] for key, each in touched.items() if key in there and _is_crossed(there[key], each)]
    if crossed:
        raise ChangedMeanwhile({check.question_id: check for check in crossed})
    for key, each in touched.items():
        _write(visit, key, there.get(key), each, by=by)
    if visit.held_on != held_on:
        before, visit.held_on = visit.held_on, held_on
        visit.save(update_fields=["held_on"])
        audit.record("visit.held", visit, by=by, before={"held_on": before and str(before)},
                     after={"held_on": str(held_on)})  # fmt: skip
    return visit


@transaction.atomic
def cancel(visit: Visit, *, reason: str, by: User) -> Visit:
    """Call a visit off that did not take place; it stays with the reason."""
    visit = written(visit, by=by)
    if visit.is_held:
        raise RuleViolation(_("This visit took place already."))
    visit.cancelled_at, visit.cancelled_reason = timezone.now(), reason
    visit.save(update_fields=["cancelled_at", "cancelled_reason"])
    audit.record("visit.cancelled", visit, by=by, reason=reason)
    if visit.announced_at:
        tell(
            visit,
            visit.agency,
            "cancelled",
            _("The inspection of %(day)s is called off.") % {"day": f"{visit.visit_on:%d/%m/%Y}"},
        )
    return visit


def mark_of_check(check: Check | None) -> str:
    """Name what stands at a question; a form carries it to say from what it began."""
    return mark_of([check.outcome, check.note] if check else ["", ""])


def locked(visit: Visit) -> Visit:
    found = Visit.objects.select_for_update(of=("self",)).select_related("programme__plan__province", "agency")
    return found.get(pk=visit.pk)


def written(visit: Visit, *, by: User) -> Visit:
    """Lock a visit that the person inspects and that can still be written to."""
    inspected(visit.programme, by=by)
    visit = locked(visit)
    if visit.cancelled_at:
        raise RuleViolation(_("This visit was cancelled."))
    if visit.is_sent:
        raise RuleViolation(_("The findings of this visit were sent; what was seen changes no more."))
    return visit


def tell(visit: Visit, agency: Agency, what: str, subject: str) -> None:
    """Put a notice before everybody who answers for an agency."""
    members = agency.memberships.on(timezone.localdate()).filter(role__in=CARRIERS)
    people = User.objects.filter(memberships__in=members).distinct()
    outbox.post_all([
        outbox.Letter(
            key=f"visit-{visit.pk}-{what}-{person.pk}", recipient=person, subject=subject, body=visit.programme.title,
            link=reverse("inspections:visit", args=[visit.pk]), channel=Message.Channel.NOTICE, scope=visit.audit_scope,
        )
        for person in people
    ])  # fmt: skip


def _planned(programme: Programme, agency: Agency, draft: VisitDraft, *, by: User, **why: Choice | Finding) -> Visit:
    if draft.visit_on < programme.starts_on:
        raise RuleViolation(_("The programme begins later than this day."))
    try:
        with transaction.atomic():
            visit = Visit.objects.create(programme=programme, agency=agency, **vars(draft), **why)
    except IntegrityError:
        raise RuleViolation(_("A visit to this place is planned from this choice already.")) from None
    audit.record("visit.planned", visit, by=by, visit_on=str(draft.visit_on), is_surprise=draft.is_surprise)
    return visit


def _is_crossed(there: Check, each: Seen) -> bool:
    """Somebody wrote something else there after the form was shown."""
    return mark_of_check(there) != each.mark and (there.outcome, there.note) != (each.outcome, each.note)


def _write(visit: Visit, key: int, there: Check | None, each: Seen, *, by: User) -> None:
    check = there or Check(visit=visit, question_id=key)
    before = {"outcome": check.outcome, "note": check.note} if there else None
    check.outcome, check.note = each.outcome, each.note
    check.checked_at, check.checked_by = timezone.now(), str(by)
    check.save()
    after = {"outcome": check.outcome, "note": check.note}
    audit.record("check.recorded", check, by=by, before=before, after=after)
