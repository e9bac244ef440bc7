"""The content of a synthesis report: figures of a plan's period, each with the rows it was counted from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import prefetch_related_objects

from quantri import __version__
from quantri.web.indices.documents import source_vi
from quantri.web.indices.models import Release
from quantri.web.places.models import Province
from quantri.web.plans.lines import Line, sheet_of
from quantri.web.plans.models import ComponentOwner, Plan
from quantri.web.reports.as_of import AsOf
from quantri.web.reports.content import base_unit_of, target_text
from quantri.web.reports.figures_of_period import (
    Head,
    TaskFigure,
    TaskWords,
    by_component,
    heads_at,
    parts_on_time,
    remarks_in,
    work_at,
)
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.rendering.wording import day_text, listed
from quantri.web.reports.synthesis_beside import beside_of, is_demonstration, traces_beside
from quantri.web.reports.synthesis_further import further_of, traces_further
from quantri.web.reports.traced import Content, counted, released, traced
from quantri.web.tasks.models import Assignment

ISSUER_CODE = "UBND"
TEXTS = ("definition", "results", "indicators")  # of a release, too long to bring along
DONE, LATE = ("done", "done_late"), ("late",)


def content_of_report(report: SynthesisReport, texts: Mapping[str, str], *, today: date) -> Content:
    """Gather a report as plain values, which are all that its documents are made from."""
    plan = report.plan
    prefetch_related_objects(_units(plan), "names")
    as_of = AsOf(ends_on=report.ends_on, today=today)
    figures, before = work_at(plan, as_of)
    editions = list(Release.objects.current().filter(index=plan.index).defer(*TEXTS).order_by("year"))
    used = {release.year: release for release in editions}
    keys = tuple(release.pk for release in editions)
    lines, owners = sheet_of(plan, keys=keys).lines, _owners(plan, as_of.day)
    beside = beside_of(report, as_of)
    tasks = by_component(figures)
    contents = [_content(plan, line, owners[line.code], tasks[line.code], used) for line in lines]
    return {
        "schema": 3, "plan": _plan(plan), "period": _period(report), "title": f"Báo cáo tổng hợp {report.period_vi}",
        "index": plan.index, "issuer": _issuer(plan), "number": None, "issued_on": None, "is_historic": False,
        "is_demonstration": plan.is_demonstration or is_demonstration(beside), **beside,
        "contents": contents, "further": further_of(plan, used, keys), "counts": _counts(plan, figures, before, as_of),
        "tasks": [_task(figure) for figure in figures], "remarks": _remarks(report, as_of), "texts": dict(texts),
        "answering": _answering(plan, owners.values(), figures, as_of.day),
        "notes": _notes(plan, figures, as_of),
        "releases": [_release(release) for release in editions if release.year in _years(plan)],
        "engine_version": __version__, "as_of": as_of.day.isoformat(), "made_on": today.isoformat(),
    }  # fmt: skip


def outline_of(report: SynthesisReport, *, today: date) -> Content:
    """Gather only what the texts are about: the contents, and what agencies reported of difficulties and requests."""
    lines = sheet_of(report.plan).lines
    contents = [{"code": line.code, "name": line.standing.component.name_vi} for line in lines]
    return {"contents": contents, "remarks": _remarks(report, AsOf(ends_on=report.ends_on, today=today))}


def _plan(plan: Plan) -> Content:
    return {
        "key": plan.pk, "title": plan.title, "number": plan.number, "year": plan.year, "base_year": plan.base_year,
        "issued_on": plan.issued_on and plan.issued_on.isoformat(), "base_unit": base_unit_of(plan),
    }  # fmt: skip


def _period(report: SynthesisReport) -> Content:
    return {
        "kind": report.kind, "year": report.year, "number": report.number, "name": report.period_vi,
        "starts_on": report.starts_on.isoformat(), "ends_on": report.ends_on.isoformat(),
    }  # fmt: skip


def _issuer(plan: Plan) -> Content:
    name = plan.province.latest
    unit = f"{name.get_kind_vi()} {name.name_vi}"
    return {
        "name": ["Ủy ban nhân dân", unit], "full_name": f"Ủy ban nhân dân {unit}", "code": ISSUER_CODE,
        "place": name.name_vi,
    }  # fmt: skip


def _release(release: Release) -> Content:
    found = {"key": release.pk, "name": str(release), "sha256": release.results_sha256}
    return {**found, "source": source_vi(release)}


def _units(plan: Plan) -> list[Province]:
    """Provinces that are named: the plan's, and those whose results its targets start from."""
    return [plan.province, plan.base_unit, *(t.basis.base_unit for t in plan.targets.all() if t.basis)]


