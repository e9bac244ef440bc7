"""Work that takes longer than a page may."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> "JobQuerySet":
        """Keep what waits or runs."""
        return self.filter(state__in=Job.OPEN)

    def visible_to(self, user: object) -> "JobQuerySet":
        """Keep the reader's own; a job names a file that others need not know of."""
        return self.filter(actor_key=str(user.pk)) if user.pk else self.none()


class Job(models.Model):
    """Work that takes longer than a page may (việc chạy nền), with its progress; one of a kind and topic is open."""

    class State(models.TextChoices):
        """How far a job is."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    OPEN = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=40)
    topic = models.CharField(max_length=80, blank=True)
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
                fields=["kind", "topic"],
                condition=models.Q(state__in=("waiting", "running")),
                name="one_open_job_a_topic",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
