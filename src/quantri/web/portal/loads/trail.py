"""Entries of the trail, bound into its chain like all others."""

from collections.abc import Iterator

from django.utils import timezone

from quantri.web.core import audit
from quantri.web.core.models import AuditEntry
from quantri.web.portal.loads.sizes import Load, batches

DEEDS = ("task.changed", "progress.submitted", "progress.accepted", "part.given_to_all")


def fill_trail(load: Load, count: int) -> Iterator[int]:
    """Write so many entries about what was made; yield how many are there after each insert."""
    done = 0
    for entries in batches(_entry(load) for _n in range(count)):
        audit.append(entries)
        done += len(entries)
        yield done


def _entry(load: Load) -> AuditEntry:
    scope, subject, key, name = load.draw.choice(load.subjects)
    _scope, actor, actor_name = load.draw.choice(load.people)
    return AuditEntry(
        key=f"{load.draw.getrandbits(128):032x}", at=timezone.now(), actor_key=actor, actor_name=actor_name,
        action=load.draw.choice(DEEDS), subject=subject, subject_key=key, subject_name=name, scope=scope,
        details={"before": {"state": "draft"}, "after": {"state": "submitted"}},
    )  # fmt: skip
