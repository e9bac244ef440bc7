"""Tasks of a plan, and the part that each agency has in them."""

from typing import Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import Agency, Reader
from quantri.web.plans.models import Plan


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the tasks of plans that the person may see."""
        return self.current().filter(plan__in=Plan.objects.visible_to(user))

    def current(self) -> Self:
        """Keep the tasks that were not taken out."""
        return self.filter(ended_at=None)

    def with_assignments(self) -> Self:
        """Bring the assignments that stand, and their agencies, along."""
        standing = Assignment.objects.filter(valid_to=None).select_related("agency")
        return self.prefetch_related(Prefetch("assignments", standing))


class Task(models.Model):
    """A piece of work that agencies owe (nhiệm vụ)."""

    class Remark(models.TextChoices):
        REQUESTED = "requested", _("requested, not ordered")
        FROM_CONTEXT = "from_context", _("the lead is read from the context")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tasks")
    number = models.CharField(_("number"), max_length=12, blank=True)
    title = models.CharField(_("task"), max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    components = models.JSONField(default=list, blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    deliverable = models.CharField(_("deliverable"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    remark = models.CharField(max_length=20, choices=Remark, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # taken out of the plan

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope

    @property
    def leads(self) -> list[Agency]:
        return self._agencies(Assignment.Part.LEAD)

    @property
    def coordinating(self) -> list[Agency]:
        return self._agencies(Assignment.Part.COORDINATING)

    def _agencies(self, part: str) -> list[Agency]:
        return [a.agency for a in self.assignments.all() if a.part == part and a.valid_to is None]

    @property
    def name(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title


class Assignment(models.Model):
    """An agency's part in a task for a time: lead or coordinating (phân công: chủ trì, phối hợp)."""

    class Part(models.TextChoices):
        LEAD = "lead", _("lead")
        COORDINATING = "coordinating", _("coordinating")

    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=20, choices=Part)
    valid_from = models.DateField(null=True, blank=True)  # null: as long as the task has been there
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("part", "pk")
        constraints = (
            models.UniqueConstraint(fields=["task", "agency"], condition=Q(valid_to=None), name="one_part_a_task"),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_part_display()}"

    @property
    def audit_scope(self) -> str:
        return self.task.audit_scope
