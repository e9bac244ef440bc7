"""Administrative units as they were and are; a recorded fact is never rewritten."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

KINDS_VI = {
    "province": "tỉnh", "city": "thành phố", "urban_district": "quận", "district": "huyện",
    "provincial_city": "thành phố", "town": "thị xã", "commune": "xã", "ward": "phường",
    "township": "thị trấn", "special_zone": "đặc khu",
}  # fmt: skip
IN_ORDER = Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: object) -> Self:
        """Units are public; everyone may know them."""
        return self.all()

    def named(self) -> Self:
        """Bring the names and what became of each along, so that pages ask once."""
        return self.prefetch_related("names", "successors__after__names", "predecessors__before__names")

    def on(self, day: date) -> Self:
        """Keep the units that exist on a day."""
        started = Q(names__valid_from=None) | Q(names__valid_from__lte=day)
        going_on = Q(names__valid_to=None) | Q(names__valid_to__gt=day)
        return self.filter(started & going_on).distinct()

    def within(self, parent: "Unit") -> Self:
        """Keep the units that lie, or ever lay, directly in a unit."""
        return self.filter(parents__parent=parent.pk).distinct()


class Unit(models.Model):
    """An administrative unit (đơn vị hành chính); `key` is ours and never re-used, `code` is official and is."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("provincial level")
        DISTRICT = "district", _("district level")
        COMMUNE = "commune", _("commune level")

    key = models.CharField(max_length=20, unique=True)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.PROVINCE)
    code = models.CharField(_("code"), max_length=8, db_index=True)  # the one it bears, or bore last: codes are dated

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name

    def name_on(self, day: date) -> "UnitName":
        """Name that it bore on a day; the last one after its end, the first before its beginning."""
        names = sorted(self.names.all(), key=lambda n: n.valid_from or date.min)
        borne = [n for n in names if (n.valid_from or date.min) <= day]
        return (borne or names)[-1 if borne else 0]

    @property
    def latest(self) -> "UnitName":
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


class ProvinceManager(models.Manager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> UnitQuerySet:
        return super().get_queryset().filter(level=Unit.Level.PROVINCE)


class Province(Unit):
    """A province or city (tỉnh, thành phố): the units of the upper level."""

    objects = ProvinceManager()

    class Meta:
        proxy = True
        ordering = ("key",)


class UnitName(models.Model):
    """A name and kind that a unit bears for a time (tên gọi); half-open, null while open."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("province")
        CITY = "city", _("city")
        URBAN_DISTRICT = "urban_district", _("urban district")
        DISTRICT = "district", _("rural district")
        PROVINCIAL_CITY = "provincial_city", _("city within a province")
        TOWN = "town", _("district-level town")
        COMMUNE = "commune", _("commune")
        WARD = "ward", _("ward")
        TOWNSHIP = "township", _("township")
        SPECIAL_ZONE = "special_zone", _("special zone")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    name_vi = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    region = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    decision = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "valid_from"], name="one_name_a_day"),
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to=None), name="one_open_name"),
            models.CheckConstraint(condition=IN_ORDER, name="name_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi

    def get_kind_vi(self) -> str:
        return KINDS_VI[self.kind]

    @property
    def title(self) -> str:
        """Kind and name, in Vietnamese as documents write it."""
        return f"{self.get_kind_vi()} {self.name_vi}"


class UnitCode(models.Model):
    """An official code that a unit bears for a time (mã đơn vị); a code is re-used, so it needs its day and system."""

    class System(models.TextChoices):
        NSO = "nso", _("national code list of units")
        OTHER = "other", _("found in other lists")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="codes")
    system = models.CharField(max_length=20, choices=System, default=System.NSO)
    code = models.CharField(max_length=8, db_index=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "system"], condition=Q(valid_to=None), name="one_open_code"),
            models.CheckConstraint(condition=IN_ORDER, name="code_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.code


class UnitParent(models.Model):
    """The unit that a unit lies in for a time (trực thuộc)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="children")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to=None), name="one_open_parent"),
            models.CheckConstraint(condition=IN_ORDER, name="parent_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="no_unit_lies_in_itself"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.parent_id}"


class Succession(models.Model):
    """What became of a unit (kế thừa): whole or in part; an unknown share, date or successor is null."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("merged")
        SPLIT = "split", _("split")
        RENAME = "rename", _("renamed")
        MOVE = "move", _("moved")
        ABOLISH = "abolish", _("abolished")
        UPGRADE = "upgrade", _("upgraded")

    before = models.ForeignKey(Unit, models.PROTECT, related_name="successors")
    after = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="predecessors")
    effective_on = models.DateField(null=True)
    kind = models.CharField(max_length=20, choices=Kind)
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    decision = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120, blank=True)
    certainty = models.CharField(max_length=1, blank=True)  # A sure, B good, C doubtful

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["before", "after"], name="one_succession_a_pair"),
            models.UniqueConstraint(fields=["before"], condition=Q(after=None), name="one_end_without_successor"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="no_unit_follows_itself"),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=1), name="a_share_is_between_0_and_1"
            ),
        )

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id or '?'}"


class BoundarySetQuerySet(models.QuerySet["BoundarySet"]):
    def visible_to(self, user: object) -> Self:
        """Boundaries that an authority has kept are public; everyone may see them."""
        return self.all()

    def on(self, day: date) -> Self:
        """Keep the sets that hold on a day, the one kept last first."""
        going_on = Q(valid_to=None) | Q(valid_to__gt=day)
        return self.filter(going_on, withdrawn_at=None, valid_from__lte=day).order_by("-kept_at", "-pk")


class BoundarySet(models.Model):
    """Boundaries that an authority brought (bộ ranh giới): from which file, by whom, and from when they hold."""

    level = models.CharField(max_length=10, choices=Unit.Level)
    source = models.CharField(_("source"), max_length=200)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)
    lacks = models.JSONField(default=list)  # archipelagos that a file of the whole country does not draw

    objects = BoundarySetQuerySet.as_manager()

    class Meta:
        ordering = ("-kept_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["sha256", "level", "valid_from"], condition=Q(withdrawn_at=None), name="one_set_a_file_and_day"
            ),
            models.CheckConstraint(condition=IN_ORDER, name="boundaries_end_after_they_begin"),
        )

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.source}"


class Boundary(models.Model):
    """The outline of a unit in a set (ranh giới): polygons of longitude and latitude, for drawing."""

    boundary_set = models.ForeignKey(BoundarySet, models.PROTECT, related_name="boundaries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="boundaries")
    polygons = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["boundary_set", "unit"], name="one_boundary_a_unit"),)

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.boundary_set_id}"
