"""A report tells its plan as it stood on the last day of the period, whatever became of it afterwards."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from quantri.web.accounts.models import Agency
from quantri.web.plans.actions import set_owners
from quantri.web.plans.models import Plan
from quantri.web.reports.figures_of_period import tasks_at
from quantri.web.reports.synthesis_actions import current_content
from quantri.web.reports.synthesis_text import official_of
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.asking import accept_handover, grant_extension
from quantri.web.tasks.bulk import PartDraft, give_to_all
from quantri.web.tasks.models import Assignment, Extension, Handover, Move, ReportingPeriod, Task
from quantri.web.tasks.moving import issue_with_work


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001  made aware at once


def state(plan: Plan, day: date, number: str) -> str:
    return next(f.state for f in tasks_at(plan, day) if f.task.number == number)


def leads(plan: Plan, day: date, number: str) -> list[str]:
    return next([p.agency for p in f.leads] for f in tasks_at(plan, day) if f.task.number == number)


def part_of(plan: Plan, number: str) -> Assignment:
    return Assignment.objects.get(task__plan=plan, task__number=number)


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
