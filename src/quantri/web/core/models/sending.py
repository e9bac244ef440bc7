"""The forms that were sent once, and what failed too often."""

from django.db import models


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
