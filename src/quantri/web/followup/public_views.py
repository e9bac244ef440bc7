"""Progress that a decision made public."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.web.followup.models import ProgressPublication
from quantri.web.followup.progress import NO_COMPONENT
from quantri.web.indices.lookup import named_components
from quantri.web.plans.chain import line_of
from quantri.web.plans.models import Plan


@dataclass(frozen=True, kw_only=True)
class Table:
    """Figures of a period as they were made public: the day that they are of, and each row with its name."""

    publication: ProgressPublication
    as_of: date | None
    rows: list[tuple[str, dict[str, Any]]]


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the frozen figures of a plan and of those that it revises, the newest period first."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), pk=pk)
    made = ProgressPublication.objects.visible_to(request.user).filter(plan__in=line_of(plan.pk), withdrawn_at=None)
    tables = [_table(each) for each in made.select_related("period", "plan")]
    return render(request, "followup/progress.html", {"plan": plan, "tables": tables})


def _table(made: ProgressPublication) -> Table:
    content, day = made.content, made.content.get("as_of")
    by_code = dict(content.get("components", {}))
    others = by_code.pop(NO_COMPONENT, None)
    codes = sorted(by_code)  # a database may give them back in another order
    rows = [(_("All"), content.get("all", {})), *zip(named_components(codes), map(by_code.get, codes), strict=True)]
    if others:
        rows.append((_("Tasks without a component"), others))
    return Table(publication=made, as_of=date.fromisoformat(day) if day else None, rows=rows)
