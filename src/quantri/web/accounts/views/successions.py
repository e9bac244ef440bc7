"""Agencies merge or split, and a person approves who takes their open work."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.forms import SuccessionForm
from quantri.web.accounts.mergers import succeed
from quantri.web.accounts.models import Agency, Role, WorkTransfer
from quantri.web.accounts.open_work import approve, proposals
from quantri.web.accounts.views.agencies import keeper, open_ones
from quantri.web.core.once import once


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def succession(request: HttpRequest) -> HttpResponse:
    mine = open_ones(request).filter(province__in=request.user.seats(Role.COORDINATOR))
    form = SuccessionForm(request.POST or None, agencies=mine)
    if request.method == "POST" and form.is_valid():
        change = form.change()
        succeed(change, by=request.user)
        messages.success(request, _("The agencies have ended and others follow. Say now who takes their open work."))
        return redirect("agencies:work", pk=change.before[0].pk)
    context = {"form": form, "title": _("Merge, split or replace agencies"), "button": _("Let them follow")}
    return render(request, "agencies/form.html", context, status=422 if form.errors else 200)


@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """Open work of an agency: each piece with its proposed taker, until a person approves."""
    agency = keeper(request, pk)
    mine = Agency.objects.kept_by(request.user).filter(province=agency.province, valid_to=None).exclude(pk=pk)
    open_work = proposals(agency)
    if request.method == "POST":
        takers = {str(a.pk): a for a in mine}
        fields = [p.piece.field for p in open_work]
        choices = {f: takers[request.POST[f]] for f in fields if request.POST.get(f) in takers}
        made = approve(agency, choices, by=request.user)
        messages.success(request, _("%(n)s pieces of work are given on.") % {"n": len(made)})
        return redirect("agencies:work", pk=pk)
    done = WorkTransfer.objects.visible_to(request.user).filter(before=agency).select_related("after")[:50]
    also = _ended_beside(agency)
    context = {"agency": agency, "proposals": open_work, "takers": mine, "done": done, "also": also}
    return render(request, "agencies/work.html", context)


def _ended_beside(agency: Agency):
    """Agencies that ended in the same successors on the same day."""
    rows = agency.successors.values_list("after", "effective_on")
    beside = Agency.objects.filter(successors__after__in=[a for a, _day in rows], valid_to=agency.valid_to)
    return beside.exclude(pk=agency.pk).distinct()
