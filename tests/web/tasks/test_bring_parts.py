"""Parts of tasks go out as Excel and come back: one sheet sets the day and the deliverable of each agency."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry, Message
from quantri.web.core.tables import xlsx_file
from quantri.web.plans.issuing import issue_plan
from quantri.web.tasks import asking
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.bulk import PartDraft, give_to_all
from quantri.web.tasks.many_parts import change_rows
from quantri.web.tasks.models import Assignment, PartChange, Task
from quantri.web.tasks.part_rows import compare, header, rows_of
from quantri.web.tasks.parts import change_part
from quantri.web.tasks.terms import Terms, terms_of
from sent_workbooks import brought, confirmed, opened

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=10)
LETTERS = {"wording": "E", "due_on": "F", "deliverable": "G", "reason": "H", "mark": "I"}


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.fixture
def url(task) -> str:
    return f"/plans/{task.plan_id}/tasks/parts/"


@pytest.fixture
def drafted(plan, coordinator) -> Task:
    draft = TaskDraft(
        title="Rà soát thủ tục", leads=("Sở Nội vụ",), coordinating=("Sở Y tế",), due_on=TODAY + timedelta(days=30)
    )
    return add_tasks(plan, [draft], by=coordinator)[0]


def file_of(client, url: str):
    return opened(client.get(f"{url.removesuffix('/')}.xlsx"))


def filled(book, row: int = 2, **values: object):
    """Write into a row of a file of a plan in force."""
    for name, value in values.items():
        book.active[f"{LETTERS[name]}{row}"] = value
    return book


def tasks_of(plan):
    return Task.objects.current().filter(plan=plan)


@pytest.mark.parametrize("language", ["", "/en"])
def test_what_went_out_comes_back_and_changes_nothing(language, client, url, lead, part, coordinator):
    terms = Terms(wording="- Số liệu của ngành", due_on=SOON, deliverable="=SUM(A1)")
    change_part(part, terms, reason="x", by=coordinator)
    book = file_of(client, f"{language}{url}")
    role = "coordinating" if language else "phối hợp"
    told = ["1", part.task.title, part.agency.name_vi, role, "'- Số liệu của ngành"]
    assert [cell.value for cell in book.active[3]][:5] == told
    assert book.active["F3"].value.date() == SOON and book.active["G3"].value == "'=SUM(A1)"
    page = brought(client, f"/en{url}", book).content.decode()
    assert "unchanged: 2" in page and 'name="sealed"' not in page


def test_a_hundred_communes_get_their_day_and_deliverable_from_one_sheet(drafted, province, coordinator, client):
    communes = [ensure_agency(province, f"UBND xã {n:03}", by=SYSTEM) for n in range(102)]
    give_to_all(drafted, communes, PartDraft(part="coordinating"), by=coordinator)
    url = f"/plans/{drafted.plan_id}/tasks/{drafted.pk}/parts/"
    book = file_of(client, url)
    sheet = book.active
    assert sheet.max_row == 105 and [c.value for c in sheet[1]][-2:] == ["Sản phẩm", "Dấu của hàng"]
    for row in range(2, 106):
        sheet[f"F{row}"], sheet[f"G{row}"] = SOON, f"Biên bản {row}"
    answer = brought(client, url, book)
    assert "Biên bản 105" in answer.content.decode() and not PartChange.objects.exists()
    assert confirmed(client, url, answer).url == f"/work/tasks/{drafted.pk}/parts/"
    parts = drafted.assignments.filter(valid_to=None)
    assert {part.due_on for part in parts} == {SOON} and len({part.deliverable for part in parts}) == 104
    assert PartChange.objects.count() == 104
    [entry] = AuditEntry.objects.filter(action="parts.brought_in")
    assert (entry.subject_key, len(entry.details["rows"])) == (str(drafted.pk), 104)
    assert not Message.objects.filter(key__contains="part-changed:").exists()  # a draft may still change
    confirmed(client, url, answer)
    assert PartChange.objects.count() == 104


def test_in_force_each_changed_row_has_its_reason_which_the_agency_reads(url, client, part, colleague):
    book = filled(file_of(client, url), row=3, due_on=SOON)
    answer = brought(client, url, book)
    assert answer.status_code == 422 and '<th scope="row">H3</th>' in answer.content.decode()
    answer = brought(client, url, filled(book, row=3, reason="Họp sớm hơn"))
    assert "Họp sớm hơn" in answer.content.decode()
    assert confirmed(client, url, answer).url == f"/plans/{part.task.plan_id}/tasks/"
    [change] = part.changes.all()
    assert (change.before["due_on"], change.after["due_on"], change.reason) == (None, SOON.isoformat(), "Họp sớm hơn")
    [notice] = Message.objects.filter(key__contains=f"part-changed:{change.pk}:", channel="notice")
    assert notice.recipient_key == str(colleague.pk) and "Họp sớm hơn" in notice.body
    assert "Họp sớm hơn" in signed_in(colleague).get(f"/work/parts/{part.pk}/").content.decode()


def test_a_reason_alone_changes_nothing(url, client, part):
    page = brought(client, f"/en{url}", filled(file_of(client, url), reason="Không đổi gì")).content.decode()
    assert "unchanged: 2" in page and 'name="sealed"' not in page


def test_an_agency_of_which_several_parts_change_is_told_once(consulted_plan, coordinator, officer, client):
    drafts = [TaskDraft(title=f"Việc {n}", leads=("Thanh tra tỉnh",)) for n in range(25)]
    add_tasks(consulted_plan, drafts, by=coordinator)
    issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY, by=coordinator)
    url = f"/plans/{consulted_plan.pk}/tasks/parts/"
    book = file_of(client, url)
    for row in range(2, 27):
        filled(book, row, deliverable="Báo cáo", reason="Thống nhất mẫu")
    confirmed(client, url, brought(client, url, book))
    [notice] = Message.objects.filter(key__contains="parts-changed:", channel="notice")
    assert notice.recipient_key == str(officer.pk)
    assert "Việc 0" in notice.body and "Thống nhất mẫu" in notice.body and "Việc 24" not in notice.body
    [entry] = AuditEntry.objects.filter(action="parts.brought_in")
    assert (entry.subject_key, len(entry.details["rows"])) == (str(consulted_plan.pk), 25)


def test_a_part_that_changed_here_meanwhile_is_overwritten_only_by_choice(url, client, lead, part, coordinator):
    book = file_of(client, url)
    change_part(lead, Terms(deliverable="Của đồng nghiệp"), reason="x", by=coordinator)
    filled(book, 2, deliverable="Của tôi", reason="y")
    answer = brought(client, url, filled(book, 3, deliverable="Số liệu", reason="y"))
    page = answer.content.decode()
    assert "Của đồng nghiệp" in page and f'name="row-{lead.pk}" value="here" checked' in page
    confirmed(client, url, answer)
    lead.refresh_from_db()
    part.refresh_from_db()
    assert (lead.deliverable, part.deliverable) == ("Của đồng nghiệp", "Số liệu")
    confirmed(client, url, brought(client, url, book), **{f"row-{lead.pk}": "file"})
    lead.refresh_from_db()
    assert lead.deliverable == "Của tôi"


def test_what_changes_between_preview_and_confirmation_stops_the_whole_file(url, client, lead, part, coordinator):
    book = filled(file_of(client, url), 2, deliverable="Của tôi", reason="y")
    answer = brought(client, url, filled(book, 3, deliverable="Số liệu", reason="y"))
    change_part(lead, Terms(deliverable="Của đồng nghiệp"), reason="x", by=coordinator)
    assert confirmed(client, url, answer).url == url
    part.refresh_from_db()
    assert part.deliverable == "" and not part.changes.exists()


@pytest.mark.parametrize(
    ("cell", "value"),
    [("B2", "=1+1"), ("F2", "31/2/2026"), ("F2", TODAY - timedelta(days=1)), ("F2", TODAY + timedelta(days=31)),
     ("E2", "x" * 1001), ("G2", "x" * 1001), ("H2", "x" * 1001), ("I2", "999999.x"), ("I2", None)],
)  # fmt: skip
def test_faults_are_named_by_their_cell_and_nothing_is_kept(url, client, lead, part, cell, value):
    book = filled(file_of(client, url), 2, deliverable="Ảnh", reason="y")
    filled(book, 3, deliverable="Ảnh", reason="y")
    book.active[cell] = value
    answer = brought(client, url, book)
    assert answer.status_code == 422
    assert f'<th scope="row">{cell}</th>' in answer.content.decode() and b'name="sealed"' not in answer.content


def test_one_mark_in_two_rows_is_a_fault(url, client, lead):
    book = file_of(client, url)
    book.active["I3"] = book.active["I2"].value
    answer = brought(client, url, book)
    assert answer.status_code == 422 and '<th scope="row">I3</th>' in answer.content.decode()


def test_a_day_before_the_plan_begins_is_refused_on_the_page_as_in_the_file(drafted, coordinator, client):
    drafted.plan.year = TODAY.year + 1
    drafted.plan.save()
    Task.objects.filter(pk=drafted.pk).update(due_on=date(TODAY.year + 1, 6, 30))
    part, before = drafted.assignments.first(), date(TODAY.year, 12, 31)
    assert client.post(f"/work/parts/{part.pk}/change/", {"due_on": f"{before:%d/%m/%Y}"}).status_code == 409
    url = f"/plans/{drafted.plan_id}/tasks/parts/"
    answer = brought(client, url, filled(file_of(client, url), due_on=before))
    assert answer.status_code == 422 and '<th scope="row">F2</th>' in answer.content.decode()


def test_days_off_and_years_without_calendar_are_told_and_kept(drafted, client):
    Task.objects.filter(pk=drafted.pk).update(due_on=None)
    url = f"/plans/{drafted.plan_id}/tasks/parts/"
    book = filled(file_of(client, url), due_on=date(2099, 2, 3))
    answer = brought(client, f"/en{url}", book)
    [warning] = answer.context["preview"].warnings
    assert "no working calendar of 2099" in warning.said and warning.where == "F2"
    confirmed(client, f"/en{url}", answer)
    assert drafted.assignments.filter(due_on=date(2099, 2, 3)).count() == 1


def test_a_part_that_is_closed_or_waits_for_an_answer_is_not_changed(url, client, lead, part, officer):
    book = file_of(client, url)
    asking.ask_extension(lead, until=lead.task.due_on + timedelta(days=9), reason="Mưa lũ", by=officer)
    Assignment.objects.filter(pk=part.pk).update(closed_on=TODAY)
    assert "unchanged: 2" in brought(client, f"/en{url}", book).content.decode()
    assert file_of(client, url).active.max_row == 2
    filled(book, 2, due_on=SOON, reason="y")
    page = brought(client, url, filled(book, 3, deliverable="Ảnh", reason="y")).content.decode()
    assert '<th scope="row">F2</th>' in page and '<th scope="row">I3</th>' in page


def test_what_two_joined_parts_owe_comes_back_however_long_it_is(url, client, lead):
    Assignment.objects.filter(pk=lead.pk).update(wording="x" * 900)
    assert "unchanged: 2" in brought(client, f"/en{url}", file_of(client, url)).content.decode()


def test_a_file_with_a_hidden_sheet_or_without_reasons_is_not_taken(url, client, lead):
    book = file_of(client, url)
    book["Source"].sheet_state = "hidden"
    assert brought(client, url, book).status_code == 422
    book = file_of(client, url)
    book.active.delete_cols(8)
    assert brought(client, url, book).status_code == 422


def test_no_file_is_taken_for_a_plan_that_is_closed(url, client, lead, coordinator):
    book = filled(file_of(client, url), deliverable="Ảnh", reason="y")
    answer = brought(client, url, book)
    plan = lead.task.plan
    type(plan).objects.filter(pk=plan.pk).update(superseded_at=timezone.now())
    assert brought(client, url, book).status_code == 409
    assert confirmed(client, url, answer).url == url
    assert terms_of(Assignment.objects.get(pk=lead.pk)) == Terms()


def test_the_file_of_a_task_takes_no_row_of_another_one(drafted, coordinator, client):
    [other] = add_tasks(drafted.plan, [TaskDraft(title="Việc khác", leads=("Sở Nội vụ",))], by=coordinator)
    one, two = (f"/plans/{drafted.plan_id}/tasks/{task.pk}/parts/" for task in (drafted, other))
    book = filled(file_of(client, one), deliverable="Ảnh")
    assert file_of(client, one).active.max_row == 3 and brought(client, two, book).status_code == 422
    answer = brought(client, one, book)
    assert client.post(f"{two}confirm/", {"sealed": answer.context["sealed"]}).url == two
    assert not PartChange.objects.exists()


def test_a_sealed_preview_holds_for_its_person_only(url, client, lead, agency):
    answer = brought(client, url, filled(file_of(client, url), deliverable="Ảnh", reason="y"))
    another = signed_in(make_user(agency, Role.COORDINATOR, "second"))
    assert confirmed(another, url, answer).url == url
    assert not PartChange.objects.exists()


def test_only_the_coordinator_of_the_province_takes_and_brings_the_file(url, lead, officer, leader, outsider):
    for address in (url, f"{url.removesuffix('/')}.xlsx", f"/plans/{lead.task.plan_id}/tasks/{lead.task_id}/parts/"):
        assert signed_in(outsider).get(address).status_code == 404
        assert signed_in(officer).get(address).status_code == 403
        assert signed_in(leader).get(address).status_code == 403
    row = {"key": str(lead.pk), "state": "changed", "seen": terms_of(lead).mark,
           "plain": Terms(deliverable="Ảnh").plain | {"reason": "y"}}  # fmt: skip
    for person in (officer, leader, outsider):
        with pytest.raises(PermissionDenied):
            change_rows(lead.task.plan, tasks_of(lead.task.plan), [row], {}, by=person)
    assert not PartChange.objects.exists()


def test_what_a_preview_did_not_check_is_checked_when_it_is_kept(lead, coordinator):
    def row(**plain: object) -> dict[str, object]:
        terms = {"wording": "", "due_on": None, "deliverable": "", "reason": "y"} | plain
        return {"key": str(lead.pk), "state": "changed", "seen": terms_of(lead).mark, "plain": terms}

    late = (lead.task.due_on + timedelta(days=1)).isoformat()
    for each in (row(due_on=late), row(deliverable="Ảnh", reason=""), row(deliverable="Ảnh") | {"key": "999999"}):
        with pytest.raises(RuleViolation):
            change_rows(lead.task.plan, tasks_of(lead.task.plan), [each], {}, by=coordinator)
    Assignment.objects.filter(pk=lead.pk).update(closed_on=TODAY)
    with pytest.raises(RuleViolation):
        change_rows(lead.task.plan, tasks_of(lead.task.plan), [row(deliverable="Ảnh")], {}, by=coordinator)


def test_the_files_are_found_from_the_tasks_and_from_the_parts(drafted, client):
    plan = f"/plans/{drafted.plan_id}/tasks/"
    assert f'href="{plan}parts/"' in client.get(plan).content.decode()
    assert f'href="{plan}{drafted.pk}/parts/"' in client.get(f"/work/tasks/{drafted.pk}/parts/").content.decode()


def test_comparing_and_keeping_ask_no_more_for_many_rows_than_for_few(drafted, province, coordinator):
    plan, counts = drafted.plan, []
    for n in (3, 60):
        communes = [ensure_agency(province, f"UBND xã {n}.{k}", by=SYSTEM) for k in range(n)]
        give_to_all(drafted, communes, PartDraft(), by=coordinator)
        rows = rows_of(plan, tasks_of(plan))
        for row in rows:
            row[6] = f"Biên bản {n}"
        file = xlsx_file("parts", header(plan), rows, []).content
        with CaptureQueriesContext(connection) as seen:
            found = compare(plan, tasks_of(plan), file)
            assert change_rows(plan, tasks_of(plan), found.sealed, {}, by=coordinator) == len(rows)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20
