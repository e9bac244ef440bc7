"""What makes the files of a frozen report the same later: the template of the package then, and their checksums."""

from django.db import models

from quantri.web.reports.models.synthesis import SynthesisReport


class FrozenFile(models.Model):
    """A file of a frozen report as it was made first (tệp báo cáo đã chốt), and what came when it was made again."""

    report = models.ForeignKey(SynthesisReport, models.PROTECT, related_name="files")
    ending = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    made_with = models.CharField(max_length=60)  # version of the program
    is_same = models.BooleanField(null=True)  # when it was made again last; null: it never was
    checked_at = models.DateTimeField(null=True)
    checked_with = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("ending",)
        constraints = (models.UniqueConstraint(fields=["report", "ending"], name="one_first_file_an_ending"),)

    def __str__(self) -> str:
        return f"{self.report}: {self.ending} {self.sha256[:8]}"

    @property
    def audit_scope(self) -> str:
        return self.report.plan.audit_scope
