"""Word templates of a province: upload with a check, look at a sample, put to use, take out of use."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.reports import templating
from quantri.web.reports.models import DocumentTemplate
from quantri.web.reports.official.kinds import kinds
from quantri.web.reports.official.rendering import render as render_official
from quantri.web.reports.official.sample import sample_of
from quantri.web.reports.views import DOCX
from quantri.web.reports.wording import KINDS

PAGE = 50


class UploadForm(forms.Form):
    """A Word file for a kind of document."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of document"), choices=lambda: list(KINDS.items()))
    file = forms.FileField(label=gettext_lazy("Word file (.docx)"))


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def templates(request: HttpRequest) -> HttpResponse:
    """List the templates of the reader's province, and take a new one to be looked at."""
    form, problem = UploadForm(request.POST or None, request.FILES or None), ""
    if request.method == "POST" and form.is_valid():
        province, file = request.user.seats(Role.COORDINATOR).first(), form.cleaned_data["file"]
        try:
            content = file.read(templating.MAX_BYTES + 1)
            templating.propose_template(province, form.cleaned_data["kind"], content, by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The template is complete. Look at a sample, then put it to use."))
            return redirect("reports:templates")
    rows = DocumentTemplate.objects.visible_to(request.user).defer("file")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "problem": problem, "page": page, "kinds": KINDS}
    return render(request, "reports/templates.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(Role.COORDINATOR)
@require_safe
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill a template with a sample."""
    template = _own(request, pk)
    return _word(render_official(template.kind, sample_of(template.kind), template=bytes(template.file)), template.kind)


@for_roles(Role.COORDINATOR)
@require_safe
def shipped(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand out the package's template, to be changed in Word."""
    if kind not in KINDS:
        raise Http404
    return _word(kinds()[kind].template.read_bytes(), kind)


@for_roles(Role.COORDINATOR)
@require_POST
@once
def use(request: HttpRequest, pk: int) -> HttpResponse:
    templating.use_template(_own(request, pk), by=request.user)
    messages.success(request, _("The template is in use from now on."))
    return redirect("reports:templates")


@for_roles(Role.COORDINATOR)
@require_POST
@once
def end(request: HttpRequest, pk: int) -> HttpResponse:
    templating.end_template(_own(request, pk), by=request.user)
    messages.success(request, _("The template is out of use; the one that comes with Quantri is filled again."))
    return redirect("reports:templates")


def _own(request: HttpRequest, pk: int) -> DocumentTemplate:
    return get_object_or_404(DocumentTemplate.objects.visible_to(request.user).select_related("province"), pk=pk)


def _word(content: bytes, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{kind}.docx"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=DOCX, headers=headers)
