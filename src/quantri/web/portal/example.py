"""A filled-in example for a demonstration: a plan of today that is carried out, made up and marked."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from quantri.engine.loading import DATA
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.many_agencies import AgencyDraft, add_demonstration_agencies
from quantri.web.accounts.models import Agency, User
from quantri.web.appraisal.exercises import ExerciseDraft, open_exercise
from quantri.web.appraisal.models import Exercise
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.deadlines.cutoffs import periods
from quantri.web.places.models import Province, Unit
from quantri.web.plans.actions import make_plan, set_owners, set_target
from quantri.web.plans.bases import add_basis
from quantri.web.plans.consulting import answer_opinion, give_opinion, send_for_opinions
from quantri.web.plans.dating_back import date_opinion_back
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.models import Opinion, Plan
from quantri.web.plans.words import set_words
from quantri.web.portal.demonstration import SYSTEM
from quantri.web.portal.example_inspection import inspect
from quantri.web.portal.example_limits import start_limits
from quantri.web.portal.example_work import carry_out
from quantri.web.portal.logins import LOGINS, agency_name, demonstration_accounts
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.bulk import PartDraft, give_to_all
from quantri.web.tasks.counting import add_milestone, set_rhythm
from quantri.web.tasks.models import Task

FILE = DATA / "plans" / "an-giang-example.toml"
RHYTHM = "quarter"


@dataclass(frozen=True, kw_only=True)
class Example:
    """What the file says, the day from which its days are counted, and who enters it."""

    told: dict[str, Any]
    province: Province
    today: date
    coordinator: User

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    @property
    def year(self) -> int:
        """Year of the quarter that agencies report on now."""
        return next(p.year for y in (0, 1) for p in periods(RHYTHM, self.today.year + y) if p.cut_off_on >= self.today)


@transaction.atomic
def load_example_agencies(home: Province, today: date) -> None:
    """Make the bodies of the example, so that the demonstration's accounts sit in them; none for another province."""
    told = _told()
    if home.key != told["plan"]["province"] or _is_loaded(told):
        return
    top = ensure_agency(
        home, agency_name("UBND tỉnh {province}", home), by=SYSTEM, kind="people_committee", is_demonstration=True
    )
    drafts = [AgencyDraft(**row) for row in told["agency"]] + _of_communes(home, told["communes"], today)
    add_demonstration_agencies(
        top, drafts, headed_from=today + timedelta(days=told["plan"]["asked"]), by=SYSTEM
    )  # fmt: skip


@transaction.atomic
def load_example(home: Province, today: date) -> Plan | None:
    """Load the example as it stands on a day; None when it is there, for another province, or without our accounts.

    Accounts of people who took the demonstration's names are never used to enter what is made up.
    """
    told = _told()
    coordinator = demonstration_accounts().filter(username="dieuphoi", is_active=True).first()
    if home.key != told["plan"]["province"] or _is_loaded(told) or coordinator is None:
        return None
    example = Example(told=told, province=home, today=today, coordinator=coordinator)
    plan = _drafted(example)
    _consult_and_issue(example, plan)
    users = {u.username: u for u in demonstration_accounts().filter(username__in=LOGINS)}
    carry_out(plan, told, users, today)
    if "canbo-xa" in users:
        inspect(plan, told["inspection"], users, today)
    _open_exercise(example)
    start_limits(home, told["limit"], today, by=coordinator)
    return plan


def _told() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _is_loaded(told: dict[str, Any]) -> bool:
    about = told["plan"]
    return Plan.objects.filter(
        province__key=about["province"], number=about["number"], is_demonstration=True, ended_at=None
    ).exists()


def _of_communes(home: Province, row: dict[str, str], today: date) -> list[AgencyDraft]:
    units = Unit.objects.filter(level=Unit.Level.COMMUNE).within(home).on(today).prefetch_related("names")
    return [
        AgencyDraft(
            name_vi=row["name_vi"].format(commune=unit.title),
            name_en=row["name_en"].format(commune=unit.name_en or unit.name_vi), kind=row["kind"],
            head=f"{row['head']} {unit.latest.get_kind_vi()}", unit=unit,
        )
        for unit in units
    ]  # fmt: skip


def communes_of(province: Province) -> list[Agency]:
    """People's committees of the communes that the demonstration made, in the order of their codes."""
    found = Agency.objects.filter(province=province, is_demonstration=True, unit__level=Unit.Level.COMMUNE)
    return list(found.order_by("unit__code"))


