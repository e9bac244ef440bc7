"""Periods of a plan, reports of agencies on their parts, the evidence, and links that open one report once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import PROVINCE_LEADER, Reader, Role
from quantri.web.core.models import KeptFile, KeptFileQuerySet
from quantri.web.plans.models import Plan
from quantri.web.tasks.models.task import CARRIERS, Assignment, Task

READERS = (Role.COORDINATOR, PROVINCE_LEADER, Role.OVERSEER)  # who reads what was handed in, all over a province


class ReportingPeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the periods of plans that the person may see; visitors see none, reports are for staff."""
        if user.is_anonymous:
            return self.none()
        return self.filter(plan__in=Plan.objects.visible_to(user).filter(province__in=user.seats(*Role)))

    def open(self) -> Self:
        """Keep the periods that were not locked."""
        return self.filter(locked_at=None)


class ReportingPeriod(models.Model):
    """A period in which agencies report on a plan (kỳ báo cáo); after its cut-off it is locked."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods")
    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    cut_off_on = models.DateField(_("reports until"))
    is_main = models.BooleanField(default=True)  # tasks that are done once report in it too
    locked_at = models.DateTimeField(null=True)
    locked_by = models.CharField(max_length=200, blank=True)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        ordering = ("ends_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=["plan", "kind", "year", "number"], name="one_period_of_a_plan"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on"), cut_off_on__gte=models.F("ends_on")),
                name="a_period_ends_before_its_cut_off",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_vi

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    def owed(self) -> models.QuerySet[Assignment]:
        """Parts that report in this period: those of its rhythm, and in a main period those that are done once."""
        return self._owed(Q(valid_to=None, task__ended_at=None), [self.plan_id])

    def owed_at_cut_off(self, plans: models.QuerySet[Plan]) -> models.QuerySet[Assignment]:
        """Parts that owed a report when the period's cut-off came, whatever became of them later.

        `plans` are its plan and all that revise it or that it revises: tasks and open periods move on.
        """
        day = self.cut_off_on
        there = [Q(**{end: None}) | Q(**{f"{end}__date__gt": day}) for end in ("task__ended_at", "task__dropped_at")]
        return self._owed(Q(*there), plans).on(day)

    def _owed(self, standing: Q, plans: models.QuerySet[Plan] | list[int]) -> models.QuerySet[Assignment]:
        is_main = Q() if self.is_main else Q(pk__in=())
        when = owed_when(self.kind, is_main, self.starts_on, self.cut_off_on)
        return Assignment.objects.filter(when, standing, task__plan__in=plans)


def owed_when(kind: Any, is_main: Q, starts_on: Any, cut_off_on: Any) -> Q:
    """Say of parts that stand when they report in a period, whose facts are values or those of one that was joined."""
    in_rhythm = Q(task__rhythm=kind) | Q(task__rhythm=Task.Rhythm.ONCE) & is_main  # done once: in the main periods
    started = Q(valid_from=None) | Q(valid_from__lte=cut_off_on)
    return in_rhythm & started & (Q(closed_on=None) | Q(closed_on__gte=starts_on))


class ProgressQuerySet(models.QuerySet["Progress"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the reports of the person's own agencies, and submitted ones.

        What was submitted is read by coordinators, leaders and overseers of the province, and by the leads of the task.
        """
        if user.is_anonymous:
            return self.none()
        handed_in = ~Q(state=Progress.State.DRAFT)
        own = user.agencies(*CARRIERS)
        led = Assignment.objects.filter(agency__in=own, part=Assignment.Part.LEAD, valid_to=None).values("task")
        return self.filter(
            Q(assignment__agency__in=own)
            | handed_in & Q(assignment__task__in=led)
            | handed_in & Q(period__plan__province__in=user.seats(*READERS))
        )

    def with_parts(self) -> Self:
        """Bring the part, its task and its agency along."""
        return self.select_related("assignment__task", "assignment__agency", "period")


class Progress(models.Model):
    """What an agency reports on its part in a period (báo cáo tiến độ); every submission is kept as a revision."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        ACCEPTED = "accepted", pgettext_lazy("report", "accepted")

    class Kind(models.TextChoices):
        WORKED = "worked", _("under way")
        COMPLETED = "completed", _("completed")
        NOTHING = "nothing", _("nothing arose")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reports")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    kind = models.CharField(_("state of the work"), max_length=10, choices=Kind, default=Kind.WORKED)
    text = models.TextField(_("what was done"), blank=True)
    value = models.DecimalField(_("measured value"), max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    counts = models.JSONField(default=dict, blank=True)  # of milestones, by their key
    difficulty = models.TextField(_("difficulty"), blank=True)
    request = models.TextField(_("request"), blank=True)
    mark = models.PositiveIntegerField(default=0)  # grows with every change; a form carries the one it began from
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    returned_reason = models.CharField(max_length=1000, blank=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "progress"
        constraints = (models.UniqueConstraint(fields=["assignment", "period"], name="one_report_a_part_and_period"),)
        indexes = (models.Index(fields=["period", "state"]),)

    def __str__(self) -> str:
        return f"{self.assignment}, {self.period}"

    @property
    def audit_scope(self) -> str:
        return self.period.audit_scope

    @property
    def is_handed_in(self) -> bool:
        return self.state in (self.State.SUBMITTED, self.State.ACCEPTED)

    @property
    def standing_evidence(self) -> list[Evidence]:
        return [e for e in self.evidence.all() if e.removed_at is None]


class Revision(models.Model):
    """A report as it was submitted once (bản báo cáo đã gửi); a later submission is another row."""

    progress = models.ForeignKey(Progress, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    submitted_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["progress", "number"], name="one_revision_a_number"),)

    def __str__(self) -> str:
        return f"{self.progress} #{self.number}"

    @property
    def kind_word(self) -> str:
        return str(dict(Progress.Kind.choices).get(self.content.get("kind"), ""))


class EvidenceQuerySet(KeptFileQuerySet["Evidence"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what belongs to reports that the person may see; overseers see what is shared with them."""
        if user.is_anonymous:
            return self.none()
        seen = self.filter(progress__in=Progress.objects.visible_to(user))
        follows = Q(progress__period__plan__province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER))
        own = Q(progress__assignment__agency__in=user.agencies(*CARRIERS))
        leads = Q(progress__assignment__task__in=Assignment.objects.filter(
            agency__in=user.agencies(*CARRIERS), part=Assignment.Part.LEAD, valid_to=None
        ).values("task"))  # fmt: skip
        return seen.filter(follows | own | leads | Q(is_shared=True))


class Evidence(KeptFile):
    """A file, a picture or an address that shows what a report says (minh chứng); taken away, it is only marked."""

    progress = models.ForeignKey(Progress, models.PROTECT, related_name="evidence")
    link = models.URLField(_("address"), max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # empty, as is what follows, where it is an address
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    is_shared = models.BooleanField(default=False)  # with overseers

    objects = EvidenceQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name_plural = "evidence"
        constraints = (
            models.CheckConstraint(
                condition=Q(link="") & ~Q(sha256="") | ~Q(link="") & Q(sha256=""), name="a_file_or_an_address"
            ),
            models.UniqueConstraint(
                fields=["progress", "sha256"], condition=Q(removed_at=None) & ~Q(sha256=""), name="one_file_a_report"
            ),
        )

    @property
    def audit_scope(self) -> str:
        return self.progress.audit_scope


class OneUseLinkQuerySet(models.QuerySet["OneUseLink"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep those of the person's own agencies, and those of a province that the person coordinates."""
        if user.is_anonymous:
            return self.none()
        own = Q(assignment__agency__in=user.agencies(*CARRIERS))
        return self.filter(own | Q(period__plan__province__in=user.seats(Role.COORDINATOR)))


class OneUseLink(models.Model):
    """An address that opens one report form without an account, once (đường dẫn dùng một lần)."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="links")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    revision = models.OneToOneField(Revision, models.PROTECT, null=True, related_name="link")  # what it handed in
    disowned_at = models.DateTimeField(null=True)  # the agency says that it was not its people who used it
    disowned_by = models.CharField(max_length=200, blank=True)

    objects = OneUseLinkQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.assignment}, {self.period}"

    @property
    def audit_scope(self) -> str:
        return self.period.audit_scope

    def is_open_at(self, moment: datetime) -> bool:
        return self.used_at is None and self.withdrawn_at is None and moment < self.expires_at


def due_periods(today: date) -> models.QuerySet[ReportingPeriod]:
    """Open periods whose cut-off has passed."""
    return ReportingPeriod.objects.open().filter(cut_off_on__lt=today)
