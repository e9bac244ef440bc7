"""Synthesis reports of a plan: a period, texts with their revisions, and the content that was frozen."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import PROVINCE_LEADER, Reader, Role
from quantri.web.core.models.decision import LeaderDecision
from quantri.web.plans.models import ComponentOwner, Plan, Target
from quantri.web.reports.models.template import DocumentTemplate, ShippedTemplate


class SynthesisReportQuerySet(models.QuerySet["SynthesisReport"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the reports of the person's province for those who make them, and what a decision made public."""
        public = Q(published_at__isnull=False, plan__in=Plan.objects.visible_to(user))
        if user.is_anonymous:
            return self.filter(public)
        own = Q(plan__province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER), plan__ended_at=None)
        return self.filter(public | own)

    def with_plan(self) -> Self:
        """Bring the texts, the plan, its targets with their bases, and whoever owned its contents at any time along."""
        owners = models.Prefetch("plan__owners", ComponentOwner.objects.with_agencies())
        targets = models.Prefetch("plan__targets", Target.objects.select_related("basis__base_unit"))
        plans = self.select_related("plan__province", "plan__base_unit")
        return plans.prefetch_related("texts", targets, owners)


class SynthesisReport(models.Model):
    """What became of a plan in a period (báo cáo tổng hợp); once frozen, it can be made again alike."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        FROZEN = "frozen", _("frozen")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="synthesis_reports")
    kind = models.CharField(_("kind of period"), max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number of the period"))
    version = models.PositiveSmallIntegerField(default=1)  # a correction of what was frozen is another version
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    period_vi = models.CharField(max_length=60)
    period_en = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    content = models.JSONField(null=True)
    template = models.ForeignKey(DocumentTemplate, models.PROTECT, null=True, related_name="+")  # of the province
    shipped = models.ForeignKey(ShippedTemplate, models.PROTECT, null=True, related_name="+")  # without one of its own
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)

    objects = SynthesisReportQuerySet.as_manager()

    class Meta:
        ordering = ("-ends_on", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "kind", "year", "number", "version"], name="one_report_a_period_and_version"
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "year", "number"], condition=Q(state="draft"), name="one_draft_report_a_period"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sha256="", frozen_at=None, content=None)
                | Q(state="frozen", frozen_at__isnull=False, content__isnull=False) & ~Q(sha256=""),
                name="a_frozen_report_has_its_content",
            ),
            models.CheckConstraint(
                condition=Q(template=None) | Q(shipped=None), name="a_report_is_made_with_one_template"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(state="frozen"), name="only_a_frozen_report_is_public"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="a_reports_period_has_its_days"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan}, {self.period}"

    @property
    def period(self) -> str:
        return self.period_en if get_language() == "en" else self.period_vi

    @property
    def address(self) -> str:
        return reverse("reports:report", args=[self.plan_id, self.pk])

    @property
    def is_frozen(self) -> bool:
        return self.state == self.State.FROZEN

    @property
    def is_public(self) -> bool:
        return self.published_at is not None


class TextBlock(models.Model):
    """One revision of a text of a report (đoạn văn do người soạn viết); the newest counts, older ones stay."""

    report = models.ForeignKey(SynthesisReport, models.PROTECT, related_name="texts")
    key = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"), blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    written_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("key", "number")
        constraints = (models.UniqueConstraint(fields=["report", "key", "number"], name="one_revision_a_text"),)

    def __str__(self) -> str:
        return f"{self.report}: {self.key} #{self.number}"


class ReportDecision(LeaderDecision):
    """The act of a leader that made a report public, or took it back (quyết định công khai báo cáo)."""

    report = models.ForeignKey(SynthesisReport, models.PROTECT, related_name="decisions")
