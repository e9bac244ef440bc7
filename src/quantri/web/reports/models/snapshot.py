"""Frozen contents of documents."""

from typing import Self

from django.db import models

from quantri.web.accounts.models import PROVINCE_LEADER, Reader, Role
from quantri.web.plans.models import Plan


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what staff froze for their plans; the public sees what the standing decision published."""
        standing = models.Q(is_public=True, made_at__gte=models.F("plan__published_at"))  # not an earlier decision's
        public = standing & models.Q(plan__in=Plan.objects.visible_to(user))
        if user.is_anonymous:
            return self.filter(public)
        own = models.Q(plan__province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER), plan__ended_at=None)
        return self.filter(public | own)


class Snapshot(models.Model):
    """What a plan held at a moment (bản chụp số liệu); documents are made from it and can be made again alike."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="snapshots")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    is_public = models.BooleanField(default=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "sha256"], condition=models.Q(is_public=False), name="one_draft_a_content"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.sha256[:8]}"

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope
