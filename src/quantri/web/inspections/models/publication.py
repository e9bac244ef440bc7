"""The outcome of a visit as a leader's decision made it public."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import Reader, Role
from quantri.web.inspections.models.visit import Visit
from quantri.web.plans.models import Plan


class OutcomePublicationQuerySet(models.QuerySet["OutcomePublication"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what is public of plans that are public, and all decisions of the reader's province."""
        public = Q(withdrawn_at=None, plan__in=Plan.objects.visible_to(user), plan__published_at__isnull=False)
        if user.is_anonymous:
            return self.filter(public)
        return self.filter(public | Q(plan__province__in=user.seats(Role.COORDINATOR, Role.LEADER)))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class OutcomePublication(models.Model):
    """What a visit found and what was answered, made public by decision (công khai kết quả kiểm tra), frozen."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="outcome_publications")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="publications")
    content = models.JSONField()  # names no person
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(_("what is decided"))
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = OutcomePublicationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["visit"], condition=Q(withdrawn_at=None), name="one_public_outcome_of_a_visit"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.visit)

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope
