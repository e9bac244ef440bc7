"""Acts of a leader that make something public or take it back: each app has its own rows of this form."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeaderDecision(models.Model):
    """What a leader decided, when and why (quyết định); rows are added, never changed."""

    class Kind(models.TextChoices):
        PUBLISH = "publish", _("published")
        WITHDRAW = "withdraw", _("withdrawn")

    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField(_("what is decided"))
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=200)

    class Meta:
        abstract = True
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.reason
