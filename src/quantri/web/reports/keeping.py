"""Files of frozen documents on disk: each is made once, by one worker at a time, and kept under its checksum."""

import hashlib
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
    path = _folder() / f"{sha256}-{code_version()}.{ending}"
    if path.exists():
        return path.read_bytes()
    with _alone(path):
        content = make()
        _keep(path, content)
    return content


def first_file(key: str, ending: str, make: Callable[[], bytes], *, sha256: str) -> bytes:
    """Return a file as it was made first, by whatever version of the program: `sha256`, or empty if it never was.

    One that was lost or damaged on the disk is made again, and kept there only when it is the same as the first.

    Raises
    ------
    BeingMade
        If it is being made.
    """
    path = _first(key, ending)
    if not path.exists() and not sha256:
        _adopt_oldest(path)
    if path.exists() and sha256 in ("", checksum(found := path.read_bytes())):
        return found
    with _alone(path):
        content = make()
        if sha256 in ("", checksum(content)):
            _keep(path, content)
    return content


def is_whole(key: str, ending: str, *, sha256: str) -> bool:
    """Say whether the file that was made first is on the disk as it was."""
    path = _first(key, ending)
    return path.exists() and checksum(path.read_bytes()) == sha256


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _first(key: str, ending: str) -> Path:
    return _folder() / f"{key}-first.{ending}"


def _folder() -> Path:
    folder = settings.DATA_DIR / "documents"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _adopt_oldest(path: Path) -> None:
    """Take a file as the first that was made before first files were kept as such."""
    made = sorted(path.parent.glob(f"{path.name[:64]}-*{path.suffix}"), key=lambda found: found.stat().st_mtime)
    for oldest in made[:1]:
        oldest.rename(path)


def _keep(path: Path, content: bytes) -> None:
    try:
        _write(path, content)
    except OSError as fault:  # a full disk: who asked still gets the file
        logger.warning("%s cannot be kept (%s); free some room in the data folder", path, fault.strerror)


def forget_files(sha256: str) -> None:
    """Take the files of a content from the disk."""
    for path in (settings.DATA_DIR / "documents").glob(f"{sha256}-*"):
        path.unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    mark = path.with_name("pdf.making" if path.suffix == ".pdf" else f"{path.name}.making")
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
