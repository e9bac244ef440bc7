"""People, agencies and memberships; rights come from dated memberships, never from a flag."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple, Self

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models.concerning import done_in, posted_to
from quantri.web.accounts.remembering import once_a_page
from quantri.web.places.loading import home_province
from quantri.web.places.models import Province, Unit


class Role(models.TextChoices):
    """What a person does in Quantri for an agency (vai trò)."""

    COORDINATOR = "coordinator", _("coordinator")
    LEADER = "leader", _("leader")
    OFFICER = "officer", _("officer")
    OVERSEER = "overseer", _("overseer")
    ANALYST = "analyst", _("analyst")
    ADMINISTRATOR = "administrator", _("administrator")


PROVINCE_LEADER = "province_leader"  # these follow from where a role is held; nobody is given them apart
PROVINCE_ADMINISTRATOR = "province_administrator"
OF_PROVINCE = {Role.LEADER: PROVINCE_LEADER, Role.ADMINISTRATOR: PROVINCE_ADMINISTRATOR}


class Held(NamedTuple):
    """What a person is today: a role in an agency of a province, and whether in all agencies below it too."""

    role: str
    agency: int
    province: int
    province_key: str
    with_subtree: bool
    governs: bool | None = None  # the agency is the people's committee of the province itself


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

    def held(self, *roles: str) -> list[Held]:
        """Tell what the person is today in one of the roles; while a page is made it is read once."""
        key = ("held", self.pk, timezone.localdate())
        return [held for held in once_a_page(key, self._all_held) if held.role in roles]

    def _all_held(self) -> list[Held]:
        fields = ("role", "agency", "agency__province", "agency__province__key", "with_subtree")
        governs = Q(agency__kind=Agency.Kind.PEOPLE_COMMITTEE, agency__unit=F("agency__province"))
        rows = self.current_memberships().annotate(governs=governs).values_list(*fields, "governs")
        held = [Held(*row) for row in rows]
        return [*held, *_over_provinces(held)]

    def holds(self, province: int, *roles: str) -> bool:
        """Say whether the person holds one of the roles in an agency of a province."""
        return any(held.province == province for held in self.held(*roles))

    def places(self, *roles: str) -> models.QuerySet[Province]:
        """Provinces in which the person holds one of the roles, with those that were merged into them."""
        own = _provinces(self.held(*roles))
        return Province.objects.filter(Q(pk__in=own) | Q(successors__after__in=own)).distinct()

    def seats(self, *roles: str) -> models.QuerySet[Province]:
        """Provinces of the agencies in which the person holds one of the roles."""
        return Province.objects.filter(pk__in=_provinces(self.held(*roles)))

    def audit_scopes(self) -> list[str]:
        """Provinces whose whole trail the person reads, by key; the home's own administrators also what has none."""
        return once_a_page(("scopes", self.pk, timezone.localdate()), self._scopes)

    def reads_trail(self) -> bool:
        """Say whether the person reads a trail at all: of a province, or of own agencies."""
        return bool(self.held(Role.COORDINATOR, *OF_PROVINCE))

    def audited(self) -> Q:
        """Keep, of the trail, all of some provinces, and of own agencies what their people did or was done to them."""
        return self._told(done_in)

    def overseen_letters(self) -> Q:
        """Keep, of the outbox, all of some provinces, and what goes to the people of own agencies."""
        return self._told(posted_to)

    def _told(self, of_agencies: Callable[[AgencyQuerySet], Q]) -> Q:
        whole = self.audit_scopes()
        within = {held.province_key for held in self.held(*OF_PROVINCE)}.difference(whole)
        found = Q(scope__in=whole)
        return found | Q(scope__in=sorted(within)) & of_agencies(self.agencies(*OF_PROVINCE)) if within else found

    def _scopes(self) -> list[str]:
        scopes = {held.province_key for held in self.held(Role.COORDINATOR, PROVINCE_LEADER, PROVINCE_ADMINISTRATOR)}
        administered = {held.province_key for held in self.held(PROVINCE_ADMINISTRATOR)}
        if administered and home_province(timezone.localdate()).key in administered:
            scopes.add("")
        return sorted(scopes)

    def agencies(self, *roles: str) -> AgencyQuerySet:
        """Agencies in which the person holds one of the roles, with those below where the membership says so."""
        held = self.held(*roles)
        own = Agency.objects.filter(pk__in=sorted({h.agency for h in held})).order_by()
        above = sorted({h.agency for h in held if h.with_subtree})
        below = Subordination.objects.on(timezone.localdate()).filter(above__in=above).order_by()
        # One or the other would read as half of all agencies to PostgreSQL, which then walks through a whole country.
        return Agency.objects.filter(pk__in=own.values("pk").union(below.values("agency")))


def _over_provinces(held: list[Held]) -> Iterator[Held]:
    """Tell who leads or administers a province: in its people's committee, or above it with all that is below."""
    above: dict[int, list[Held]] = {}
    for one in held:
        if one.role in OF_PROVINCE and one.governs:
            yield one._replace(role=OF_PROVINCE[one.role])
        elif one.role in OF_PROVINCE and one.with_subtree:
            above.setdefault(one.agency, []).append(one)
    if above:
        below = Subordination.objects.on(timezone.localdate()).filter(
            above__in=above, agency__kind=Agency.Kind.PEOPLE_COMMITTEE, agency__unit=F("agency__province")
        )  # fmt: skip
        for top, *committee in below.values_list("above", "agency", "agency__province", "agency__province__key"):
            for one in above[top]:
                yield Held(OF_PROVINCE[one.role], *committee, with_subtree=True, governs=True)


