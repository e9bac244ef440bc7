"""Tasks of a plan, and the part that each agency has in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import Agency, DatedQuerySet, Reader, Role, User
from quantri.web.plans.models import Plan

SHOWN = 20  # parts of a task that a list of tasks names; one task may be given to thousands of agencies
CARRIERS = (Role.OFFICER, Role.LEADER, Role.COORDINATOR)  # who reports for an agency of their own


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the tasks of plans that the person may see."""
        return self.current().filter(plan__in=Plan.objects.visible_to(user))

    def current(self) -> Self:
        """Keep the tasks that were not taken out."""
        return self.filter(ended_at=None)

    def on(self, day: date) -> Self:
        """Keep the tasks that were neither taken out nor dropped by a revision by a day."""
        ends = ("ended_at", "dropped_at")
        return self.filter(*(Q(**{end: None}) | Q(**{f"{end}__date__gt": day}) for end in ends))

    def open(self) -> Self:
        """Keep the tasks that are still to be carried out: with a part that nobody closed, or without any part."""
        standing = Assignment.objects.filter(task=OuterRef("pk"), valid_to=None)
        open_part = ~Exists(standing) | Exists(standing.filter(closed_on=None))
        return self.current().filter(open_part, dropped_at=None)

    def with_assignments(self) -> Self:
        """Bring the assignments that stand, and their agencies, along."""
        standing = Assignment.objects.filter(valid_to=None).select_related("agency")
        return self.prefetch_related(Prefetch("assignments", standing))

    def with_milestones(self) -> Self:
        """Bring the milestones that stand along."""
        return self.prefetch_related(Prefetch("milestones", Milestone.objects.filter(ended_at=None)))

    def with_named_parts(self) -> Self:
        """Bring of the assignments that stand what tables say of them: days and the agency's Vietnamese name."""
        return self.prefetch_related(named_parts())

    def with_first_parts(self) -> Self:
        """Bring some parts that stand along as `first_parts`, those of leads first, and tell how many of each exist."""
        first = Assignment.objects.filter(valid_to=None).select_related("agency").order_by("-part", "pk")[:SHOWN]
        part = Assignment.Part
        found = self.annotate(n_leads=_number_of(part.LEAD), n_coordinating=_number_of(part.COORDINATING))
        return found.prefetch_related(Prefetch("assignments", first, to_attr="first_parts"))


def _number_of(part: str) -> Coalesce:
    """Count in the database the parts of a kind that stand in a task."""
    standing = Assignment.objects.filter(task=OuterRef("pk"), part=part, valid_to=None).order_by()
    return Coalesce(Subquery(standing.values("task").annotate(n=Count("pk")).values("n")), 0)


