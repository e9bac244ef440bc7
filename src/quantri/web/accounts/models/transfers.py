"""Open work that went to somebody else."""

from __future__ import annotations

from typing import Self

from django.db import models

from quantri.web.accounts.models.people import Agency, Reader, User


class WorkTransferQuerySet(models.QuerySet["WorkTransfer"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep those out of agencies that the person looks after."""
        return self.filter(before__in=Agency.objects.kept_by(user))


class WorkTransfer(models.Model):
    """An open piece of work that a person gave to another agency or colleague (bàn giao việc đang làm).

    `holder` and `key` name the work as its own app knows it.
    """

    holder = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    before = models.ForeignKey(Agency, models.PROTECT, related_name="work_given")
    after = models.ForeignKey(Agency, models.PROTECT, related_name="work_taken")
    person_before = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="work_given")
    person_after = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="work_taken")
    approved_by = models.CharField(max_length=200)
    approved_at = models.DateTimeField(auto_now_add=True)

    objects = WorkTransferQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.before.audit_scope
