"""What the coordinator follows today, the leader's one screen, urging an agency, and decisions on progress."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import PROVINCE_LEADER, Agency, Headship, Role
from quantri.web.core.from_above import rows_from
from quantri.web.core.once import once
from quantri.web.core.tables import notes_of_demonstration, xlsx_file
from quantri.web.deadlines import calendars
from quantri.web.followup import risks
from quantri.web.followup.answers import awaited_of
from quantri.web.followup.choices import choose_letters, wants_letters
from quantri.web.followup.forms import DecisionForm
from quantri.web.followup.models import DigestRun, ProgressPublication
from quantri.web.followup.overview import of_plans, overview_of
from quantri.web.followup.owing import of_findings, of_parts, of_reports
from quantri.web.followup.progress import publish_progress, withdraw_progress
from quantri.web.followup.risks import Filters
from quantri.web.followup.silence import silences, told_periods
from quantri.web.followup.tallies import by_component, tallies, total, worst
from quantri.web.followup.urging import kinds_of, short_text
from quantri.web.indices.lookup import named_components
from quantri.web.inspections.models import Finding, Visit
from quantri.web.places.models import Province
from quantri.web.plans.chain import carried_out
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import ReportingPeriod

FOLLOWERS = (Role.COORDINATOR, PROVINCE_LEADER)
SHOWN = 6  # of each kind that waits for a decision
FILES = ("overdue", "due-soon", "undated", "ended")  # lists that are given as a file


@for_roles(*FOLLOWERS)
@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """Answer what is at risk today."""
    provinces, filters = request.user.seats(*FOLLOWERS), _filters(request)
    today, calendar = timezone.localdate(), calendars.current()
    plans = Plan.objects.in_force().filter(province__in=provinces)
    rate, found = overview_of(provinces, filters, today, calendar)
    context = {
        "risks": found, "today": today, "calendar": calendar, "rate": rate, "plans": plans, "filters": filters,
        "kinds": Agency.Kind.choices, "run": DigestRun.objects.first(), "files": FILES,
    }  # fmt: skip
    return render(request, "followup/follow.html", context)


@for_roles(*FOLLOWERS)
@require_safe
def table(request: HttpRequest, code: str) -> HttpResponse:
    """Give one list of what is at risk in full, as a file."""
    provinces, today = request.user.seats(*FOLLOWERS), timezone.localdate()
    parts = risks.parts_of(provinces, _filters(request))
    lists = {
        "overdue": risks.overdue(parts, today), "due-soon": risks.due_soon(parts, today, calendars.current()),
        "undated": risks.undated(parts), "ended": risks.of_ended_agencies(parts, today),
    }  # fmt: skip
    if code not in lists:
        raise Http404
    found = list(lists[code][:20_000])
    header = [_("Agency"), _("Task"), _("Part"), _("Due date"), _("Plan")]
    rows = [
        [a.agency.name, a.task.title, a.get_part_display(), a.due and a.due.isoformat(), a.task.plan.number]
        for a in found
    ]
    notes = [_("As of %(day)s") % {"day": today}, *notes_of_demonstration(a.task.plan for a in found)]
    return xlsx_file(f"{code}-{today}", header, rows, notes)


@for_roles(*FOLLOWERS)
@require_safe
def lead(request: HttpRequest) -> HttpResponse:
    """Show the leader one screen: where the plans stand, what is at risk, what is to decide."""
    provinces, today, calendar = request.user.seats(*FOLLOWERS), timezone.localdate(), calendars.current()
    parts, counted = risks.parts_of(provinces, Filters()), risks.counted_parts(provinces, Filters())
    components, agencies = dict(by_component(counted, today)), tallies(counted, today, risks.soon(today, calendar))
    context = {
        "rate": total(agencies), "today": today,
        "components": list(zip(named_components(components), components.values(), strict=True)),
        "agencies": worst(agencies), "plans": of_plans(provinces),
        "locked": _unpublished(provinces)[:SHOWN],
        "published": ProgressPublication.objects.visible_to(request.user).filter(
            plan__province__in=provinces, withdrawn_at=None
        ).select_related("period", "plan")[:SHOWN],
        "overdue": risks.overdue(parts, today)[:8], "calendar": calendar,
        "answers": awaited_of(provinces, Filters()).filter(due_on__lt=today)[:8],
        "outcomes": Visit.objects.decided_by(request.user).undecided().select_related("agency", "programme")[:SHOWN],
        "reports": rows_from(settings.TO_DECIDE, request.user)[:SHOWN],
    }  # fmt: skip
    return render(request, "followup/lead.html", context)


@for_roles(*FOLLOWERS)
@require_safe
def agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an agency owes, late or not reported, with words to send and the draft of a letter."""
    provinces, today = request.user.seats(*FOLLOWERS), timezone.localdate()
    found = get_object_or_404(Agency.objects.visible_to(request.user).filter(province__in=provinces), pk=pk)
    late = risks.overdue(risks.parts_of(provinces, Filters()).filter(agency=found), today)[:200]
    answers = awaited_of(provinces, Filters()).filter(agency=found, due_on__lt=today)[:200]
    readable = Finding.objects.visible_to(request.user).filter(pk__in=[each.pk for each in answers])
    calendar = calendars.current()
    silent = list(silences(told_periods(provinces, Filters(), today, calendar), agency=found))
    owed = [*of_parts(late), *of_reports(silent), *of_findings(answers)]
    address = request.build_absolute_uri(reverse("work:mine"))
    context = {
        "agency": found, "late": late, "silences": silent, "today": today, "calendar": calendar,
        "text": short_text(found, owed, address) if owed else "", "kinds": kinds_of(owed), "answers": answers,
        "read": set(readable.values_list("pk", flat=True)),
        "head": Headship.objects.on(today).filter(agency=found).first(),
        "people": found.memberships.on(today).filter(role=Role.OFFICER).count(),
    }  # fmt: skip
    return render(request, "followup/agency.html", context)


