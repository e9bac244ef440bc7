"""Reports of a period go out as Excel and come back: own ones, those from paper, conflicts, faults, many."""

import time
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.core.models import AuditEntry
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks import reporting
from quantri.web.tasks.bulk import PartDraft, give_to_all
from quantri.web.tasks.many_reports import hand_in_rows
from quantri.web.tasks.models import Assignment, Progress, Task
from quantri.web.tasks.periods import lock_period
from quantri.web.tasks.report_rows import compare, places_in
from quantri.web.tasks.reporting import Reported
from sent_workbooks import brought, confirmed, opened, packed

DONE = Reported(text="- Đã niêm yết\r\nđủ", value=Decimal("1020.50"), unit="thủ tục", difficulty="=1+1")
EMPTY = {"value": None, "unit": "", "difficulty": "", "request": ""}


@pytest.fixture
def url(period) -> str:
    return f"/work/periods/{period.pk}/bring/"


@pytest.fixture
def client(officer):
    return signed_in(officer)


def file_of(client, period, language: str = ""):
    return opened(client.get(f"{language}/work/periods/{period.pk}/reports.xlsx"))


def filled(book, row: int = 2, **values: object):
    """Write into a row: kind D, text E, value F, unit G, difficulty H, request I."""
    letters = {"kind": "D", "text": "E", "value": "F", "unit": "G", "difficulty": "H", "request": "I", "mark": "J"}
    for name, value in values.items():
        book.active[f"{letters[name]}{row}"] = value
    return book


@pytest.mark.parametrize("language", ["", "/en"])
def test_what_went_out_comes_back_and_changes_nothing(language, client, lead, period, url, officer):
    reporting.submit(lead, period, DONE, seen=0, by=officer)
    book = file_of(client, period, language)
    assert [c.value for c in book.active[2]][4:8] == ["'- Đã niêm yết\nđủ", 1020.5, "thủ tục", "'=1+1"]
    answer = brought(client, f"/en{url}", book)
    page = answer.content.decode()
    assert answer.status_code == 200 and "unchanged: 1" in page and 'name="sealed"' not in page


def test_an_agency_fills_in_its_rows_and_hands_them_in_once(client, lead, part, period, url):
    book = file_of(client, period)
    assert book.active.max_row == 2
    answer = brought(client, url, filled(book, kind="đã hoàn thành", text="Đã niêm yết", value=102, request="Không"))
    assert not Progress.objects.exists()
    assert confirmed(client, url, answer).url == f"/work/periods/{period.pk}/"
    report = lead.reports.get()
    assert (report.state, report.kind, report.value, report.submitted_by) == (
        "submitted", "completed", Decimal(102), "officer",
    )  # fmt: skip
    assert report.revisions.get().content["value"] == "102"
    confirmed(client, url, answer)
    assert lead.reports.get().revisions.count() == 1
    [entry] = AuditEntry.objects.filter(action="reports.brought_in")
    assert entry.details["entered_from_paper"] == 0 and entry.details["rows"][0][:2] == [
        "tasks.progress", str(report.pk),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "value"), [("1020,5", "1020.5"), (1020.5, "1020.5"), (0, "0"), (12345678, "12345678")]
)
def test_a_number_is_read_as_it_is_typed_or_stored(client, lead, period, url, typed, value):
    answer = brought(client, url, filled(file_of(client, period), text="Đã làm", value=typed))
    confirmed(client, url, answer)
    assert lead.reports.get().value == Decimal(value)


def test_a_report_that_changed_here_meanwhile_is_overwritten_only_by_choice(client, lead, period, url, officer):
    reporting.submit(lead, period, DONE, seen=0, by=officer)
    book = filled(file_of(client, period), text="Từ tệp")
    reporting.submit(lead, period, Reported(text="Trên mạng"), seen=1, by=officer)
    answer = brought(client, url, book)
    page = answer.content.decode()
    assert "Từ tệp" in page and "Trên mạng" in page
    confirmed(client, url, answer)
    assert lead.reports.get().text == "Trên mạng"
    confirmed(client, url, brought(client, url, book), **{f"row-{lead.pk}": "file"})
    assert lead.reports.get().text == "Từ tệp" and lead.reports.get().revisions.count() == 3


def test_what_changes_between_preview_and_confirmation_is_not_overwritten(client, lead, period, url, officer):
    answer = brought(client, url, filled(file_of(client, period), text="Từ tệp"))
    reporting.submit(lead, period, Reported(text="Trên mạng"), seen=0, by=officer)
    assert confirmed(client, url, answer).url == url
    assert lead.reports.get().text == "Trên mạng"


def test_the_coordinator_enters_what_came_on_paper_and_it_is_marked(lead, part, period, url, coordinator):
    client = signed_in(coordinator)
    book = file_of(client, period)
    assert book.active.max_row == 3
    answer = brought(client, f"/en{url}", filled(filled(book, text="Từ giấy"), row=3, kind="không phát sinh"))
    confirmed(client, f"/en{url}", answer)
    assert {r.submitted_by for r in Progress.objects.all()} == {"coordinator, entered by the coordinator from paper"}
    assert AuditEntry.objects.get(action="reports.brought_in").details["entered_from_paper"] == 2


