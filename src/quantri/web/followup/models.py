"""Which reminders went out, who wants no letters, and progress that a decision made public."""

from django.conf import settings
from django.db import models

from quantri.web.accounts.models import Agency
from quantri.web.deadlines.models import Clock
from quantri.web.inspections.models import Finding
from quantri.web.plans.models import Plan
from quantri.web.plans.publications import Publication
from quantri.web.tasks.models import Assignment, ReportingPeriod


class DigestRun(models.Model):
    """A day on which digests were written (lượt nhắc việc): one a day, whatever the clock does."""

    day = models.DateField(unique=True)
    written_at = models.DateTimeField(auto_now_add=True)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-day",)

    def __str__(self) -> str:
        return str(self.day)


class Reminder(models.Model):
    """A window of something owed of which its agency was reminded (lần nhắc); each once.

    What is owed is a part of a task, the answer to a finding, the reports of an agency in a period, or a limit of law.
    """

    OF = ("assignment_id", "finding_id", "period_id", "agency_id", "clock_id")  # these name what is owed

    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="reminders")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="reminders")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, null=True, related_name="reminders")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")  # beside a period alone
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="reminders")
    window = models.CharField(max_length=12)
    due_on = models.DateField()  # another due date begins its windows anew
    day = models.DateField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["assignment", "window", "due_on"], name="one_reminder_a_window"),
            models.UniqueConstraint(fields=["finding", "window", "due_on"], name="one_reminder_of_an_answer"),
            models.UniqueConstraint(fields=["clock", "window", "due_on"], name="one_reminder_of_a_limit_of_law"),
            models.UniqueConstraint(
                fields=["period", "agency", "window", "due_on"], name="one_reminder_of_the_reports_of_a_period"
            ),
            models.CheckConstraint(
                condition=models.Q(assignment__isnull=False, finding=None, period=None, agency=None, clock=None)
                | models.Q(assignment=None, finding__isnull=False, period=None, agency=None, clock=None)
                | models.Q(assignment=None, finding=None, period__isnull=False, agency__isnull=False, clock=None)
                | models.Q(assignment=None, finding=None, period=None, agency=None, clock__isnull=False),
                name="a_reminder_is_of_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assignment or self.finding or self.period or self.clock}: {self.window}"


class DigestChoice(models.Model):
    """That a person wants no e-mail with the digest (không nhận thư nhắc); the notice in Quantri stays."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_choice")
    by_email = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.by_email}"


class ProgressPublication(Publication):
    """Progress of a plan in a period as a leader's decision made it public (công khai tiến độ), frozen."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="progress_publications")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="publications")

    class Meta(Publication.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["period"], condition=models.Q(withdrawn_at=None), name="one_public_progress_a_period"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan}: {self.period}"
