"""Releases: published figures of one edition, frozen."""

import hashlib
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from quantri.web.accounts.models import Reader


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep what may be seen: results of PAPI are public, so all."""
        return self.all()

    def current(self) -> Self:
        """Keep the releases that no correction has superseded."""
        return self.filter(superseded_by=None)


class Release(models.Model):
    """Results of one edition as they were published (lần công bố); a correction is a new release, never an edit."""

    class Origin(models.TextChoices):
        """Where a release came from: the package mends its own releases and never those that people imported."""

        PACKAGE = "package", _("part of Quantri")
        IMPORTED = "imported", _("imported")

    index = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    definition = models.TextField()
    results = models.TextField()
    indicators = models.TextField(blank=True)
    definition_sha256 = models.CharField(max_length=64)
    results_sha256 = models.CharField(max_length=64)
    source = models.CharField(_("source"), max_length=300)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.IMPORTED)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.CharField(max_length=200)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ("index", "year", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["index", "year"], condition=models.Q(superseded_by=None), name="one_current_release"
            ),
        )

    def __str__(self) -> str:
        return f"{self.index.upper()} {self.year}"

    @property
    def name(self) -> str:
        """Name of its files."""
        return f"{self.index}-{self.year}"

    @property
    def is_from_package(self) -> bool:
        return self.origin == self.Origin.PACKAGE

    @property
    def texts(self) -> tuple[str, str, str]:
        """Name, definition and results, as the engine reads them."""
        return self.name, self.definition, self.results

    def holds(self, definition: str, results: str, indicators: str = "") -> bool:
        """Tell whether these are its texts; the longer ones are told by their checksums."""
        checksums = sha256(definition), sha256(results)
        return (self.definition_sha256, self.results_sha256, self.indicators) == (*checksums, indicators)


def sha256(text: str) -> str:
    """Checksum by which a text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()
