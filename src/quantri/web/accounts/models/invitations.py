"""Ways into an agency by a code that works once."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models.people import Agency, Reader, Role, User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep those into agencies that the person looks after."""
        return self.filter(agency__in=Agency.objects.kept_by(user))

    def open_at(self, moment: datetime) -> Self:
        """Keep those that can still be used."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=moment)


class Invitation(models.Model):
    """A way into an agency with a role, by a code that works once (thư mời); the code itself is not kept.

    With `renews` it opens no new account: the holder of that one sets another password.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    with_subtree = models.BooleanField(default=False)
    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    renews = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="renewals")
    seed = models.CharField(max_length=40)
    code_digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_made")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="invitations_used")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.full_name or self.email}: {self.get_role_display()}, {self.agency}"

    @property
    def audit_scope(self) -> str:
        return self.agency.audit_scope