@for_roles(Role.OFFICER, Role.LEADER, Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def letters(request: HttpRequest) -> HttpResponse:
    """Choose whether the digest comes by e-mail; the notice in Quantri stays."""
    if request.method == "POST":
        choose_letters(request.user, by_email=request.POST.get("by_email") == "yes")
        messages.success(request, _("Your choice is kept."))
        return redirect("followup:letters")
    return render(request, "followup/letters.html", {"by_email": wants_letters(request.user)})


@for_roles(PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that the progress of a period becomes public."""
    period = get_object_or_404(ReportingPeriod.objects.visible_to(request.user).select_related("plan"), pk=pk)
    if not request.user.holds(period.plan.province_id, PROVINCE_LEADER):
        raise PermissionDenied
    form, problem = DecisionForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            publish_progress(period, reason=form.cleaned_data["text"], by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The progress is public now."))
            return redirect("followup:progress", pk=period.plan_id)
    context = {"period": period, "plan": period.plan, "form": form, "problem": problem, "deed": "publish"}
    return render(request, "followup/decide.html", context, status=409 if problem else 422 if form.errors else 200)


@for_roles(PROVINCE_LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that the progress of a period is no longer public."""
    made = get_object_or_404(
        ProgressPublication.objects.visible_to(request.user).select_related("period__plan", "plan"), pk=pk
    )
    form, problem = DecisionForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_progress(made, reason=form.cleaned_data["text"], by=request.user)
        except RuleViolation as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The progress is taken back from the public."))
            return redirect("followup:lead")
    context = {"period": made.period, "plan": made.plan, "form": form, "problem": problem, "deed": "withdraw"}
    return render(request, "followup/decide.html", context, status=409 if problem else 422 if form.errors else 200)


def _unpublished(provinces: QuerySet[Province]) -> QuerySet[ReportingPeriod]:
    """Locked periods of public plans in force, and of those that they revise, whose progress is not public."""
    plans = carried_out().filter(province__in=provinces, published_at__isnull=False)
    had_work = Q(plan__revises__isnull=False) | Q(ends_on__gte=F("plan__issued_on"))
    locked = ReportingPeriod.objects.filter(had_work, plan__in=plans, locked_at__isnull=False)
    return locked.exclude(publications__withdrawn_at=None, publications__isnull=False).select_related("plan")


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    return Filters(
        plan=asked.get("plan", ""),
        kind=asked.get("kind", ""),
        component=asked.get("component", "")[:20].strip().upper(),
    )
