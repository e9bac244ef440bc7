"""Files of frozen reports: the one that was made first is handed out, and what the program makes now is compared."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from quantri import __version__
from quantri.web.core import audit
from quantri.web.reports.keeping import checksum, first_file, is_whole
from quantri.web.reports.models import FrozenFile, SynthesisReport
from quantri.web.reports.synthesis_files import report_docx, report_pdf, report_xlsx
from quantri.web.reports.templating import file_of

SYSTEM = audit.System("files")
RENDERERS: dict[str, Callable[[dict, bytes | None], bytes]] = {
    "docx": report_docx, "xlsx": report_xlsx, "pdf": report_pdf,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A file of a frozen report; not the first where that was lost and the program makes another one now."""

    content: bytes
    is_first: bool


def file_of_report(report: SynthesisReport, ending: str) -> Handed:
    """Hand out the file that was made first, or make it; its checksum is recorded then."""
    row = report.files.filter(ending=ending).first()
    made = first_file(key_of(report), ending, lambda: make(report, ending), sha256=row.sha256 if row else "")
    row = row or _record(report, ending, checksum(made))
    is_first = checksum(made) == row.sha256
    if not is_first:
        _note(row, is_same=False)
    return Handed(content=made, is_first=is_first)


def compare(row: FrozenFile) -> bool:
    """Make a file again with the program of today, and note whether it is the same as the first."""
    is_same = checksum(make(row.report, row.ending)) == row.sha256
    _note(row, is_same=is_same)
    return is_same


def is_kept(row: FrozenFile) -> bool:
    """Say whether the first file is still there, whole."""
    return is_whole(key_of(row.report), row.ending, sha256=row.sha256)


def make(report: SynthesisReport, ending: str) -> bytes:
    """Make a file from frozen content and the template it was frozen with."""
    return RENDERERS[ending](report.content, file_of(report.template or report.shipped))


@transaction.atomic
def _record(report: SynthesisReport, ending: str, sha256: str) -> FrozenFile:
    """Record a file that was made first; who came a moment later finds the row of the other."""
    row, is_new = FrozenFile.objects.get_or_create(
        report=report, ending=ending, defaults={"sha256": sha256, "made_with": __version__}
    )
    if is_new:
        audit.record("synthesis.file_made", report, by=SYSTEM, ending=ending, sha256=sha256)
    return row


def _note(row: FrozenFile, *, is_same: bool) -> None:
    row.is_same, row.checked_at, row.checked_with = is_same, timezone.now(), __version__
    row.save(update_fields=["is_same", "checked_at", "checked_with"])


def key_of(report: SynthesisReport) -> str:
    """Name under which files are kept: the same content in another template is another file."""
    template = report.template or report.shipped
    return hashlib.sha256(f"{report.sha256}{template.sha256 if template else ''}".encode()).hexdigest()
