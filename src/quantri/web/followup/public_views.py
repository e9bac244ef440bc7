"""Progress that a decision made public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from quantri.web.followup.models import ProgressPublication
from quantri.web.plans.models import Plan


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the frozen figures of a plan, the newest period first."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), pk=pk)
    made = ProgressPublication.objects.visible_to(request.user).filter(plan=plan, withdrawn_at=None)
    context = {"plan": plan, "publications": made.select_related("period")}
    return render(request, "followup/progress.html", context)
