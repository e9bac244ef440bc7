"""Documents: a plan is frozen, and a published plan with it."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.plans import decisions
from quantri.web.plans.models import Plan, PublicationDecision
from quantri.web.reports.content import content_of
from quantri.web.reports.models import Snapshot


@transaction.atomic
def freeze_draft(plan: Plan, *, by: audit.Actor) -> Snapshot:
    """Keep what a plan holds now for its own staff; the same content is kept once."""
    content = _content(plan)
    same = Snapshot.objects.filter(plan=plan, sha256=digest(content), is_public=False).first()
    return same or _kept(plan, content, by=by, is_public=False)


@transaction.atomic
def freeze_publication(plan: Plan, *, by: audit.Actor) -> Snapshot:
    """Keep what a plan holds now as what its decision published."""
    return _kept(plan, _content(plan), by=by, is_public=True)


def _content(plan: Plan) -> dict[str, Any]:
    return json.loads(json.dumps(content_of(plan, today=timezone.localdate()), ensure_ascii=False))


def _kept(plan: Plan, content: dict[str, Any], *, by: audit.Actor, is_public: bool) -> Snapshot:
    snapshot = Snapshot.objects.create(
        plan=plan, sha256=digest(content), is_public=is_public, content=content, made_by=by.get_username()
    )
    audit.record("plan.frozen", snapshot, by=by, sha256=snapshot.sha256)
    return snapshot


@transaction.atomic
def publish(plan: Plan, *, reason: str, by: User) -> PublicationDecision:
    """Make a plan public, with its documents as they are at that moment."""
    return _with_documents(decisions.publish_plan(plan, reason=reason, by=by), by=by)


@transaction.atomic
def publish_with_chances(plan: Plan, *, reason: str, by: User) -> PublicationDecision:
    """Make a plan public with its chances, and with its documents as they are at that moment."""
    return _with_documents(decisions.publish_plan_with_chances(plan, reason=reason, by=by), by=by)


def _with_documents(decision: PublicationDecision, *, by: User) -> PublicationDecision:
    freeze_publication(decision.plan, by=by)
    return decision


def digest(content: dict[str, Any]) -> str:
    """Checksum of a content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
