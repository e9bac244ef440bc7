"""Word templates that a province uses in place of those of the package, and copies of the package's that were used."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import Reader, Role
from quantri.web.places.models import Province


class DocumentTemplateQuerySet(models.QuerySet["DocumentTemplate"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the templates of the provinces whose documents the person makes."""
        return self.none() if user.is_anonymous else self.filter(province__in=user.seats(Role.COORDINATOR))

    def in_use(self) -> Self:
        """Keep those that were put to use and not ended."""
        return self.filter(used_from__isnull=False, ended_at=None)


class DocumentTemplate(models.Model):
    """A Word template of a province (mẫu văn bản): looked at first, then put to use, ended but never deleted."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of document"), max_length=12)
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    used_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = DocumentTemplateQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["province", "kind"], condition=Q(used_from__isnull=False, ended_at=None),
                name="one_template_in_use_a_kind",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind}.docx {self.sha256[:8]}"


class ShippedTemplate(models.Model):
    """A Word template of the package as it was when a report was frozen with it (mẫu kèm phần mềm); kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    file = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.sha256[:8]
