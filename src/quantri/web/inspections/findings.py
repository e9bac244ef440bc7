"""Findings are written down with photos, sent to the agency with a day for the answer, answered, and decided on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.core import audit, uploads
from quantri.web.inspections import answer_clocks
from quantri.web.inspections.models import Answer, Attachment, Finding, Programme, Question, Visit
from quantri.web.inspections.visits import locked, tell, written
from quantri.web.tasks.models.task import CARRIERS

MOST = 20  # files of a finding or an answer
Verdict = Answer.Verdict


@dataclass(frozen=True, kw_only=True)
class FindingDraft:
    """A finding as it was typed."""

    text: str
    recommendation: str = ""
    needs_answer: bool = True
    question: Question | None = None

    @property
    def plain(self) -> dict[str, object]:
        return {"text": self.text, "recommendation": self.recommendation, "needs_answer": self.needs_answer}


@transaction.atomic
def add_finding(visit: Visit, draft: FindingDraft, files: Iterable[UploadedFile] = (), *, by: User) -> Finding:
    """Write down what is not in order, with its photos; DataError says why a file is not taken."""
    visit = written(visit, by=by)
    if not visit.is_held:
        raise RuleViolation(_("Say first on which day the visit took place."))
    finding = Finding.objects.create(visit=visit, agency=visit.agency, made_by=str(by), **vars(draft))
    audit.record("finding.added", finding, by=by, after=draft.plain)
    _attach(files, by=by, finding=finding)
    return finding


@transaction.atomic
def change_finding(finding: Finding, draft: FindingDraft, files: Iterable[UploadedFile] = (), *, by: User) -> Finding:
    """Write a finding otherwise while it is not sent."""
    finding = _unsent(finding, by=by)
    before = FindingDraft(**{name: getattr(finding, name) for name in vars(draft)}).plain
    for name, value in vars(draft).items():
        setattr(finding, name, value)
    finding.save(update_fields=list(vars(draft)))
    audit.record("finding.changed", finding, by=by, before=before, after=draft.plain)
    _attach(files, by=by, finding=finding)
    return finding


@transaction.atomic
def take_back(finding: Finding, *, by: User) -> Finding:
    """Take a finding back before it is sent; the row stays."""
    finding = _unsent(finding, by=by)
    finding.ended_at = timezone.now()
    finding.save(update_fields=["ended_at"])
    audit.record("finding.taken_back", finding, by=by)
    return finding


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User) -> Attachment:
    """Take a photo away from a finding that is not sent; the row stays."""
    if attachment.finding is None:
        raise RuleViolation(_("What was answered stays as it was sent."))
    _unsent(attachment.finding, by=by)
    attachment.take_away()
    audit.record("attachment.removed", attachment, by=by)
    return attachment


@transaction.atomic
def send_findings(visit: Visit, *, by: User) -> Visit:
    """Send the agency what was found; the day of each answer is counted from today."""
    visit = written(visit, by=by)
    if not visit.is_held:
        raise RuleViolation(_("Say first on which day the visit took place."))
    found = list(visit.findings.standing().select_for_update(of=("self",)).select_related("agency"))
    days = [_ask(finding, visit, by=by) for finding in found if finding.needs_answer]
    due = days[0] if days else None
    visit.sent_at, visit.sent_by = timezone.now(), str(by)
    visit.save(update_fields=["sent_at", "sent_by"])
    audit.record("findings.sent", visit, by=by, findings=len(found), due_on=due and str(due))
    tell(visit, visit.agency, "sent", _("The findings of the inspection of your agency are there."))
    return visit


@transaction.atomic
def answer(finding: Finding, *, text: str, files: Iterable[UploadedFile] = (), by: User) -> Answer:
    """Answer a finding with evidence; a late answer is taken, and shown as late."""
    answer_clocks.lock(finding)
    visit = locked(finding.visit)
    finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if not by.agencies(*CARRIERS).filter(pk=finding.agency_id).exists():
        raise PermissionDenied
    if not visit.is_sent or finding.due_on is None or finding.ended_at:
        raise RuleViolation(_("No answer is asked for."))
    if finding.settled_on or finding.answers.filter(decided_at=None).exists():
        raise RuleViolation(_("An answer is there already; wait for what becomes of it."))
    made = Answer.objects.create(
        finding=finding, text=text, due_on=finding.due_on, answered_at=timezone.now(), answered_by=str(by)
    )
    audit.record("finding.answered", made, by=by, due_on=str(made.due_on), was_late=made.was_late)
    answer_clocks.end(finding, by=by)
    _attach(files, by=by, answer=made)
    return made


@transaction.atomic
def accept_answer(made: Answer, *, reason: str = "", by: User) -> Answer:
    """Accept an answer; the finding is settled."""
    made = _decide(made, Verdict.ACCEPTED, reason, by=by)
    finding = made.finding
    finding.settled_on = timezone.localdate()
    finding.save(update_fields=["settled_on"])
    audit.record("answer.accepted", made, by=by, reason=reason)
    return made


@transaction.atomic
def give_answer_back(made: Answer, *, reason: str, by: User) -> Answer:
    """Return an answer with the reason; the days for the next one are counted from today."""
    made = _decide(made, Verdict.RETURNED, reason, by=by)
    finding = made.finding
    before, finding.due_on = finding.due_on, max(finding.due_on, answer_clocks.begin(finding, by=by))
    finding.save(update_fields=["due_on"])
    audit.record("answer.returned", made, by=by, reason=reason, before={"due_on": str(before)},
                 after={"due_on": str(finding.due_on)})  # fmt: skip
    tell(
        finding.visit,
        finding.agency,
        f"returned-{made.pk}",
        _("An answer to a finding came back; it has to be given anew."),
    )
    return made


def _ask(finding: Finding, visit: Visit, *, by: User) -> date:
    """Ask for an answer within the programme's days."""
    finding.visit, finding.answer_days = visit, visit.programme.answer_days
    finding.first_due_on = finding.due_on = answer_clocks.begin(finding, by=by)
    finding.save(update_fields=["answer_days", "first_due_on", "due_on"])
    return finding.due_on


