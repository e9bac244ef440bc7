"""A year's exercise of classing: who is classed by which sheet, their points, appeals, and the decisions on it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Reader, Role
from quantri.web.appraisal.parsing import sheet_of
from quantri.web.appraisal.rules import Sheet
from quantri.web.core.models import KeptFile, KeptFileQuerySet
from quantri.web.core.models.decision import LeaderDecision
from quantri.web.places.models import Province

SCORERS = (Role.OFFICER, Role.LEADER, Role.COORDINATOR)  # who scores for an agency of their own


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what is public, what the reader's province runs, and those in which the reader's agency is."""
        public = Q(published_at__isnull=False)
        if user.is_anonymous:
            return self.filter(public)
        own = Entry.objects.filter(agency__in=user.agencies(*SCORERS)).values("exercise")
        return self.filter(public | Q(province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER)) | Q(pk__in=own))


class Exercise(models.Model):
    """One year's classing by one sheet (đợt chấm điểm, xếp loại); the sheet is kept as the text that it was."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=300)
    sheet_text = models.TextField()
    sheet_sha256 = models.CharField(max_length=64)
    scored_from = models.DateField(_("self-scoring from"))
    scored_until = models.DateField(_("self-scoring until"))
    appealed_until = models.DateField(_("appeals until"))
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    is_demonstration = models.BooleanField(default=False)

    objects = ExerciseQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(scored_until__gte=models.F("scored_from"), appealed_until__gte=models.F("scored_until")),
                name="classing_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(confirmed_at__isnull=False), name="only_confirmed_classes_are_public"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.province.key

    @cached_property
    def sheet(self) -> Sheet:
        return sheet_of(self.sheet_text, self.title)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what is public, the reader's own agencies, and all of a province that the reader steers."""
        public = Q(exercise__published_at__isnull=False)
        if user.is_anonymous:
            return self.filter(public)
        steered = Q(exercise__province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER))
        own = user.agencies(*SCORERS)
        return self.filter(public | steered | Q(agency__in=own) | Q(followed_by__agency__in=own))

    def standing(self) -> Self:
        """Keep those that are classed; that of an agency which ended may go on in another one's."""
        return self.filter(followed_by=None)


class Entry(models.Model):
    """An agency in an exercise (đơn vị được xếp loại); states are told by what happened, never typed."""

    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="entries")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    extended_until = models.DateField(null=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    returned_reason = models.CharField(max_length=1000, blank=True)
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.CharField(max_length=200, blank=True)
    appraised_at = models.DateTimeField(null=True)
    appraised_by = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=list)  # what lowers the class, by the codes of the sheet
    result = models.JSONField(null=True)  # as it was confirmed
    followed_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="follows")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("agency__name_vi", "pk")
        constraints = (models.UniqueConstraint(fields=["exercise", "agency"], name="one_entry_an_agency"),)

    def __str__(self) -> str:
        return f"{self.agency}: {self.exercise}"

    @property
    def audit_scope(self) -> str:
        return self.exercise.audit_scope

    @property
    def last_day(self) -> date:
        """Last day on which it may be handed in."""
        return max(self.extended_until or date.min, self.exercise.scored_until)

    @property
    def is_handed_in(self) -> bool:
        return self.handed_in_at is not None

    @property
    def is_appraised(self) -> bool:
        return self.appraised_at is not None


class Line(models.Model):
    """Points of an entry on one line of the sheet: the agency's own, and those of the appraisal with the reason."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    code = models.CharField(max_length=20)
    self_points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    evidence = models.CharField(max_length=1000, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    explanation = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["entry", "code"], name="one_line_a_criterion"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.points}"


class ProofQuerySet(KeptFileQuerySet["Proof"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the files of the reader's own agencies and of a province the reader steers; the public sees none."""
        if user.is_anonymous:
            return self.none()
        own = user.agencies(*SCORERS)
        steered = Q(entry__exercise__province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER))
        return self.filter(steered | Q(entry__agency__in=own) | Q(entry__followed_by__agency__in=own))


class Proof(KeptFile):
    """A file that shows why an agency gives itself the points of a line (minh chứng); taken away, it is only marked."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="proofs")
    code = models.CharField(_("criterion"), max_length=20)

    objects = ProofQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["entry", "code", "sha256"], condition=Q(removed_at=None), name="one_file_a_criterion"
            ),
        )

    @property
    def audit_scope(self) -> str:
        return self.entry.audit_scope


class Appeal(models.Model):
    """An agency asks for another look at its points (đề nghị xem xét lại), and is answered."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="appeals")
    reason = models.TextField(_("reason"))
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["entry"], condition=Q(answered_at=None), name="one_open_appeal"),
        )

    def __str__(self) -> str:
        return self.reason[:80]

    @property
    def audit_scope(self) -> str:
        return self.entry.audit_scope


class ClassingDecision(LeaderDecision):
    """The act of a leader that confirmed an exercise, made it public, or took it back."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("classes confirmed")
        PUBLISH = "publish", _("published")
        WITHDRAW = "withdraw", _("withdrawn")

    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
