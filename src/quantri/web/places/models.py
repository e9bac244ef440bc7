"""Provinces as they were and are; a recorded fact is never rewritten."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class ProvinceQuerySet(models.QuerySet["Province"]):
    def visible_to(self, user: object) -> Self:
        """Provinces are public; everyone may know them."""
        return self.all()

    def named(self) -> Self:
        """Bring the names and what became of each along, so that pages ask once."""
        return self.prefetch_related("names", "successors__after__names", "predecessors__before__names")

    def on(self, day: date) -> Self:
        """Keep the provinces that exist on a day."""
        started = models.Q(names__valid_from=None) | models.Q(names__valid_from__lte=day)
        going_on = models.Q(names__valid_to=None) | models.Q(names__valid_to__gt=day)
        return self.filter(started & going_on).distinct()


class Province(models.Model):
    """A province or city (tỉnh, thành phố); `key` is ours and never re-used, `code` is official and is."""

    key = models.CharField(max_length=20, unique=True)
    code = models.CharField(_("code"), max_length=4)

    objects = ProvinceQuerySet.as_manager()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name

    def name_on(self, day: date) -> "ProvinceName":
        """Name that it bore on a day; the last one after its end, the first before its beginning."""
        names = sorted(self.names.all(), key=lambda n: n.valid_from or date.min)
        borne = [n for n in names if (n.valid_from or date.min) <= day]
        return (borne or names)[-1 if borne else 0]

    @property
    def latest(self) -> "ProvinceName":
        return self.name_on(date.max)

    @property
    def name(self) -> str:
        return self.latest.name

    @property
    def name_vi(self) -> str:
        return self.latest.name_vi

    @property
    def name_en(self) -> str:
        return self.latest.name_en

    @property
    def ended_on(self) -> date | None:
        """First day on which it no longer existed."""
        return self.latest.valid_to

    @property
    def began_on(self) -> date | None:
        """First day of its first name; None when that is not known."""
        days = [n.valid_from for n in self.names.all()]
        return None if None in days else min(days)

    @property
    def title(self) -> str:
        """Kind and name as documents write it, in Vietnamese."""
        return f"{self.latest.get_kind_vi()} {self.latest.name_vi}"


class ProvinceName(models.Model):
    """A name and kind that a province bears for a time (tên gọi); half-open, null while open."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("province")
        CITY = "city", _("city")

    province = models.ForeignKey(Province, models.PROTECT, related_name="names")
    name_vi = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    region = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["province", "valid_from"], name="one_name_a_day"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_vi

    def get_kind_vi(self) -> str:
        return "thành phố" if self.kind == self.Kind.CITY else "tỉnh"


class Succession(models.Model):
    """What became of a province (kế thừa): whole or in part; an unknown share or date is null."""

    before = models.ForeignKey(Province, models.PROTECT, related_name="successors")
    after = models.ForeignKey(Province, models.PROTECT, related_name="predecessors")
    effective_on = models.DateField(null=True)
    event = models.CharField(max_length=20)
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    legal_basis = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["before", "after"], name="one_succession_a_pair"),)

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"
