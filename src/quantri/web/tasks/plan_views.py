"""Steps of a plan that concern its tasks too: it is issued, and goes on in the next year."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.next_year import carried_targets, new_base_year
from quantri.web.plans.state_forms import IssueForm
from quantri.web.plans.views.editing import own_plan
from quantri.web.plans.views.state import state_page
from quantri.web.tasks.carrying import continue_plan
from quantri.web.tasks.models import Task
from quantri.web.tasks.moving import issue_with_work


@for_roles(Role.COORDINATOR)
@require_POST
@once
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the number and the date that the records office gave; the plan is in force from then on."""
    plan, form = own_plan(request, pk), IssueForm(request.POST)
    if not form.is_valid():
        return state_page(request, plan, issue_form=form, status=422)
    try:
        issue_with_work(plan, **form.cleaned_data, by=request.user, seen=request.POST.get("seen", ""))
    except ChangedMeanwhile as changed:
        number, day = changed.theirs
        form.add_error("number", _("Somebody issued the plan meanwhile, as number %(number)s of %(day)s.") % {
            "number": number, "day": day,
        })  # fmt: skip
        return state_page(request, own_plan(request, pk), issue_form=form, status=409)
    except RuleViolation as refused:
        form.add_error(None, str(refused))
        return state_page(request, own_plan(request, pk), issue_form=form, status=409)
    messages.success(request, _("The plan is issued and in force."))
    return redirect("plans:state", pk=pk)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def next_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the plan of the next year takes over, and begin it."""
    plan = own_plan(request, pk)
    if request.method == "POST":
        made = continue_plan(plan, by=request.user)
        messages.success(request, _("The plan of %(year)s is begun. Everything you change is saved at once.") % {
            "year": str(made.year)
        })  # fmt: skip
        return redirect("plans:targets", pk=made.pk)
    today, base_year = timezone.localdate(), new_base_year(plan, plan.year + 1)
    owners = list(plan.owners.all())
    context = {
        "plan": plan, "year": plan.year + 1, "base_year": base_year,
        "carried": carried_targets(plan, plan, base_year),
        "ended": [o for o in owners if o.is_abolished(today)], "n_owners": len(owners),
        "tasks": Task.objects.visible_to(request.user).open().with_assignments().filter(plan=plan),
    }  # fmt: skip
    return render(request, "tasks/next_year.html", context)
