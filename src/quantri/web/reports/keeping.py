"""Files of frozen documents on disk: each is made once, by one worker at a time, and kept under its checksum."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from quantri.web.core.frozen import code_version
from quantri.web.reports.rendering.pdf import TIME_LIMIT

logger = logging.getLogger(__name__)
STALE = TIME_LIMIT + 30  # seconds after which a mark is of a worker that was ended while it made a file


class BeingMade(Exception):
    """Another request makes this file, or another PDF, at this moment."""


def kept_file(sha256: str, ending: str, make: Callable[[], bytes]) -> bytes:
    """Return a file of a frozen content, made when it is not there yet.

    Raises
    ------
    BeingMade
        If it is being made; a PDF also while any other one is, since each takes a whole core.
    """
    folder = settings.DATA_DIR / "documents"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{sha256}-{code_version()}.{ending}"
    if path.exists():
        return path.read_bytes()
    with _alone(folder / ("pdf.making" if ending == "pdf" else f"{path.name}.making")):
        content = make()
        try:
            _write(path, content)
        except OSError as fault:  # a full disk: who asked still gets the file
            logger.warning("%s cannot be kept (%s); free some room in the data folder", path, fault.strerror)
    return content


def forget_files(sha256: str) -> None:
    """Take the files of a content from the disk."""
    for path in (settings.DATA_DIR / "documents").glob(f"{sha256}-*"):
        path.unlink(missing_ok=True)


@contextmanager
def _alone(mark: Path) -> Iterator[None]:
    if mark.exists() and time.time() - mark.stat().st_mtime > STALE:
        mark.unlink(missing_ok=True)
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        raise BeingMade from None
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Lay the file there whole, and take away what an earlier version of the program made."""
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(content)
    for old in path.parent.glob(f"{path.name[:64]}-*{path.suffix}"):
        old.unlink(missing_ok=True)
    beside.replace(path)
