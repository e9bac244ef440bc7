"""What people decide about the calendar, legal rules by their version, and clocks that run on them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import PROVINCE_ADMINISTRATOR, PROVINCE_LEADER, Agency, Reader, Role
from quantri.web.accounts.models.people import AgencyQuerySet
from quantri.web.core.field_words import dated
from quantri.web.deadlines.counting import Limit, Unit


class CalendarYear(models.Model):
    """A year's calendar that somebody uploaded: a draft to look at, then locked; the text stays as it came."""

    class State(models.TextChoices):
        """How far an uploaded calendar is; a locked one replaces that of the package."""

        DRAFT = "draft", _("draft")
        LOCKED = "locked", _("locked")
        SUPERSEDED = "superseded", _("superseded")

    year = models.PositiveSmallIntegerField(_("year"))
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.CharField(max_length=200)
    locked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["year"], condition=Q(state="locked"), name="one_locked_calendar_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.year}: {self.get_state_display()}"


class DayOverride(models.Model):
    """A day that an administrator sets apart from the calendar (ngày được điều chỉnh); retracted, never deleted."""

    date = models.DateField(_("day"))
    is_off = models.BooleanField()
    name_vi = models.CharField(_("name"), max_length=200)
    document = models.CharField(_("document"), max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("date", "pk")
        constraints = (
            models.UniqueConstraint(fields=["date"], condition=Q(retracted_at=None), name="one_override_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.date}: {self.name_vi}"

    @classmethod
    def name_in_words(cls, name: str) -> str:
        """Say the name that the trail keeps, the day as its reader writes days."""
        day, colon, of = name.partition(": ")
        return f"{dated(day)}{colon}{of}"


class LegalRule(models.Model):
    """One version of a rule of law (quy định), most with a time limit; a newer version never changes an older one."""

    class Kind(models.TextChoices):
        """What a rule limits, counts, or states without a number."""

        CLOCK = "clock", _("to be done within")
        DURATION = "duration", _("to last")
        BEFORE = "before", _("to lie before")
        COUNT = "count", _("number of")
        CYCLE = "cycle", _("how often")
        FORMAT = "format", _("format")
        METHOD = "method", _("way of counting")
        DUTY = "duty", _("duty")

    TIMED = (Kind.CLOCK, Kind.DURATION, Kind.BEFORE)

    rule = models.CharField(max_length=60)
    scope = models.CharField(max_length=60, default="national")
    kind = models.CharField(max_length=10, choices=Kind)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    amount = models.PositiveSmallIntegerField(null=True)  # none where the law states no number
    of = models.PositiveSmallIntegerField(null=True)  # 2 of 3
    unit = models.CharField(max_length=14, blank=True)
    bound = models.CharField(max_length=10, blank=True)
    starts_on = models.CharField(max_length=60, blank=True)
    document = models.CharField(_("document"), max_length=120)
    article = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    certainty = models.CharField(max_length=1)
    checked_on = models.DateField()
    extensions = models.JSONField(default=list)
    pauses = models.JSONField(default=list)  # grounds on which the rule itself lets the limit stand still

    class Meta:
        ordering = ("rule", "scope", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=["rule", "scope", "valid_from"], name="one_version_a_day"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name_vi} ({self.document})"

    @property
    def limit(self) -> Limit:
        return Limit(amount=self.amount, unit=Unit(self.unit))

    @property
    def is_to_be_confirmed(self) -> bool:
        """Read only from works that quote it, or before later amendments."""
        return self.certainty != "A"


class SendingDays(models.Model):
    """Days of a period's last month by which reports are sent (hạn gửi báo cáo), set by the province from a day on."""

    valid_from = models.DateField(unique=True)
    units_until = models.PositiveSmallIntegerField()
    province_until = models.PositiveSmallIntegerField()
    document = models.CharField(_("document"), max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("valid_from",)
        constraints = (
            models.CheckConstraint(
                condition=Q(units_until__gte=1, province_until__gte=models.F("units_until"), province_until__lte=28),
                name="sending_days_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.units_until}/{self.province_until}"


def agencies_registered_by(user: Reader) -> AgencyQuerySet:
    """Agencies whose clocks of the law a person keeps: own ones, and all of a province that the person coordinates."""
    if user.is_anonymous:
        return Agency.objects.none()
    own = user.agencies(Role.OFFICER, Role.LEADER).values("pk")
    return Agency.objects.filter(Q(pk__in=own) | Q(province__in=user.seats(Role.COORDINATOR).values("pk")))


class ClockQuerySet(models.QuerySet["Clock"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep those of the reader's own agencies, and of a province for who coordinates, leads or administers it."""
        if user.is_anonymous:
            return self.none()
        steered = user.seats(Role.COORDINATOR, PROVINCE_LEADER, PROVINCE_ADMINISTRATOR).values("pk")
        return self.filter(Q(agency__in=user.agencies(*Role)) | Q(agency__province__in=steered))

    def kept_by(self, user: Reader) -> Self:
        """Keep those of the law that the person pauses, extends and closes: own agencies', or a coordinator's."""
        return self.of_law().filter(agency__in=agencies_registered_by(user))

    def of_law(self) -> Self:
        """Keep those under a rule of law; what a decision set belongs to the app that started it."""
        return self.filter(rule__isnull=False)

    def running(self) -> Self:
        """Keep what has not been stopped."""
        return self.filter(stopped_on=None)

    def owed(self) -> Self:
        """Keep those of the law that run, do not stand still, and have their day."""
        still = ClockPause.objects.filter(clock=OuterRef("pk"), ends_on=None)
        return self.of_law().running().filter(~Exists(still), due_on__isnull=False)


class Clock(models.Model):
    """A limit that runs for one thing (đồng hồ thời hạn); it keeps the version of the rule it was started under.

    A clock under a rule of law stands in the register, with its matter in words. Where a decision sets the limit, the
    clock keeps how long it is, what says so, and the key of the thing of another app that it was started for.
    """

    subject = models.CharField(max_length=60, blank=True)
    subject_key = models.CharField(max_length=40, blank=True)
    subject_name = models.CharField(_("matter"), max_length=300)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="clocks")  # that has to act
    rule = models.ForeignKey(LegalRule, models.PROTECT, null=True, related_name="clocks")
    amount = models.PositiveSmallIntegerField(null=True)  # as a decision sets it, where there is no rule
    unit = models.CharField(max_length=14, blank=True)
    document = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    due_on = models.DateField(null=True)  # null while the calendar of a year that it needs is missing
    due_at = models.DateTimeField(null=True)
    first_due_on = models.DateField(null=True)  # as it was first counted
    explanation = models.JSONField(default=dict)
    calendar_mark = models.CharField(max_length=64)
    stopped_on = models.DateField(null=True)
    is_demonstration = models.BooleanField(default=False)

    objects = ClockQuerySet.as_manager()

    class State(models.TextChoices):
        """Where a clock stands."""

        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (models.Index(fields=["subject", "subject_key"]),)
        constraints = (
            models.CheckConstraint(
                condition=Q(rule__isnull=False, amount=None, unit="", document="")
                | Q(rule=None, amount__gte=1) & ~Q(unit="") & ~Q(document=""),
                name="a_clock_runs_by_a_rule_or_by_a_decision",
            ),
            models.UniqueConstraint(
                fields=["subject", "subject_key"], condition=Q(stopped_on=None, rule=None),
                name="one_clock_of_a_decision_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["agency", "rule", "subject_name", "started_at"],
                condition=Q(stopped_on=None, rule__isnull=False), name="one_clock_of_law_for_an_event",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject_name}: {self.rule.name_vi}" if self.rule else self.subject_name

    @property
    def audit_scope(self) -> str:
        return self.agency.audit_scope

    @property
    def limit(self) -> Limit:
        return self.rule.limit if self.rule else Limit(amount=self.amount, unit=Unit(self.unit))

    @property
    def counts_back(self) -> bool:
        """Tell whether it has to lie before its event."""
        return self.rule is not None and self.rule.kind == LegalRule.Kind.BEFORE

    @property
    def state(self) -> Clock.State:
        if self.stopped_on:
            return self.State.STOPPED
        return self.State.PAUSED if any(p.ends_on is None for p in self.pauses.all()) else self.State.RUNNING

    @property
    def grounds(self) -> list[str]:
        """Grounds on which its rule lets it stand still."""
        return self.rule.pauses if self.rule else []

    @property
    def next_extension(self) -> Limit | None:
        """Longer time that its rule still allows."""
        granting = self.rule.extensions if self.rule else ()
        allowed = [more for more in granting for _n in range(more["times"])][len(self.extensions.all()) :]
        return Limit(amount=allowed[0]["amount"], unit=Unit(allowed[0]["unit"])) if allowed else None

    @property
    def was_on_time(self) -> bool | None:
        """Tell whether what was due was done by its day; None while it runs, or where no day is known."""
        return self.stopped_on <= self.due_on if self.stopped_on and self.due_on else None

    @property
    def missing_year(self) -> int | None:
        """Year whose calendar the count still waits for."""
        return self.explanation.get("missing_year")

    @property
    def told(self) -> dict[str, Any]:
        """The stored explanation with days that a page writes in the reader's way."""
        found = {key: date.fromisoformat(self.explanation[key]) for key in ("day_zero", "first_day", "rolled_from")
                 if self.explanation.get(key)}  # fmt: skip
        days = [SimpleNamespace(**day | {"date": date.fromisoformat(day["date"])})
                for day in self.explanation.get("skipped", ())]  # fmt: skip
        return found | {"skipped": days}


class ClockPause(models.Model):
    """Days on which a clock stood still (tạm dừng), with the reason that the rule allows."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="pauses")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("starts_on",)
        constraints = (
            models.UniqueConstraint(fields=["clock"], condition=Q(ends_on=None), name="one_open_pause_a_clock"),
        )

    def __str__(self) -> str:
        return self.reason


class ClockExtension(models.Model):
    """A longer time that was granted (gia hạn), by whom and by which document."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="extensions")
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=14)
    document = models.CharField(max_length=200)
    granted_by = models.CharField(max_length=200)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"+{self.amount} {self.unit}"

    @property
    def limit(self) -> Limit:
        return Limit(amount=self.amount, unit=Unit(self.unit))
