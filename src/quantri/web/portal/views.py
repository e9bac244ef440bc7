"""The public pages: the province at a glance, all provinces, plans that a decision made public, and the method."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quantri.engine.loading import DATA
from quantri.engine.results import name_key
from quantri.text import fold, nfc
from quantri.web.accounts.models import PROVINCE_LEADER, Role
from quantri.web.core.frozen import frozen
from quantri.web.indices.archive import Fingerprint, digest, fingerprint, standing
from quantri.web.indices.charts import outline, strip
from quantri.web.indices.lookup import known
from quantri.web.indices.views.province import merged_lines
from quantri.web.places.loading import home_province
from quantri.web.places.models import Province
from quantri.web.plans.faults import counted, faults_of
from quantri.web.plans.lines import Line, PlanSheet, sheet_of
from quantri.web.plans.models import Basis, ComponentOwner, Opinion, Plan
from quantri.web.reports.models import Snapshot, SynthesisReport
from quantri.web.reports.rendering.pdf import pdf_available
from quantri.web.surveys.models import SurveyRound
from quantri.web.tasks.amended import moving_page, with_drops
from quantri.web.tasks.models import Task
from quantri.web.tasks.models.reporting import READERS
from quantri.web.tasks.works import works_of

A_PAGE = 50
FOLLOWERS = (Role.COORDINATOR, PROVINCE_LEADER)
STAFF = tuple(role for role in Role if role != Role.OVERSEER)  # an overseer reads issued plans, no faults or chances


def _state(request: HttpRequest, *args: object, **kwargs: object) -> str:
    """Name what public pages depend on: figures, published plans and the day."""
    plans = list(Plan.objects.visible_to(request.user).values_list("pk", "published_at", "state", "superseded_at"))
    rounds = SurveyRound.objects.visible_to(request.user).count()
    return f"{digest(settings.INDEX)} {plans} {rounds} {timezone.localdate()}"


@require_safe
@frozen(_state)
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    place = home_province(today)
    prefetch_related_objects([place], "names")
    papi = known()
    keys = [place.key] if any(place.key in e for e in papi.editions) else [
        s.before.key for s in place.predecessors.select_related("before")
    ]  # fmt: skip
    year = max((e.definition.year for e in papi.editions if any(k in e for k in keys)), default=None)
    if year is None:
        raise Http404
    edition = papi.edition(year)
    found = [standing(settings.INDEX, key, year) for key in keys if key in edition]
    top = edition.definition.top.code
    context = {
        "place": place, "found": found, "year": year, "edition": edition, "lines": merged_lines(edition, found),
        "strip": strip(edition, top, [d.unit.key for d in found]), "top": edition.definition.top,
        "has_synthetic": SurveyRound.objects.visible_to(request.user).filter(is_synthetic=True).exists(),
        "is_merged": len(keys) > 1, "example": _example(request), "map": outline(edition.units, keys),
    }  # fmt: skip
    return render(request, "portal/home.html", context)


def _example(request: HttpRequest) -> dict[str, object] | None:
    """Return the historic plan that a visitor can walk through, with its lowest content and a number to try."""
    plan = _plans(request).filter(shows_chances=True, is_demonstration=True).exclude(source={}).first()
    if plan is None:
        return None
    _bring_names(plan)
    sheet = sheet_of(plan)
    ranked = [line for line in sheet.lines if line.standing.rank]
    sure = [line for line in sheet.lines if line.outlook.chance is not None and line.outlook.link.comparable == "yes"]
    return {
        "plan": plan, "lowest": max(ranked, key=lambda line: line.standing.rank), "sure": sure[0] if sure else None,
        "sheet": sheet, "snapshot": Snapshot.objects.visible_to(request.user).filter(plan=plan, is_public=True).first(),
    }  # fmt: skip


def _plans(request: HttpRequest) -> QuerySet[Plan]:
    """Bring along what a plan's own page shows, but for the names of its places."""
    owners = Prefetch("owners", ComponentOwner.objects.standing())
    found = Plan.objects.visible_to(request.user).select_related("province", "base_unit")
    return found.prefetch_related("targets", owners)


def _bring_names(plan: Plan, bases: Iterable[Basis] = ()) -> None:
    """Bring the names of a plan's places along, of all in one question."""
    prefetch_related_objects([plan.province, plan.base_unit, *(basis.base_unit for basis in bases)], "names")


def _listed(request: HttpRequest) -> QuerySet[Plan]:
    """Bring along what a line of a list shows."""
    return Plan.objects.visible_to(request.user).select_related("base_unit").prefetch_related("base_unit__names")


@require_safe
@frozen(_state, "q")
def provinces(request: HttpRequest) -> HttpResponse:
    """Find a province of today or of before, with or without marks."""
    asked = nfc(request.GET.get("q", ""))[:60]
    wanted = name_key(asked)
    all_places = Province.objects.visible_to(request.user).named()
    found = [p for p in all_places if _fits(p, wanted, asked)]
    found.sort(key=lambda p: (p.ended_on is not None, fold(p.name_vi)))
    context = {
        "asked": asked, "now": [p for p in found if p.ended_on is None],
        "before": [p for p in found if p.ended_on is not None],
    }  # fmt: skip
    return render(request, "portal/provinces.html", context)


def _fits(place: Province, wanted: str, code: str) -> bool:
    names = {name_key(text) for n in place.names.all() for text in (n.name_vi, n.name_en)}
    return not wanted or place.code == code or any(wanted in name for name in names)


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    page = Paginator(_listed(request), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/plans.html", {"page": page, "plans": page.object_list})


def _state_of_plan(request: HttpRequest, pk: int) -> str:
    """Name what the page of a plan depends on beside that: the reports that a decision made public."""
    return f"{_state(request)} {list(_published(request, pk).values_list('pk', 'published_at'))}"


def _published(request: HttpRequest, pk: int) -> QuerySet[SynthesisReport]:
    found = SynthesisReport.objects.visible_to(request.user).filter(plan=pk, published_at__isnull=False)
    return found.defer("content")


@require_safe
@frozen(_state_of_plan, "page")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a plan: targets with their chances where those are shown, results, tasks and documents."""
    found = get_object_or_404(_plans(request).prefetch_related("decisions"), pk=pk)
    bases = list(found.bases.filter(ended_at=None).select_related("base_unit").prefetch_related("targets"))
    _bring_names(found, bases)
    is_staff = _holds(request, found, *STAFF)
    keys = fingerprint(found.index)
    sheet = sheet_of(found, keys=keys)
    tasks = Task.objects.visible_to(request.user).filter(plan=found)
    judged = is_staff or found.is_historic
    works = works_of(tasks) if judged else ()
    faults = faults_of(found, sheet, works, today=timezone.localdate()) if judged else ()
    pages = Paginator(tasks.with_first_parts(), A_PAGE)
    if judged:
        pages.count = len(works)  # they are read already
    snapshots = Snapshot.objects.visible_to(request.user).filter(plan=found)
    page = pages.get_page(request.GET.get("page"))
    with_drops(page)
    context = {
        "plan": found, "sheet": sheet, "shows_chances": found.shows_chances or is_staff,
        "reports": _published(request, pk), "follows": _carried(found) and _holds(request, found, *FOLLOWERS),
        "reads": _carried(found) and _holds(request, found, *READERS),
        "is_staff": is_staff, "faults": counted(faults) if judged else None,
        "page": page,
        "moving": moving_page(found, Task.objects.visible_to(request.user), request.GET.get("moving")),
        "snapshot": (snapshots.filter(is_public=True) if found.is_public else snapshots).first(),
        "has_pdf": pdf_available(), "today": timezone.localdate(), "grounds": _further(found, bases, keys),
        "opinion": _opinion(request, found),
        "n_reached": _count(sheet, reached=True),
        "n_judged": _count(sheet, reached=True) + _count(sheet, reached=False),
        "n_targets": sum(bool(line.spec) for line in sheet.lines),
    }  # fmt: skip
    return render(request, "portal/plan.html", context)


def _holds(request: HttpRequest, found: Plan, *roles: str) -> bool:
    return request.user.is_authenticated and request.user.holds(found.province_id, *roles)


def _carried(found: Plan) -> bool:
    """Say whether the plan is, or was, carried out here, so that it has periods and reports."""
    return found.state in Plan.AFTER_ISSUE and not found.is_historic


def _opinion(request: HttpRequest, found: Plan) -> Opinion | None:
    """Return what the reader's agency is asked; only while the draft is out for opinions, as `asked_of` says."""
    if found.state != Plan.State.CONSULTED:
        return None
    return Opinion.objects.asked_of(request.user).filter(plan=found).first()


def _further(found: Plan, bases: list[Basis], keys: Fingerprint) -> list[tuple[Basis, list[Line]]]:
    """Return the further indices and base provinces; with their lines where the results are here."""
    return [
        (basis, [line for line in sheet_of(found, basis, keys=keys).all if line.target] if basis.has_results else [])
        for basis in bases
    ]


def _count(sheet: PlanSheet, *, reached: bool) -> int:
    return sum(line.result is not None and line.result.reached is reached for line in sheet.lines)


@require_safe
@frozen(_state)
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the document that a historic plan is taken from: title, date, source, contact points as published."""
    found = get_object_or_404(_plans(request).prefetch_related("contact_points"), pk=pk)
    if not found.is_historic:
        raise Http404
    _bring_names(found)
    context = {"plan": found, "published_on": date.fromisoformat(found.source["published_on"])}
    return render(request, "portal/source.html", context)


@require_safe
@frozen(_state)
def method(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/method.html", {"test": _backtest()})


@cache
def _backtest() -> dict[str, float]:
    """Read how good the outlook would have been, as `benchmarks/backtest.py` found."""
    found = json.loads((DATA / "backtest.json").read_text(encoding="utf-8"))
    held, years = found["coverage"], found["coverage_50_by_base_year"].values()
    return {
        "in50": held["50"], "in80": held["80"], "in95": held["95"], "skill": found["skill"],
        "low": min(years), "high": max(years),
    }  # fmt: skip
