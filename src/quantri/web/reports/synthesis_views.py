"""Synthesis reports of a plan: list, texts, preview, freezing, files, and where each figure comes from."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import DataError, RuleViolation
from quantri.text import fold
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import PROVINCE_LEADER, Role
from quantri.web.core.once import once
from quantri.web.core.tables import XLSX
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.models import Plan
from quantri.web.reports import synthesis_actions as actions
from quantri.web.reports.frozen_files import RENDERERS, Handed, file_of_report
from quantri.web.reports.keeping import BeingMade
from quantri.web.reports.models import SynthesisReport, TextBlock
from quantri.web.reports.rendering.pdf import pdf_available
from quantri.web.reports.synthesis import Content, outline_of, traces_of
from quantri.web.reports.synthesis_forms import BeginForm, PublicationForm, TextForm
from quantri.web.reports.synthesis_text import (
    OF_CONTENTS,
    headless,
    key_of,
    keys_of_contents,
    preview_of,
    suggestions,
    suggestions_of_contents,
)
from quantri.web.reports.templating import file_of, template_for
from quantri.web.reports.views import DOCX, not_made, not_ready
from quantri.web.reports.wording import LABELS, label_of, trace_words

PAGE = 50
TYPES = {"docx": DOCX, "xlsx": XLSX, "pdf": "application/pdf"}


@for_roles(Role.COORDINATOR, PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def reports(request: HttpRequest, pk: int) -> HttpResponse:
    """List the reports of a plan, and begin one."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user).select_related("province"), pk=pk)
    if not _holds(request, plan, Role.COORDINATOR, PROVINCE_LEADER):
        raise Http404
    periods = {f"{p.kind}-{p.number}": p for p in actions.periods_for(plan)}
    names = [(key, p.name_en if get_language() == "en" else p.name_vi) for key, p in periods.items()]
    form, problem = BeginForm(request.POST or None, periods=names), ""
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.begin_report(plan, periods[form.cleaned_data["period"]], by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            return redirect("reports:report", pk=pk, report_pk=report.pk)
    found = SynthesisReport.objects.visible_to(request.user).filter(plan=plan).defer("content")
    context = {
        "plan": plan, "form": form, "problem": problem, "steers": _holds(request, plan, Role.COORDINATOR),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "reports/list.html", context, status=409 if problem else 422 if form.errors else 200)


@require_safe
def report(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    """Show a report as it will be printed, with its texts and files."""
    found = _visible(request, pk, report_pk)
    content = actions.current_content(found)
    roles = _roles(request, found.plan)
    texts = {} if found.is_frozen else actions.texts_of(found)
    unheaded = headless(content) if roles else []
    context = {
        "report": found, "plan": found.plan, "preview": preview_of(content),
        "has_pdf": pdf_available() and found.is_frozen,
        "texts": [(key, label, texts.get(key)) for key, label in LABELS.items()],
        "of_contents": _texts_of_contents(content, texts), "sections": [LABELS[section] for section in OF_CONTENTS],
        "headless": unheaded[:PAGE], "n_unnamed": len(unheaded[PAGE:]),  # the text of the report names them all
        "steers": Role.COORDINATOR in roles, "leads": PROVINCE_LEADER in roles,
        "decisions": found.decisions.all() if found.is_frozen else (),
        "files": found.files.all() if found.is_frozen else (), "goes_along": content,
    }  # fmt: skip
    return render(request, "reports/report.html", context)


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def text(request: HttpRequest, pk: int, report_pk: int, key: str) -> HttpResponse:
    """Write one text of a draft; what another person saved meanwhile is shown beside."""
    found = _steered(request, pk, report_pk)
    content = outline_of(found, today=timezone.localdate())
    if key not in LABELS and key not in keys_of_contents(content):
        raise Http404
    block, theirs = actions.texts_of(found).get(key), None
    seen = block.number if block else 0
    first = block.text if block else (suggestions(content) | suggestions_of_contents(content)).get(key, "")
    form = TextForm(request.POST or None, initial={"text": first, "seen": seen})
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_text(found, key, by=request.user, **form.cleaned_data)
        except ChangedMeanwhile as changed:
            theirs = changed.theirs
        else:
            messages.success(request, _("The text is saved."))
            return redirect("reports:report", pk=pk, report_pk=report_pk)
    context = {
        "report": found, "plan": found.plan, "label": label_of(key, content), "form": form, "theirs": theirs,
        "seen": seen,
        "revisions": [b for b in found.texts.all() if b.key == key][: -PAGE - 1 : -1], "conflict": theirs is not None,
    }  # fmt: skip
    return render(request, "reports/text.html", context, status=409 if theirs is not None else _status(form))


@for_roles(Role.COORDINATOR)
@require_POST
@once
def freeze(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    found = _steered(request, pk, report_pk)
    actions.freeze_report(found, by=request.user)
    messages.success(request, _("The report is frozen. Its documents can be made again alike at any time."))
    return redirect("reports:report", pk=pk, report_pk=report_pk)


@for_roles(PROVINCE_LEADER)
@require_POST
@once
def publish(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    """Make a frozen report public, or take it back, as a leader decides."""
    found = _visible(request, pk, report_pk)
    form = PublicationForm(request.POST)
    if form.is_valid():
        actions.decide_publication(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The decision is recorded."))
        return redirect("reports:report", pk=pk, report_pk=report_pk)
    context = {"report": found, "plan": found.plan, "form": form, "goes_along": actions.current_content(found)}
    return render(request, "reports/publish.html", context, status=422)


@require_safe
def traces(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    """Tell figure by figure from which rows it was counted."""
    found = _visible(request, pk, report_pk)
    figures = traces_of(actions.current_content(found))
    page = Paginator(figures, PAGE).get_page(request.GET.get("page"))
    shown = [trace_words(figure) for figure in page]
    return render(request, "reports/traces.html", {"report": found, "plan": found.plan, "page": page, "shown": shown})


@require_safe
def report_file(request: HttpRequest, pk: int, report_pk: int, ending: str) -> HttpResponse:
    """Make a file: of a frozen report the same one at any time, of a draft as it is now."""
    found = _visible(request, pk, report_pk)
    if ending not in TYPES or (ending == "pdf" and not found.is_frozen):
        raise Http404
    try:
        handed = (
            file_of_report(found, ending) if found.is_frozen else Handed(content=_draft(found, ending), is_first=True)
        )
    except BeingMade:
        return not_ready(request)
    except DataError as fault:
        return not_made(request, fault)
    other = "" if handed.is_first else "-khac-ban-dau"  # said in the name, which goes along with the file
    name = "-".join(fold(f"bao cao {found.period_vi} v{found.version}").replace("/", "-").split())
    headers = {"Content-Disposition": f'attachment; filename="{name}{other}.{ending}"'}
    headers["Cache-Control"] = "no-cache" if found.is_public else "private, no-store"
    return HttpResponse(handed.content, content_type=TYPES[ending], headers=headers)


def _draft(report: SynthesisReport, ending: str) -> bytes:
    template = file_of(template_for(report.plan.province, "bao-cao"))
    return RENDERERS[ending](actions.current_content(report), template)


def _texts_of_contents(content: Content, texts: dict[str, TextBlock]) -> list[tuple[Content, list[object]]]:
    """Each content with the keys and names of its texts and what was last written."""
    keys = [(found, [key_of(section, found["code"]) for section in OF_CONTENTS]) for found in content["contents"]]
    return [(found, [(key, label_of(key, content), texts.get(key)) for key in its]) for found, its in keys]


def _visible(request: HttpRequest, pk: int, report_pk: int) -> SynthesisReport:
    visible = SynthesisReport.objects.visible_to(request.user).filter(plan=pk)
    return get_object_or_404(visible.with_plan(), pk=report_pk)


def _steered(request: HttpRequest, pk: int, report_pk: int) -> SynthesisReport:
    found = _visible(request, pk, report_pk)
    if not _holds(request, found.plan, Role.COORDINATOR):
        raise PermissionDenied
    if found.is_frozen:
        raise RuleViolation(_("This report is frozen. A correction is a new version of it."))
    return found


def _holds(request: HttpRequest, plan: Plan, *roles: str) -> bool:
    return request.user.is_authenticated and request.user.holds(plan.province_id, *roles)


def _roles(request: HttpRequest, plan: Plan) -> set[str]:
    """Roles that the reader holds in the province of a plan."""
    if request.user.is_anonymous:
        return set()
    return {held.role for held in request.user.held(*Role, PROVINCE_LEADER) if held.province == plan.province_id}


def _status(form: TextForm) -> int:
    return 422 if form.errors else 200
