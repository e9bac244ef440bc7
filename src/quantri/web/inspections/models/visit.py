"""How places were chosen, visits to them, and what was seen at each question."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Reader
from quantri.web.inspections.models.programme import READERS, Programme, Question
from quantri.web.tasks.models.task import CARRIERS


class ChoiceQuerySet(models.QuerySet["Choice"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep those of programmes that the person inspects in."""
        return self.filter(programme__in=Programme.objects.inspected_by(user))


class Choice(models.Model):
    """An act of choosing places (lựa chọn nơi kiểm tra): method, candidates and seed; it never changes."""

    class Method(models.TextChoices):
        ROTATION = "rotation", _("rotation: longest not inspected")
        RISK = "risk", _("risk: what the tasks of the plan show")
        RANDOM = "random", _("random")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="choices")
    method = models.CharField(_("method"), max_length=10, choices=Method)
    wanted = models.PositiveSmallIntegerField(_("how many places"))
    seed = models.CharField(_("seed"), max_length=64)
    chosen_on = models.DateField()
    candidates = models.JSONField()  # each with its terms, its digest, and whether it was taken
    left_out = models.JSONField(default=list)  # names with the reason
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.CheckConstraint(condition=Q(wanted__gte=1), name="a_choice_wants_a_place"),)

    def __str__(self) -> str:
        return f"{self.get_method_display()}, {self.seed}"

    @property
    def audit_scope(self) -> str:
        return self.programme.audit_scope

    def took(self, agency: Agency) -> bool:
        return any(each["key"] == agency.pk and each["taken"] for each in self.candidates)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the inspectors' visits; of others what was announced to their agency, or what was found and sent."""
        if user.is_anonymous:
            return self.none()
        inspected = Q(programme__in=Programme.objects.inspected_by(user))
        told = Q(announced_at__isnull=False) | Q(sent_at__isnull=False)
        mine = user.agencies(*CARRIERS).values("pk")
        answers = Visit.objects.filter(findings__agency__in=mine, sent_at__isnull=False).values("pk")
        own = Q(agency__in=mine) & told | Q(pk__in=answers)
        read = Q(sent_at__isnull=False, programme__plan__province__in=user.seats(*READERS))
        return self.filter(inspected | own | read)

    def decided_by(self, user: Reader) -> Self:
        """Keep what was sent in the provinces that the person leads: whoever decides what becomes public reads it."""
        if user.is_anonymous:
            return self.none()
        return self.filter(sent_at__isnull=False, programme__plan__province__in=user.seats(PROVINCE_LEADER))

    def undecided(self) -> Self:
        """Keep those of public plans whose outcome is not public, the newest first."""
        kept = self.filter(programme__plan__published_at__isnull=False)
        return kept.exclude(publications__withdrawn_at=None, publications__isnull=False).order_by("-sent_at")

    def standing(self) -> Self:
        return self.filter(cancelled_at=None)


class Visit(models.Model):
    """A visit to an agency (cuộc kiểm tra): chosen openly, or to look again at a finding."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="visits")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="visits")
    choice = models.ForeignKey(Choice, models.PROTECT, null=True, related_name="visits")
    reinspects = models.ForeignKey("Finding", models.PROTECT, null=True, related_name="reinspections")
    visit_on = models.DateField(_("date of the visit"))
    is_surprise = models.BooleanField(_("surprise visit"), default=False)
    outline = models.TextField(_("what the agency reports beforehand"), blank=True)
    outline_by = models.DateField(_("report beforehand by"), null=True, blank=True)
    announced_at = models.DateTimeField(null=True)
    outline_report = models.TextField(_("report beforehand"), blank=True)
    outline_sent_at = models.DateTimeField(null=True)
    outline_sent_by = models.CharField(max_length=200, blank=True)
    held_on = models.DateField(_("took place on"), null=True)
    sent_at = models.DateTimeField(null=True)  # findings went to the agency; nothing was found is sent too
    sent_by = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=1000, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ("visit_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(choice=None, reinspects__isnull=False) | Q(choice__isnull=False, reinspects=None),
                name="a_visit_says_why_that_place",
            ),
            models.CheckConstraint(
                condition=Q(is_surprise=False) | Q(announced_at=None), name="a_surprise_is_not_announced"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(held_on__isnull=False), name="only_what_took_place_has_findings_sent"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(held_on=None), name="what_took_place_is_not_cancelled"
            ),
            models.UniqueConstraint(
                fields=["choice", "agency"], condition=Q(cancelled_at=None), name="one_visit_of_a_choice"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}, {self.visit_on:%d/%m/%Y}"

    @property
    def audit_scope(self) -> str:
        """Province whose trail tells of it; before the findings are sent only the site's administrators read of it.

        Leaders of every agency read the province's trail, and those of a place must not learn from it what is coming.
        """
        return self.programme.audit_scope if self.is_sent else ""

    @property
    def is_held(self) -> bool:
        return self.held_on is not None

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def is_open(self) -> bool:
        """Inspectors may still write."""
        return self.sent_at is None and self.cancelled_at is None

    @property
    def state(self) -> str:
        """How far it is, told by what happened."""
        for happened, state in (
            (self.cancelled_at, _("cancelled")), (self.sent_at, _("findings sent")), (self.held_on, _("took place")),
            (self.announced_at, _("announced")),
        ):  # fmt: skip
            if happened:
                return state
        return _("planned as a surprise") if self.is_surprise else _("planned, not announced yet")


class Check(models.Model):
    """What was seen at a question in a visit (kết quả kiểm tra từng câu)."""

    class Outcome(models.TextChoices):
        MET = "met", _("in order")
        PARTLY = "partly", _("partly in order")
        NOT_MET = "not_met", _("not in order")
        NOT_ASKED = "not_asked", _("does not concern this place")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="checks")
    question = models.ForeignKey(Question, models.PROTECT, related_name="checks")
    outcome = models.CharField(_("what was seen"), max_length=10, choices=Outcome)
    note = models.TextField(_("note"), blank=True)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("question__position", "pk")
        constraints = (models.UniqueConstraint(fields=["visit", "question"], name="one_check_a_question"),)

    def __str__(self) -> str:
        return f"{self.question}: {self.get_outcome_display()}"

    @property
    def audit_scope(self) -> str:
        return self.visit.audit_scope
