"""One's own account, and coming in by a code."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts import invitations
from quantri.web.accounts.forms import CodeForm, NewAccountForm, PasswordForm
from quantri.web.accounts.models import Invitation, Role
from quantri.web.accounts.signing_in import (
    ADDRESS,
    address_of,
    begin_attempt,
    end_attempt,
    record_refusal,
    wait_sentence,
)

KEPT = "invitation"  # name of the code in the session


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    held = request.user.current_memberships().select_related("agency").order_by("agency__name_vi", "role")
    keeps = request.user.seats(Role.COORDINATOR, Role.ADMINISTRATOR).exists()
    return render(request, "accounts/mine.html", {"held": held, "keeps": keeps})


@require_safe
@never_cache
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Take the code out of the address, so that it stays in no history, and go on."""
    request.session[KEPT] = code[:40]
    return redirect("accounts:accept")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def accept(request: HttpRequest) -> HttpResponse:
    """Enter a code; then see what it opens, and come in."""
    if request.method == "POST" and "code" in request.POST:
        request.session[KEPT] = request.POST["code"][:60]
        return redirect("accounts:accept")
    kept = request.session.get(KEPT)
    if kept is None:
        return render(request, "accounts/code.html", {"form": CodeForm()})
    form = CodeForm({"code": kept})
    found = _found(request, form)
    if found is None:
        del request.session[KEPT]
        return render(request, "accounts/code.html", {"form": form}, status=422)
    return _come_in(request, found, form.cleaned_data["code"])


def _found(request: HttpRequest, form: CodeForm) -> Invitation | None:
    """Find what a code opens; codes that open nothing make the address wait, as wrong passwords do."""
    if not form.is_valid():
        return None
    address = address_of(request)
    keys = [(ADDRESS, address)] if address else []
    until = begin_attempt(keys)
    try:
        found = None if until else invitations.find_open(form.cleaned_data["code"])
    except RuleViolation as fault:
        form.add_error("code", str(fault))
        record_refusal(keys)
        return None
    if until:
        form.add_error(None, wait_sentence(until))
        return None
    end_attempt(keys)
    return found


def _come_in(request: HttpRequest, found: Invitation, code: str) -> HttpResponse:
    if request.user.is_authenticated:
        form = None
    else:
        form = (PasswordForm if found.renews_id else NewAccountForm)(
            request.POST or None, initial={"full_name": found.full_name}
        )
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _accepted(request, found, code, form)
        except RuleViolation as fault:
            if form is None:
                raise
            form.add_error(None, str(fault))
        else:
            del request.session[KEPT]
            return redirect("accounts:mine" if form is None else "account_login")
    context = {"form": form, "invitation": found}
    return render(request, "accounts/accept.html", context, status=422 if form and form.errors else 200)


def _accepted(request: HttpRequest, found: Invitation, code: str, form: PasswordForm | None) -> None:
    if form is None:
        invitations.accept_with_own_account(code, by=request.user)
        messages.success(request, _("The role is yours."))
        return
    data = form.cleaned_data
    if found.renews_id:
        invitations.renew_access(code, password=data["password"])
    else:
        invitations.accept_with_new_account(
            code, username=data["username"], password=data["password"], full_name=data["full_name"]
        )
    messages.success(request, _("The account is ready. Sign in with its name and the password."))
