"""Steps of a plan that concern its tasks too: it is issued."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.state_forms import IssueForm
from quantri.web.plans.views.editing import own_plan
from quantri.web.plans.views.state import state_page
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
