"""What is done to figures: sheets are kept and superseded, made public and taken back; measures are added and ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, Role, User
from quantri.web.core import audit
from quantri.web.deadlines.periods import Period
from quantri.web.figures.models import Figure, FigureDecision, FigureSheet, Measure
from quantri.web.places.models import Province

Kind = FigureDecision.Kind
NONE = 0  # what was seen where there was no sheet yet


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A value to be kept, of a unit or of an agency by its key, with the name and code that the file bore."""

    unit: int | None
    agency: int | None
    name: str
    code: str
    value: Decimal
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What a file brings for one period: values by the key of their measure, and which sheets the reader saw before."""

    period: Period
    source: str
    file_name: str
    sha256: str
    values: Mapping[int, Sequence[Recorded]]
    seen: Mapping[int, int]


@transaction.atomic
def keep_sheets(province: Province, brought: Brought, *, by: User) -> list[FigureSheet]:
    """Keep one sheet a measure; each supersedes the current one of its period, which stays readable."""
    _require(Role.COORDINATOR, province, by=by)
    province = Province.objects.select_for_update().get(
        pk=province.pk
    )  # two files of one period come one after another
    if not any(brought.values.values()):
        raise RuleViolation(_("The file holds no figure, so there is nothing to keep."))
    usable = {m.pk: m for m in Measure.objects.usable_in(province).filter(pk__in=brought.values)}
    if len(usable) != len(brought.values):
        raise RuleViolation(_("One of the measures has ended meanwhile. Choose the file again."))
    return [_keep(province, usable[pk], rows, brought, by=by) for pk, rows in brought.values.items() if rows]


def _keep(province: Province, measure: Measure, rows: Sequence[Recorded], brought: Brought, *, by: User) -> FigureSheet:
    key = {"kind": brought.period.kind, "year": brought.period.year, "number": brought.period.number}
    earlier = FigureSheet.objects.select_for_update().current().filter(
        province=province, measure=measure, **key
    ).first()  # fmt: skip
    if (earlier.pk if earlier else NONE) != brought.seen.get(measure.pk, NONE):
        raise RuleViolation(_("Somebody brought figures for this period meanwhile. Choose the file again and look."))
    if earlier and earlier.sha256 == brought.sha256:
        raise RuleViolation(_("The figures of this file are kept already."))
    now = timezone.now()
    if earlier:
        earlier.superseded_at = now
        earlier.save(update_fields=["superseded_at"])
    sheet = FigureSheet.objects.create(
        province=province, measure=measure, **key, starts_on=brought.period.starts_on, ends_on=brought.period.ends_on,
        source=brought.source, file_name=brought.file_name, sha256=brought.sha256, brought_at=now, brought_by=str(by),
        supersedes=earlier, is_demonstration=settings.DEMO,
    )  # fmt: skip
    Figure.objects.bulk_create([_figure(sheet, row) for row in rows], batch_size=500)
    before = {"sheet": earlier.pk, "n": earlier.figures.count(), "sha256": earlier.sha256} if earlier else {}
    after = {"sheet": sheet.pk, "n": len(rows), "sha256": sheet.sha256, "source": sheet.source}
    audit.record("figures.brought", sheet, by=by, before=before, after=after)
    return sheet


def _figure(sheet: FigureSheet, row: Recorded) -> Figure:
    return Figure(
        sheet=sheet, unit_id=row.unit, agency_id=row.agency, recorded_name=row.name, recorded_code=row.code,
        value=row.value, note=row.note,
    )  # fmt: skip


@transaction.atomic
def publish(sheet: FigureSheet, *, reason: str, by: User) -> FigureDecision:
    """Let everyone see the figures of a sheet."""
    sheet = _led(sheet, by=by)
    if sheet.published_at:
        raise RuleViolation(_("This is public already."))
    return _decided(sheet, Kind.PUBLISH, reason, by=by)


@transaction.atomic
def withdraw(sheet: FigureSheet, *, reason: str, by: User) -> FigureDecision:
    """Take the figures of a sheet back from the public."""
    sheet = _led(sheet, by=by)
    if not sheet.published_at:
        raise RuleViolation(_("This is not public."))
    return _decided(sheet, Kind.WITHDRAW, reason, by=by)


def _led(sheet: FigureSheet, *, by: User) -> FigureSheet:
    sheet = FigureSheet.objects.select_for_update().get(pk=sheet.pk)
    _require(PROVINCE_LEADER, sheet.province, by=by)
    if not sheet.is_current:
        raise RuleViolation(_("A correction has replaced these figures; decide on that one."))
    return sheet


def _decided(sheet: FigureSheet, kind: str, reason: str, *, by: User) -> FigureDecision:
    before = {"public": sheet.published_at is not None}
    sheet.published_at = timezone.now() if kind == Kind.PUBLISH else None
    sheet.save(update_fields=["published_at"])
    decision = FigureDecision.objects.create(sheet=sheet, kind=kind, reason=reason, decided_by=str(by))
    after = {"public": sheet.published_at is not None}
    audit.record(f"figures.{kind}", sheet, by=by, before=before, after=after, reason=reason)
    return decision


def _require(role: str, province: Province, *, by: User) -> None:
    if not by.holds(province.pk, role):
        raise PermissionDenied
