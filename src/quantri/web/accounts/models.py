"""People, agencies and memberships; rights come from dated memberships, never from a flag."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.web.places.loading import home_province
from quantri.web.places.models import Province


class Role(models.TextChoices):
    """What a person does in Quantri for an agency (vai trò)."""

    COORDINATOR = "coordinator", _("coordinator")
    LEADER = "leader", _("leader")
    OFFICER = "officer", _("officer")
    OVERSEER = "overseer", _("overseer")
    ANALYST = "analyst", _("analyst")
    ADMINISTRATOR = "administrator", _("administrator")


class User(AbstractUser):
    """A person's account (tài khoản)."""

    first_name = None  # one name field: Vietnamese names do not split into first and last
    last_name = None
    full_name = models.CharField(_("full name"), max_length=120, blank=True)

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def current_memberships(self) -> MembershipQuerySet:
        return self.memberships.on(timezone.localdate())

    def places(self, *roles: Role) -> models.QuerySet[Province]:
        """Provinces in which the person holds one of the roles, with those that were merged into them."""
        own = self.current_memberships().filter(role__in=roles).values("agency__province")
        return Province.objects.filter(Q(pk__in=own) | Q(successors__after__in=own)).distinct()

    def seats(self, *roles: Role) -> models.QuerySet[Province]:
        """Provinces of the agencies in which the person holds one of the roles."""
        own = self.current_memberships().filter(role__in=roles).values("agency__province")
        return Province.objects.filter(pk__in=own)

    def audit_scopes(self) -> list[str]:
        """Provinces whose trail the person reads, by key; the home's administrators also what belongs to none."""
        reading = (Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR)
        held = self.current_memberships().filter(role__in=reading).values_list("role", "agency__province__key")
        scopes = {key for _role, key in held}
        administered = {key for role, key in held if role == Role.ADMINISTRATOR}
        if administered and home_province(timezone.localdate()).key in administered:
            scopes.add("")
        return sorted(scopes)

    def agencies(self, *roles: Role) -> AgencyQuerySet:
        """Agencies in which the person holds one of the roles."""
        return Agency.objects.filter(pk__in=self.current_memberships().filter(role__in=roles).values("agency"))


Reader = User | AnonymousUser


class DatedQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """Keep the rows that hold on a day."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))


class AgencyQuerySet(DatedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Agencies are public bodies; everyone may know them."""
        return self.all()


class Agency(models.Model):
    """A public body as it was for a time (cơ quan, đơn vị)."""

    class Kind(models.TextChoices):
        PEOPLE_COMMITTEE = "people_committee", _("people's committee")
        DEPARTMENT = "department", _("department")
        FATHERLAND_FRONT = "fatherland_front", _("Fatherland Front")
        VERTICAL_AGENCY = "vertical_agency", _("vertical agency")
        COMPANY = "company", _("company")
        GROUP = "group", _("group of bodies")
        OTHER = "other", _("other body")

    province = models.ForeignKey(Province, models.PROTECT, related_name="agencies")
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    is_demonstration = models.BooleanField(default=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ("name_vi",)
        constraints = (
            models.UniqueConstraint(
                fields=["province", "name_vi"], condition=Q(valid_to=None), name="one_open_agency_a_name"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> str:
        return self.province.key

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi


class MembershipQuerySet(DatedQuerySet):
    """Memberships, by the day on which they hold."""


class Membership(models.Model):
    """What a person is in an agency for a time (tư cách thành viên)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.agency}"

    @property
    def audit_scope(self) -> str:
        return self.agency.audit_scope
