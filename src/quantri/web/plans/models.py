"""A province's plan to raise its index: targets, owners, contact points, and the decision that made it public."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.engine.targets import TargetSpec, parse_target
from quantri.web.accounts.models import Agency, Reader, Role
from quantri.web.places.models import Province


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what a decision made public, and what the person's province plans; no draft that was withdrawn."""
        public, standing = Q(published_at__isnull=False), self.filter(ended_at=None)
        if user.is_anonymous:
            return standing.filter(public)
        return standing.filter(public | Q(province__in=user.seats(Role.COORDINATOR, Role.LEADER)))


class Plan(models.Model):
    """What a province sets out to reach in a year (kế hoạch)."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="plans")
    base_unit = models.ForeignKey(Province, models.PROTECT, related_name="+")
    index = models.CharField(max_length=20, default="papi")
    base_year = models.PositiveSmallIntegerField(_("base year"))
    year = models.PositiveSmallIntegerField(_("year of the plan"))
    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    published_at = models.DateTimeField(null=True)
    shows_chances = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False)
    source = models.JSONField(default=dict, blank=True)  # of a plan that others issued: title, publisher, date, address
    purposes = models.JSONField(default=list, blank=True)
    requirements = models.JSONField(default=list, blank=True)
    legal_bases = models.JSONField(default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # a draft that was withdrawn; the trail says why

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(year__gt=models.F("base_year")), name="plan_year_after_base_year"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(published_at=None), name="no_public_plan_is_withdrawn_as_a_draft"
            ),
            models.CheckConstraint(
                condition=Q(number="", issued_on=None) | ~Q(number="") & Q(issued_on__isnull=False),
                name="number_and_date_of_issue_come_together",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.province.key

    @property
    def name(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def is_historic(self) -> bool:
        """Issued and reported elsewhere before this system; nobody edits it here."""
        return bool(self.source)

    @property
    def is_open(self) -> bool:
        """Still being made: it can be changed."""
        return not (self.is_public or self.is_historic or self.ended_at)


class Target(models.Model):
    """What one component is to reach (mục tiêu, chỉ tiêu của kế hoạch): a priority, and a number if there is one."""

    class Priority(models.TextChoices):
        IMPROVE = "improve", _("improve first")
        RAISE = "raise", _("raise")
        HOLD = "hold", _("hold and build on")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    code = models.CharField(_("component"), max_length=20)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, blank=True)
    spec = models.CharField(_("target"), max_length=20, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["plan", "code"], name="one_target_a_component"),)

    def __str__(self) -> str:
        return f"{self.code} {self.spec}"

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope

    @property
    def parsed(self) -> TargetSpec | None:
        return parse_target(self.spec) if self.spec else None


class ComponentOwner(models.Model):
    """An agency that answers for a component (chịu trách nhiệm về một nội dung)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="owners")
    code = models.CharField(max_length=20)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("code", "pk")
        constraints = (models.UniqueConstraint(fields=["plan", "code", "agency"], name="one_ownership"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.agency}"

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope


class ContactPoint(models.Model):
    """An office that receives feedback on procedures, as a document printed it (đầu mối tiếp nhận)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="contact_points")
    office_vi = models.CharField(max_length=200)
    office_en = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    published_on = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.office_vi

    @property
    def office(self) -> str:
        return self.office_en if get_language() == "en" and self.office_en else self.office_vi


class PublicationDecision(models.Model):
    """The act of a leader that made a plan public, or took it back (quyết định công khai, thu hồi)."""

    class Kind(models.TextChoices):
        PUBLISH = "publish", _("published")
        WITHDRAW = "withdraw", _("withdrawn")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=200)
    reason = models.TextField(_("what is decided"))
    shows_chances = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.reason

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope
