"""The outcome of a visit as a leader's decision made it public."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quantri.web.inspections.models.visit import Visit
from quantri.web.plans.models import Plan
from quantri.web.plans.publications import Publication


class OutcomePublication(Publication):
    """What a visit found and what was answered, made public by decision (công khai kết quả kiểm tra), frozen."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="outcome_publications")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="publications")

    class Meta(Publication.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["visit"], condition=Q(withdrawn_at=None), name="one_public_outcome_of_a_visit"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.visit)
