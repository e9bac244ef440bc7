"""Rounds of a survey as their scores: drafts of a province's staff, and frozen ones that everyone reads."""

from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import PROVINCE_LEADER, Reader, Role
from quantri.web.places.models import Province


class SurveyRoundQuerySet(models.QuerySet["SurveyRound"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what is frozen, and the drafts of provinces in which the reader coordinates, leads or analyses."""
        frozen = models.Q(frozen_at__isnull=False)
        if user.is_anonymous:
            return self.filter(frozen)
        return self.filter(frozen | models.Q(province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER, Role.ANALYST)))

    def current(self) -> Self:
        """Keep the rounds that no correction has superseded."""
        return self.filter(superseded_by=None)

    def light(self) -> Self:
        """Leave the scores where they are; lists do not need them."""
        return self.defer("content")


class SurveyRound(models.Model):
    """A scored round (đợt khảo sát): estimates with their errors, never a respondent; once frozen it never changes."""

    class Origin(models.TextChoices):
        """Where a round came from."""

        PACKAGE = "package", _("part of Quantri")
        UPLOADED = "uploaded", _("uploaded")

    key = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    index = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    is_synthetic = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.UPLOADED)
    province = models.ForeignKey(Province, models.PROTECT, null=True, related_name="survey_rounds")
    content = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    scored_at = models.DateTimeField(auto_now_add=True)
    scored_by = models.CharField(max_length=200)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.CharField(max_length=200, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes")

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> str:
        return self.province.key if self.province else ""

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def is_from_package(self) -> bool:
        return self.origin == self.Origin.PACKAGE
