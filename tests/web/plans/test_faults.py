from datetime import date, timedelta

import pytest
from django.utils import timezone

from people import SYSTEM
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency
from quantri.web.plans.actions import set_owners, set_target
from quantri.web.plans.faults import Work, counted, faults_of
from quantri.web.plans.lines import sheet_of
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Task
from quantri.web.tasks.works import works_of


def count(plan: Plan, works=(), today: date | None = None) -> dict[str, int]:
    plan = Plan.objects.prefetch_related("owners__agency", "targets").get(pk=plan.pk)
    return dict(counted(faults_of(plan, sheet_of(plan), works, today=today or timezone.localdate())))


def test_the_plan_of_2019_shows_the_faults_that_its_document_has(historic_plan):
    works = works_of(Task.objects.filter(plan=historic_plan).with_assignments())
    assert count(historic_plan, works) == {
        "no_owner": 6, "no_number": 22, "base_lag": 1, "edition_changed": 1, "no_date": 12, "no_deliverable": 12,
        "no_evidence": 12, "group_lead": 2, "lead_from_context": 3, "requested": 2,
    }  # fmt: skip


def test_an_owner_that_ended_is_a_fault_and_no_owner(plan, province, agency, coordinator):
    set_owners(plan, "D1", [agency], by=coordinator)
    today = timezone.localdate()
    assert (count(plan).get("owner_ended"), count(plan)["no_owner"]) == (None, 7)
    agency.valid_to = today + timedelta(days=1)
    agency.save()
    assert count(plan).get("owner_ended") is None
    found = count(plan, today=today + timedelta(days=1))
    assert (found["owner_ended"], found["no_owner"]) == (1, 8)


def test_a_group_of_bodies_is_a_fault_and_a_coordinating_agency_is_no_lead(plan, province, agency, coordinator):
    group = ensure_agency(province, "Các sở, ban, ngành", by=SYSTEM, kind=Agency.Kind.GROUP)
    set_owners(plan, "D1", [group], by=coordinator)
    set_owners(plan, "D2", [], coordinating=[agency], by=coordinator)
    assert (count(plan)["group_owner"], count(plan)["no_owner"]) == (1, 7)


def test_a_direction_is_no_number(plan, coordinator):
    before = count(plan)["no_number"]
    set_target(plan, "D1", priority="improve", spec="4.5", by=coordinator)
    set_target(plan, "D2", priority="improve", spec="better", by=coordinator)
    assert (before, count(plan)["no_number"]) == (8, 7)


@pytest.mark.parametrize(
    ("changed", "kind"),
    [({"lead_kinds": []}, "no_lead"), ({"due_on": None}, "no_date"), ({"deliverable": ""}, "no_deliverable")],
)
def test_a_task_says_who_when_and_what(plan, agency, changed, kind):
    whole = {"subject": "Việc", "lead_kinds": [agency.kind], "due_on": date(2026, 6, 30), "deliverable": "Báo cáo"}
    assert kind not in count(plan, [Work(**whole)])
    assert count(plan, [Work(**whole | changed)])[kind] == 1


def test_evidence_is_missed_only_once_the_plan_is_carried_out(plan, issued_plan, agency):
    work = Work(subject="Việc", lead_kinds=[agency.kind], due_on=None, deliverable="")
    assert count(issued_plan, [work])["no_evidence"] == 1
    Plan.objects.filter(pk=plan.pk).update(state="consulted", number="", issued_on=None, number_year=None)
    assert "no_evidence" not in count(plan, [work])
