import re

import pytest
from django.utils import timezone

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks.actions import TaskDraft, add_tasks, change_task, draft_of, remove_task
from quantri.web.tasks.history import record_historic_tasks
from quantri.web.tasks.models import Task


@pytest.fixture
def task(plan, coordinator):
    draft = TaskDraft(title="Rà soát thủ tục", leads=("Sở Nội vụ",), coordinating=("Sở Y tế",))
    return add_tasks(plan, [draft], by=coordinator)[0]


def test_an_earlier_lead_stays_as_a_dated_row_and_the_trail_names_both(task, coordinator):
    change_task(task, TaskDraft(title="Rà soát thủ tục", leads=("Sở Tư pháp",)), by=coordinator)
    today = timezone.localdate()
    rows = {(a.agency.name_vi, a.part): (a.valid_from, a.valid_to) for a in task.assignments.all()}
    assert rows == {
        ("Sở Nội vụ", "lead"): (today, today), ("Sở Y tế", "coordinating"): (today, today),
        ("Sở Tư pháp", "lead"): (today, None),
    }  # fmt: skip
    details = AuditEntry.objects.get(action="task.changed").details
    assert (details["before"]["leads"], details["after"]["leads"]) == (["Sở Nội vụ"], ["Sở Tư pháp"])
    assert [a.name_vi for a in Task.objects.with_assignments().get(pk=task.pk).leads] == ["Sở Tư pháp"]


def test_a_part_that_stays_is_not_opened_anew(task, coordinator):
    kept = task.assignments.get(part="lead")
    change_task(task, TaskDraft(title="Tên khác", leads=("Sở nội vụ",)), by=coordinator)
    assert task.assignments.get(valid_to=None) == kept


def test_an_agency_that_coordinated_can_take_the_lead(task, coordinator):
    change_task(task, TaskDraft(title="Rà soát thủ tục", leads=("Sở Y tế",)), by=coordinator)
    assert task.assignments.get(valid_to=None).part == "lead"


def test_an_agency_that_is_named_twice_in_other_letters_leads_once(plan, coordinator):
    draft = TaskDraft(title="Việc", leads=("Sở Nội vụ", "SỞ NỘI VỤ"), coordinating=("Sở nội vụ",))
    task = add_tasks(plan, [draft], by=coordinator)[0]
    assert [(a.agency.name_vi, a.part) for a in task.assignments.all()] == [("Sở Nội vụ", "lead")]


def test_what_is_saved_unchanged_leaves_no_trail(task, coordinator):
    change_task(task, draft_of(task), by=coordinator)
    assert not AuditEntry.objects.filter(action="task.changed").exists()


def test_a_task_is_taken_out_once(task, coordinator):
    for _ in range(2):
        remove_task(task, by=coordinator)
    assert AuditEntry.objects.filter(action="task.removed").count() == 1


def test_who_began_from_an_older_task_is_refused_by_the_action(task, coordinator):
    seen = draft_of(task).mark
    change_task(task, TaskDraft(title="Của đồng nghiệp"), by=coordinator, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        change_task(task, TaskDraft(title="Của tôi"), by=coordinator, seen=seen)


def test_a_colleagues_change_is_shown_beside_mine_and_neither_is_lost(task, plan, coordinator):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/tasks/{task.pk}/"

    def seen(text: str) -> str:
        return re.search(r'name="seen" value="(\w+)"', text)[1]

    mine = {"title": "Của tôi", "seen": seen(client.get(page).content.decode())}
    client.post(page, {"title": "Của đồng nghiệp", "leads": "Sở Nội vụ", "seen": mine["seen"]})
    answer = client.post(page, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "<td>Của đồng nghiệp</td><td>Của tôi</td>" in text
    assert re.search(r"<textarea[^>]*>Của tôi</textarea>", text)
    task.refresh_from_db()
    assert task.title == "Của đồng nghiệp"
    assert client.post(page, mine | {"seen": seen(text)}).status_code == 302  # seen now, and decided
    task.refresh_from_db()
    assert task.title == "Của tôi"


def test_a_fault_in_between_does_not_hide_a_colleagues_change(task, plan, coordinator):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/tasks/{task.pk}/"
    seen = draft_of(task).mark
    client.post(page, {"title": "Của đồng nghiệp", "seen": seen})
    refused = client.post(page, {"title": "Của tôi", "components": "D99", "seen": seen})
    assert refused.status_code == 422 and f'name="seen" value="{seen}"' in refused.content.decode()
    assert client.post(page, {"title": "Của tôi", "seen": seen}).status_code == 409


def test_agencies_that_have_ended_are_not_offered(plan, coordinator, agency):
    agency.valid_to = timezone.localdate()
    agency.save()
    assert '<option value="Sở Nội vụ">' not in signed_in(coordinator).get(f"/plans/{plan.pk}/tasks/").content.decode()


def test_only_a_plan_with_a_source_takes_tasks_of_history(plan):
    with pytest.raises(RuleViolation):
        record_historic_tasks(plan, [], by=None)


def test_the_tasks_of_2019_stand_in_the_trail_with_their_parts_from_the_day_of_issue(historic_plan):
    assert AuditEntry.objects.filter(subject="tasks.task", action="task.added").count() >= 12
    first = historic_plan.tasks.get(number="1")
    assert {a.valid_from for a in first.assignments.all()} == {historic_plan.issued_on}