def _years(plan: Plan) -> set[int]:
    """Years whose results are told: the plan's, and those that its targets start from."""
    return {plan.year, plan.base_year, *(target.basis.base_year for target in plan.targets.all() if target.basis)}


def _owners(plan: Plan, day: date) -> dict[str, list[ComponentOwner]]:
    """Who answered for each content on a day."""
    found: dict[str, list[ComponentOwner]] = defaultdict(list)
    for owner in plan.owners.all():
        if owner.stands_on(day):
            found[owner.code].append(owner)
    return found


# ---- figures: a value, and the rows it comes from


def _of_tasks(figures: Iterable[TaskFigure]) -> Content:
    return counted(("tasks.task", f.task.pk, _task_name(f)) for f in figures)


def _task_name(figure: TaskFigure) -> str:
    return figure.task.name


def _content(
    plan: Plan, line: Line, owners: list[ComponentOwner], mine: list[TaskFigure], used: Mapping[int, Release]
) -> Content:
    code, target, result = line.code, line.target, line.result
    link = result.link if result else line.outlook.link
    return {
        "code": code, "name": line.standing.component.name_vi,
        "base": released(line.base, used.get(plan.base_year), code),
        "result": released(result.score if result else None, used.get(plan.year), code),
        "target": traced(
            target_text(line.spec) if target else "", [("plans.target", target.pk, str(target))] if target else ()
        ),
        "reached": result.reached if result else None, "comparable": link.comparable, "reason": link.reason_vi,
        "owners": [owner.agency.name_vi for owner in owners],
        "owner_keys": [owner.agency_id for owner in owners],
        "n_tasks": _of_tasks(mine), "done": _of_tasks(f for f in mine if f.state in DONE),
        "late": _of_tasks(f for f in mine if f.state in LATE),
        "without_evidence": _of_tasks(f for f in mine if f.is_done and not f.n_evidence),
    }  # fmt: skip


def _counts(plan: Plan, figures: list[TaskFigure], before: list[TaskWords], as_of: AsOf) -> Content:
    on_time = parts_on_time(figures, as_of)
    return {
        "n_tasks": _of_tasks(figures),
        "done": _of_tasks(f for f in figures if f.state in DONE),
        "done_late": _of_tasks(f for f in figures if f.state == "done_late"),
        "late": _of_tasks(f for f in figures if f.state in LATE),
        "undated": _of_tasks(f for f in figures if f.state == "undated"),
        "without_evidence": _of_tasks(f for f in figures if f.is_done and not f.n_evidence),
        "without_lead": _of_tasks(f for f in figures if not f.leads),
        "on_time": {
            "on_time": on_time.on_time, "closed": on_time.closed, "overdue_open": on_time.overdue_open,
            "share": on_time.share,
        },
        **_finished_before(plan, before),
    }  # fmt: skip


def _finished_before(plan: Plan, before: list[TaskWords]) -> Content:
    """Count apart what was finished before a plan was revised: it stays in the plans in which it was reported."""
    rows = (("tasks.task", task.pk, f"{task.name} ({task.of})") for task in before)
    return {"finished_before": counted(rows)} if plan.revises_id else {}


def _task(figure: TaskFigure) -> Content:
    task = figure.task
    return {
        "key": task.pk, "number": task.number, "title": task.title, "components": task.components,
        "leads": [p.agency for p in figure.leads], "lead_keys": [p.agency_key for p in figure.leads],
        "coordinating": [p.agency for p in figure.parts if p.part == Assignment.Part.COORDINATING],
        "due_on": figure.due_on and figure.due_on.isoformat(), "state": figure.state,
        "closed_on": figure.closed_on and figure.closed_on.isoformat(), "deliverable": task.deliverable,
        "n_evidence": figure.n_evidence,
    }  # fmt: skip