def _drafted(example: Example) -> Plan:
    """Write the plan with its words, targets, owners and tasks."""
    about, by = example.told["plan"], example.coordinator
    base = Province.objects.get(key=about["base_unit"])
    plan = make_plan(
        example.province, base_unit=base, index=about["index"], base_year=about["base_year"], year=example.year, by=by
    )
    set_words(plan, "title", about["title"].format(year=plan.year), by=by)
    priorities = dict(plan.targets.values_list("code", "priority"))
    for code, spec in example.told["targets"].items():
        set_target(plan, code, priority=priorities[code], spec=spec, by=by)
    other = Province.objects.get(key=about["further_base"])
    basis = add_basis(plan, index=about["index"], base_unit=other, base_year=about["base_year"], by=by)
    for code, spec in example.told["further_targets"].items():
        set_target(plan, code, priority="", spec=spec, basis=basis, by=by)
    known = {a.name_vi: a for a in Agency.objects.filter(province=example.province, valid_to=None)}
    for row in example.told["owner"]:
        leads, helping = ([known[name] for name in row.get(part, ())] for part in ("leads", "coordinating"))
        set_owners(plan, row["code"], leads, coordinating=helping, by=by)
    _add_tasks(example, plan)
    return plan


def _add_tasks(example: Example, plan: Plan) -> None:
    rows, by = example.told["task"], example.coordinator
    tasks = add_tasks(plan, [_draft(example, row) for row in rows], by=by)
    for task, row in zip(tasks, rows, strict=True):
        if "rhythm" in row:
            set_rhythm(task, row["rhythm"], by=by)
        if "milestone" in row:
            _count(example, task, row)
        if row.get("communes"):
            _give_to_communes(example, task, row)


def _count(example: Example, task: Task, row: dict[str, Any]) -> None:
    """Say what is counted; of a task for all communes the file says how many each of them does."""
    title, each = row["milestone"]["title"], row["milestone"]["wanted"]
    wanted = each * len(communes_of(example.province)) if row.get("communes") else each
    add_milestone(task, title, wanted, due_on=example.day(row["due"]), by=example.coordinator)


def _draft(example: Example, row: dict[str, Any]) -> TaskDraft:
    return TaskDraft(
        title=row["title"], components=tuple(row.get("components", ())), leads=tuple(row["leads"]),
        coordinating=tuple(row.get("coordinating", ())), due_on=example.day(row["due"]),
        deliverable=row["deliverable"], source="ví dụ trình diễn",
    )  # fmt: skip


def _give_to_communes(example: Example, task: Task, row: dict[str, Any]) -> None:
    part = PartDraft(due_on=example.day(row["due"]), deliverable=row["deliverable"])
    give_to_all(task, communes_of(example.province), part, by=example.coordinator)


def _consult_and_issue(example: Example, plan: Plan) -> None:
    about, by = example.told["plan"], example.coordinator
    asked: Iterable[Agency] = {owner.agency for owner in plan.owners.standing() if owner.is_lead}
    ordered = sorted(asked, key=lambda agency: agency.pk)
    for opinion in send_for_opinions(plan, ordered, asked_on=example.day(about["asked"]), answer_by=None, by=by):
        words = example.told["words"]["opinion"]
        given = give_opinion(opinion, text=words, given_on=example.day(about["given"]), by=by)
        answered = answer_opinion(given, verdict=Opinion.Verdict.ACCEPTED, answer="", by=by)
        date_opinion_back(answered, example.day(about["settled"]), by=SYSTEM)
    issue_plan(plan, number=about["number"], issued_on=example.day(about["issued"]), by=by)


def _open_exercise(example: Example) -> Exercise:
    """Open a classing of some communes and of the departments that lead."""
    told, by = example.told["exercise"], example.coordinator
    draft = ExerciseDraft(
        year=example.year, title=told["title"].format(year=example.year), sheet_text=example_sheet(),
        scored_from=example.day(told["from"]), scored_until=example.day(told["until"]),
        appealed_until=example.day(told["appealed"]),
    )  # fmt: skip
    departments = Agency.objects.filter(province=example.province, is_demonstration=True, kind="department")
    return open_exercise(
        example.province, draft, [*departments, *communes_of(example.province)[: told["communes"]]], by=by
    )  # fmt: skip
