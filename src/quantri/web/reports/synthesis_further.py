"""Further indices and base provinces in a synthesis report: as plain values, as traces, and as what it prints."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from quantri.web.indices.archive import Fingerprint
from quantri.web.indices.models import Release
from quantri.web.plans.lines import Line, sheet_of
from quantri.web.plans.models import Basis, Plan, Target
from quantri.web.reports.content import base_unit_of, target_text
from quantri.web.reports.rendering.wording import number
from quantri.web.reports.traced import Content, released, traced

COMPARISONS = {"yes": "so sánh được", "doubtful": "so sánh cần thận trọng", "no": "không so sánh được"}
REACHED = {True: "đạt", False: "chưa đạt", None: "chưa kết luận"}
NAMES = {"base": "Kết quả năm gốc", "target": "Mục tiêu", "result": "Kết quả năm kế hoạch"}
ELSEWHERE = "không có trên hệ thống"  # results of an index that is published elsewhere


def further_of(plan: Plan, used: Mapping[int, Release], keys: Fingerprint) -> list[Content]:
    """Gather targets and results on each ground beside the plan's own; `plan.targets` come with their bases."""
    targets = [t for t in plan.targets.all() if t.basis and t.basis.ended_at is None]
    targets.sort(key=lambda target: (target.basis_id, target.pk))
    return [_ground(plan, list(its), used, keys) for _basis, its in groupby(targets, lambda t: t.basis_id)]


def _ground(plan: Plan, targets: list[Target], used: Mapping[int, Release], keys: Fingerprint) -> Content:
    basis = targets[0].basis
    if basis.has_results:
        lines = [line for line in sheet_of(plan, basis, keys=keys).all if line.target]
        rows = [_line(plan, basis, line, used) for line in lines]
    else:
        rows = [_typed(target) for target in targets]
    return {
        "index": basis.index.upper(), "base_year": basis.base_year, "base_unit": base_unit_of(basis), "targets": rows,
    }  # fmt: skip


def _line(plan: Plan, basis: Basis, line: Line, used: Mapping[int, Release]) -> Content:
    result, code = line.result, line.code
    link = result.link if result else line.outlook.link
    return {
        "code": code, "name": line.standing.component.name_vi,
        "base": released(line.base, used.get(basis.base_year), code), "target": _aim(line.target),
        "result": released(result.score if result else None, used.get(plan.year), code),
        "is_published": result is not None, "comparable": link.comparable, "reason": link.reason_vi,
        "reached": result.reached if result else None,
    }  # fmt: skip


def _typed(target: Target) -> Content:
    row = ("plans.target", target.pk, f"{target}: {target.base_source}")
    return {
        "code": target.code, "name": target.name, "base": traced(target.base_value, [row]), "target": _aim(target),
        "result": traced(None, ()), "is_published": None, "comparable": None, "reason": "", "reached": None,
    }  # fmt: skip


def _aim(target: Target) -> Content:
    return traced(target_text(target.parsed), [("plans.target", target.pk, str(target))])


def traces_further(content: Content) -> list[Content]:
    """List these figures, each with its rows; none in a report that was frozen without them."""
    return [
        {"label": f"{ground['index']}, {ground['base_unit']}, {target['code']}: {name}", **target[key]}
        for ground in content.get("further", ())
        for target in ground["targets"]
        for key, name in NAMES.items()
    ]


# ---- what is printed


def further_blocks(content: Content) -> Iterator[Content]:
    """Give each ground as a clause, with a line for each of its targets."""
    for place, ground in enumerate(content["further"], start=1):
        name = f"{place}. {ground['index']}, năm gốc {ground['base_year']}, {ground['base_unit']}"
        yield {"kind": "clause", "text": name}
        yield from ({"text": _sentence(ground, target)} for target in ground["targets"])


def further_rows(content: Content) -> list[Content]:
    """Give the targets of all further grounds, each with its ground."""
    return [{**ground, **target} for ground in content.get("further", ()) for target in ground["targets"]]


def further_comparison(target: Content) -> str:
    """Say whether base and result can be compared, once there is a result."""
    if target["comparable"] is None:
        return ELSEWHERE
    return "chưa có kết quả" if target["result"]["value"] is None else COMPARISONS[target["comparable"]]


def _sentence(ground: Content, target: Content) -> str:
    return (
        f"{target['code']}. {target['name']}: kết quả năm gốc {number(target['base']['value'])} điểm; "
        f"mục tiêu: {target['target']['value']}; {_result(ground, target)}."
    )


def _result(ground: Content, target: Content) -> str:
    value: Any = target["result"]["value"]
    if target["comparable"] is None:
        return f"kết quả năm kế hoạch: {ELSEWHERE}"
    if value is None:
        missing = f"không có riêng cho {ground['base_unit']}" if target["is_published"] else "chưa công bố"
        return f"kết quả năm kế hoạch: {missing}"
    why = f" ({target['reason'].rstrip('.')})" if target["reason"] and target["comparable"] != "yes" else ""
    return (
        f"kết quả năm kế hoạch: {number(value)} điểm, {COMPARISONS[target['comparable']]} với năm gốc{why}, "
        f"mục tiêu: {REACHED[target['reached']]}"
    )
