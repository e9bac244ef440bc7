"""Tasks of a plan go out as Excel and come back: what is new, changed, in conflict, faulty."""

import time
import tracemalloc
from datetime import date

import pytest
from django.utils import timezone

from people import make_user, signed_in
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry
from quantri.web.core.tables import xlsx_file
from quantri.web.plans.issuing import issue_plan
from quantri.web.tasks.actions import TaskDraft, add_tasks, change_task, draft_of
from quantri.web.tasks.models import Task
from quantri.web.tasks.task_rows import compare, header, rows_of
from sent_workbooks import brought, column, confirmed, opened, packed

FIRST = TaskDraft(
    title="Niêm yết thu, chi ngân sách", components=("D2", "D2.3"), leads=("Sở Tài chính", "Sở Nội vụ"),
    coordinating=("Sở Y tế",), due_on=date(2026, 6, 30), deliverable="=HYPERLINK(\"x\")", rhythm="quarter",
    milestones=("Xã niêm yết: 102 (30/6/2026)", "Buổi tập huấn: 4"),
)  # fmt: skip
SECOND = TaskDraft(title="- Rà soát thủ tục")


@pytest.fixture
def made(plan, coordinator) -> list[Task]:
    return add_tasks(plan, [FIRST, SECOND], by=coordinator)


@pytest.fixture
def url(plan) -> str:
    return f"/plans/{plan.pk}/tasks/bring/"


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.fixture
def book(made, client, plan):
    return opened(client.get(f"/plans/{plan.pk}/tasks/table.xlsx"))


def test_what_went_out_comes_back_and_changes_nothing(book, client, url, made):
    row = [cell.value for cell in book.active[2]]
    assert row[:3] == ["1", "Niêm yết thu, chi ngân sách", "D2; D2.3"]
    assert book.active["G2"].value == '\'=HYPERLINK("x")' and book.active["B3"].value == "'- Rà soát thủ tục"
    answer = brought(client, f"/en{url}", book)
    page = answer.content.decode()
    assert answer.status_code == 200 and 'name="sealed"' not in page and "unchanged: 2" in page


def test_the_english_file_comes_back_too(made, client, plan):
    english = opened(client.get(f"/en/plans/{plan.pk}/tasks/table.xlsx"))
    assert [c.value for c in english.active[1]][-1] == "Mark of the row"
    assert "The file changes nothing" in brought(client, f"/en/plans/{plan.pk}/tasks/bring/", english).content.decode()


def test_changed_and_new_rows_are_shown_and_then_kept_once(book, client, url, made, plan):
    sheet = book.active
    sheet["B2"], sheet["F2"], sheet["H2"] = "Niêm yết ngân sách", date(2026, 7, 15), "hằng tháng"
    sheet["I2"] = "Xã niêm yết: 90"
    sheet["B4"], sheet["D4"] = "Việc mới", "Sở Tư pháp"
    answer = brought(client, url, book)
    page = answer.content.decode()
    assert "Niêm yết thu, chi ngân sách" in page and "15/7/2026" in page and "Việc mới" in page
    assert Task.objects.filter(plan=plan).count() == 2
    assert confirmed(client, url, answer).url == f"/plans/{plan.pk}/tasks/"
    now = draft_of(Task.objects.with_assignments().get(pk=made[0].pk))
    assert (now.title, now.due_on, now.rhythm, now.milestones) == (
        "Niêm yết ngân sách", date(2026, 7, 15), "month", ("Xã niêm yết: 90",),
    )  # fmt: skip
    assert now.deliverable == FIRST.deliverable
    confirmed(client, url, answer)
    assert [t.title for t in Task.objects.filter(plan=plan)][2:] == ["Việc mới"]
    entry = AuditEntry.objects.get(action="task.changed")
    assert entry.details["before"]["title"] == FIRST.title and entry.details["after"]["title"] == "Niêm yết ngân sách"


def test_a_row_that_changed_here_meanwhile_is_overwritten_only_by_choice(book, client, url, made, plan, coordinator):
    change_task(made[0], TaskDraft(title="Của đồng nghiệp"), by=coordinator)
    book.active["B2"], book.active["B3"] = "Của tôi", "Rà soát"
    answer = brought(client, url, book)
    page = answer.content.decode()
    assert "Của đồng nghiệp" in page and "Của tôi" in page and f'name="row-{made[0].pk}" value="here" checked' in page
    confirmed(client, url, answer)
    assert [t.title for t in Task.objects.filter(plan=plan)] == ["Của đồng nghiệp", "Rà soát"]
    again = brought(client, url, book)
    confirmed(client, url, again, **{f"row-{made[0].pk}": "file"})
    assert Task.objects.get(pk=made[0].pk).title == "Của tôi"