def _unsent(finding: Finding, *, by: User) -> Finding:
    written(finding.visit, by=by)
    finding = Finding.objects.select_for_update(of=("self",)).select_related("visit", "question").get(pk=finding.pk)
    if finding.ended_at:
        raise RuleViolation(_("This finding was taken back."))
    return finding


def _decide(made: Answer, verdict: str, reason: str, *, by: User) -> Answer:
    """Lock the finding, then its answer; decide once."""
    found = Finding.objects.select_for_update(of=("self",)).select_related("visit__programme__plan", "agency")
    finding = found.get(pk=made.finding_id)
    if not Programme.objects.inspected_by(by).filter(pk=finding.visit.programme_id).exists():
        raise PermissionDenied
    made = Answer.objects.select_for_update().get(pk=made.pk)
    made.finding = finding
    if made.decided_at:
        raise RuleViolation(_("This answer was decided on already."))
    made.verdict, made.reason, made.decided_at, made.decided_by = verdict, reason, timezone.now(), str(by)
    made.save(update_fields=["verdict", "reason", "decided_at", "decided_by"])
    return made


def _attach(files: Iterable[UploadedFile], *, by: User, **to: Finding | Answer) -> None:
    """Keep files of a finding or an answer; one that is there already is not kept twice."""
    there = Attachment.objects.standing().filter(**to).count()
    for n, file in enumerate(files, there + 1):
        if n > MOST:
            raise RuleViolation(_("At most %(n)s files can be kept here.") % {"n": MOST})
        attachment = uploads.attach(Attachment, file, by=by, **to)
        if attachment:
            audit.record("attachment.added", attachment, by=by, sha256=attachment.sha256, size=attachment.size)
