"""What a leader's decision makes public about a plan, frozen as it was; another decision takes it back."""

import hashlib
import json
from typing import Any, Self, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, Reader, Role
from quantri.web.plans.models import Plan


class PublicationQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Keep what is public of plans that are public, and all decisions of the reader's province."""
        public = Q(withdrawn_at=None, plan__in=Plan.objects.visible_to(user), plan__published_at__isnull=False)
        if user.is_anonymous:
            return self.filter(public)
        return self.filter(public | Q(plan__province__in=user.seats(Role.COORDINATOR, PROVINCE_LEADER)))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Publication(models.Model):
    """Content as it was made public (công khai); each kind has its own plan, rows and words."""

    content = models.JSONField()  # names no person
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(gettext_lazy("what is decided"))
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-pk",)

    @property
    def audit_scope(self) -> str:
        return self.plan.audit_scope


Kind = TypeVar("Kind", bound=Publication)


def freeze(kind: type[Kind], content: dict[str, Any], *, twice: str, **facts: object) -> Kind:
    """Keep the content with its checksum; `twice` is said where the same stands already."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    try:
        with transaction.atomic():
            return kind.objects.create(content=content, sha256=hashlib.sha256(text.encode()).hexdigest(), **facts)
    except IntegrityError:
        raise RuleViolation(twice) from None


def take_back(made: Kind, reason: str) -> Kind:
    """End a publication; the decision and what was public stay on record."""
    made = type(made).objects.select_for_update(of=("self",)).select_related("plan").get(pk=made.pk)
    if made.withdrawn_at:
        raise RuleViolation(_("This is not public."))
    made.withdrawn_at, made.withdrawn_reason = timezone.now(), reason
    made.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return made
