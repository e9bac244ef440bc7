"""Tasks of a plan, and the part that each agency has in them."""

from typing import Self

from django.db import models
from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import Agency, Reader
from quantri.web.plans.models import Plan


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the tasks of plans that the person may see."""
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def with_assignments(self) -> Self:
        """Bring the assignments and their agencies along."""
        return self.prefetch_related(Prefetch("assignments", Assignment.objects.select_related("agency")))


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

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def leads(self) -> list[Agency]:
        return [a.agency for a in self.assignments.all() if a.part == Assignment.Part.LEAD]

    @property
    def coordinating(self) -> list[Agency]:
        return [a.agency for a in self.assignments.all() if a.part == Assignment.Part.COORDINATING]

    @property
    def name(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title


class Assignment(models.Model):
    """An agency's part in a task: lead or coordinating (phân công: chủ trì, phối hợp)."""

    class Part(models.TextChoices):
        LEAD = "lead", _("lead")
        COORDINATING = "coordinating", _("coordinating")

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=20, choices=Part)

    class Meta:
        ordering = ("part", "pk")
        constraints = (models.UniqueConstraint(fields=["task", "agency"], name="one_part_a_task"),)

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_part_display()}"
