"""A plan and its revisions: each but the first revises the one before it. The database walks along them itself."""

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from quantri.web.plans.models import Plan

OWN, IN_FORCE = "id = %s", "state = 'issued' AND superseded_at IS NULL"
BEFORE, AFTER = "plan.id = chain.revises_id", "plan.revises_id = chain.id"
WALK = """
WITH RECURSIVE chain(id, revises_id) AS (
    SELECT id, revises_id FROM plans_plan WHERE {first}
    UNION SELECT plan.id, plan.revises_id FROM plans_plan plan JOIN chain ON {step}
) SELECT id FROM chain
"""  # Django knows no recursive question; UNION leaves out what was found before


def line_of(key: int) -> QuerySet[Plan]:
    """Ask for a plan and those that it revises, at any distance."""
    return Plan.objects.filter(pk__in=RawSQL(WALK.format(first=OWN, step=BEFORE), [key]))  # noqa: S611  nothing typed


def chain_of(key: int) -> QuerySet[Plan]:
    """Ask for the issued plans of a chain: a plan, those that it revises and its revisions, at any distance."""
    found = RawSQL(WALK.format(first=OWN, step=f"{BEFORE} OR {AFTER}"), [key])  # noqa: S611  nothing typed
    return Plan.objects.filter(pk__in=found, state__in=Plan.AFTER_ISSUE)


def carried_out() -> QuerySet[Plan]:
    """Ask for the plans in force and those that they revise, at any distance."""
    found = RawSQL(WALK.format(first=IN_FORCE, step=BEFORE), [])  # noqa: S611  nothing typed
    return Plan.objects.filter(pk__in=found, source={})
