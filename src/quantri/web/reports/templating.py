"""A province's own Word templates: checked, looked at, put to use, and taken out of use again."""

import hashlib
import io
import zipfile

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml.etree import XMLSyntaxError

from quantri.errors import DataError, RuleViolation
from quantri.web.accounts.models import Role, User
from quantri.web.core import audit
from quantri.web.places.models import Province
from quantri.web.reports.models import DocumentTemplate, ShippedTemplate
from quantri.web.reports.official.kinds import kinds
from quantri.web.reports.official.rendering import render
from quantri.web.reports.official.sample import sample_of

MAX_BYTES, MAX_UNPACKED, MAX_PARTS = 2_000_000, 20_000_000, 200


def template_for(province: Province, kind: str) -> DocumentTemplate | None:
    """Return the template that a province uses for a kind; without one, the package's is filled."""
    return DocumentTemplate.objects.in_use().filter(province=province, kind=kind).first()


def file_of(template: DocumentTemplate | ShippedTemplate | None) -> bytes | None:
    return None if template is None else bytes(template.file)


def keep_shipped(kind: str) -> ShippedTemplate:
    """Keep the template that the package has today for a kind, so that what is frozen with it can be made again."""
    file = kinds()[kind].template.read_bytes()
    sha256 = hashlib.sha256(file).hexdigest()
    return ShippedTemplate.objects.get_or_create(sha256=sha256, defaults={"file": file})[0]


@transaction.atomic
def propose_template(province: Province, kind: str, file: bytes, *, by: User) -> DocumentTemplate:
    """Keep a template to be looked at; refused when it is no Word file or a field is not in it."""
    _allowed(province, by=by)
    check_template(kind, file)
    template = DocumentTemplate.objects.create(
        province=province, kind=kind, file=file, sha256=hashlib.sha256(file).hexdigest(), made_by=str(by)
    )
    audit.record("template.proposed", template, by=by, kind=kind, sha256=template.sha256)
    return template


@transaction.atomic
def use_template(template: DocumentTemplate, *, by: User) -> DocumentTemplate:
    """Put a template to use; the one before is ended. Frozen documents keep the template that they were made with."""
    _allowed(template.province, by=by)
    rows = DocumentTemplate.objects.select_for_update().filter(province=template.province, kind=template.kind)
    template = rows.get(pk=template.pk)
    if template.used_from is not None:
        raise RuleViolation(_("This template was put to use before. Upload it again to use it again."))
    before, now = rows.in_use().first(), timezone.now()
    rows.in_use().update(ended_at=now)
    template.used_from = now
    template.save(update_fields=["used_from"])
    audit.record("template.used", template, by=by, before=before and before.sha256, after=template.sha256)
    return template


@transaction.atomic
def end_template(template: DocumentTemplate, *, by: User) -> DocumentTemplate:
    """Take a template out of use; from now on the package's is filled."""
    _allowed(template.province, by=by)
    template = DocumentTemplate.objects.select_for_update().get(pk=template.pk)
    if template.used_from is None or template.ended_at is not None:
        raise RuleViolation(_("This template is not in use."))
    template.ended_at = timezone.now()
    template.save(update_fields=["ended_at"])
    audit.record("template.ended", template, by=by, before=template.sha256, after=None)
    return template


def check_template(kind: str, file: bytes) -> None:
    """Refuse what is no Word file, holds macros, unpacks to too much, lacks a field or does not print."""
    _check_archive(file)
    missing = sorted(_fields(kinds()[kind].template.read_bytes()) - _fields(file))
    if missing:
        raise RuleViolation(_("These fields are missing in the template: %(names)s.") % {"names": ", ".join(missing)})
    try:
        render(kind, sample_of(kind), template=file)
    except DataError as fault:
        raise RuleViolation(str(fault)) from fault


def _check_archive(file: bytes) -> None:
    if len(file) > MAX_BYTES:
        raise RuleViolation(_("The template is larger than 2 MB."))
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise RuleViolation(_("This is not a Word file (.docx).")) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise RuleViolation(_("The template unpacks to too much to be a Word file."))
    if any("vbaproject" in part.filename.lower() for part in parts):
        raise RuleViolation(_("The template holds macros. Save it as .docx without them."))


def _fields(file: bytes) -> set[str]:
    try:
        return DocxTemplate(io.BytesIO(file)).get_undeclared_template_variables()
    except (TemplateError, XMLSyntaxError) as fault:
        raise RuleViolation(_("A tag of the template does not work: %(fault)s") % {"fault": fault}) from fault
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as fault:
        raise RuleViolation(_("This is not a Word file (.docx).")) from fault


def _allowed(province: Province, *, by: User) -> None:
    if not by.holds(province.pk, Role.COORDINATOR):
        raise PermissionDenied
