"""Letters and notices: written by an action, carried later, with how far each is."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_WAIT = timedelta(hours=6)  # between two attempts


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> Self:
        """Keep the reader's own, and those of the provinces and agencies whose trail they read."""
        if user.is_anonymous:
            return self.none()
        return self.filter(Q(recipient_key=str(user.pk)) | user.overseen_letters())

    def overseen_by(self, user: Any) -> Self:
        """Keep what the reader looks after; the own letters alone are for the page of notices."""
        return self.none() if user.is_anonymous else self.filter(user.overseen_letters())

    def notices_of(self, user: Any, now: datetime) -> Self:
        """Keep what the application itself tells a person."""
        own = self.none() if getattr(user, "is_anonymous", False) else self.filter(recipient_key=str(user.pk))
        return own.filter(Q(not_before=None) | Q(not_before__lte=now), channel=Message.Channel.NOTICE)

    def due(self, now: datetime) -> Self:
        """Keep the letters to carry now; a next attempt too far ahead was set by a wrong clock."""
        wait_is_over = Q(retry_at=None) | Q(retry_at__lte=now) | Q(retry_at__gt=now + LONGEST_WAIT)
        may_go = Q(not_before=None) | Q(not_before__lte=now)
        return self.filter(wait_is_over, may_go, channel=Message.Channel.EMAIL, state__in=Message.TO_SEND)


class Message(models.Model):
    """A letter or a notice to one person (tin gửi đi); its key keeps it from being written twice."""

    class Channel(models.TextChoices):
        """How a message reaches a person."""

        EMAIL = "email", _("e-mail")
        NOTICE = "notice", _("notice in Quantri")

    class State(models.TextChoices):
        """How far a message is."""

        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("taken up")
        HANDING_OVER = "handing_over", _("being handed over")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed, will be tried again")
        UNCERTAIN = "uncertain", _("uncertain")
        GIVEN_UP = "given_up", _("given up")

    TO_SEND = (State.WAITING, State.FAILED)

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    recipient_key = models.CharField(max_length=40, blank=True)
    recipient_name = models.CharField(_("recipient"), max_length=200)
    address = models.CharField(_("address"), max_length=254, blank=True)
    subject = models.CharField(_("subject line"), max_length=300)
    body = models.TextField(_("text"))
    link = models.CharField(max_length=500, blank=True)
    sealed = models.CharField(max_length=80, blank=True)  # names words that no row keeps, put in when it goes
    scope = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    not_before = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    put_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["state", "channel"], name="message_by_state"),
            models.Index(fields=["recipient_key", "channel", "read_at"], name="message_by_recipient"),
            models.Index(fields=["scope", "state", "-id"], name="message_by_scope"),
        )

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient_name}"

    @property
    def audit_scope(self) -> str:
        return self.scope
