"""A report comes with its evidence: both are kept, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from quantri.web.core import audit
from quantri.web.tasks import proof
from quantri.web.tasks.links import claim, submit_by_link
from quantri.web.tasks.models import Assignment, OneUseLink, Progress, ReportingPeriod
from quantri.web.tasks.reporting import Reported, save_draft, submit


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What a person sends at once: the report, files and an address; `seen` is the mark from which it began."""

    typed: Reported
    seen: int
    files: Sequence[UploadedFile] = ()
    link: str = ""


@transaction.atomic
def keep(assignment: Assignment, period: ReportingPeriod, sent: Delivery, *, by: audit.Actor) -> Progress:
    """Keep a report and its evidence without handing it in."""
    progress = save_draft(assignment, period, sent.typed, seen=sent.seen, by=by)
    for file in sent.files:
        proof.add_file(progress, file, by=by)
    if sent.link:
        proof.add_link(progress, sent.link, by=by)
    return progress


@transaction.atomic
def hand_in(assignment: Assignment, period: ReportingPeriod, sent: Delivery, *, by: audit.Actor) -> Progress:
    """Hand a report and its evidence in."""
    progress = keep(assignment, period, sent, by=by)
    return submit(assignment, period, sent.typed, seen=progress.mark, by=by)


@transaction.atomic
def hand_in_by_link(token: str, link: OneUseLink, sent: Delivery, *, by: audit.Actor) -> Progress:
    """Hand in what a one-use link opens; the link is used up together with it."""
    claim(token)
    progress = keep(link.assignment, link.period, sent, by=by)
    return submit_by_link(token, sent.typed, seen=progress.mark)
