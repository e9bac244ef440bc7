from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone, translation

from people import SYSTEM, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.plans.actions import make_plan, set_owners, set_target
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.plans.issuing import close_plan, issue_plan
from quantri.web.plans.models import Plan
from quantri.web.plans.next_year import start_next_year
from quantri.web.tasks.actions import TaskDraft, add_tasks, draft_of
from quantri.web.tasks.carrying import continue_plan
from quantri.web.tasks.forms import initial_of
from quantri.web.tasks.milestones import milestone_of
from quantri.web.tasks.models import Assignment, Task


@pytest.fixture(autouse=True)
def _english(_vietnamese):
    with translation.override("en"):
        yield


@pytest.fixture
def ended(province):
    return ensure_agency(province, "UBND huyện cũ", by=SYSTEM)


@pytest.fixture
def old_plan(province, old_an_giang, agency, ended, coordinator) -> Plan:
    """A plan of 2023 against 2021, issued: one number reached by 2022, two not, an owner that was abolished since."""
    plan = make_plan(province, base_unit=old_an_giang, index="papi", base_year=2021, year=2023, by=coordinator)
    for code, spec in {"D1": "2", "D2": "9", "D5": "+0.10"}.items():
        set_target(plan, code, priority="improve", spec=spec, by=coordinator)
    set_owners(plan, "D1", [agency], coordinating=[ended], by=coordinator)
    add_tasks(plan, [TaskDraft(title="Niêm yết", components=("D2",), leads=(agency.name_vi,))], by=coordinator)
    send_for_opinions(plan, [agency], asked_on=timezone.localdate(), answer_by=None, by=coordinator)
    ended.valid_to = timezone.localdate()
    ended.save()
    return issue_plan(plan, number="15/KH-UBND", issued_on=timezone.localdate(), by=coordinator)


def test_targets_are_set_against_the_newest_results_and_reached_ones_left_open(old_plan, agency, coordinator):
    made = continue_plan(old_plan, by=coordinator)
    assert (made.year, made.base_year, made.state) == (2024, 2023, "draft")
    specs = {t.code: t.spec for t in made.targets.all() if t.spec}
    assert specs == {"D2": "9", "D5": "+0.10"}
    assert all(t.priority for t in made.targets.all())
    assert [(o.code, o.agency) for o in made.owners.all()] == [("D1", agency)]


def test_unfinished_tasks_come_along_with_where_they_come_from(old_plan, coordinator):
    made = continue_plan(old_plan, by=coordinator)
    task = made.tasks.get()
    assert (task.title, task.components, task.due_on, task.source) == ("Niêm yết", ["D2"], None, "15/KH-UBND: 1")
    assert [a.name_vi for a in task.leads] == ["Sở Nội vụ"]


def test_milestones_come_along_without_their_days(old_plan, coordinator):
    counted = ("Xã niêm yết: 102 (30/6/2023)", "Buổi tập huấn: 4")
    old_plan.tasks.get().milestones.bulk_create(milestone_of(old_plan.tasks.get(), line) for line in counted)
    made = continue_plan(old_plan, by=coordinator)
    assert draft_of(made.tasks.get()).milestones == ("Xã niêm yết: 102", "Buổi tập huấn: 4")


def test_a_task_of_a_hundred_communes_comes_along_and_gets_its_new_date(old_plan, province, coordinator):
    task = old_plan.tasks.get()
    communes = [ensure_agency(province, f"Ủy ban nhân dân xã {n}", by=SYSTEM) for n in range(102)]
    task.assignments.bulk_create(Assignment(task=task, agency=each, part="coordinating") for each in communes)
    made = continue_plan(old_plan, by=coordinator)
    carried = draft_of(Task.objects.with_assignments().get(plan=made))
    page, typed = f"/plans/{made.pk}/tasks/{made.tasks.get().pk}/", initial_of(carried)
    answer = signed_in(coordinator).post(page, typed | {"due_on": "28/6/2024"})
    assert answer.status_code == 302
    assert draft_of(Task.objects.with_assignments().get(plan=made)) == replace(carried, due_on=date(2024, 6, 28))
    assert len(carried.coordinating) == 102


def test_a_draft_history_and_a_replaced_plan_are_not_continued(plan, historic_plan, coordinator):
    for other in (plan, historic_plan):
        with pytest.raises(RuleViolation):
            start_next_year(other, by=coordinator)


def test_the_page_says_what_comes_along_and_begins_the_plan(old_plan, coordinator):
    close_plan(old_plan, reason="Hết năm", by=coordinator)
    client, page = signed_in(coordinator), f"/plans/{old_plan.pk}/next-year/"
    text = client.get(f"/en{page}").content.decode()
    assert "reached already" in text and "UBND huyện cũ" in text and "1 unfinished task" in text
    answer = client.post(page)
    made = Plan.objects.get(year=2024, province=old_plan.province, base_year=2023)
    assert answer.url == f"/plans/{made.pk}/targets/"
