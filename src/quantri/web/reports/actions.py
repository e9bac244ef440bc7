"""Documents: a plan is frozen, and a published plan with it."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans import actions as plans
from quantri.web.plans.models import Plan, PublicationDecision
from quantri.web.reports.content import content_of
from quantri.web.reports.models import Snapshot


@transaction.atomic
def freeze(plan: Plan, *, by: audit.Actor, is_public: bool) -> Snapshot:
    """Keep what a plan holds now; the same content is kept once."""
    content = json.loads(json.dumps(content_of(plan, today=timezone.localdate()), ensure_ascii=False))
    snapshot, is_new = Snapshot.objects.get_or_create(
        plan=plan, sha256=digest(content), is_public=is_public,
        defaults={"content": content, "made_by": by.get_username()},
    )  # fmt: skip
    if is_new:
        audit.record("plan.frozen", snapshot, by=by, sha256=snapshot.sha256)
    return snapshot


@transaction.atomic
def publish(plan: Plan, *, reason: str, with_chances: bool, by: User) -> PublicationDecision:
    """Make a plan public, with its documents as they are at that moment."""
    decision = plans.publish_plan(plan, reason=reason, with_chances=with_chances, by=by)
    plan.refresh_from_db()
    freeze(plan, by=by, is_public=True)
    return decision


def digest(content: dict[str, Any]) -> str:
    """Checksum of a content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
