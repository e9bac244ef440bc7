"""Rounds come in: those of the package, and those that staff had scored."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from quantri.engine.loading import DATA
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.surveys.models import SurveyRound
from quantri.web.surveys.scored import sha256, unpacked

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