def _remarks(report: SynthesisReport, as_of: AsOf) -> list[Content]:
    return [remark._asdict() for remark in remarks_in(report.plan, report.starts_on, as_of)]


def _notes(plan: Plan, figures: list[TaskFigure], as_of: AsOf) -> list[str]:
    """Say what the rows cannot tell of the last day of the period."""
    notes, last, issued_on = [], day_text(as_of.ends_on.isoformat()), plan.issued_on
    if as_of.is_running:
        notes.append(f"Kỳ báo cáo kết thúc ngày {last}; số liệu nêu đến ngày {day_text(as_of.day.isoformat())}.")
    if issued_on and issued_on > as_of.ends_on:
        issued, told = day_text(issued_on.isoformat()), _before_issue(plan, figures)
        notes.append(f"Kế hoạch được ban hành ngày {issued}, sau ngày cuối kỳ ({last}): {told}.")
    unknown = [_task_name(figure) for figure in figures if not figure.is_due_known]
    if unknown:
        notes.append(
            f"Sau ngày cuối kỳ ({last}) có gia hạn mà thời hạn trước đó không được ghi nhận; tình trạng của các nhiệm "
            f"vụ sau xét theo thời hạn đã gia hạn: {listed(unknown)}."
        )
    return notes


def _before_issue(plan: Plan, figures: list[TaskFigure]) -> str:
    """Say what a period before the issue tells: of a revision the work that was done under the plan before it."""
    if plan.revises_id is None or not any(figure.parts for figure in figures):
        return "trong kỳ chưa có phần việc nào được giao theo Kế hoạch; nhiệm vụ và mục tiêu nêu như khi ban hành"
    return (
        "trong kỳ nhiệm vụ được thực hiện theo Kế hoạch trước khi điều chỉnh và nêu như tại ngày cuối kỳ; mục tiêu nêu "
        "như khi ban hành"
    )


# ---- who answers: agencies that lead a task or own a content, each with its head at the end of the period


def _answering(
    plan: Plan, owners: Iterable[list[ComponentOwner]], figures: Iterable[TaskFigure], day: date
) -> list[Content]:
    names = {owner.agency_id: owner.agency.name_vi for its in owners for owner in its}
    names |= {p.agency_key: p.agency for f in figures for p in f.leads}
    heads = heads_at(plan, day)
    in_order = sorted(names, key=lambda key: (names[key], key))
    return [{"key": key, "agency": names[key], "head": _head(heads.get(key))} for key in in_order]


def _head(head: Head | None) -> Content | None:
    return head and head._asdict()


# ---- where each figure comes from

NAMES = {
    "n_tasks": "Số nhiệm vụ", "done": "Nhiệm vụ hoàn thành", "done_late": "Hoàn thành sau hạn",
    "late": "Nhiệm vụ quá hạn", "undated": "Nhiệm vụ không có thời hạn",
    "without_evidence": "Hoàn thành, chưa có minh chứng",
    "without_lead": "Nhiệm vụ không có cơ quan chủ trì",
    "finished_before": "Nhiệm vụ đã hoàn thành theo Kế hoạch trước khi điều chỉnh",
    "base": "Kết quả năm gốc", "result": "Kết quả năm kế hoạch", "target": "Mục tiêu",
}  # fmt: skip


def traces_of(content: Content) -> list[Content]:
    """List the figures of a report, each with its name, its value and its rows."""
    counts = content["counts"]  # a database may give its keys in another order
    whole = [{"label": name, **counts[key]} for key, name in NAMES.items() if key in counts]
    each = [
        {"label": f"{c['code']}: {NAMES[k]}", **c[k]}
        for c in content["contents"]
        for k in ("base", "result", "target", "n_tasks", "done", "late", "without_evidence")
    ]
    return (
        whole
        + each
        + traces_further(content)
        + traces_beside(content)
        + [_head_trace(a) for a in content.get("answering", ())]
    )


def _head_trace(answerer: Content) -> Content:
    head = answerer["head"]
    name = f"{head['title']} {head['name']}".strip() if head else None
    rows = [("accounts.headship", head["key"], f"{answerer['agency']}: {name}")] if head else ()
    return {"label": f"Người đứng đầu {answerer['agency']}", **traced(name, rows)}
