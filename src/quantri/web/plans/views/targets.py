"""Priorities and targets of a plan, saved line by line as they are typed, or all at once where there are no scripts."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quantri.errors import RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role, User
from quantri.web.indices.archive import archive
from quantri.web.plans.actions import set_target
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.lines import Line, PlanSheet, sheet_of
from quantri.web.plans.models import Basis, Ground, Plan, Target
from quantri.web.plans.outlooks import check_spec, targets_on
from quantri.web.plans.views.editing import own_plan
from quantri.web.plans.wording import said_target


@dataclass
class Outcome:
    """What could not be saved, by component: what was typed wrongly, and what somebody else changed meanwhile."""

    problems: dict[str, str] = field(default_factory=dict)
    conflicts: set[str] = field(default_factory=set)

    @property
    def status(self) -> int:
        if self.conflicts:
            return 409
        return 422 if self.problems else 200


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all lines; the whole form can be sent at once where there are no scripts."""
    plan, outcome = own_plan(request, pk), Outcome()
    ground = _ground(request, plan)
    if request.method == "POST":
        for component in archive(ground.index).edition(ground.base_year).definition:
            if f"spec-{component.code}" in request.POST:
                _save(plan, ground, component.code, request.POST, outcome, by=request.user)
        plan = own_plan(request, pk)
        ground = _ground(request, plan)
        if not outcome.problems:
            messages.success(request, _("Saved."))
            return redirect(request.get_full_path())
    context = _context(request, plan, ground, outcome) | {"step": "targets", "bases": _bases(plan)}
    return render(request, "plans/targets.html", context, status=outcome.status)


@for_roles(Role.COORDINATOR)
@require_POST
def target(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Save one line as it is changed, and answer with it and the chance of all."""
    plan, outcome = own_plan(request, pk), Outcome()
    ground = _ground(request, plan)
    if code not in archive(ground.index).edition(ground.base_year).definition:
        raise Http404
    try:
        _save(plan, ground, code, request.POST, outcome, by=request.user)
    except RuleViolation as refused:
        if not request.htmx:
            raise
        outcome = Outcome({code: str(refused)}, {code})
    plan = own_plan(request, pk)
    ground = _ground(request, plan)
    if not request.htmx:
        return redirect(f"{reverse('plans:targets', args=[pk])}{_query(plan, ground)}")
    context = _context(request, plan, ground, outcome)
    context["line"] = _line(context["sheet"], code)
    return render(request, "plans/_target_answer.html", context, status=outcome.status)


def _ground(request: HttpRequest, plan: Plan) -> Ground:
    """Return the further basis that the address names, else the plan itself."""
    asked = request.GET.get("basis", "")
    if not asked:
        return plan
    wanted = asked if asked.isascii() and asked.isdigit() else 0
    ground = get_object_or_404(_bases(plan), pk=wanted)
    if not ground.has_results:
        raise Http404
    return ground


def _bases(plan: Plan) -> QuerySet[Basis]:
    return plan.bases.filter(ended_at=None).select_related("base_unit").prefetch_related("base_unit__names")


def _query(plan: Plan, ground: Ground) -> str:
    return "" if ground is plan else f"?basis={ground.pk}"


def _context(request: HttpRequest, plan: Plan, ground: Ground, outcome: Outcome) -> dict[str, object]:
    return {
        "plan": plan, "sheet": sheet_of(plan, ground), "problems": outcome.problems, "conflicts": outcome.conflicts,
        "typed": request.POST, "priorities": Target.Priority.choices, "ground": ground,
        "basis_query": _query(plan, ground),
    }  # fmt: skip


def _line(sheet: PlanSheet, code: str) -> Line:
    return next(line for line in sheet.all if line.code == code)


def _save(plan: Plan, ground: Ground, code: str, typed: QueryDict, outcome: Outcome, *, by: User) -> None:
    """Save what was typed for a component if it was changed; say what stands in the way."""
    seen, words = _seen(typed, code), typed.get(f"spec-{code}", "")
    priority = typed.get(f"priority-{code}", "")
    priority = priority if priority in Target.Priority.values else ""
    if seen and priority == seen[0] and words.strip() == said_target(seen[1]):
        return
    stored = next(((t.priority, t.spec) for t in targets_on(plan, ground) if t.code == code), ("", ""))
    try:
        spec = check_spec(plan, code, words, ground=ground)
        if (priority, spec) not in (seen, stored):
            set_target(
                plan, code, basis=None if ground is plan else ground, priority=priority, spec=spec, by=by, seen=seen
            )
    except ChangedMeanwhile as changed:
        outcome.problems[code] = _conflict(changed.theirs, (priority, spec))
        outcome.conflicts.add(code)
    except RuleViolation as problem:
        if not plan.is_open:
            raise
        outcome.problems[code] = str(problem)


def _seen(typed: QueryDict, code: str) -> tuple[str, str] | None:
    """Priority and target that the person had before them; None from a client that does not say."""
    if f"was-spec-{code}" not in typed:
        return None
    return typed.get(f"was-priority-{code}", ""), typed[f"was-spec-{code}"]


def _conflict(theirs: tuple[str, str], yours: tuple[str, str]) -> str:
    return _("Somebody saved %(theirs)s meanwhile; you typed %(yours)s. Save again to keep yours.") % {
        "theirs": _said(theirs), "yours": _said(yours),
    }  # fmt: skip


def _said(aim: tuple[str, str]) -> str:
    priority, spec = aim
    words = [str(Target.Priority(priority).label) if priority else "", said_target(spec)]
    return "“{}”".format(", ".join(word for word in words if word) or "–")
