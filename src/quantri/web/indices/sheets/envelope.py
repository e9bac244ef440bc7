"""The file around the sheets, checked by the engine; its faults in the language of the page."""

import io

from django.utils.translation import gettext as _

from quantri.engine.files.envelope import EnvelopeBounds, EnvelopeFault, find_envelope_fault
from quantri.errors import DataError

MAX_BYTES = 150 * 2**20
MAX_ENTRIES = 2000
BOUNDS = EnvelopeBounds(
    n_bytes=MAX_BYTES,
    n_text_bytes=40 * 2**20,
    n_entries=MAX_ENTRIES,
    n_tags=4_000_000,  # reading them takes a few seconds; an official workbook has some 500,000
)


def check_envelope(content: bytes, name: str) -> None:
    """Raise DataError unless the content is a sound .xlsx that can be read without danger."""
    fault = find_envelope_fault(io.BytesIO(content), name, BOUNDS)
    if fault:
        raise DataError(_sentence(fault) % {"name": name})


def broken(name: str) -> DataError:
    """Make the error of a file that cannot be read through."""
    return DataError(_sentence(EnvelopeFault.DAMAGED) % {"name": name})


def _sentence(fault: EnvelopeFault) -> str:
    return {
        EnvelopeFault.OLD_OR_LOCKED: _(
            "%(name)s: this is an old Excel file (.xls) or one with a password; open it in Excel and save it as .xlsx "
            "without a password."
        ),
        EnvelopeFault.NO_WORKBOOK: _("%(name)s: this is not an Excel workbook; open it in Excel and save it as .xlsx."),
        EnvelopeFault.MACROS: _(
            "%(name)s: the workbook holds macros; save it as .xlsx without macros and import that file."
        ),
        EnvelopeFault.TOO_BIG: _(
            "%(name)s: the workbook is too big; keep only the sheet of results in it and import that file."
        ),
        EnvelopeFault.TRICKS: _(
            "%(name)s: the workbook holds XML definitions that Excel never writes; save it again in Excel."
        ),
        EnvelopeFault.DAMAGED: _(
            "%(name)s: the file is damaged; open it in Excel, save it again as .xlsx and import that file."
        ),
    }[fault]
