"""Evidence is added to a report and taken away again, while the report can still be changed."""

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role, User
from quantri.web.core import audit, uploads
from quantri.web.tasks.models import Evidence, Progress
from quantri.web.tasks.models.task import CARRIERS

MOST = 20  # pieces of evidence of one report


@transaction.atomic
def add_file(progress: Progress, file: UploadedFile, *, by: audit.Actor) -> Evidence:
    """Keep a file as evidence; DataError says why one is not taken."""
    _open(progress, by=by)
    evidence = uploads.attach(Evidence, file, by=by, progress=progress)
    if evidence is None:
        raise RuleViolation(_("This file is there already."))
    audit.record("evidence.added", evidence, by=by, sha256=evidence.sha256, size=evidence.size)
    return evidence


@transaction.atomic
def add_link(progress: Progress, address: str, *, by: audit.Actor) -> Evidence:
    """Keep an address as evidence."""
    _open(progress, by=by)
    evidence = Evidence.objects.create(progress=progress, name=address[:200], link=address, added_by=str(by))
    audit.record("evidence.added", evidence, by=by, link=address)
    return evidence


@transaction.atomic
def remove(evidence: Evidence, *, by: User) -> None:
    """Take a piece of evidence away from a report that is not handed in; the row stays."""
    _open(evidence.progress, by=by)
    evidence.take_away()
    audit.record("evidence.removed", evidence, by=by)


@transaction.atomic
def share(evidence: Evidence, *, by: User) -> Evidence:
    """Let overseers of the province read a piece of evidence."""
    if not by.holds(evidence.progress.period.plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
    evidence.is_shared = True
    evidence.save(update_fields=["is_shared"])
    audit.record("evidence.shared", evidence, by=by)
    return evidence


def _open(progress: Progress, *, by: audit.Actor) -> None:
    """Refuse others, and a report that changes no more."""
    progress = Progress.objects.select_for_update().get(pk=progress.pk)
    if isinstance(by, User) and not by.agencies(*CARRIERS).filter(pk=progress.assignment.agency_id).exists():
        raise PermissionDenied
    if progress.period.is_locked:
        raise RuleViolation(_("This period is locked. Ask the coordinator to open it again."))
    if progress.state == Progress.State.ACCEPTED:
        raise RuleViolation(_("This report was accepted; it changes no more."))
    if progress.evidence.standing().count() >= MOST:
        raise RuleViolation(_("A report holds at most %(n)s pieces of evidence.") % {"n": MOST})
