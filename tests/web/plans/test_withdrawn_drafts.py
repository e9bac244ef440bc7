import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.plans.actions import end_plan, set_target
from quantri.web.plans.decisions import publish_plan
from quantri.web.plans.models import Plan
from quantri.web.reports.actions import freeze_draft
from quantri.web.tasks.actions import TaskDraft, add_tasks


def test_a_draft_is_withdrawn_with_a_reason_and_leaves_all_pages_but_not_the_trail(plan, coordinator):
    client = signed_in(coordinator)
    add_tasks(plan, [TaskDraft(title="Việc")], by=coordinator)
    file = f"/plans/{plan.pk}/document/{freeze_draft(plan, by=coordinator).sha256}/ke-hoach.xlsx"
    address = f"/plans/{plan.pk}/end/"
    assert 'name="reason"' in client.get(address).content.decode()
    assert client.post(address, {"reason": "Lập nhầm năm"})["Location"] == "/plans/"
    assert plan.title not in client.get("/plans/").content.decode()
    for tail in ("", "targets/", "owners/", "tasks/", "about/", "document/", "end/"):
        assert client.get(f"/plans/{plan.pk}/{tail}").status_code == 404
    assert client.get(file).status_code == 404
    entry = AuditEntry.objects.get(action="plan.ended")
    assert (entry.subject_key, entry.actor_key) == (str(plan.pk), str(coordinator.pk))
    assert (entry.subject_name, entry.details["reason"]) == (plan.title, "Lập nhầm năm")
    assert Plan.objects.get(pk=plan.pk).targets.count() == 8  # ended, not deleted


def test_without_a_reason_nothing_is_withdrawn(plan, coordinator):
    assert signed_in(coordinator).post(f"/plans/{plan.pk}/end/", {"reason": " "}).status_code == 422
    assert Plan.objects.get(pk=plan.pk).ended_at is None


def test_the_second_press_lands_where_the_first_did(plan, coordinator):
    typed = {"reason": "Lập nhầm", "form_key": "k"}
    client = signed_in(coordinator)
    assert [client.post(f"/plans/{plan.pk}/end/", typed)["Location"] for _ in range(2)] == ["/plans/"] * 2
    assert AuditEntry.objects.filter(action="plan.ended").count() == 1


def test_a_public_plan_is_not_withdrawn_as_a_draft(client, plan, coordinator, leader):
    publish_plan(plan, reason="Công khai", by=leader)
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/end/", {"reason": "x"})
    assert answer.status_code == 409 and "đang công khai" in answer.content.decode()
    assert 'name="reason"' not in signed_in(coordinator).get(f"/plans/{plan.pk}/end/").content.decode()
    assert client.get(f"/plans/{plan.pk}/").status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(ended_at=timezone.now())


def test_history_is_not_withdrawn(historic_plan, coordinator):
    with pytest.raises(RuleViolation, match="lịch sử"):
        end_plan(historic_plan, reason="x", by=coordinator)


def test_only_a_coordinator_of_the_province_withdraws_a_draft(plan, leader, outsider):
    for someone, status in ((leader, 403), (outsider, 404)):
        assert signed_in(someone).post(f"/plans/{plan.pk}/end/", {"reason": "x"}).status_code == status
        with pytest.raises(PermissionDenied):
            end_plan(plan, reason="x", by=someone)


def test_a_withdrawn_draft_is_neither_changed_nor_published_by_who_still_has_its_page(plan, coordinator, leader):
    end_plan(plan, reason="Lập nhầm", by=coordinator)
    with pytest.raises(RuleViolation):
        set_target(plan, "D1", priority="", spec="4.5", by=coordinator)
    with pytest.raises(RuleViolation):
        publish_plan(plan, reason="Công khai", by=leader)


def test_the_tasks_of_a_withdrawn_draft_are_not_offered_for_copying(plan, province, old_an_giang, coordinator):
    add_tasks(plan, [TaskDraft(title="Việc")], by=coordinator)
    signed_in(coordinator).post(
        "/plans/new/", {"base_unit": old_an_giang.pk, "base_year": 2024, "year": 2027, "form_key": "k"}
    )
    other = Plan.objects.get(year=2027)
    offered = f'<option value="{plan.pk}">'
    assert offered in signed_in(coordinator).get(f"/plans/{other.pk}/tasks/").content.decode()
    end_plan(plan, reason="Lập nhầm", by=coordinator)
    assert offered not in signed_in(coordinator).get(f"/plans/{other.pk}/tasks/").content.decode()
