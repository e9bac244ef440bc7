"""What a plan does not say, or what no longer holds: shown as faults, counted, never filled in silently."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from quantri.web.accounts.models import Agency
from quantri.web.plans.lines import Line, PlanSheet
from quantri.web.plans.models import ComponentOwner, Plan

Kind = Literal[
    "no_owner", "no_number", "owner_ended", "group_owner", "base_lag", "edition_changed", "base_corrected",
    "no_lead", "no_date", "no_deliverable", "no_evidence", "group_lead", "lead_from_context", "requested",
]  # fmt: skip
BASE_LAG = 2  # years between base and target year from which on a reader is told


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault: what kind, and of which component or task."""

    kind: Kind
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Work:
    """A task as its faults are judged; whoever knows the tasks makes these."""

    subject: str
    lead_kinds: Sequence[str]  # of the agencies that lead it
    due_on: date | None
    deliverable: str
    remark: str = ""
    has_evidence: bool = False


def faults_of(plan: Plan, sheet: PlanSheet, works: Iterable[Work], *, today: date) -> tuple[Fault, ...]:
    """Return the faults of a plan, of its components, and of its tasks; it asks the database nothing."""
    judged = plan.is_historic or plan.state in Plan.AFTER_ISSUE  # evidence comes only once a plan is carried out
    found = [*_of_plan(plan, sheet), *_of_owners(sheet, today)]
    found += [fault for work in works for fault in _of_work(work, judged=judged)]
    return tuple(found)


def counted(faults: Iterable[Fault]) -> Mapping[str, int]:
    """Count the faults by kind."""
    return Counter(fault.kind for fault in faults)


def _of_plan(plan: Plan, sheet: PlanSheet) -> Iterator[Fault]:
    if plan.year - plan.base_year >= BASE_LAG:
        yield Fault(kind="base_lag", subject=str(plan.year - plan.base_year))
    wanted = [line for line in sheet.all if line.target and line.spec]
    broken = [line.code for line in wanted if line.outlook.link.comparable == "no"]
    if broken:
        yield Fault(kind="edition_changed", subject=", ".join(broken))
    for line in sheet.all:
        if _has_no_number(line):
            yield Fault(kind="no_number", subject=line.code)
        if line.target and line.is_base_corrected:
            yield Fault(kind="base_corrected", subject=line.code)


def _has_no_number(line: Line) -> bool:
    if line.target is None:
        return False
    return line.spec.kind == "better" if line.spec else bool(line.target.priority)


def _of_owners(sheet: PlanSheet, today: date) -> Iterator[Fault]:
    for line in sheet.lines:
        if not any(owner.is_lead and not owner.is_abolished(today) for owner in line.owners):
            yield Fault(kind="no_owner", subject=line.code)
    for line in sheet.all:
        for owner in line.owners:
            yield from _of_owner(owner, today)


def _of_owner(owner: ComponentOwner, today: date) -> Iterator[Fault]:
    if owner.is_abolished(today):
        yield Fault(kind="owner_ended", subject=str(owner))
    elif owner.agency.kind == Agency.Kind.GROUP:
        yield Fault(kind="group_owner", subject=str(owner))


def _of_work(work: Work, *, judged: bool) -> Iterator[Fault]:
    faults: dict[Kind, bool] = {
        "no_lead": not work.lead_kinds,
        "group_lead": Agency.Kind.GROUP in work.lead_kinds,
        "no_date": work.due_on is None,
        "no_deliverable": not work.deliverable,
        "no_evidence": judged and not work.has_evidence,
        "lead_from_context": work.remark == "from_context",
        "requested": work.remark == "requested",
    }
    yield from (Fault(kind=kind, subject=work.subject) for kind, is_so in faults.items() if is_so)
