"""Files that people hand in: looked into, made harmless, kept once under their checksum, and given out as downloads.

What a file is, its content says and never its name. Pictures are drawn anew, so that no place, camera or hidden part
comes along. Until that is done a file lies in a quarantine that nothing reads.
"""

import hashlib
import re
import secrets
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from quantri.errors import DataError
from quantri.text import nfc
from quantri.web.core.models import KeptFile

LARGEST = 20_000_000  # bytes of one file
LARGEST_UNPACKED = 200_000_000  # bytes inside a document
MOST_PARTS = 5_000  # files inside a document
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2400  # pixels of a picture that is kept
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
OFFICE = {
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
}
PICTURES = {"JPEG": JPEG, "PNG": PNG, "WEBP": JPEG}  # as what each is kept
ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"} | dict(OFFICE.values())
Row = TypeVar("Row", bound=KeptFile)
UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file as it is kept: its checksum, size and kind, and a name that is safe to show."""

    sha256: str
    size: int
    media_type: str
    name: str


def folder() -> Path:
    """Return the folder of kept files; nobody else may read it."""
    made = settings.DATA_DIR / "files"
    (made / "quarantine").mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def keep(file: UploadedFile) -> Kept:
    """Look into a file, make it harmless and keep it; DataError says why one is not taken."""
    if file.size is None or file.size > LARGEST:
        raise DataError(_("“%(name)s” is larger than 20 MB. Send a smaller file, or a picture of fewer pixels.")
                        % {"name": safe_name(file.name or "")})  # fmt: skip
    waiting = folder() / "quarantine" / secrets.token_hex(16)
    waiting.touch(mode=0o600)
    try:
        with waiting.open("wb") as out:
            out.writelines(file.chunks())
        media_type = _made_harmless(waiting, safe_name(file.name or ""))
        return _stored(waiting, media_type, file.name or "")
    finally:
        waiting.unlink(missing_ok=True)


def attach(rows: type[Row], file: UploadedFile, *, by: object, **of: object) -> Row | None:
    """Keep a file as a row of what it belongs to; None when the same file is there already."""
    kept = keep(file)
    try:
        with transaction.atomic():
            return rows.objects.create(added_by=str(by), **vars(kept), **of)
    except IntegrityError:
        return None


def download(kept: KeptFile) -> FileResponse:
    """Give a kept file out to be saved, never to be shown inside a page."""
    try:
        content = path_of(kept.sha256).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


def safe_name(name: str, ending: str = "") -> str:
    """Keep the last part of a name without what could lead elsewhere, with the ending that the content has."""
    bare = UNSAFE.sub("_", PurePath(nfc(name).replace("\\", "/")).name).strip(" .")
    stem = bare.removesuffix(PurePath(bare).suffix) if ending else bare
    stem = "" if f".{stem}" == ending else stem
    return f"{stem[:100] or 'tep'}{ending}"


def _stored(waiting: Path, media_type: str, name: str) -> Kept:
    with waiting.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    size, path = waiting.stat().st_size, path_of(sha256)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    waiting.replace(path)
    return Kept(sha256=sha256, size=size, media_type=media_type, name=safe_name(name, ENDINGS[media_type]))


def _made_harmless(path: Path, name: str) -> str:
    """Return what a file is; a picture is drawn anew in its place."""
    with path.open("rb") as content:
        if content.read(5) == b"%PDF-":
            return PDF
    return _office(path, name) if zipfile.is_zipfile(path) else _redrawn(path, name)


def _redrawn(path: Path, name: str) -> str:
    try:
        with Image.open(path, formats=tuple(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise DataError(_("“%(name)s” has too many pixels. Send a smaller picture.") % {"name": name})
            kind = PICTURES[picture.format]
            plain = ImageOps.exif_transpose(picture).convert("RGB")
            plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clean = Image.new("RGB", plain.size)
            clean.paste(plain)
    except UnidentifiedImageError:
        raise DataError(
            _("“%(name)s” is not a file of an allowed kind. Allowed are PDF, Word (.docx), Excel (.xlsx) and pictures "
              "(JPEG, PNG, WebP).") % {"name": name}
        ) from None  # fmt: skip
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        if isinstance(fault, DataError):
            raise
        raise DataError(_("“%(name)s” is a damaged picture. Take or save it anew.") % {"name": name}) from fault
    clean.save(path, format="PNG" if kind == PNG else "JPEG", quality=85)
    return kind


def _office(path: Path, name: str) -> str:
    """Say which document of an office program a package is; refuse one that is damaged, huge or holds programs."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise DataError(_("“%(name)s” is damaged. Save it anew and send it again.") % {"name": name}) from fault
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise DataError(_("“%(name)s” unpacks to more than a document can hold.") % {"name": name})
    names = {part.filename for part in parts}
    if any(PurePath(part).name.lower() == "vbaproject.bin" for part in names):
        raise DataError(_("“%(name)s” holds macros. Save it without them and send it again.") % {"name": name})
    for part, (media_type, _ending) in OFFICE.items():
        if part in names:
            return media_type
    raise DataError(_("“%(name)s” is an archive and no document. Send the files that are in it.") % {"name": name})
