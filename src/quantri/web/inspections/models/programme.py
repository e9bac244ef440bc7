"""A programme of inspection of a plan: its decision, its team, and the questions that every visit asks."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import Agency, DatedQuerySet, Reader, Role, User
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Task
from quantri.web.tasks.models.task import CARRIERS

INSPECTORS = (*CARRIERS, Role.OVERSEER)  # who inspects where an agency as a whole is in the team
READERS = (Role.OVERSEER,)  # who reads what was sent to the inspected agencies of the province


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def inspected_by(self, user: Reader) -> Self:
        """Keep those in whose team the person is, and those of a province that the person coordinates."""
        if user.is_anonymous:
            return self.none()
        team = TeamMember.objects.of(user).values("programme")
        return self.filter(Q(plan__province__in=user.seats(Role.COORDINATOR)) | Q(pk__in=team))

    def visible_to(self, user: Reader) -> Self:
        """Keep those that the person inspects in, and those with a visit that the person may see."""
        if user.is_anonymous:
            return self.none()
        mine = user.agencies(*CARRIERS).values("pk")
        own = Q(visits__agency__in=mine) | Q(visits__findings__agency__in=mine, visits__sent_at__isnull=False)
        told = Q(visits__announced_at__isnull=False) | Q(visits__sent_at__isnull=False)
        read = Q(visits__sent_at__isnull=False, plan__province__in=user.seats(*READERS))
        seen = Programme.objects.filter(own & told | read).values("pk")
        return self.filter(Q(pk__in=Programme.objects.inspected_by(user).values("pk")) | Q(pk__in=seen))


class Programme(models.Model):
    """What a plan's inspectors do in a year (chương trình kiểm tra), by the decision that set it up."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="programmes")
    title = models.CharField(_("title"), max_length=300)
    decision_number = models.CharField(_("number of the decision"), max_length=60, blank=True)
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    decision_issuer = models.CharField(_("who issued the decision"), max_length=200, blank=True)
    decision_subject = models.CharField(_("subject of the decision"), max_length=500, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    purpose = models.TextField(_("purpose"), blank=True)
    answer_days = models.PositiveSmallIntegerField(_("working days for the answer"))
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    is_demonstration = models.BooleanField(default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="inspections_end_after_start"),
            models.CheckConstraint(condition=Q(answer_days__gte=1), name="an_answer_has_a_day_at_least"),
            models.CheckConstraint(
                condition=Q(decision_number="", decided_on=None) | ~Q(decision_number="") & Q(decided_on__isnull=False),
                name="a_decision_has_number_and_date",
            ),
            models.CheckConstraint(
                condition=Q(decision_issuer="", decision_subject="") | ~Q(decision_number=""),
                name="an_issuer_has_a_decision",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope


class TeamMemberQuerySet(DatedQuerySet):
    def standing(self) -> Self:
        return self.filter(valid_to=None)

    def of(self, user: User) -> Self:
        """Keep the places in a team that a person has today: by name, or through an agency that is in it."""
        named = Q(user=user, agency__in=user.agencies(*Role))
        through = Q(user=None, agency__in=user.agencies(*INSPECTORS))
        return self.filter(Q(valid_from__lte=timezone.localdate()) & (named | through)).standing()


class TeamMember(models.Model):
    """Who inspects (thành viên đoàn kiểm tra): a person of an agency, or the agency as a whole, for a time."""

    class Part(models.TextChoices):
        HEAD = "head", _("head of the team")
        DEPUTY = "deputy", _("deputy head")
        MEMBER = "member", _("member")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="team")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    part = models.CharField(_("part in the team"), max_length=10, choices=Part, default=Part.MEMBER)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["programme"], condition=Q(valid_to=None, part="head"), name="one_head_of_a_team"
            ),
            models.UniqueConstraint(
                fields=["programme", "agency", "user"], condition=Q(valid_to=None), name="one_place_of_a_person"
            ),
            models.UniqueConstraint(
                fields=["programme", "agency"], condition=Q(valid_to=None, user=None), name="one_place_of_an_agency"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.agency}" if self.user else str(self.agency)

    @property
    def audit_scope(self) -> str:
        return self.programme.audit_scope


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep those of programmes that the person inspects in."""
        return self.filter(programme__in=Programme.objects.inspected_by(user))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Question(models.Model):
    """What every visit looks at (câu hỏi kiểm tra); changed, it is ended and another one stands in its place."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    component = models.CharField(_("component"), max_length=20, blank=True)
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(_("question"), max_length=600)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "task"], condition=Q(ended_at=None, task__isnull=False), name="one_question_a_task"
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def audit_scope(self) -> str:
        return self.programme.audit_scope
