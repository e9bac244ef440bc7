"""What inspections found, as far as a leader's decision made it public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import PROVINCE_LEADER
from quantri.web.core.once import once
from quantri.web.core.paging import page_of
from quantri.web.inspections import outcomes as actions
from quantri.web.inspections.models import OutcomePublication, Visit
from quantri.web.inspections.views.acting import acted
from quantri.web.inspections.visit_forms import PublishForm, WithdrawForm
from quantri.web.plans.chain import line_of
from quantri.web.plans.models import Plan

WITH_PLAN = ("programme__plan__province", "agency")


@require_safe
def outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is public of the inspections of a plan and of those that it revises, the newest decision first."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), pk=pk)
    made = OutcomePublication.objects.visible_to(request.user).standing().filter(plan__in=line_of(plan.pk))
    page = page_of(request, made.select_related("plan"), "pk")
    context = {"plan": plan, "publications": page.rows, "older": page.older}
    return render(request, "inspections/outcomes.html", context)


@for_roles(PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show exactly what would become public, and record the decision."""
    visit = get_object_or_404(Visit.objects.decided_by(request.user).select_related(*WITH_PLAN), pk=pk)
    content = actions.outcome_of(visit, timezone.localdate())
    form, mark = PublishForm(request.POST or None), actions.mark_of(content)
    seen = request.POST.get("seen", "")
    return acted(
        request, form, lambda: actions.publish_outcome(
            visit, seen=seen, reason=form.cleaned_data["text"], by=request.user
        ),
        done=_("The outcome is public now."), page="publish",
        to=reverse("inspections:outcomes", args=[visit.programme.plan_id]),
        context={
            "visit": visit, "plan": visit.programme.plan, "content": content, "mark": mark,
        },
    )  # fmt: skip


@for_roles(PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an outcome back from the public."""
    seen = OutcomePublication.objects.visible_to(request.user).filter(
        plan__province__in=request.user.seats(PROVINCE_LEADER)
    )
    made = get_object_or_404(seen.select_related("visit__programme__plan", "plan"), pk=pk)
    form = WithdrawForm(request.POST or None)
    return acted(
        request, form, lambda: actions.withdraw_outcome(made, reason=form.cleaned_data["text"], by=request.user),
        done=_("The outcome is taken back from the public."), page="publish",
        to=reverse("inspections:outcomes", args=[made.plan_id]),
        context={"visit": made.visit, "plan": made.plan, "content": made.content, "is_public": True},
    )  # fmt: skip
