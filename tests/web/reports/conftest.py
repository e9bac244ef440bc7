"""A plan whose first quarter is over: tasks done, late, without a date, without evidence."""

from datetime import date

import pytest
from django.utils import timezone

from quantri.web.accounts.models import User
from quantri.web.deadlines.periods import Period, periods_of
from quantri.web.plans.actions import set_owners, set_target
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.models import Plan
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.synthesis_actions import begin_report
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.models import Assignment, Evidence, Progress, ReportingPeriod

DRAFTS = [
    TaskDraft(title="Niêm yết thủ tục", components=("D5",), leads=("Thanh tra tỉnh",), due_on=date(2026, 2, 28)),
    TaskDraft(title="Họp dân", components=("D1.2",), leads=("Thanh tra tỉnh",), due_on=date(2026, 3, 1)),
    TaskDraft(title="Rà soát", components=("D5",), leads=("Sở Y tế",), due_on=date(2026, 3, 31)),
    TaskDraft(title="Tuyên truyền", components=("D1",)),
    TaskDraft(title="Tập huấn", components=("D5",), leads=("Sở Y tế",), due_on=date(2026, 1, 31)),
]  # fmt: skip


@pytest.fixture
def quarter() -> Period:
    return periods_of("quarter", 2026)[0]


@pytest.fixture
def worked_plan(consulted_plan, quarter, agency, colleague, coordinator: User) -> Plan:
    """In force; task 1 is done with evidence, 2 is late, 3 is under way, 4 has no date, 5 was done after its day."""
    set_target(consulted_plan, "D1", priority="improve", spec="4.50", by=coordinator)
    set_owners(consulted_plan, "D1", [agency], new_name="", by=coordinator)
    tasks = {t.number: t for t in add_tasks(consulted_plan, DRAFTS, by=coordinator)}
    plan = issue_plan(consulted_plan, number="15/KH-UBND", issued_on=timezone.localdate(), by=coordinator)
    Assignment.objects.filter(task__plan=plan).update(valid_from=date(2026, 1, 5))
    plan.owners.update(valid_from=date(2026, 1, 5))
    tasks["1"].assignments.update(closed_on=date(2026, 2, 20))
    tasks["5"].assignments.update(closed_on=date(2026, 2, 2))
    tasks["3"].assignments.update(closed_on=date(2026, 4, 1))  # after the quarter
    found = ReportingPeriod.objects.create(
        plan=plan, kind=quarter.kind, year=quarter.year, number=quarter.number, name_vi=quarter.name_vi,
        name_en=quarter.name_en, starts_on=quarter.starts_on, ends_on=quarter.ends_on, cut_off_on=quarter.cut_off_on,
    )  # fmt: skip
    done = Progress.objects.create(assignment=tasks["1"].assignments.get(), period=found, state="accepted")
    Evidence.objects.create(progress=done, name="Ảnh", link="https://example.org/anh", added_by="officer")
    Progress.objects.create(
        assignment=tasks["2"].assignments.get(), period=found, state="submitted", difficulty="Thiếu kinh phí",
        request="Bổ sung kinh phí",
    )  # fmt: skip
    Progress.objects.create(assignment=tasks["3"].assignments.get(), period=found, difficulty="Chưa gửi")  # a draft
    return plan


@pytest.fixture
def draft_report(worked_plan, quarter, coordinator) -> SynthesisReport:
    return begin_report(worked_plan, quarter, by=coordinator)
