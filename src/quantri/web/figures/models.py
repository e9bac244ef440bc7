"""What is measured of communes and agencies, the sheets that brought figures, and the figures as they were recorded."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Reader, Role
from quantri.web.core.models.decision import LeaderDecision
from quantri.web.figures.periods import period_of
from quantri.web.places.models import Province, Unit

READERS = (Role.COORDINATOR, PROVINCE_LEADER, Role.ANALYST)  # who reads all figures of a province
OF_A_PLACE = (Role.OFFICER, Role.LEADER)  # who reads those of the own place


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep those of the package, of the reader's own provinces, and of figures that the reader may see."""
        known = Q(province=None) | Q(pk__in=FigureSheet.objects.visible_to(user).values("measure"))
        return self.filter(known if user.is_anonymous else known | Q(province__in=user.seats(*Role)))

    def usable_in(self, province: Province) -> Self:
        """Keep those for which the province can bring figures."""
        return self.filter(Q(province=None) | Q(province=province), ended_on=None)


class Measure(models.Model):
    """Something that is measured of communes and agencies (số đo); never an indicator of the index."""

    class Unit(models.TextChoices):
        PERCENT = "percent", _("percent (0–100)")
        POINTS = "points", _("points")
        COUNT = "count", _("number")
        DAYS = "days", _("days")

    class Direction(models.TextChoices):
        UP = "up", _("higher is better")
        DOWN = "down", _("lower is better")
        NONE = "none", _("neither is better")

    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="+")  # none: the package
    code = models.CharField(_("code"), max_length=40)
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    part_of = models.CharField(max_length=40, blank=True)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    direction = models.CharField(_("direction"), max_length=5, choices=Direction)
    lowest = models.DecimalField(_("lowest possible value"), max_digits=14, decimal_places=4, null=True, blank=True)
    highest = models.DecimalField(_("highest possible value"), max_digits=14, decimal_places=4, null=True, blank=True)
    document = models.CharField(_("document or authority"), max_length=200, blank=True)
    certainty = models.CharField(max_length=1, blank=True)
    components = models.JSONField(default=list)  # codes of the components beside which it may be read
    ended_on = models.DateField(null=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["province", "code"], name="one_measure_a_code"),
            models.UniqueConstraint(fields=["code"], condition=Q(province=None), name="one_shipped_measure_a_code"),
            models.CheckConstraint(
                condition=Q(lowest=None) | Q(highest=None) | Q(highest__gt=models.F("lowest")),
                name="measure_has_a_range",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi

    @property
    def audit_scope(self) -> str:
        return self.province.key if self.province else ""


class FigureSheetQuerySet(models.QuerySet["FigureSheet"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what a leader made public, and for the province's staff who work with figures all of them."""
        public = Q(published_at__isnull=False, superseded_at=None)
        if user.is_anonymous:
            return self.filter(public)
        return self.filter(public | Q(province__in=user.seats(*READERS, *OF_A_PLACE)))

    def current(self) -> Self:
        """Keep those that no correction replaced."""
        return self.filter(superseded_at=None)


class FigureSheet(models.Model):
    """The figures of one measure in one period as a file brought them (bảng số liệu); a correction is another sheet."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="sheets")
    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    source = models.CharField(_("source"), max_length=300)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    brought_at = models.DateTimeField()
    brought_by = models.CharField(max_length=200)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    superseded_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    is_demonstration = models.BooleanField(default=False)

    objects = FigureSheetQuerySet.as_manager()

    class Meta:
        ordering = ("-ends_on", "measure", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["province", "measure", "kind", "year", "number"], condition=Q(superseded_at=None),
                name="one_current_sheet_of_figures",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="figures_of_a_real_period"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measure}, {self.period_name}"

    @property
    def audit_scope(self) -> str:
        return self.province.key

    @property
    def period_key(self) -> str:
        return f"{self.kind}-{self.year}-{self.number}"

    @property
    def period_name(self) -> str:
        period = period_of(self.period_key)
        return period.name_en if get_language() == "en" else period.name_vi

    @property
    def is_current(self) -> bool:
        return self.superseded_at is None


class FigureQuerySet(models.QuerySet["Figure"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what is public, all for who reads the province's figures, and those of the own place for its staff."""
        public = Q(sheet__published_at__isnull=False, sheet__superseded_at=None)
        if user.is_anonymous:
            return self.filter(public)
        own = user.agencies(*OF_A_PLACE)
        place = Q(unit__in=own.exclude(unit=None).values("unit")) | Q(agency__in=own)
        own_province = Q(sheet__province__in=user.seats(*OF_A_PLACE))
        return self.filter(public | Q(sheet__province__in=user.seats(*READERS)) | (own_province & place))


class Figure(models.Model):
    """One value (số liệu) of a commune or an agency, under the name and code that it bore in the file."""

    sheet = models.ForeignKey(FigureSheet, models.PROTECT, related_name="figures")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    recorded_name = models.CharField(max_length=200)
    recorded_code = models.CharField(max_length=20, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=4)
    note = models.CharField(max_length=300, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["sheet", "unit"], name="one_figure_a_unit"),
            models.UniqueConstraint(fields=["sheet", "agency"], name="one_figure_an_agency"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, agency=None) | Q(unit=None, agency__isnull=False),
                name="a_figure_of_a_unit_or_an_agency",
            ),
        )

    def __str__(self) -> str:
        return f"{self.recorded_name}: {self.value.normalize():f}"


class FigureDecision(LeaderDecision):
    """The act of a leader that made a sheet of figures public, or took it back (quyết định công khai số liệu)."""

    sheet = models.ForeignKey(FigureSheet, models.PROTECT, related_name="decisions")