def _provinces(held: list[Held]) -> list[int]:
    return sorted({h.province for h in held})


Reader = User | AnonymousUser


class DatedQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """Keep the rows that hold on a day."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))


class AgencyQuerySet(DatedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Agencies are public bodies; everyone may know them."""
        return self.all()

    def known_to(self, user: Reader) -> Self:
        """Keep those of the person's own provinces: their pages, with people on them, are for staff."""
        return self.none() if user.is_anonymous else self.filter(province__in=user.seats(*Role))

    def kept_by(self, user: Reader) -> Self:
        """Keep those whose people the person looks after: a coordinator's province, an administrator's agencies."""
        if user.is_anonymous:
            return self.none()
        own = user.agencies(Role.ADMINISTRATOR).values("pk")
        return self.filter(Q(province__in=user.seats(Role.COORDINATOR)) | Q(pk__in=own))


class Agency(models.Model):
    """A public body as it was for a time (cơ quan, đơn vị); its name and its superior are those of today."""

    class Kind(models.TextChoices):
        PEOPLE_COMMITTEE = "people_committee", _("people's committee")
        DEPARTMENT = "department", _("department")
        PARTY_BODY = "party_body", _("party body")
        STEERING_COMMITTEE = "steering_committee", _("steering committee")
        FATHERLAND_FRONT = "fatherland_front", _("Fatherland Front")
        INSPECTORATE = "inspectorate", _("inspectorate")
        VERTICAL_AGENCY = "vertical_agency", _("vertical agency")
        COMPANY = "company", _("company")
        GROUP = "group", _("group of bodies")
        OTHER = "other", _("other body")

    province = models.ForeignKey(Province, models.PROTECT, related_name="agencies")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")  # the place that it serves
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
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
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="no_agency_above_itself"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> str:
        return self.province.key

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_vi

    def name_on(self, day: date) -> str:
        """Vietnamese name that it bore on a day; the earliest known one before that."""
        borne = sorted(self.names.all(), key=lambda n: n.valid_from or date.min)
        earlier = [n for n in borne if (n.valid_from or date.min) <= day]
        found = earlier[-1:] or borne[:1]
        return found[0].name_vi if found else self.name_vi

    def is_open_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day < (self.valid_to or date.max)


class AgencyName(models.Model):
    """A name that an agency bears for a time (tên gọi của cơ quan); the open one is the agency's own."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="names")
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("agency", "valid_from", "pk")
        constraints = (
            models.UniqueConstraint(fields=["agency"], condition=Q(valid_to=None), name="one_name_of_an_agency_today"),
        )

    def __str__(self) -> str:
        return self.name_vi


class Subordination(models.Model):
    """Who stands above an agency for a time, at any distance (trực thuộc); the parent stands at distance 1.

    Every level is written out, so that rights over a subtree are one indexed question.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="subordinations")
    above = models.ForeignKey(Agency, models.PROTECT, related_name="superiorities")
    distance = models.PositiveSmallIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "distance", "pk")
        constraints = (
            models.UniqueConstraint(fields=["agency", "above"], condition=Q(valid_to=None), name="one_way_upward"),
            models.CheckConstraint(condition=~Q(agency=F("above")), name="no_circle_of_agencies"),
        )

    def __str__(self) -> str:
        return f"{self.agency_id} < {self.above_id}"


class AgencySuccession(models.Model):
    """What became of an agency (kế thừa của cơ quan): one row for each pair of before and after."""

    class Kind(models.TextChoices):
        MERGER = "merger", _("merger")
        SPLIT = "split", _("split")
        REPLACEMENT = "replacement", _("replacement")

    before = models.ForeignKey(Agency, models.PROTECT, related_name="successors")
    after = models.ForeignKey(Agency, models.PROTECT, related_name="predecessors")
    effective_on = models.DateField()
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("effective_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=["before", "after"], name="one_succession_of_two_agencies"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="no_agency_succeeds_itself"),
        )

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"

    @property
    def audit_scope(self) -> str:
        return self.after.audit_scope


class HeadshipQuerySet(DatedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Who heads a public body is public."""
        return self.all()


class Headship(models.Model):
    """Who heads an agency for a time and answers for it (người đứng đầu); with or without an account here."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="headships")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="headships")
    title = models.CharField(_("title"), max_length=120)
    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)

    objects = HeadshipQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["agency"], condition=Q(valid_to=None), name="one_head_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.full_name}".strip()

    @property
    def audit_scope(self) -> str:
        return self.agency.audit_scope


class MembershipQuerySet(DatedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Keep the person's own, and those of the agencies that the person looks after."""
        if user.is_anonymous:
            return self.none()
        return self.filter(Q(user=user) | Q(agency__in=Agency.objects.kept_by(user)))


class Membership(models.Model):
    """What a person is in an agency for a time (tư cách thành viên)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    with_subtree = models.BooleanField(default=False)  # also for all agencies below
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "agency", "role"], condition=Q(valid_to=None), name="one_open_membership_a_role"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.agency}"

    @property
    def audit_scope(self) -> str:
        return self.agency.audit_scope
