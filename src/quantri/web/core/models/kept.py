"""Rows of kept files: what they have alike wherever a file belongs."""

from typing import Self, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound="KeptFile")


class KeptFileQuerySet(models.QuerySet[Row]):
    def standing(self) -> Self:
        """Keep what was not taken away."""
        return self.filter(removed_at=None)


class KeptFile(models.Model):
    """A file that somebody handed in (tệp đính kèm); taken away, it is only marked."""

    name = models.CharField(_("name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    def take_away(self) -> None:
        """Mark the row as taken away, once; the file and the row stay."""
        self.removed_at = self.removed_at or timezone.now()
        self.save(update_fields=["removed_at"])
