"""Files of a self-score: added, given out, taken away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import DataError, RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import PROVINCE_LEADER
from quantri.web.appraisal import proofs as actions
from quantri.web.appraisal.forms import ProofForm
from quantri.web.appraisal.models import SCORERS, Proof
from quantri.web.appraisal.views.entries import found, owns
from quantri.web.core import uploads
from quantri.web.core.once import once


@for_roles(*SCORERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file to a line of the sheet, and see which are there."""
    one, problem = found(request, pk), ""
    if not owns(request, one):
        raise PermissionDenied
    form = ProofForm(request.POST or None, request.FILES or None, sheet=one.exercise.sheet)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_proof(one, form.cleaned_data["code"], form.cleaned_data["file"], by=request.user)
        except (RuleViolation, DataError) as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The file is kept."))
            return redirect("appraisal:proof-add", pk=pk)
    context = {
        "entry": one, "exercise": one.exercise, "form": form, "problem": problem,
        "proofs": one.proofs.standing().order_by("code", "pk"),
    }  # fmt: skip
    return render(request, "appraisal/proofs.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(*SCORERS, PROVINCE_LEADER)
@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out a file that the person may see."""
    one = get_object_or_404(Proof.objects.visible_to(request.user).standing(), pk=pk)
    return uploads.download(one)


@for_roles(*SCORERS)
@require_POST
@once
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Proof.objects.visible_to(request.user).standing().select_related("entry__exercise")
    one = get_object_or_404(seen, pk=pk)
    try:
        actions.remove_proof(one, by=request.user)
    except RuleViolation as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The file is taken away."))
    return redirect("appraisal:proof-add", pk=one.entry_id)
