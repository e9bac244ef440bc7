"""A province's plan to raise its index: its state, targets, owners, opinions, and the decisions about it."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.engine.targets import TargetSpec, parse_target
from quantri.web.accounts.models import PROVINCE_LEADER, Agency, DatedQuerySet, Reader, Role
from quantri.web.core.models.decision import LeaderDecision
from quantri.web.places.models import Province
from quantri.web.plans.wording import said_target


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what a decision made public, and what the person's province makes, asks about or has issued.

        A draft is for those who make it, and for the agencies that are asked for their opinion; an issued plan is for
        everyone who works in the province; a draft that was withdrawn is for nobody.
        """
        public, standing = Q(published_at__isnull=False), self.filter(ended_at=None)
        if user.is_anonymous:
            return standing.filter(public)
        made = Q(province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER))
        issued = Q(state__in=Plan.AFTER_ISSUE, province__in=user.seats(*Role))
        mine = Opinion.objects.filter(plan=OuterRef("pk"), agency__in=user.agencies(*Role))
        asked = Q(state=Plan.State.CONSULTED) & Exists(mine)
        return standing.filter(public | made | issued | asked)

    def in_force(self) -> Self:
        """Keep the plans that are carried out here: issued, not replaced by a revision, not closed, not history."""
        return self.filter(state=Plan.State.ISSUED, superseded_at=None, source={})


class Plan(models.Model):
    """What a province sets out to reach in a year (kế hoạch)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CONSULTED = "consulted", _("sent for opinions")
        ISSUED = "issued", _("issued")
        CLOSED = "closed", _("closed")

    BEFORE_ISSUE = (State.DRAFT, State.CONSULTED)
    AFTER_ISSUE = (State.ISSUED, State.CLOSED)

    province = models.ForeignKey(Province, models.PROTECT, related_name="plans")
    base_unit = models.ForeignKey(Province, models.PROTECT, related_name="+")
    index = models.CharField(max_length=20, default="papi")
    base_year = models.PositiveSmallIntegerField(_("base year"))
    year = models.PositiveSmallIntegerField(_("year of the plan"))
    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(_("number"), max_length=60, blank=True)
    number_year = models.PositiveSmallIntegerField(null=True, blank=True)  # numbers begin anew each year
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    revises = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="revisions")
    superseded_at = models.DateTimeField(null=True, blank=True)  # when the revision was issued
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
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
                condition=Q(number="", number_year=None, issued_on=None)
                | ~Q(number="") & Q(number_year__isnull=False, issued_on__isnull=False),
                name="number_and_date_of_issue_come_together",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "consulted"), number="")
                | Q(state__in=("issued", "closed")) & ~Q(number=""),
                name="a_plan_is_issued_with_its_number",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at=None),
                name="a_closed_plan_says_when",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(state__in=("issued", "closed")),
                name="only_an_issued_plan_is_revised",
            ),
            models.UniqueConstraint(
                fields=["province", "number", "number_year"],
                condition=~Q(number="") & Q(ended_at=None),
                name="one_plan_a_number",
            ),
            models.UniqueConstraint(fields=["revises"], condition=Q(ended_at=None), name="one_revision_at_a_time"),
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
        return self.state in self.BEFORE_ISSUE and not (self.is_public or self.is_historic or self.ended_at)

    @property
    def base_lag(self) -> int:
        """Years from the base to the target year."""
        return self.year - self.base_year

    @property
    def is_in_force(self) -> bool:
        """Issued and carried out: no revision has replaced it, and nobody closed it."""
        return self.state == self.State.ISSUED and self.superseded_at is None and not self.is_historic


class Basis(models.Model):
    """A further index or base province of a plan, beside the plan's own (chỉ số khác, tỉnh gốc khác của kế hoạch)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="bases")
    index = models.CharField(_("index"), max_length=20)  # one with results here by its code, another by its short name
    base_unit = models.ForeignKey(Province, models.PROTECT, related_name="+")
    base_year = models.PositiveSmallIntegerField(_("base year"))
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "bases"
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "index", "base_unit"], condition=Q(ended_at=None), name="one_basis_an_index_and_unit"
            ),
        )

    def __str__(self) -> str:
        return f"{self.index.upper()} {self.base_year}, {self.base_unit}"

    @property
    def has_results(self) -> bool:
        """Its results are on the site; of another index the base is typed, with its source."""
        return self.index == settings.INDEX

    @property
    def key(self) -> tuple[str, int]:
        """What stays the same when a plan is copied."""
        return self.index, self.base_unit_id


Ground = Plan | Basis  # where targets start from: the plan's own index, base unit and base year, or further ones