def test_a_draft_of_an_agency_is_neither_shown_to_the_coordinator_nor_overwritten(
    lead, part, period, url, officer, coordinator
):
    reporting.save_draft(lead, period, Reported(text="Bí mật"), seen=0, by=officer)
    client = signed_in(coordinator)
    book = file_of(client, period)
    row = next(r[0].row for r in book.active.iter_rows() if str(r[9].value).startswith(f"{lead.pk}."))
    assert book.active[f"E{row}"].value in (None, "")
    answer = brought(client, url, filled(book, row=row, text="Từ giấy"))
    assert answer.status_code == 422 and "Bí mật" not in answer.content.decode()
    row = {"key": str(lead.pk), "state": "changed", "seen": "1", "plain": EMPTY | {"kind": "worked", "text": "x"}}
    with pytest.raises(RuleViolation):
        hand_in_rows(period, [row], {}, by=coordinator)


def test_a_report_that_was_accepted_takes_no_row(client, lead, period, url, officer, coordinator):
    submitted = reporting.submit(lead, period, DONE, seen=0, by=officer)
    reporting.accept(submitted, seen=1, by=coordinator)
    lead.closed_on = None
    lead.save()
    answer = brought(client, url, filled(file_of(client, period), text="Khác"))
    assert answer.status_code == 422 and '<th scope="row">E2</th>' in answer.content.decode()


def test_an_agency_does_not_report_for_another_with_its_mark(lead, part, period, url, officer, colleague):
    mark = file_of(signed_in(colleague), period).active["J2"].value
    book = filled(file_of(signed_in(officer), period), text="Của cơ quan khác", mark=mark)
    answer = brought(signed_in(officer), url, book)
    assert answer.status_code == 422 and '<th scope="row">J2</th>' in answer.content.decode()
    row = {"key": str(part.pk), "state": "new", "seen": "0", "plain": EMPTY | {"kind": "nothing", "text": ""}}
    with pytest.raises(PermissionDenied):
        hand_in_rows(period, [row], {}, by=officer)
    assert hand_in_rows(period, [row], {}, by=colleague) == 1
    with pytest.raises(ChangedMeanwhile):
        hand_in_rows(period, [row], {}, by=colleague)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("D2", "xong"), ("E2", "=SUM(A1)"), ("F2", "nhiều"), ("F2", 1e15), ("F2", "NaN"), ("G2", "x" * 41),
     ("E2", "x" * 4001), ("J2", "1.x'--"), ("J2", "")],
)  # fmt: skip
def test_faults_are_named_by_their_cell_and_nothing_is_kept(client, lead, period, url, cell, value):
    book = filled(file_of(client, period), text="Đã làm")
    book.active[cell] = value
    answer = brought(client, url, book)
    assert answer.status_code == 422 and f'<th scope="row">{cell}</th>' in answer.content.decode()
    assert not Progress.objects.exists()


def test_work_without_words_is_a_fault_and_an_empty_row_is_left_alone(client, lead, period, url):
    book = file_of(client, period)
    assert brought(client, url, book).status_code == 200
    answer = brought(client, url, filled(book, value=5))
    assert answer.status_code == 422 and '<th scope="row">E2</th>' in answer.content.decode()


def test_in_a_locked_period_no_file_is_taken(client, lead, period, url, coordinator):
    answer = brought(client, url, filled(file_of(client, period), text="Đã làm"))
    lock_period(period, by=coordinator)
    assert confirmed(client, url, answer).url == url and not Progress.objects.exists()
    assert brought(client, url, b"x").status_code == 409


def test_others_neither_take_nor_bring_the_file(lead, period, url, outsider, overseer):
    for address in (url, f"/work/periods/{period.pk}/reports.xlsx"):
        assert signed_in(outsider).get(address).status_code == 404
        assert signed_in(overseer).get(address).status_code == 403
        assert signed_in(None).get(address).status_code == 302
    assert signed_in(outsider).post(f"{url}confirm/", {"sealed": "x"}).status_code == 404


def test_five_thousand_reports_are_compared_and_handed_in_in_bounded_time(task, period, province, coordinator, url):
    names = [f"Xã {n}" for n in range(102)]
    agencies = [ensure_agency(province, name, by=coordinator) for name in names]
    tasks = Task.objects.bulk_create(Task(plan=task.plan, number=str(n + 2), title=f"Việc {n}") for n in range(49))
    Assignment.objects.bulk_create(
        Assignment(task=t, agency=a, part="lead", valid_from=period.starts_on) for t in tasks for a in agencies
    )
    give_to_all(task, agencies, PartDraft(), by=coordinator)
    client = signed_in(coordinator)
    book = file_of(client, period)
    rows = min(book.active.max_row, 5_001)
    for row in range(2, rows + 1):
        filled(book, row=row, text=f"Đã làm {row}", value=row)
    book.active.delete_rows(rows + 1, 300)
    content = packed(book)
    began = time.perf_counter()
    found = compare(places_in(period, coordinator), content)
    assert len(found.of("new")) == 5_000
    assert hand_in_rows(period, found.sealed, {}, by=coordinator) == 5_000
    took = time.perf_counter() - began
    assert Progress.objects.filter(state="submitted").count() == 5_000
    assert took < 120
