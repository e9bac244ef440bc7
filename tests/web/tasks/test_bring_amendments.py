"""The tasks that move to a revision go out as Excel and come back as amendments, which wait for the issue."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import signed_in
from quantri.web.core.tables import xlsx_file
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.models import Plan
from quantri.web.plans.revising import start_revision
from quantri.web.tasks.actions import TaskDraft, add_tasks, draft_of
from quantri.web.tasks.amending import amend_task, drop_task
from quantri.web.tasks.amending_rows import compare, header, rows_of
from quantri.web.tasks.models import Amendment, Assignment, Task
from sent_workbooks import brought, column, confirmed, opened

TODAY = timezone.localdate()


@pytest.fixture
def revision(task, coordinator) -> Plan:
    """A revision in the making, to which one task moves."""
    return start_revision(task.plan, by=coordinator)


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.fixture
def url(revision) -> str:
    return f"/plans/{revision.pk}/tasks/moving/"


def file_of(client, url: str):
    return opened(client.get(f"{url.removesuffix('/')}.xlsx"))


def filled(book, **values: object):
    """Write into the first row of tasks, by heading."""
    for heading, value in values.items():
        book.active[f"{column(book, heading.replace('_', ' '))}2"] = value
    return book


def amended(task: Task, **changes: object) -> TaskDraft:
    return TaskDraft(**vars(draft_of(task)) | changes)


@pytest.mark.parametrize("language", ["", "/en"])
def test_what_went_out_comes_back_and_amends_nothing(language, client, url, task, revision, coordinator):
    amend_task(revision, task, amended(task, title="Tên khác", source="Kết luận"), reason="x", by=coordinator)
    book = file_of(client, f"{language}{url}")
    row = [cell.value for cell in book.active[2]]
    assert row[:2] == ["1", "Tên khác"] and row[9:11] == ["Kết luận", "x"]
    page = brought(client, f"/en{url}", book).content.decode()
    assert "unchanged: 1" in page and 'name="sealed"' not in page


def test_a_changed_row_is_an_amendment_that_waits_for_the_issue(client, url, task, revision):
    later = TODAY + timedelta(days=40)
    book = filled(file_of(client, url), Nhiệm_vụ="Niêm yết và giải thích", Thời_hạn=later, Lý_do="Theo góp ý")
    answer = brought(client, url, book)
    assert "Niêm yết và giải thích" in answer.content.decode() and not Amendment.objects.exists()
    assert confirmed(client, url, answer).url == f"/plans/{revision.pk}/tasks/"
    kept = task.amendments.standing().get()
    assert kept.after == {"title": "Niêm yết và giải thích", "due_on": later.isoformat()}
    assert (kept.reason, kept.applied_at) == ("Theo góp ý", None)
    task.refresh_from_db()
    assert task.title == "Niêm yết thủ tục hành chính"
    confirmed(client, url, answer)
    assert Amendment.objects.count() == 1


def test_a_reason_alone_amends_nothing_and_a_row_as_the_task_is_takes_the_amendment_back(
    client, url, task, revision, coordinator
):
    book = file_of(client, url)
    assert "unchanged: 1" in brought(client, f"/en{url}", filled(book, Lý_do="Không đổi gì")).content.decode()
    amend_task(revision, task, amended(task, title="Tên khác"), by=coordinator)
    again = filled(file_of(client, url), Nhiệm_vụ=task.title)
    confirmed(client, url, brought(client, url, again))
    assert not task.amendments.standing().exists()


def test_an_amendment_made_here_meanwhile_is_overwritten_only_by_choice(client, url, task, revision, coordinator):
    book = filled(file_of(client, url), Nhiệm_vụ="Của tôi")
    amend_task(revision, task, amended(task, title="Của đồng nghiệp"), by=coordinator)
    answer = brought(client, url, book)
    page = answer.content.decode()
    assert "Của đồng nghiệp" in page and f'name="row-{task.pk}" value="here" checked' in page
    confirmed(client, url, answer)
    assert task.amendments.standing().get().after == {"title": "Của đồng nghiệp"}
    confirmed(client, url, brought(client, url, book), **{f"row-{task.pk}": "file"})
    assert task.amendments.standing().get().after == {"title": "Của tôi"}


def test_what_changes_between_preview_and_confirmation_stops_the_whole_file(client, url, task, revision, coordinator):
    answer = brought(client, url, filled(file_of(client, url), Nhiệm_vụ="Của tôi"))
    amend_task(revision, task, amended(task, title="Của đồng nghiệp"), by=coordinator)
    assert confirmed(client, url, answer).url == url
    assert task.amendments.standing().get().after == {"title": "Của đồng nghiệp"}


@pytest.mark.parametrize(
    ("heading", "value"),
    [("Nhiệm vụ", ""), ("Nhiệm vụ", "=1+1"), ("Nội dung, thành phần", "D99"), ("Thời hạn", "31/2/2026"),
     ("Thời hạn", "1/1/2020"), ("Nguồn", "x" * 501), ("Lý do", "x" * 1001), ("Dấu của hàng", "999999.x")],
)  # fmt: skip
def test_faults_are_named_by_their_cell_and_nothing_is_kept(client, url, task, heading, value):
    book = file_of(client, url)
    cell = f"{column(book, heading)}2"
    book.active[cell] = value
    answer = brought(client, url, book)
    assert answer.status_code == 422 and f'<th scope="row">{cell}</th>' in answer.content.decode()


def test_what_is_finished_or_dropped_is_not_in_the_file(client, url, task, revision, coordinator):
    answer = brought(client, url, filled(file_of(client, url), Nhiệm_vụ="Của tôi"))
    drop_task(revision, task, reason="Trung ương đã làm", by=coordinator)
    assert file_of(client, url).active.max_row == 1
    assert confirmed(client, url, answer).url == url  # the preview was of the task as it was
    assert task.amendments.standing().get().is_dropped
    amend_task(revision, task, amended(task, title="Tên khác"), by=coordinator)
    assert file_of(client, url).active.max_row == 2
    Assignment.objects.filter(task=task).update(closed_on=TODAY)
    assert file_of(client, url).active.max_row == 1


def test_a_plan_that_revises_none_has_no_such_file(client, task, url, revision):
    assert client.get(f"/plans/{task.plan_id}/tasks/moving/").status_code == 404
    assert f'href="{url}"' in client.get(f"/plans/{revision.pk}/tasks/").content.decode()


def test_others_neither_take_nor_bring_the_file(url, officer, leader, outsider):
    for person, status in ((outsider, 404), (officer, 403), (leader, 403)):
        for address in (url, f"{url.removesuffix('/')}.xlsx"):
            assert signed_in(person).get(address).status_code == status


def test_comparing_asks_no_more_for_many_rows_than_for_few(consulted_plan, coordinator):
    drafts = [TaskDraft(title=f"Việc {k}", leads=(f"Sở {k}",), milestones=("Xã: 5",)) for k in range(60)]
    made = add_tasks(consulted_plan, drafts, by=coordinator)
    issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY, by=coordinator)
    revision, counts = start_revision(made[0].plan, by=coordinator), []
    for is_first, n in ((True, 3), (False, 60)):
        Task.objects.filter(pk__in=[task.pk for task in made[3:]]).update(ended_at=timezone.now() if is_first else None)
        content = xlsx_file("amendments", header(), rows_of(revision), []).content
        with CaptureQueriesContext(connection) as seen:
            found = compare(revision, content, frozenset())
        assert len(found.rows) == n and not found.faults
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10
