"""People of an agency: who is invited, who leaves, whose account nobody uses."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.web.accounts import invitations, members
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.adapters import qr_svg
from quantri.web.accounts.forms import BulkForm, InviteForm, LeaveForm
from quantri.web.accounts.invitation_letters import letters_of
from quantri.web.accounts.models import Agency, Invitation, Membership, Role
from quantri.web.accounts.rights import roles_given_by
from quantri.web.accounts.views.agencies import keeper, open_ones
from quantri.web.core import codes
from quantri.web.core.once import once

KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)


@for_roles(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    agency = keeper(request, pk)
    form = InviteForm(request.POST or None, roles=roles_given_by(request.user, agency), initial={"role": Role.OFFICER})
    if request.method == "POST" and form.is_valid():
        made = invitations.invite(agency, form.invited(), by=request.user)
        sent = _("The invitation is made; its letter lies in the outbox.")
        messages.success(request, sent if made.email else _("The invitation is made. Print it and hand it over."))
        return redirect(f"{reverse('agencies:invitations')}?id={made.pk}")
    context = {"form": form, "title": _("Invite a person"), "button": _("Make the invitation"), "agency": agency}
    return render(request, "agencies/form.html", context, status=422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def invite_many(request: HttpRequest) -> HttpResponse:
    """Invite one person into each agency of a kind that has nobody in the role yet."""
    mine = open_ones(request).filter(province__in=request.user.seats(Role.COORDINATOR))
    form = BulkForm(request.POST or None, agencies=mine)
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        made = invitations.invite_many(_without(mine, role, form), role, by=request.user)
        if made:
            messages.success(request, _("%(n)s invitations are made. Print the sheet.") % {"n": len(made)})
            return redirect(f"{reverse('agencies:invitations')}?from={made[0].pk}&to={made[-1].pk}")
        form.add_error(None, _("Each agency of this kind has somebody in this role, or an open invitation."))
    context = {"form": form, "title": _("Invite all agencies of a kind"), "button": _("Make the invitations")}
    return render(request, "agencies/form.html", context, status=422 if form.errors else 200)


@for_roles(*KEEPERS)
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the reader's own open invitations, to print or to send: each with its code."""
    own = Invitation.objects.visible_to(request.user).open_at(timezone.now()).filter(made_by=request.user)
    bounds = {"id": "pk", "from": "pk__gte", "to": "pk__lte"}
    for name, lookup in bounds.items():
        told = request.GET.get(name, "")
        if told.isascii() and told.isdigit() and len(told) < 18:
            own = own.filter(**{lookup: int(told)})
    page = Paginator(own.select_related("agency").order_by("pk"), 200).get_page(request.GET.get("page"))
    posted = letters_of(page)
    slips = [_letter(request, i) | {"posted": posted.get(i.pk)} for i in page]
    context = {"page": page, "letters": slips, "has_server": bool(settings.MAIL_URL)}
    return render(request, "agencies/invitations.html", context)


@for_roles(*KEEPERS)
@require_POST
@once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    invitations.withdraw(invitation, by=request.user)
    messages.success(request, _("The invitation is taken back."))
    return redirect("agencies:detail", pk=invitation.agency_id)


@for_roles(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    member = _kept_member(request, pk)
    form = LeaveForm(request.POST or None, people=members.colleagues(member))
    if request.method == "POST" and form.is_valid():
        members.end_membership(member, by=request.user, to=form.cleaned_data["to"])
        messages.success(request, _("The role has ended and every session of the person with it."))
        return redirect("agencies:detail", pk=member.agency_id)
    context = {
        "form": form,
        "title": _("End a role"),
        "button": _("End the role"),
        "agency": member.agency,
        "member": member,
    }
    return render(request, "agencies/form.html", context, status=422 if form.errors else 200)


@for_roles(*KEEPERS)
@require_POST
@once
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a code with which a member who lost the password comes in again."""
    made = invitations.invite_back(_kept_member(request, pk), by=request.user)
    messages.success(request, _("The code is made. Hand it over; the password before works until it is used."))
    return redirect(f"{reverse('agencies:invitations')}?id={made.pk}")


@for_roles(*KEEPERS)
@require_safe
def dormant(request: HttpRequest) -> HttpResponse:
    rows = members.dormant(request.user, timezone.localdate())
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "agencies/dormant.html", {"page": page, "days": members.DORMANT_AFTER.days})


@for_roles(*KEEPERS)
@require_POST
@once
def close(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(members.dormant(request.user, timezone.localdate()), pk=pk)
    members.close_account(user, by=request.user)
    messages.success(request, _("The account is ended."))
    return redirect("agencies:dormant")


def _kept_member(request: HttpRequest, pk: int) -> Membership:
    rows = Membership.objects.filter(agency__in=Agency.objects.kept_by(request.user))
    return get_object_or_404(rows.select_related("user", "agency"), pk=pk, valid_to=None)


def _without(agencies, role: Role, form: BulkForm) -> list[Agency]:
    """Agencies of the chosen kind where nobody has the role and none is invited to it."""
    chosen = agencies.filter(kind=form.cleaned_data["kind"])
    if form.cleaned_data["parent"]:
        chosen = chosen.filter(parent=form.cleaned_data["parent"])
    held = Membership.objects.on(timezone.localdate()).filter(role=role)
    invited = Invitation.objects.open_at(timezone.now()).filter(role=role)
    return list(chosen.exclude(pk__in=held.values("agency")).exclude(pk__in=invited.values("agency")))


def _letter(request: HttpRequest, invitation: Invitation) -> dict[str, object]:
    code = invitations.printed_code(invitation)
    link = request.build_absolute_uri(reverse("accounts:invitation", args=[code]))
    return {"invitation": invitation, "code": codes.shown(code), "link": link, "qr": qr_svg(link)}
