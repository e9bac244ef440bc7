"""What an agency asks about its part: more time, another agency in its place, or not to carry it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quantri.web.accounts.models import Agency, Reader, Role
from quantri.web.core.field_words import dated
from quantri.web.tasks.models.task import Assignment


class RequestQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Keep what was asked in the reader's own province; that a plan is public is no reason to read requests."""
        return self.none() if user.is_anonymous else self.filter(assignment__task__plan__province__in=user.seats(*Role))


class Extension(models.Model):
    """A later day that was asked for (đề nghị gia hạn), and the answer."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="extensions")
    asked_until = models.DateField(_("new due date"))
    reason = models.CharField(_("reason"), max_length=1000)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.CharField(max_length=200)
    is_granted = models.BooleanField(null=True)
    due_before = models.DateField(null=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(is_granted=None), name="one_open_extension_a_part"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assignment} → {self.asked_until}"

    @classmethod
    def name_in_words(cls, name: str) -> str:
        """Say the name that the trail keeps: the part, and the day as its reader writes days."""
        part, arrow, day = name.rpartition(" → ")
        return f"{part}{arrow}{dated(day)}"

    @property
    def audit_scope(self) -> str:
        return self.assignment.audit_scope


class Handover(models.Model):
    """A part that an agency wants to give to another, or refuses (chuyển giao, từ chối nhiệm vụ).

    The coordinator decides; a refusal that is not accepted is escalated to the head.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", pgettext_lazy("request", "accepted")
        REFUSED = "refused", _("refused")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="handovers")
    after = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")  # null: the part is refused
    reason = models.CharField(_("reason"), max_length=1000)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    is_escalated = models.BooleanField(default=False)
    escalated_to = models.JSONField(null=True)  # who was told, by name; empty where nobody of the agency has an account

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["assignment"], condition=Q(state="asked"), name="one_open_handover_a_part"),
        )

    def __str__(self) -> str:
        return f"{self.assignment} → {self.after or '–'}"

    @property
    def audit_scope(self) -> str:
        return self.assignment.audit_scope