def test_what_changes_between_preview_and_confirmation_stops_the_whole_file(book, client, url, made, plan, coordinator):
    book.active["B2"], book.active["B4"] = "Của tôi", "Việc mới"
    answer = brought(client, url, book)
    change_task(made[0], TaskDraft(title="Của đồng nghiệp"), by=coordinator)
    assert confirmed(client, url, answer).url == url
    assert [t.title for t in Task.objects.filter(plan=plan)] == ["Của đồng nghiệp", "- Rà soát thủ tục"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("B2", ""), ("B2", "=1+1"), ("C2", "D9"), ("F2", "31/2/2026"), ("H2", "hằng ngày"), ("I2", "Xã"),
     ("J2", "999999.x"), ("J2", "'; DROP TABLE"), ("B3", "x" * 501), ("D3", "y" * 201)],
)  # fmt: skip
def test_faults_are_named_by_their_cell_and_nothing_is_kept(book, client, url, made, plan, cell, value):
    book.active[cell] = value
    answer = brought(client, url, book)
    assert answer.status_code == 422
    assert f'<th scope="row">{cell}</th>' in answer.content.decode() and b'name="sealed"' not in answer.content
    assert draft_of(Task.objects.get(pk=made[0].pk)).title == FIRST.title


def test_one_mark_in_two_rows_is_a_fault(book, client, url, made):
    book.active["B4"], book.active["J4"] = "Chép", book.active["J2"].value
    answer = brought(client, url, book)
    assert answer.status_code == 422 and '<th scope="row">J4</th>' in answer.content.decode()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a,b,c\n1,2,3", b"\xd0\xcf\x11\xe0" * 99])
def test_another_file_is_refused_with_a_sentence(client, url, content):
    answer = brought(client, url, content)
    assert answer.status_code == 422 and 'href="#id_file"' in answer.content.decode()


def test_a_file_without_the_marks_is_not_taken(book, client, url):
    book.active.delete_cols(10)
    assert brought(client, url, book).status_code == 422


def test_a_sealed_preview_holds_for_its_plan_and_person_only(book, client, url, made, plan, agency):
    book.active["B2"] = "Của tôi"
    answer = brought(client, url, book)
    another = signed_in(make_user(agency, Role.COORDINATOR, "second"))
    assert confirmed(another, url, answer).url == url
    assert client.post(f"{url}confirm/", {"sealed": "x"}).url == url
    assert Task.objects.get(pk=made[0].pk).title == FIRST.title


def test_no_file_is_taken_for_an_issued_plan(book, client, url, consulted_plan, coordinator):
    issue_plan(consulted_plan, number="15/KH-UBND", issued_on=timezone.localdate(), by=coordinator)
    book.active["B2"] = "Của tôi"
    answer = brought(client, url, book)
    assert answer.status_code == 409 and b'name="sealed"' not in answer.content


def test_others_neither_take_nor_bring_the_file(made, plan, url, officer, leader, outsider):
    export = f"/plans/{plan.pk}/tasks/table.xlsx"
    for address in (export, url):
        assert signed_in(outsider).get(address).status_code == 404
        assert signed_in(officer).get(address).status_code == 403
        assert signed_in(leader).get(address).status_code == 403
        assert signed_in(None).get(address).status_code == 302
    assert signed_in(outsider).post(f"{url}confirm/", {"sealed": "x"}).status_code == 404
    assert signed_in(officer).post(export).status_code in (403, 405)


def test_five_thousand_rows_are_compared_and_kept_in_bounded_time_and_memory(plan, coordinator, client, url):
    drafts = [TaskDraft(title=f"Việc {n}", leads=(f"Xã {n % 102}",), milestones=("Xã: 5",)) for n in range(5_000)]
    add_tasks(plan, drafts, by=coordinator)
    book = opened(client.get(f"/plans/{plan.pk}/tasks/table.xlsx"))
    letter = column(book, "Sản phẩm")
    for row in range(2, 104):
        book.active[f"{letter}{row}"] = "Biên bản"
    content = packed(book)
    tracemalloc.start()
    began = time.perf_counter()
    found = compare(plan, content, frozenset())
    took, (_now, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(found.rows), len(found.of("changed"))) == (5_000, 102)
    assert took < 120 and peak < 150_000_000, (took, peak)
    answer = brought(client, url, content)
    assert confirmed(client, url, answer).url == f"/plans/{plan.pk}/tasks/"
    assert Task.objects.filter(plan=plan, deliverable="Biên bản").count() == 102


def test_a_faulty_row_leaves_nothing_behind_for_the_next_one(book, client, url, made):
    book.active["D2"].value, book.active["F2"].value = "D99", "31/2/2026"
    answer = brought(client, f"/en{url}", book)
    cells = [fault.cell for fault in answer.context["preview"].faults]
    assert cells and all(cell.endswith("2") for cell in cells)
    assert [row.state for row in answer.context["preview"].rows] == ["same"]


def test_comparing_asks_no_more_for_many_rows_than_for_few(plan, coordinator, django_assert_num_queries):
    codes = frozenset({"D1", "D2"})
    for n in (3, 60):
        add_tasks(plan, [TaskDraft(title=f"Việc {k}", leads=(f"Sở {k}",)) for k in range(n)], by=coordinator)
        file = xlsx_file("tasks", header(), rows_of(plan), []).content
        with django_assert_num_queries(5):  # tasks, parts with agencies, milestones; the calendar and its overrides
            found = compare(plan, file, codes)
        assert {row.state for row in found.rows} == {"same"} and not found.faults
