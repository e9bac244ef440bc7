"""A plan with more tasks than a page holds, and a task with more parts than a line names."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import signed_in
from quantri.web.accounts.models import Agency
from quantri.web.places.models import Province
from quantri.web.plans.actions import set_target
from quantri.web.plans.bases import add_basis
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.plans.faults import counted, faults_of
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.lines import sheet_of
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.models import Assignment, Task
from quantri.web.tasks.models.task import SHOWN
from quantri.web.tasks.works import works_of


def add(plan, n: int, by) -> list[Task]:
    return add_tasks(plan, [TaskDraft(title=f"Việc số {k}", leads=("Sở Nội vụ",)) for k in range(n)], by=by)


def give(task: Task, n: int, part: str = Assignment.Part.COORDINATING) -> None:
    there = [Agency(province=task.plan.province, name_vi=f"Xã số {k:03}, {part}, của {task.pk}") for k in range(n)]
    agencies = Agency.objects.bulk_create(there)
    Assignment.objects.bulk_create([Assignment(task=task, agency=agency, part=part) for agency in agencies])


def cells(page: str) -> list[str]:
    """What the columns of leads and of coordinating agencies say of the first task, without its marks."""
    row = page[page.index("Việc số 0") :].split("</tr>")[0]
    found = [row.split(f'data-label="{label}">')[1].split("</td>")[0] for label in ("Lead", "Coordinating")]
    return [re.sub("<[^>]+>", "", cell).strip() for cell in found]


@pytest.mark.parametrize("address", ["/en/plans/{}/", "/en/plans/{}/tasks/"])
def test_tasks_come_fifty_a_page_and_their_number_is_told(plan, coordinator, address):
    add(plan, 120, coordinator)
    client, address = signed_in(coordinator), address.format(plan.pk)
    pages = [client.get(f"{address}?page={n}").content.decode() for n in (1, 2, 3)]
    assert [sum(f"Việc số {k}<" in page for k in range(120)) for page in pages] == [50, 50, 20]
    assert all("120 tasks" in page for page in pages)


@pytest.mark.parametrize("address", ["/en/plans/{}/", "/en/plans/{}/tasks/"])
def test_a_line_names_its_leads_and_the_first_parts_and_counts_the_others(plan, coordinator, address):
    [task] = add(plan, 1, coordinator)
    give(task, 70)
    page = signed_in(coordinator).get(address.format(plan.pk)).content.decode()
    row = page[page.index("Việc số 0") :].split("</tr>")[0]
    assert "Sở Nội vụ" in row and row.count("Xã số") == SHOWN - 1
    assert f"and {71 - SHOWN} more agencies" in row


@pytest.mark.parametrize("address", ["/en/plans/{}/", "/en/plans/{}/tasks/"])
@pytest.mark.parametrize(("leads", "coordinating", "beside"), [(30, 0, ""), (30, 1, "1 agency"), (20, 9, "9 agencies")])
def test_what_a_line_leaves_out_is_counted_in_its_own_column(plan, coordinator, address, leads, coordinating, beside):
    [task] = add(plan, 1, coordinator)
    give(task, leads, Assignment.Part.LEAD)
    give(task, coordinating)
    lead, other = cells(signed_in(coordinator).get(address.format(plan.pk)).content.decode())
    n, word = leads + 1 - SHOWN, "agency" if leads == SHOWN else "agencies"
    assert lead.count("Xã số") == SHOWN - 1 and lead.endswith(f"; and {n} more {word}")
    assert other.strip("–") == beside


@pytest.mark.parametrize("address", ["/plans/{}/", "/plans/{}/tasks/"])
def test_a_page_asks_no_more_for_many_tasks_and_parts(plan, coordinator, address):
    client, counts = signed_in(coordinator), []
    for n in (3, 90):
        give(add(plan, n, coordinator)[0], n)
        client.get(address.format(plan.pk))
        with CaptureQueriesContext(connection) as seen:
            client.get(address.format(plan.pk))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_pages_of_plans_ask_little_with_further_bases_and_while_the_calendar_is_missing(
    plan, officer, coordinator, calendar_is_missing, django_assert_max_num_queries
):
    for key in ("vn63-91", "vn63-92"):
        base = Province.objects.get(key=key)
        basis = add_basis(plan, index="papi", base_unit=base, base_year=2024, by=coordinator)
        set_target(plan, "D4", priority="hold", spec="keep", by=coordinator, basis=basis)
    give(add(plan, 3, coordinator)[0], 3)
    client, asked = signed_in(coordinator), [officer.memberships.get().agency]
    addresses = ["/", "/provinces/", "/plans/", *(f"/plans/{plan.pk}/{tail}" for tail in ("", "targets/", "bases/"))]
    for state in ("draft", "consulted", "issued"):
        if state == "consulted":
            send_for_opinions(plan, asked, asked_on=timezone.localdate(), answer_by=None, by=coordinator)
        if state == "issued":
            issue_plan(plan, number="15/KH-UBND", issued_on=timezone.localdate(), by=coordinator)
        for address in addresses:
            client.get(address)
            with django_assert_max_num_queries(20):
                page = client.get(address).content.decode()
            assert "calendar-note" in page, address


def test_faults_are_counted_over_all_tasks_and_not_those_of_a_page(plan, coordinator):
    add(plan, 120, coordinator)
    works = works_of(Task.objects.filter(plan=plan))
    found = counted(faults_of(plan, sheet_of(plan), works, today=timezone.localdate()))
    assert found["no_date"] == 120
