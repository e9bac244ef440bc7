"""Frozen synthesis reports that wait for a leader's decision whether the public reads them."""

from django.db.models import Exists, OuterRef

from quantri.web.accounts.models import PROVINCE_LEADER, Reader
from quantri.web.reports.models import SynthesisReport


def waiting_reports(user: Reader) -> list[SynthesisReport]:
    """Return frozen reports of provinces that the person leads, about which nobody decided: of each the last version.

    Those taken back from the public were decided about; they stay in the list of their plan.
    """
    frozen = SynthesisReport.objects.visible_to(user).filter(
        state=SynthesisReport.State.FROZEN, plan__province__in=user.seats(PROVINCE_LEADER), plan__ended_at=None
    )
    same = {name: OuterRef(name) for name in ("plan", "kind", "year", "number", "state")}
    newer = SynthesisReport.objects.filter(**same, version__gt=OuterRef("version"))
    waiting = frozen.filter(~Exists(newer), published_at=None, decisions=None)
    return list(waiting.defer("content").select_related("plan").order_by("frozen_at", "pk"))
