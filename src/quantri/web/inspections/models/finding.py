"""What was found in a visit, what the agency answered by which day, and the files of both."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quantri.web.accounts.models import Agency, Reader
from quantri.web.core.models import KeptFile, KeptFileQuerySet
from quantri.web.inspections.models.programme import READERS, Programme, Question
from quantri.web.inspections.models.visit import Visit
from quantri.web.tasks.models.task import CARRIERS


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the inspectors' findings, and for the agency and for overseers those that were sent."""
        if user.is_anonymous:
            return self.none()
        inspected = Q(visit__programme__in=Programme.objects.inspected_by(user))
        own = Q(agency__in=user.agencies(*CARRIERS))
        read = Q(visit__programme__plan__province__in=user.seats(*READERS))
        return self.filter(inspected | Q(visit__sent_at__isnull=False) & (own | read))

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def unsettled(self) -> Self:
        """Keep those that were sent and whose answer was not accepted."""
        return self.standing().filter(visit__sent_at__isnull=False, settled_on=None)

    def awaited(self) -> Self:
        """Keep those whose answer is owed by a day and has not come."""
        waiting = Answer.objects.filter(decided_at=None).values("finding")
        return self.unsettled().filter(due_on__isnull=False).exclude(pk__in=waiting)

    def owed_by(self, user: Reader) -> Self:
        """Keep those that the person's agencies have to answer now, the nearest day first."""
        if user.is_anonymous:
            return self.none()
        return self.awaited().filter(agency__in=user.agencies(*CARRIERS)).order_by("due_on", "pk")

    def overdue(self, today: date) -> Self:
        """Keep those whose answer is late and has not come."""
        return self.awaited().filter(due_on__lt=today)


class Finding(models.Model):
    """Something that is not in order (phát hiện, tồn tại), with what is recommended and the duty to answer."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="findings")  # answers: the visited, or a successor
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("what was found"))
    recommendation = models.TextField(_("recommendation"), blank=True)
    needs_answer = models.BooleanField(_("the agency has to answer"), default=True)
    answer_days = models.PositiveSmallIntegerField(null=True)  # as the programme set them when it was sent
    first_due_on = models.DateField(null=True)
    due_on = models.DateField(_("answer by"), null=True)  # a later one where an answer was returned
    settled_on = models.DateField(null=True)  # day on which the answer was accepted
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)  # taken back before it was sent

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(due_on=None, first_due_on=None) | Q(due_on__gte=models.F("first_due_on")),
                name="a_later_day_lies_after_the_first",
            ),
        )

    def __str__(self) -> str:
        return self.text[:120]

    @property
    def audit_scope(self) -> str:
        return self.visit.audit_scope

    def is_late(self, today: date) -> bool:
        """Its day has passed and nothing waits for a decision; `answers` are brought along."""
        waits = any(a.decided_at is None for a in self.answers.all())
        return bool(self.due_on and self.settled_on is None and self.due_on < today and not waits)

    @property
    def state(self) -> str:
        """Where it stands, told by its answers, which are brought along."""
        if not self.visit.is_sent:
            return _("not sent yet")
        if self.settled_on:
            return _("answer accepted")
        if not self.needs_answer:
            return _("for information")
        last = next(iter(sorted(self.answers.all(), key=lambda a: -a.pk)), None)
        if last is None:
            return _("waits for the answer")
        return _("answered, to be read") if last.decided_at is None else _("answer returned")


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the answers to findings that the person may see."""
        return self.filter(finding__in=Finding.objects.visible_to(user))


class Answer(models.Model):
    """What the inspected agency answered (trả lời, giải trình), and whether that was accepted or returned."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("answer", "accepted")
        RETURNED = "returned", _("returned")

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"))
    due_on = models.DateField()  # as it stood when the answer was given
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=200)
    verdict = models.CharField(_("what became of it"), max_length=10, choices=Verdict, blank=True)
    reason = models.CharField(_("reason"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["finding"], condition=Q(decided_at=None), name="one_answer_waits_for_a_decision"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, verdict="") | Q(decided_at__isnull=False) & ~Q(verdict=""),
                name="a_decided_answer_has_a_verdict",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="returned") | ~Q(reason=""), name="an_answer_is_returned_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.text[:120]

    @property
    def audit_scope(self) -> str:
        return self.finding.audit_scope

    @property
    def was_late(self) -> bool:
        return timezone.localdate(self.answered_at) > self.due_on


class AttachmentQuerySet(KeptFileQuerySet["Attachment"]):
    def visible_to(self, user: Reader) -> Self:
        """Keep the files of findings and answers that the person may see."""
        seen = Finding.objects.visible_to(user).values("pk")
        return self.filter(Q(finding__in=seen) | Q(answer__finding__in=seen))


class Attachment(KeptFile):
    """A photo or file of a finding or an answer (ảnh, tài liệu kèm theo); taken away, it is only marked."""

    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="attachments")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="attachments")

    objects = AttachmentQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(finding=None, answer__isnull=False) | Q(finding__isnull=False, answer=None),
                name="a_file_of_a_finding_or_an_answer",
            ),
            models.UniqueConstraint(
                fields=["finding", "sha256"], condition=Q(removed_at=None), name="one_file_a_finding"
            ),
        )

    @property
    def audit_scope(self) -> str:
        return (self.finding or self.answer).audit_scope
