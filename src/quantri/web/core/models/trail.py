"""The audit trail: who did what to what, each entry bound to the one before it."""

from typing import Any, NoReturn, Self

from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from quantri.web.core.action_words import words_of
from quantri.web.core.actor_words import part_of
from quantri.web.core.field_words import subject_of


class AppendOnly(Exception):
    """The trail is written to its end and nowhere else."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: Any) -> Self:
        """Keep what happened in provinces that the reader coordinates, leads or administers, and in own agencies."""
        return self.none() if user.is_anonymous else self.filter(user.audited())

    def of(self, *rows: models.Model) -> Self:
        """Keep what was done to some rows of one kind.

        Their entries are found by key first: SQLite would else read through all that ever happened in a province.
        """
        kinds = {row._meta.label_lower for row in rows}
        theirs = self.model.objects.filter(subject__in=kinds, subject_key__in=[str(row.pk) for row in rows])
        return self.filter(pk__in=theirs.order_by().values("pk"))

    def of_kinds(self, *kinds: models.QuerySet) -> Self:
        """Keep what was done to rows of several kinds, such as all parts of a task and what was asked about them."""
        theirs = models.Q(pk__in=())
        for rows in kinds:
            keys = rows.order_by().annotate(key=Cast("pk", models.CharField())).values("key")
            theirs |= models.Q(subject=rows.model._meta.label_lower, subject_key__in=keys)
        return self.filter(pk__in=self.model.objects.filter(theirs).order_by().values("pk"))

    def update(self, **_changes: object) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *_rows: object, **_options: object) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class AuditEntry(models.Model):
    """One action (vết kiểm toán); the actor is stored as values, so that the line outlives the account."""

    key = models.CharField(max_length=32, unique=True)
    number = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("time"), db_index=True)
    actor_key = models.CharField(max_length=40)
    actor_name = models.CharField(_("actor"), max_length=200)
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=40)
    subject_name = models.CharField(_("subject"), max_length=300)
    scope = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        indexes = (
            models.Index(fields=["subject", "subject_key"]),
            models.Index(fields=["scope", "-number"], name="audit_by_scope"),
            models.Index(fields=["scope", "action", "-number"], name="audit_by_action"),
            models.Index(fields=["scope", "actor_name", "-number"], name="audit_by_actor"),
        )

    @property
    def actor(self) -> str:
        """Who acted, in the reader's words where it was the system."""
        return part_of(self.actor_name) if self.actor_key.startswith("system:") else self.actor_name

    @property
    def said(self) -> str:
        """The action in words."""
        return words_of(self.action)

    @property
    def about(self) -> str:
        """The subject in the reader's words."""
        return subject_of(self.subject, self.subject_name)

    def __str__(self) -> str:
        return f"{self.action} {self.subject_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnly


class AuditHead(models.Model):
    """The last entry of the trail (đầu chuỗi vết kiểm toán); one row, locked by whoever writes."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
