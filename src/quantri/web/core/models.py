"""The audit trail, who did what to what; the forms that were sent once; and what failed too often."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One action (vết kiểm toán); the actor is stored as values, so that the line outlives the account."""

    at = models.DateTimeField(_("time"), auto_now_add=True)
    actor_key = models.CharField(max_length=40)
    actor_name = models.CharField(_("actor"), max_length=200)
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=40)
    subject_name = models.CharField(_("subject"), max_length=300)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=["subject", "subject_key"]),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject_name}"


class SentForm(models.Model):
    """A form that was carried out (biểu mẫu đã gửi), and where it led; one row a key, also when two arrive at once."""

    key = models.CharField(max_length=64, primary_key=True)
    led_to = models.CharField(max_length=500)
    sent_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.led_to


class FailedAttempts(models.Model):
    """How often something failed lately for one key, such as a name or an address (lần thử không thành)."""

    key = models.CharField(max_length=80, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> "JobQuerySet":
        """Keep what waits or runs."""
        return self.filter(state__in=Job.OPEN)

    def visible_to(self, user: object) -> "JobQuerySet":
        """Keep the reader's own; a job names a file that others need not know of."""
        return self.filter(actor_key=str(user.pk)) if user.pk else self.none()


class Job(models.Model):
    """Work that takes longer than a page may (việc chạy nền), with its progress; of each kind one is open at a time."""

    class State(models.TextChoices):
        """How far a job is."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    OPEN = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    file = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=20, blank=True)
    faults = models.JSONField(default=dict)
    result = models.CharField(max_length=60, blank=True)
    actor_key = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=200)
    put_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state__in=("waiting", "running")), name="one_open_job_a_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