class Task(models.Model):
    """A piece of work that agencies owe (nhiệm vụ)."""

    class Rhythm(models.TextChoices):
        """How often a regular task falls due; a task that is done once reports in the plan's main periods."""

        ONCE = "once", _("once")
        MONTH = "month", _("every month")
        QUARTER = "quarter", _("every quarter")
        HALF_YEAR = "half_year", _("every half year")
        YEAR = "year", _("every year")

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
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm, default=Rhythm.ONCE)
    source = models.CharField(_("source"), max_length=500, blank=True)
    remark = models.CharField(max_length=20, choices=Remark, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # taken out of the plan
    dropped_at = models.DateTimeField(null=True, blank=True)  # by a revision; it stays readable in the plan before

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
        return _agencies(self.assignments.all(), Assignment.Part.LEAD)

    @property
    def coordinating(self) -> list[Agency]:
        return _agencies(self.assignments.all(), Assignment.Part.COORDINATING)

    @property
    def first_leads(self) -> list[Agency]:
        return _agencies(self.first_parts, Assignment.Part.LEAD)

    @property
    def first_coordinating(self) -> list[Agency]:
        return _agencies(self.first_parts, Assignment.Part.COORDINATING)

    @property
    def n_parts(self) -> int:
        return self.n_leads + self.n_coordinating

    @property
    def n_unnamed_leads(self) -> int:
        """How many leads its first parts leave out."""
        return self.n_leads - len(self.first_leads)

    @property
    def n_unnamed_coordinating(self) -> int:
        """How many coordinating agencies its first parts leave out."""
        return self.n_coordinating - len(self.first_coordinating)

    @property
    def name(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title


def _agencies(parts: Iterable[Assignment], part: str) -> list[Agency]:
    """Agencies with such a part that stands."""
    return [a.agency for a in parts if a.part == part and a.valid_to is None]


def named_parts() -> Prefetch:
    """Name what is brought along of the parts that stand where only days and the agency's name are read."""
    standing = Assignment.objects.filter(valid_to=None).select_related("agency")
    return Prefetch(
        "assignments", standing.only("task", "part", "due_on", "valid_to", "closed_on", "agency__name_vi")
    )  # fmt: skip


class Move(models.Model):
    """An open task that went from a plan to its revision (nhiệm vụ chuyển sang kế hoạch điều chỉnh)."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="moves")
    before = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    after = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    number_before = models.CharField(max_length=12, blank=True)
    moved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["task", "before"], name="a_task_leaves_a_plan_once"),)

    def __str__(self) -> str:
        return f"{self.before} → {self.after}: {self.task}"


class AssignmentQuerySet(DatedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Keep the parts in tasks that the person may see."""
        return self.filter(task__in=Task.objects.visible_to(user))

    def held_by(self, user: Reader) -> Self:
        """Keep the parts that stand of agencies for which the person works, in plans that are carried out."""
        if user.is_anonymous:
            return self.none()
        return self.in_force().filter(agency__in=user.agencies(*CARRIERS))

    def carried_by(self, user: User) -> Self:
        """Keep of parts that were chosen already, such as those of a plan, what the person's agencies carry.

        Asked of each part in turn: with `held_by` SQLite would look up every agency for every task of the plan.
        """
        return self.filter(Exists(user.agencies(*CARRIERS).filter(pk=OuterRef("agency"))))

    def in_force(self) -> Self:
        """Keep the parts that stand in plans that are carried out."""
        return self.filter(valid_to=None, task__ended_at=None, task__plan__in=Plan.objects.in_force())

    def open(self) -> Self:
        """Keep the parts that nobody closed."""
        return self.filter(closed_on=None)

    def with_due(self) -> Self:
        """Tell the day on which each part is due: its own, or else the task's."""
        return self.annotate(due=Coalesce("due_on", "task__due_on"))

    def overdue(self, today: date) -> Self:
        """Keep the open parts whose day has passed."""
        return self.with_due().open().filter(due__lt=today)


class Assignment(models.Model):
    """An agency's part in a task for a time (phân công: chủ trì, phối hợp), with its own day and deliverable."""

    class Part(models.TextChoices):
        LEAD = "lead", _("lead")
        COORDINATING = "coordinating", _("coordinating")

    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=20, choices=Part)
    wording = models.CharField(_("its part"), max_length=1000, blank=True)  # who takes a part over owes what both owed
    due_on = models.DateField(_("due date"), null=True, blank=True)  # null: as the task
    deliverable = models.CharField(_("deliverable"), max_length=1000, blank=True)
    valid_from = models.DateField(null=True, blank=True)  # null: as long as the task has been there
    valid_to = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)  # day of the report that was accepted as the last one
    continued_in = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="continues")
    passed_at = models.DateTimeField(null=True, blank=True)  # when it went on there

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("part", "pk")
        constraints = (
            models.UniqueConstraint(fields=["task", "agency"], condition=Q(valid_to=None), name="one_part_a_task"),
            models.CheckConstraint(
                condition=Q(continued_in=None) | Q(passed_at__isnull=False), name="a_part_goes_on_from_a_moment"
            ),
        )
        indexes = (models.Index(fields=["agency", "closed_on", "due_on"]),)

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_part_display()}"

    @property
    def audit_scope(self) -> str:
        return self.task.audit_scope

    @property
    def last_day(self) -> date | None:
        """Day on which it is due: its own, or else the task's."""
        return self.due_on or self.task.due_on

    def is_overdue(self, today: date) -> bool:
        return self.closed_on is None and self.last_day is not None and self.last_day < today


class Milestone(models.Model):
    """Something of a task that can be counted (mốc, chỉ tiêu đếm được): so many of what, by when."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones")
    title = models.CharField(_("what is counted"), max_length=200)
    wanted = models.PositiveIntegerField(_("how many"))
    due_on = models.DateField(_("due date"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=Q(wanted__gte=1), name="a_milestone_wants_something"),)

    def __str__(self) -> str:
        return f"{self.title}: {self.wanted}"

    @property
    def audit_scope(self) -> str:
        return self.task.audit_scope
