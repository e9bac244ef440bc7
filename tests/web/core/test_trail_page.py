"""The trail on screen: read in its province, filtered, paged by number, and as a file."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from people import SYSTEM, signed_in
from quantri.web.core import audit
from quantri.web.core.action_words import words_of
from quantri.web.core.changes import changes_of
from quantri.web.core.models import AuditEntry
from quantri.web.plans.actions import set_target
from quantri.web.tasks.actions import TaskDraft, add_tasks, change_task


@pytest.fixture
def changed(plan, coordinator):
    """A target and a task that were changed."""
    set_target(plan, "D1", priority="improve", spec="5.4", by=coordinator)
    [task] = add_tasks(plan, [TaskDraft(title="Niêm yết thủ tục")], by=coordinator)
    return change_task(task, TaskDraft(title="Niêm yết thủ tục tại ấp"), by=coordinator)


def page(user, address: str) -> str:
    return signed_in(user).get(address).content.decode()


@pytest.mark.parametrize("address", ["/audit/", "/audit/table.csv", "/audit/table.xlsx", "/outbox/"])
def test_the_trail_is_for_the_staff_of_a_province(coordinator, leader, former, outsider, address):
    seen = {user: signed_in(user).get(address).status_code for user in (None, former, coordinator, leader, outsider)}
    assert list(seen.values()) == [302, 403, 200, 200, 200]
    assert signed_in(coordinator).post(address).status_code == 405


def test_an_outsider_reads_nothing_of_another_province(changed, outsider):
    for address in ("/audit/", "/audit/table.csv", f"/audit/?subject=tasks.task&key={changed.pk}"):
        assert "Niêm yết" not in page(outsider, address)


def test_a_change_is_shown_from_what_to_what(changed, coordinator):
    shown = page(coordinator, f"/audit/?subject=tasks.task&key={changed.pk}")
    assert "<del>Niêm yết thủ tục</del>" in shown and "<ins>Niêm yết thủ tục tại ấp</ins>" in shown


@pytest.mark.parametrize(("address", "labels"), [
    ("/audit/", ["STT", "Thời gian", "Ai", "Thao tác", "Trước và sau"]),
    ("/plans/{plan}/tasks/{task}/", ["Thời gian", "Ai", "Thao tác", "Trước và sau"]),
])  # fmt: skip
def test_each_cell_of_an_entry_says_its_column_where_rows_stack(changed, plan, coordinator, address, labels):
    shown = page(coordinator, address.format(plan=plan.pk, task=changed.pk))
    table = next(part for part in shown.split("<table ") if "<del>" in part)
    row = next(part for part in table.split("<tr>") if "<del>" in part)
    assert table.startswith('class="data stack"')
    assert [re.findall(r'data-label="([^"]+)"', cell) for cell in re.findall("<td[^>]*>", row)] == [[x] for x in labels]


def test_what_is_empty_before_and_after_is_no_change(coordinator, plan):
    entry = audit.record(
        "plan.changed", plan, by=coordinator, before={"title": ""}, after={"title": None, "year": 2026}
    )
    assert [(change.before, change.after) for change in changes_of(entry)] == [("trống", "2026")]


def test_filters_keep_who_what_and_when(changed, coordinator, leader):
    assert "task.changed" in page(coordinator, "/audit/?who=coordinator&what=task.changed")
    assert "<del>" not in page(coordinator, "/audit/?who=leader")
    assert "<del>" not in page(coordinator, "/audit/?until=1/1/2020")
    assert "<del>" in page(coordinator, "/audit/?since=1/1/2020")


@pytest.mark.parametrize(
    "query", ["since=x", "since=2/2/2026&until=1/2/2026", "until=31/2/2026", "who=" + "x" * 300, "until=31/12/9999x"]
)
def test_a_filter_that_cannot_be_read_is_named(coordinator, query):
    answer = signed_in(coordinator).get(f"/audit/?{query}")
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert signed_in(coordinator).get(f"/audit/table.csv?{query}").status_code == 404


@pytest.mark.parametrize("before", ["x", "-1", "١", "9" * 30, "1'--", ""])
def test_a_page_that_does_not_exist_does_no_harm(coordinator, before):
    assert signed_in(coordinator).get("/audit/", {"before": before}).status_code == 200


@pytest.mark.parametrize("n", [3, 130])
def test_pages_follow_each_other_without_gap_or_double_and_cost_the_same(agency, coordinator, n):
    for k in range(n):
        audit.record("agency.seen", agency, by=SYSTEM, k=k)
    client, found, address = signed_in(coordinator), [], "/audit/"
    while address:
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
        assert len(seen) < 10
        found += [entry.number for entry, _changes, _notes in answer.context["rows"]]
        assert len(answer.context["rows"]) <= 50
        address = f"/audit/?{answer.context['older']}" if answer.context["older"] else ""
    assert found == list(AuditEntry.objects.visible_to(coordinator).values_list("number", flat=True))


def test_the_files_hold_what_the_filter_keeps_and_no_formula(changed, plan, coordinator):
    change_task(changed, TaskDraft(title="=1+1"), by=coordinator)
    answer = signed_in(coordinator).get("/audit/table.xlsx?what=task.changed")
    rows = list(load_workbook(io.BytesIO(answer.content))["Quantri"].values)
    assert len(rows) == 3 and "→ =1+1" in rows[1][6] and rows[1][5].startswith("'=")


def test_a_rows_history_is_on_its_own_page_for_its_staff(changed, plan, coordinator, outsider):
    shown = page(coordinator, f"/plans/{plan.pk}/tasks/{changed.pk}/")
    assert "<del>Niêm yết thủ tục</del>" in shown
    assert "<ins>5,4" in page(coordinator, f"/plans/{plan.pk}/targets/")
    assert words_of("plan.made") in page(coordinator, f"/plans/{plan.pk}/about/")


def test_what_was_typed_is_shown_as_text(plan, coordinator):
    [task] = add_tasks(plan, [TaskDraft(title="Một")], by=coordinator)
    change_task(task, TaskDraft(title="<script>alert(1)</script>"), by=coordinator)
    assert "<script>alert" not in page(coordinator, "/audit/")
