"""An agency that was asked reads the draft and gives its opinion; who coordinates types what came by letter."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.core.tables import xlsx_file
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.plans.consulting import give_opinion, given, may_give
from quantri.web.plans.models import Opinion
from quantri.web.plans.state_forms import OpinionForm
from quantri.web.plans.views.editing import own_plan


@for_roles(*Role)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def opinion(request: HttpRequest, pk: int, opinion_pk: int) -> HttpResponse:
    asked = _visible(request, pk, opinion_pk)
    if not may_give(asked, request.user):
        raise PermissionDenied
    form = OpinionForm(request.POST or None, initial={
        "text": asked.text, "given_on": asked.given_on or timezone.localdate(),
    })  # fmt: skip
    status, seen = 422 if form.errors else 200, mark_of(given(asked))
    if request.method == "POST" and form.is_valid():
        try:
            give_opinion(asked, by=request.user, seen=request.POST.get("seen", ""), **form.cleaned_data)
        except RuleViolation as refused:
            _refuse(form, refused)
            status = 409
        else:
            messages.success(request, _("The opinion is kept; it can be changed until it is answered."))
            return redirect("plans:opinion", pk=pk, opinion_pk=opinion_pk)
    context = {"plan": asked.plan, "opinion": asked, "form": form, "seen": seen}
    return render(request, "plans/opinion.html", context, status=status)


@for_roles(Role.COORDINATOR)
@require_safe
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the opinions and what became of each as a spreadsheet, as it goes to who signs the plan."""
    plan = own_plan(request, pk)
    header = [_("Agency"), _("Sent on"), _("Given on"), _("Opinion"), _("What became of it"), _("Explanation")]
    rows = [
        [
            o.agency.name_vi, date_format(o.asked_on), o.given_on and date_format(o.given_on), o.text,
            o.get_verdict_display(), o.answer or _passed(o),
        ]
        for o in plan.opinions.select_related("agency", "followed_by__agency")
    ]  # fmt: skip
    return xlsx_file(f"y-kien-{plan.year}", header, rows, [plan.title])


def _passed(opinion: Opinion) -> str:
    """Say who gives the opinion in the place of an agency that has ended."""
    return _("goes on with %(agency)s") % {"agency": opinion.followed_by.agency} if opinion.followed_by else ""


def _visible(request: HttpRequest, pk: int, opinion_pk: int) -> Opinion:
    """Return an opinion that the reader's agency was asked for, or whose plan the reader makes; else 404."""
    opinions = Opinion.objects.visible_to(request.user).select_related(
        "agency", "followed_by__agency", "plan__base_unit"
    )
    return get_object_or_404(opinions.prefetch_related("plan__base_unit__names"), pk=opinion_pk, plan=pk)


def _refuse(form: OpinionForm, refused: RuleViolation) -> None:
    if isinstance(refused, ChangedMeanwhile):
        form.add_error("text", _("Somebody saved “%(theirs)s” meanwhile. Save again to keep yours.") % {
            "theirs": refused.theirs[0]
        })  # fmt: skip
    else:
        form.add_error(None, str(refused))
