"""The agencies of a province: a list, a page for each, and what changes them."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.text import fold
from quantri.web.accounts import agencies as actions
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.forms import AgencyForm, DayForm, HeadForm, PlaceForm, RenameForm
from quantri.web.accounts.invitation_letters import letters_of
from quantri.web.accounts.models import Agency, Headship, Membership, Role, User
from quantri.web.accounts.rights import roles_given_by
from quantri.web.accounts.tree import branches
from quantri.web.core.once import once
from quantri.web.core.tables import notes_of_demonstration, xlsx_file

A_PAGE = 50


@for_roles(*Role)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows = branches(open_ones(request).values_list("pk", "parent_id", "name_vi", named=True))
    sought = fold(request.GET.get("q", "")[:100])
    if sought:
        rows = [b for b in rows if sought in fold(b.agency.name_vi)]
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    whole = _listed(request).in_bulk([b.agency.pk for b in page])
    page.object_list = [replace(b, agency=whole[b.agency.pk]) for b in page]
    context = {"page": page, "q": request.GET.get("q", "")[:100], "n": len(rows), **_rights(request)}
    return render(request, "agencies/list.html", context)


@for_roles(*Role)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    header = (_("Agency"), _("Kind"), _("Stands under"), _("Head"), _("Mark"))
    agencies = [b.agency for b in branches(list(_listed(request)))]
    rows = [
        (
            a.name, a.get_kind_display(), a.parent.name if a.parent else "", _head(a),
            _("demonstration") if a.is_demonstration else "",
        )
        for a in agencies
    ]  # fmt: skip
    notes = [_("Agencies of the province today."), *notes_of_demonstration(agencies)]
    return xlsx_file("agencies", header, rows, notes)


@for_roles(*Role)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    agency = known(request, pk)
    today = timezone.localdate()
    invited = list(agency.invitations.visible_to(request.user).open_at(timezone.now()))
    posted = letters_of(invited) if invited else {}
    members = Membership.objects.visible_to(request.user).on(today).filter(agency=agency).select_related("user")
    context = {
        "agency": agency, "members": members.order_by("role", "user__full_name"), "is_open": agency.is_open_on(today),
        "heads": agency.headships.visible_to(request.user), "names": agency.names.all(),
        "successors": agency.successors.select_related("after"),
        "predecessors": agency.predecessors.select_related("before"),
        "children": agency.children.on(today),
        "invitations": [(each, posted.get(each.pk)) for each in invited],
        "can_keep": Agency.objects.kept_by(request.user).filter(pk=agency.pk).exists(),
        "can_invite": bool(roles_given_by(request.user, agency)), **_rights(request),
    }  # fmt: skip
    return render(request, "agencies/detail.html", context)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: HttpRequest) -> HttpResponse:
    province = request.user.seats(Role.COORDINATOR).order_by("key").first()
    form = AgencyForm(request.POST or None, agencies=open_ones(request).filter(province=province))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = actions.add_agency(
            province, data["name_vi"], by=request.user, parent=data["parent"], kind=data["kind"],
            valid_from=timezone.localdate(),
        )  # fmt: skip
        messages.success(request, _("The agency is added."))
        return redirect("agencies:detail", pk=made.pk)
    return _form_page(request, form, _("Add an agency"), _("Add the agency"))


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    agency = steward(request, pk)
    form = RenameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.rename_agency(
            agency, data["name_vi"], by=request.user, on=data["on"], legal_basis=data["legal_basis"]
        )  # fmt: skip
        messages.success(request, _("The agency bears its new name; the one before stays readable."))
        return redirect("agencies:detail", pk=pk)
    return _form_page(request, form, _("Rename the agency"), _("Rename it"), agency)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def place(request: HttpRequest, pk: int) -> HttpResponse:
    agency = steward(request, pk)
    form = PlaceForm(
        request.POST or None, agencies=open_ones(request).exclude(pk=pk), initial={"parent": agency.parent_id}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.place_agency(agency, form.cleaned_data["parent"], by=request.user)
        messages.success(request, _("The agency stands in its new place."))
        return redirect("agencies:detail", pk=pk)
    return _form_page(request, form, _("Move the agency"), _("Move it"), agency)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end(request: HttpRequest, pk: int) -> HttpResponse:
    agency = steward(request, pk)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.end_agency(agency, by=request.user, on=data["on"], legal_basis=data["legal_basis"])
        messages.success(request, _("The agency has ended, and the roles in it with it."))
        return redirect("agencies:work", pk=pk)
    return _form_page(request, form, _("End the agency"), _("End it"), agency)


@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def head(request: HttpRequest, pk: int) -> HttpResponse:
    agency = keeper(request, pk)
    there = agency.memberships.on(timezone.localdate())
    form = HeadForm(request.POST or None, people=User.objects.filter(pk__in=there.values("user")))
    if request.method == "POST" and form.is_valid():
        actions.appoint_head(agency, form.head(), by=request.user, on=form.cleaned_data["on"])
        messages.success(request, _("The head is entered."))
        return redirect("agencies:detail", pk=pk)
    return _form_page(request, form, _("Who heads the agency"), _("Enter the head"), agency)


def known(request: HttpRequest, pk: int) -> Agency:
    return get_object_or_404(Agency.objects.known_to(request.user).select_related("parent", "province"), pk=pk)


def open_ones(request: HttpRequest):
    return Agency.objects.known_to(request.user).on(timezone.localdate())


def steward(request: HttpRequest, pk: int) -> Agency:
    """Fetch an agency of one's own province, which only its coordinator changes."""
    agency = known(request, pk)
    if not request.user.holds(agency.province_id, Role.COORDINATOR):
        raise PermissionDenied
    return agency


def keeper(request: HttpRequest, pk: int) -> Agency:
    """Fetch an agency that the reader looks after."""
    agency = known(request, pk)
    if not Agency.objects.kept_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return agency


def _listed(request: HttpRequest):
    heads = Prefetch("headships", Headship.objects.on(timezone.localdate()), to_attr="heads_today")
    return open_ones(request).select_related("parent").prefetch_related(heads)


def _head(agency: Agency) -> str:
    return str(agency.heads_today[0]) if agency.heads_today else ""


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {
        "is_coordinator": bool(request.user.held(Role.COORDINATOR)),
        "is_keeper": bool(request.user.held(Role.COORDINATOR, Role.ADMINISTRATOR)),
    }


def _form_page(request: HttpRequest, form, title: str, button: str, agency: Agency | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "agency": agency}
    return render(request, "agencies/form.html", context, status=422 if form.errors else 200)
