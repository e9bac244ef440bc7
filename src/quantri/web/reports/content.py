"""A plan as plain frozen content; documents are made from it and from nothing else."""

from datetime import date
from typing import Any

from django.utils import translation

from quantri import __version__
from quantri.engine.targets import TargetSpec
from quantri.web.indices.archive import archive
from quantri.web.indices.documents import source_vi
from quantri.web.indices.models import Release
from quantri.web.plans.lines import Line, sheet_of
from quantri.web.plans.models import ComponentOwner, Ground, Plan, Target
from quantri.web.tasks.amended import tasks_to_come
from quantri.web.tasks.models import Amendment, Task
from quantri.web.tasks.shifts import shifts_of

TASK = ("number", "title", "components", "leads", "coordinating", "due_on", "deliverable")
GROUPS_VI = {"high": "cao nhất", "mid_high": "trung bình cao", "mid_low": "trung bình thấp", "low": "thấp nhất"}


def content_of(plan: Plan, *, today: date) -> dict[str, Any]:
    """Freeze a plan; documents are Vietnamese, so are its texts."""
    sheet = sheet_of(plan)
    edition = archive(plan.index).edition(plan.base_year)
    top = sheet.top.standing
    used = Release.objects.current().filter(index=plan.index, year__in=[plan.base_year, plan.year])
    return {
        "schema": 1, "index": plan.index, "index_name": edition.definition.name_vi, "title": plan.title,
        "province": plan.province.latest.name_vi, "province_kind": plan.province.latest.get_kind_vi(),
        "year": plan.year, "base_year": plan.base_year, "base_unit": base_unit_of(plan),
        "number": plan.number or None, "issued_on": plan.issued_on and plan.issued_on.isoformat(),
        "is_demonstration": plan.is_demonstration, "is_historic": plan.is_historic,
        "purposes": plan.purposes, "requirements": plan.requirements, "legal_bases": plan.legal_bases,
        "standing": {
            "score": top.score, "rank": top.rank, "n": top.n, "near": top.n_within_typical_move, "group": top.group,
            "interval": top.interval,
        },
        "targets": [_target(line) for line in sheet.all if line.target],
        "tasks": _tasks(plan),
        "shows_chances": plan.shows_chances or not plan.is_public,
        "releases": [{"name": str(r), "sha256": r.results_sha256, "source": source_vi(r)} for r in used],
        "plan_source": plan.source, "engine_version": __version__, "made_on": today.isoformat(),
        **further_of(plan), **amended_by(plan),
    }  # fmt: skip


def base_unit_of(ground: Ground) -> str:
    """Name the province whose results a ground starts from, and until when it was one."""
    ended = ground.base_unit.ended_on
    name = ground.base_unit.latest.name_vi
    return f"{name} (đến {_last_day(ended)})" if ended else name


def _last_day(first_day_after: date) -> str:
    last = date.fromordinal(first_day_after.toordinal() - 1)
    return f"{last.day}/{last.month}/{last.year}"


def _target(line: Line) -> dict[str, Any]:
    component, found = line.standing.component, line.outlook
    return {
        "code": component.code, "level": component.level, "name": component.name_vi,
        "priority": line.target.priority, "base": line.base, "group": line.standing.group,
        "cuts": list(line.standing.cuts or ()) or None, "bounds": list(component.bounds), "spec": line.target.spec,
        "target_value": found.target_value, "target_text": target_text(line.spec),
        "comparable": found.link.comparable, "reason": found.link.reason_vi,
        "owners": [_owner(o) for o in line.owners], "chance": found.chance, "note": found.note_vi,
        "derived": line.standing.derived,
    }  # fmt: skip


def _owner(owner: ComponentOwner) -> str:
    return owner.agency.name_vi if owner.is_lead else f"{owner.agency.name_vi} (phối hợp)"


def further_of(plan: Plan) -> dict[str, Any]:
    """Freeze the targets of further indices and base provinces; nothing where a plan has none."""
    found = []
    for basis in plan.bases.filter(ended_at=None).select_related("base_unit").prefetch_related("targets"):
        lines = sheet_of(plan, basis).all if basis.has_results else ()
        rows = [
            _further(line.code, line.standing.component.name_vi, line.base, line.target)
            for line in lines if line.target
        ]  # fmt: skip
        if not basis.has_results:
            rows = [_further(t.code, t.name, t.base_value, t) for t in basis.targets.all()]
        found.append({
            "index": basis.index.upper(), "base_year": basis.base_year, "base_unit": basis.base_unit.latest.name_vi,
            "targets": rows,
        })  # fmt: skip
    return {"further": found} if found else {}


def _further(code: str, name: str, base: float | None, target: Target) -> dict[str, Any]:
    return {
        "code": code, "name": name, "base": base, "target_text": target_text(target.parsed),
        "base_source": target.base_source,
    }  # fmt: skip


def target_text(spec: TargetSpec | None) -> str:
    """Write a target as a plan words it, in Vietnamese."""
    if spec is None:
        return "chưa có chỉ tiêu bằng số"
    number = f"{spec.amount:.2f}".replace(".", ",")
    return {
        "score": f"phấn đấu đạt từ {number} điểm",
        "delta": f"tăng ít nhất {number} điểm so với năm gốc",
        "keep": "không thấp hơn năm gốc",
        "better": "cao hơn năm gốc",
        "group": f"thuộc nhóm {_group_vi(spec)} trở lên",
        "rank": f"tăng ít nhất {spec.amount:.0f} bậc",
        "rank_per_year": f"bình quân mỗi năm tăng ít nhất {spec.amount:.0f} bậc",
    }[spec.kind]


def _group_vi(spec: TargetSpec) -> str:
    return GROUPS_VI[spec.text.removeprefix("group:")] if spec.kind == "group" else ""


def amended_by(plan: Plan) -> dict[str, Any]:
    """Freeze what a revision does to tasks of the plan before; nothing where it amends none."""
    with translation.override("vi"):
        found = [_amended(a) for a in plan.amendments.standing().select_related("task")]
    return {"amended": found} if found else {}


def _amended(amendment: Amendment) -> dict[str, Any]:
    shifts = "; ".join(map(str, shifts_of(amendment.before, amendment.after)))
    return {
        "title": amendment.before.get("title", amendment.task.title), "reason": amendment.reason,
        "change": "không tiếp tục thực hiện" if amendment.is_dropped else shifts,
    }  # fmt: skip


def _tasks(plan: Plan) -> list[dict[str, Any]]:
    """Freeze the tasks; those that a revision in the making takes over are as it wants them."""
    own = [_task(task) for task in Task.objects.current().filter(plan=plan).with_assignments()]
    return own + [{name: task[name] for name in TASK} for task in tasks_to_come(plan)]


def _task(task: Task) -> dict[str, Any]:
    return {
        "number": task.number, "title": task.title, "components": task.components,
        "leads": [a.name_vi for a in task.leads], "coordinating": [a.name_vi for a in task.coordinating],
        "due_on": task.due_on and task.due_on.isoformat(), "deliverable": task.deliverable,
    }  # fmt: skip
