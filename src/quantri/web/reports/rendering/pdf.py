"""PDF from a Word document, by LibreOffice in a process and a profile of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from quantri.errors import DataError

TIME_LIMIT = 90  # seconds
_FILTER = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'


def pdf_available() -> bool:
    """Tell whether LibreOffice is installed."""
    return _program() is not None


def to_pdf(docx: bytes) -> bytes:
    """Convert a .docx.

    Raises
    ------
    DataError
        If LibreOffice is missing, takes longer than the time limit or makes no PDF.
    """
    program = _program()
    if program is None:
        raise DataError(
            "PDF needs LibreOffice: install it (Debian, Ubuntu: libreoffice-writer) or download the Word file"
        )
    with tempfile.TemporaryDirectory(prefix="quantri-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "document.docx").write_bytes(docx)
        said = _run([program, *_options(folder), str(folder / "document.docx")], folder)
        made = folder / "document.pdf"
        if not made.exists() or not made.read_bytes().startswith(b"%PDF"):
            raise DataError(f"LibreOffice made no PDF of this document; it said: {said[-300:].strip() or 'nothing'}")
        return made.read_bytes()


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _options(folder: Path) -> list[str]:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    quiet = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"]
    return [profile, *quiet, "--convert-to", _FILTER, "--outdir", str(folder)]


def _run(command: list[str], folder: Path) -> str:
    """Run in a process group, so that a time-out ends the program behind the starter too."""
    process = subprocess.Popen(  # noqa: S603  a fixed program; the document is a file
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        start_new_session=True,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        said, _ = process.communicate(timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired as late:
        _end(process)
        raise DataError(
            f"LibreOffice took longer than {TIME_LIMIT} seconds; try again or download the Word file"
        ) from late
    return said.decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()