class Target(models.Model):
    """What one component is to reach (mục tiêu, chỉ tiêu của kế hoạch): a priority, and a number if there is one.

    The base is written into it when the plan is issued, so that a later correction of results does not move it; of an
    index without results here it is typed. After issue a target is not edited: a revision's target supersedes it.
    """

    class Priority(models.TextChoices):
        IMPROVE = "improve", _("improve first")
        RAISE = "raise", _("raise")
        HOLD = "hold", _("hold and build on")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    basis = models.ForeignKey(Basis, models.PROTECT, null=True, blank=True, related_name="targets")  # null: the plan's
    code = models.CharField(_("component"), max_length=20)
    name = models.CharField(_("name"), max_length=200, blank=True)  # of a component that the site does not know
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, blank=True)
    spec = models.CharField(_("target"), max_length=20, blank=True)
    base_year = models.PositiveSmallIntegerField(_("base year"), null=True, blank=True)
    base_value = models.FloatField(_("base"), null=True, blank=True)
    base_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    base_source = models.CharField(_("source of the base"), max_length=300, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "code"], condition=Q(basis=None), name="one_target_a_component"),
            models.UniqueConstraint(
                fields=["basis", "code"], condition=Q(basis__isnull=False), name="one_target_a_component_of_a_basis"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.spec}"

    @staticmethod
    def value_in_words(field: str, value: str) -> str:
        """Say a value that the trail keeps; a target as it would be typed, other fields as they are."""
        return said_target(value) if field == "spec" else value

    @classmethod
    def name_in_words(cls, name: str) -> str:
        """Say the name that the trail keeps: code and target, the target as it would be typed."""
        code, _blank, spec = name.partition(" ")
        return f"{code} {said_target(spec)}"

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope

    @property
    def parsed(self) -> TargetSpec | None:
        return parse_target(self.spec) if self.spec else None

    @property
    def key(self) -> tuple[tuple[str, int] | None, str]:
        """What stays the same when a plan is copied."""
        return self.basis and self.basis.key, self.code


class ComponentOwnerQuerySet(DatedQuerySet):
    def standing(self) -> Self:
        """Keep the owners that were not ended, leads first, and bring their agencies along."""
        return self.filter(valid_to=None).with_agencies()

    def with_agencies(self) -> Self:
        """Bring the agencies along, leads first."""
        return self.select_related("agency").order_by("code", "-part", "pk")


class ComponentOwner(models.Model):
    """An agency's part in a component for a time (chủ trì, phối hợp về một nội dung); ended, never deleted."""

    class Part(models.TextChoices):
        LEAD = "lead", _("lead")
        COORDINATING = "coordinating", _("coordinating")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="owners")
    code = models.CharField(max_length=20)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=12, choices=Part, default=Part.LEAD)
    valid_from = models.DateField(null=True, blank=True)  # null: as long as the plan has been there
    valid_to = models.DateField(null=True, blank=True)

    objects = ComponentOwnerQuerySet.as_manager()

    class Meta:
        ordering = ("code", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code", "agency"], condition=Q(valid_to=None), name="one_ownership"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.agency}"

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope

    @property
    def is_lead(self) -> bool:
        return self.part == self.Part.LEAD

    def stands_on(self, day: date) -> bool:
        """Say whether the agency answered on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to > day)

    def is_abolished(self, today: date) -> bool:
        """Say whether the agency has ended, so that nobody answers any more."""
        return self.agency.valid_to is not None and self.agency.valid_to <= today


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def asked_of(self, user: Reader) -> Self:
        """Keep what the agencies that the person speaks for are asked now."""
        if user.is_anonymous:
            return self.none()
        agencies = user.agencies(Role.COORDINATOR, Role.LEADER, Role.OFFICER)
        return self.filter(agency__in=agencies, plan__state=Plan.State.CONSULTED, followed_by=None)

    def visible_to(self, user: Reader) -> Self:
        """Keep what the person's agencies were asked, and all opinions of the plans that their province makes."""
        if user.is_anonymous:
            return self.none()
        made = Q(plan__province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER))
        return self.filter(made | Q(agency__in=user.agencies(*Role)), plan__in=Plan.objects.visible_to(user))


class Opinion(models.Model):
    """What an agency that was asked thinks of a draft, and what became of it (ý kiến góp ý, tiếp thu, giải trình)."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        PARTLY = "partly", _("accepted in part")
        EXPLAINED = "explained", _("not accepted, explained")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="opinions")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    asked_on = models.DateField(_("sent on"))
    answer_by = models.DateField(_("to be given by"), null=True, blank=True)
    text = models.TextField(_("opinion"), blank=True)
    given_on = models.DateField(_("given on"), null=True, blank=True)
    recorded_by = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(_("what became of it"), max_length=10, choices=Verdict, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    followed_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="follows")  # of who took it over

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "agency"], name="one_opinion_an_agency"),
            models.CheckConstraint(
                condition=Q(given_on=None) | Q(given_on__gte=models.F("asked_on")), name="no_opinion_before_it_is_asked"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(given_on__isnull=False), name="only_a_given_opinion_is_answered"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.plan}"

    @property
    def is_waiting(self) -> bool:
        """Given, and not answered yet."""
        return self.given_on is not None and self.answered_at is None


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


class PublicationDecision(LeaderDecision):
    """The act of a leader that made a plan public, or took it back (quyết định công khai, thu hồi)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="decisions")
    shows_chances = models.BooleanField(default=False)

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope
