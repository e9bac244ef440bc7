"""Rounds come in: those of the package, and those that staff had scored."""

import secrets
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from quantri.engine.loading import DATA
from quantri.errors import RuleViolation
from quantri.text import fold
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.indices.rights import may_publish
from quantri.web.places.loading import home_province
from quantri.web.surveys.models import SurveyRound
from quantri.web.surveys.rights import may_score
from quantri.web.surveys.scored import ScoredRound, packed, sha256, unpacked

SYNTHETIC_NAMES = {
    "synthetic-1": ("Đợt mô phỏng 1", "Synthetic round 1"),
    "synthetic-2": ("Đợt mô phỏng 2", "Synthetic round 2"),
}


@transaction.atomic
def load_synthetic_rounds(*, by: Actor, folder: Path = DATA / "rounds") -> int:
    """Bring the package's synthetic rounds; return how many are new. What is there already stays as it is."""
    held = set(SurveyRound.objects.values_list("key", flat=True))
    missing = [key for key in SYNTHETIC_NAMES if key not in held]
    for key in missing:
        _keep_synthetic(key, (folder / f"{key}.json.gz").read_bytes(), by=by)
    return len(missing)


def _keep_synthetic(key: str, content: bytes, *, by: Actor) -> SurveyRound:
    found = unpacked(content)
    name_vi, name_en = SYNTHETIC_NAMES[key]
    row = SurveyRound.objects.create(
        key=key, name_vi=name_vi, name_en=name_en, index=found.facts["index"], year=found.facts["year"],
        is_synthetic=True, origin=SurveyRound.Origin.PACKAGE, content=content, content_sha256=sha256(content),
        scored_by=by.get_username(), frozen_at=timezone.now(), frozen_by=by.get_username(),
    )  # fmt: skip
    audit.record("round.loaded", row, by=by, sha256=row.content_sha256)
    return row


@transaction.atomic
def keep_draft(found: ScoredRound, *, name: str, by: User) -> SurveyRound:
    """Keep the scores of an uploaded round as a draft that only staff see."""
    if not may_score(by):
        raise PermissionDenied
    content, facts = packed(found), found.facts
    row = SurveyRound.objects.create(
        key=f"{slugify(fold(facts['index']))[:25]}-{facts['year']}-{secrets.token_hex(3)}", name_vi=name,
        index=facts["index"], year=facts["year"], is_synthetic=found.is_synthetic,
        province=home_province(timezone.localdate()), content=content, content_sha256=sha256(content),
        scored_by=by.get_username(),
    )  # fmt: skip
    audit.record("round.scored", row, by=by, sha256=row.content_sha256)
    return row


@transaction.atomic
def freeze_round(row: SurveyRound, *, by: User) -> SurveyRound:
    """Make a draft a release that everyone reads; an earlier one of its year stays and is superseded, never changed."""
    if not may_publish(by):
        raise PermissionDenied
    row = SurveyRound.objects.select_for_update().get(pk=row.pk)
    if row.is_frozen:
        raise RuleViolation(_("This round is frozen already."))
    same = SurveyRound.objects.current().filter(
        index=row.index, year=row.year, is_synthetic=row.is_synthetic, origin=row.origin, frozen_at__isnull=False
    )
    superseded = list(same.values_list("key", flat=True))
    row.frozen_at, row.frozen_by = timezone.now(), by.get_username()
    row.save(update_fields=["frozen_at", "frozen_by"])
    same.exclude(pk=row.pk).update(superseded_by=row)
    audit.record("round.frozen", row, by=by, sha256=row.content_sha256, superseded=superseded)
    return row
