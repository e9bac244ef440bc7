"""What a coordinator changes in work that agencies have already: a task by a revision, a part with a reason."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quantri.web.plans.models import Plan
from quantri.web.tasks.models.task import Assignment, Task


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def standing(self) -> Self:
        """Keep what was not taken back or written anew."""
        return self.filter(ended_at=None)

    def applied(self) -> Self:
        """Keep what took effect when its revision was issued."""
        return self.filter(applied_at__isnull=False)


class Amendment(models.Model):
    """What a revision does to an open task of the plan that it revises (điều chỉnh nhiệm vụ); it waits for the issue.

    `after` holds the fields that change; `before` holds these as they were when it was written, and what of the parts
    it rests on, so that what changed meanwhile is seen. Of a task that is dropped `after` is empty.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="amendments")
    task = models.ForeignKey(Task, models.PROTECT, related_name="amendments")
    is_dropped = models.BooleanField(default=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "task"], condition=Q(ended_at=None), name="one_amendment_a_task_and_revision"
            ),
            models.CheckConstraint(
                condition=Q(is_dropped=False) | ~Q(reason=""), name="a_task_is_dropped_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(applied_at=None), name="what_took_effect_is_not_taken_back"
            ),
        )

    def __str__(self) -> str:
        return str(self.task)

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope


class PartChange(models.Model):
    """A change of a part's wording, day or deliverable by the coordinator (thay đổi phân công)."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="changes")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.assignment)

    @property
    def audit_scope(self) -> str:
        return self.assignment.audit_scope
