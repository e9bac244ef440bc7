"""Regular work: when each piece was last done, and what went wrong."""

from django.db import models


class Tick(models.Model):
    """A piece of regular work (việc định kỳ), or the one pass over all of them, with its last run."""

    name = models.CharField(max_length=120, unique=True)
    token = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name
