"""A report tells its plan as it stood on the last day of the period, whatever became of it afterwards."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from quantri.web.accounts.models import Agency
from quantri.web.plans.actions import set_owners
from quantri.web.plans.models import Plan
from quantri.web.reports.synthesis_actions import current_content
from quantri.web.reports.synthesis_text import official_of
from quantri.web.reports.traced import Content
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.asking import accept_handover, grant_extension
from quantri.web.tasks.bulk import PartDraft, give_to_all
from quantri.web.tasks.models import Amendment, Assignment, Extension, Handover, Move, PartChange, ReportingPeriod, Task
from quantri.web.tasks.moving import issue_with_work
from standing import tasks_at


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001  made aware at once


def state(plan: Plan, day: date, number: str) -> str:
    return next(f.state for f in tasks_at(plan, day) if f.task.number == number)


def leads(plan: Plan, day: date, number: str) -> list[str]:
    return next([p.agency for p in f.leads] for f in tasks_at(plan, day) if f.task.number == number)


def part_of(plan: Plan, number: str) -> Assignment:
    return Assignment.objects.get(task__plan=plan, task__number=number)


def revision_of(plan: Plan, n: int) -> Plan:
    revision = Plan.objects.get(pk=plan.pk)
    before = Plan.objects.filter(number=f"{15 + n}/KH-UBND").first() or plan
    revision.pk, revision.number, revision.revises = None, f"{16 + n}/KH-UBND", before
    revision.save()
    return revision


def extended(part: Assignment, day: date | None, before: date | None, until: date) -> Extension:
    """More time that was granted on a day."""
    part.due_on = until
    part.save()
    return Extension.objects.create(
        assignment=part, asked_until=until, reason="Chờ hướng dẫn", due_before=before, is_granted=True,
        answered_at=at(day),
    )  # fmt: skip


# ---- due dates


def test_more_time_that_is_granted_afterwards_does_not_make_what_was_late_timely(worked_plan, quarter, coordinator):
    asked = Extension.objects.create(
        assignment=part_of(worked_plan, "2"), asked_until=date(2026, 12, 31), reason="Chờ hướng dẫn",
        due_before=date(2026, 3, 1),
    )  # fmt: skip
    grant_extension(asked, answer="Đồng ý", by=coordinator)
    assert part_of(worked_plan, "2").due_on == date(2026, 12, 31)
    assert state(worked_plan, quarter.ends_on, "2") == "late"


@pytest.mark.parametrize(("later", "expected"), [(0, "open"), (1, "late")])
def test_more_time_counts_when_it_was_granted_by_the_last_day(worked_plan, quarter, later, expected):
    granted_on = quarter.ends_on + timedelta(days=later)
    extended(part_of(worked_plan, "2"), granted_on, date(2026, 3, 1), date(2026, 12, 31))
    assert state(worked_plan, quarter.ends_on, "2") == expected


def test_of_several_extensions_the_first_after_the_day_tells_what_stood_before(worked_plan, quarter):
    part, last = part_of(worked_plan, "2"), quarter.ends_on
    extended(part, last - timedelta(days=9), date(2026, 3, 1), last + timedelta(days=1))
    extended(part, last + timedelta(days=1), last + timedelta(days=1), date(2026, 6, 30))
    extended(part, last + timedelta(days=9), date(2026, 6, 30), date(2026, 12, 31))
    figure = next(f for f in tasks_at(worked_plan, last) if f.task.number == "2")
    assert (figure.state, figure.due_on, len(figure.parts)) == ("open", last + timedelta(days=1), 1)


def test_a_refused_extension_changes_no_day(worked_plan, quarter):
    refused = extended(part_of(worked_plan, "2"), date(2026, 4, 1), date(2026, 3, 10), date(2026, 3, 1))
    refused.is_granted = False
    refused.save()
    figure = next(f for f in tasks_at(worked_plan, quarter.ends_on) if f.task.number == "2")
    assert figure.due_on == date(2026, 3, 1)


def test_a_day_that_nobody_recorded_is_said_in_a_note_and_not_guessed(draft_report, worked_plan):
    assert current_content(draft_report)["notes"][1:] == []
    extended(part_of(worked_plan, "2"), date(2026, 4, 1), None, date(2026, 12, 31))
    content = current_content(draft_report)
    assert content["notes"][-1].endswith("xét theo thời hạn đã gia hạn: 2. Họp dân.")
    assert content["notes"][-1] in [block["text"] for block in official_of(content)["body"]]


def test_a_day_that_the_coordinator_set_afterwards_does_not_count(worked_plan, quarter):
    part, last = part_of(worked_plan, "2"), quarter.ends_on
    before, after = ({"wording": "", "deliverable": "", "due_on": day} for day in ("2026-03-01", "2026-12-31"))
    change = PartChange.objects.create(assignment=part, before=before, after=after, reason="Lũ", changed_by="x")
    Assignment.objects.filter(pk=part.pk).update(due_on=date(2026, 12, 31))
    assert state(worked_plan, last, "2") == "late"
    PartChange.objects.filter(pk=change.pk).update(changed_at=at(last))
    assert state(worked_plan, last, "2") == "open"


@pytest.mark.parametrize(("changed_first", "expected"), [(True, date(2026, 3, 1)), (False, date(2026, 3, 20))])
def test_of_a_change_and_an_extension_the_first_after_the_day_tells(worked_plan, quarter, changed_first, expected):
    part, last = part_of(worked_plan, "2"), quarter.ends_on
    extended(part, last + timedelta(days=5), date(2026, 3, 20), date(2026, 12, 31))
    before = {"wording": "", "deliverable": "", "due_on": "2026-03-01"}
    change = PartChange.objects.create(assignment=part, before=before, after=before, reason="Lũ", changed_by="x")
    day = last + timedelta(days=2 if changed_first else 9)
    PartChange.objects.filter(pk=change.pk).update(changed_at=at(day))
    figure = next(f for f in tasks_at(worked_plan, last) if f.task.number == "2")
    assert [p.due_on for p in figure.parts] == [expected]


def test_a_task_that_a_revision_amended_afterwards_is_told_as_it_was(worked_plan, quarter):
    task, last = Task.objects.get(plan=worked_plan, number="3"), quarter.ends_on
    first, second = ({"title": title, "due_on": day} for title, day in (("Tên cũ", "2026-02-01"), ("Tên hai", None)))
    made = [
        Amendment.objects.create(
            plan=revision_of(worked_plan, n),
            task=task,
            before=before,
            after=after,
            applied_at=at(last + timedelta(days=n)),
        )
        for n, (before, after) in enumerate([(first, second), (second, {"title": task.title, "due_on": None})], 1)
    ]

    def told() -> tuple[str, date | None]:
        return next((f.task.title, f.task.due_on) for f in tasks_at(worked_plan, last) if f.task.pk == task.pk)

    assert told() == ("Tên cũ", date(2026, 2, 1))
    Amendment.objects.filter(pk=made[0].pk).update(applied_at=at(last))
    assert told() == ("Tên hai", None)
    Amendment.objects.update(applied_at=at(last))
    assert told() == (task.title, task.due_on)


def test_a_task_that_a_revision_dropped_counts_until_then(worked_plan, quarter):
    last = quarter.ends_on
    for day, n in ((last + timedelta(days=1), 5), (last, 4)):
        Task.objects.filter(plan=worked_plan, number="3").update(dropped_at=at(day))
        assert len(tasks_at(worked_plan, last)) == n


# ---- parts and tasks


def test_a_part_that_was_handed_over_afterwards_is_told_with_who_carried_it(worked_plan, quarter, coordinator):
    taker = Agency.objects.get(name_vi="Sở Y tế")
    asked = Handover.objects.create(assignment=part_of(worked_plan, "2"), after=taker, reason="Đúng chức năng hơn")
    accept_handover(asked, answer="Đồng ý", by=coordinator)
    assert leads(worked_plan, quarter.ends_on, "2") == ["Thanh tra tỉnh"]
    Assignment.objects.filter(task__number="2", valid_to=None).update(valid_from=quarter.ends_on)
    Assignment.objects.filter(task__number="2").exclude(valid_to=None).update(valid_to=quarter.ends_on)
    assert leads(worked_plan, quarter.ends_on, "2") == ["Sở Y tế"]


def test_a_part_that_was_given_afterwards_is_not_counted(worked_plan, quarter, coordinator, province):
    task = Task.objects.get(plan=worked_plan, number="1")
    give_to_all(task, [Agency.objects.create(province=province, name_vi="Xã Một")], PartDraft(), by=coordinator)
    assert state(worked_plan, quarter.ends_on, "1") == "done" and len(leads(worked_plan, quarter.ends_on, "1")) == 1
    Assignment.objects.filter(agency__name_vi="Xã Một").update(valid_from=quarter.ends_on)
    assert state(worked_plan, quarter.ends_on, "1") == "late" and len(leads(worked_plan, quarter.ends_on, "1")) == 2


def test_a_task_that_was_taken_out_afterwards_still_counts(worked_plan, quarter):
    last = quarter.ends_on
    for day, n in ((last + timedelta(days=1), 5), (last, 4)):
        Task.objects.filter(plan=worked_plan, number="3").update(ended_at=at(day))
        assert len(tasks_at(worked_plan, last)) == n


def test_a_task_that_moved_to_a_revision_afterwards_stays_with_its_number_and_evidence(worked_plan, quarter):
    revision = Plan.objects.get(pk=worked_plan.pk)
    revision.pk, revision.number, revision.revises = None, "16/KH-UBND", worked_plan
    revision.save()
    task = Task.objects.get(plan=worked_plan, number="1")
    moved = Move.objects.create(task=task, before=worked_plan, after=revision, number_before="1")
    ReportingPeriod.objects.filter(plan=worked_plan).update(plan=revision)
    Task.objects.filter(pk=task.pk).update(plan=revision, number="7")
    figure = next(f for f in tasks_at(worked_plan, quarter.ends_on) if f.task.number == "1")
    assert (figure.task.pk, figure.state, figure.n_evidence) == (task.pk, "done", 1)
    Move.objects.filter(pk=moved.pk).update(moved_at=at(quarter.ends_on))
    assert task.pk not in [f.task.pk for f in tasks_at(worked_plan, quarter.ends_on)]
    assert [f.task.number for f in tasks_at(revision, quarter.ends_on)] == ["7"]


def test_difficulties_of_tasks_that_moved_away_are_told_where_the_tasks_were(draft_report, worked_plan):
    revision = Plan.objects.get(pk=worked_plan.pk)
    revision.pk, revision.number, revision.revises = None, "16/KH-UBND", worked_plan
    revision.save()
    ReportingPeriod.objects.filter(plan=worked_plan).update(plan=revision)
    remarks = [(r["task"], r["difficulty"]) for r in current_content(draft_report)["remarks"]]
    assert remarks == [("Họp dân", "Thiếu kinh phí")]


def test_who_answered_for_a_content_on_the_last_day_is_named(draft_report, worked_plan, quarter, agency):
    def owners() -> list[str]:
        return next(c for c in current_content(draft_report)["contents"] if c["code"] == "D1")["owners"]

    taker = Agency.objects.get(name_vi="Sở Y tế")
    after = quarter.ends_on + timedelta(days=1)
    worked_plan.owners.filter(code="D1").update(valid_to=after)
    worked_plan.owners.create(code="D1", agency=taker, valid_from=after)
    assert owners() == ["Sở Nội vụ"]
    worked_plan.owners.filter(code="D1", agency=agency).update(valid_to=quarter.ends_on)
    worked_plan.owners.filter(code="D1", agency=taker).update(valid_from=quarter.ends_on)
    draft_report = type(draft_report).objects.with_plan().get(pk=draft_report.pk)
    assert owners() == ["Sở Y tế"]


# ---- a period that is not over


@pytest.fixture
def running(draft_report, worked_plan) -> Content:
    """What a report tells that is made a fortnight before the end of its period."""
    last = timezone.localdate() + timedelta(days=14)
    type(draft_report).objects.filter(pk=draft_report.pk).update(ends_on=last)
    for number, days in (("2", 0), ("3", 7)):
        part_of(worked_plan, number).task.assignments.update(closed_on=None)
        Task.objects.filter(plan=worked_plan, number=number).update(due_on=timezone.localdate() + timedelta(days=days))
    return current_content(type(draft_report).objects.with_plan().get(pk=draft_report.pk))


def test_work_that_is_due_today_or_later_is_not_late_while_the_period_runs(running):
    assert {t["number"]: t["state"] for t in running["tasks"] if t["number"] in "23"} == {"2": "open", "3": "open"}
    assert running["counts"]["late"]["value"] == running["counts"]["on_time"]["overdue_open"] == 0


def test_a_report_of_a_period_that_runs_says_until_when_it_tells(running):
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert running["as_of"] == timezone.localdate().isoformat()
    assert f"số liệu nêu đến ngày {today}" in running["notes"][0]
    words = " ".join(block["text"] for block in official_of(running)["body"])
    assert f"Đến ngày {today}, Kế hoạch có" in words


# ---- a plan that is entered after it was issued


def test_a_period_before_the_issue_says_so(draft_report, worked_plan, quarter):
    assert "sau ngày cuối kỳ" in current_content(draft_report)["notes"][0]
    Plan.objects.filter(pk=worked_plan.pk).update(issued_on=quarter.ends_on)
    draft_report = type(draft_report).objects.with_plan().get(pk=draft_report.pk)
    assert current_content(draft_report)["notes"] == []


def test_parts_and_owners_of_a_plan_that_is_entered_late_hold_from_its_issue(consulted_plan, agency, coordinator):
    set_owners(consulted_plan, "D1", [agency], by=coordinator)
    (task,) = add_tasks(consulted_plan, [TaskDraft(title="Họp dân", leads=("Thanh tra tỉnh",))], by=coordinator)
    issued_on = timezone.localdate() - timedelta(days=30)
    consulted_plan.opinions.update(asked_on=issued_on, given_on=None)
    issue_with_work(consulted_plan, number="15/KH-UBND", issued_on=issued_on, by=coordinator)
    assert task.assignments.get().valid_from == issued_on
    assert consulted_plan.owners.get(code="D1").valid_from == issued_on
