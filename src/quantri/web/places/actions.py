"""What is done to boundaries: a set is kept, and withdrawn when it was wrong; nothing is deleted."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.places.boundaries import Draft
from quantri.web.places.models import Boundary, BoundarySet, Unit
from quantri.web.places.rights import require_keeper


@transaction.atomic
def keep_boundaries(draft: Draft, *, by: Actor) -> BoundarySet:
    """Keep a set; sets of the same level that hold until further notice end where it begins."""
    require_keeper(by)
    if not draft.polygons:
        raise RuleViolation(_("No area of the file matches a unit of that day, so there is nothing to keep."))
    begins = date.fromisoformat(draft.valid_from)
    units = dict(Unit.objects.filter(level=draft.level, key__in=draft.polygons).values_list("key", "pk"))
    before = list(
        BoundarySet.objects.select_for_update().filter(
            level=draft.level, valid_to=None, withdrawn_at=None, valid_from__lt=begins
        )
    )
    try:
        with transaction.atomic():
            kept = BoundarySet.objects.create(
                level=draft.level, source=draft.source, file_name=draft.file_name, sha256=draft.sha256,
                valid_from=begins, kept_at=timezone.now(), kept_by=by.get_username(), lacks=draft.lacks,
            )  # fmt: skip
    except IntegrityError:
        raise RuleViolation(_("This file is kept already, from the same day on.")) from None
    rows = [Boundary(boundary_set=kept, unit_id=units[key], polygons=p) for key, p in draft.polygons.items()]
    Boundary.objects.bulk_create(rows, batch_size=500)
    ended = _end_where_covered(before, kept)
    after = {"source": kept.source, "sha256": kept.sha256, "valid_from": draft.valid_from, "n_units": len(rows)}
    audit.record("boundaries.kept", kept, by=by, before={"ended": ended}, after=after)
    return kept


def _end_where_covered(before: list[BoundarySet], kept: BoundarySet) -> list[int]:
    """End the earlier sets all of whose units the new one draws; a set that draws more goes on for the others."""
    drawn = set(kept.boundaries.values_list("unit_id", flat=True))
    ended = [b for b in before if set(b.boundaries.values_list("unit_id", flat=True)) <= drawn]
    for each in ended:
        each.valid_to = kept.valid_from
        each.save(update_fields=["valid_to"])
    return [each.pk for each in ended]


@transaction.atomic
def withdraw_boundaries(kept: BoundarySet, *, by: Actor) -> BoundarySet:
    """Take a wrong set out of every page; it stays in the records."""
    require_keeper(by)
    kept = BoundarySet.objects.select_for_update().get(pk=kept.pk)
    if kept.withdrawn_at is not None:
        raise RuleViolation(_("These boundaries are withdrawn already."))
    kept.withdrawn_at = timezone.now()
    kept.save(update_fields=["withdrawn_at"])
    audit.record("boundaries.withdrawn", kept, by=by, before={"withdrawn": False}, after={"withdrawn": True})
    return kept
