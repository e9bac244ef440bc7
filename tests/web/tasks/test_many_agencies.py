"""A task of many communes goes through the form, the annex, the upload and Excel, and nobody's name is lost."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from people import signed_in
from quantri.web.accounts.models import Agency, AgencyName
from quantri.web.tasks.actions import TaskDraft, add_tasks, change_task, draft_of
from quantri.web.tasks.annex import annex_template, read_annex
from quantri.web.tasks.forms import MOST_AGENCIES
from quantri.web.tasks.models import Task
from quantri.web.tasks.sheet import COLUMNS
from quantri.web.tasks.task_rows import KEPT
from sent_workbooks import brought, column, confirmed, opened, packed


def communes(province, n: int) -> tuple[str, ...]:
    """Make communes with names as long as those of An Giang."""
    made = Agency.objects.bulk_create(
        [Agency(province=province, name_vi=f"Ủy ban nhân dân xã {k:04}") for k in range(n)]
    )
    AgencyName.objects.bulk_create(AgencyName(agency=each, name_vi=each.name_vi) for each in made)
    return tuple(each.name_vi for each in made)


@pytest.fixture
def names(province) -> tuple[str, ...]:
    return communes(province, 102)


@pytest.fixture
def draft(names) -> TaskDraft:
    return TaskDraft(title="Niêm yết", components=("D2",), leads=("Sở Nội vụ",), coordinating=names)


@pytest.fixture
def task(plan, draft, coordinator) -> Task:
    return add_tasks(plan, [draft], by=coordinator)[0]


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


def now(task: Task) -> TaskDraft:
    return draft_of(Task.objects.with_assignments().get(pk=task.pk))


def fields_of(text: str) -> dict[str, str]:
    """Read what a browser would send of the form of a task."""
    found = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', text))
    areas = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?([^<]*)</textarea>', text)
    rhythm = re.search(r'<option value="(\w+)" selected', text)
    return found | dict(areas) | {"rhythm": rhythm[1]}


def test_its_form_folds_the_names_and_sets_a_date_without_touching_them(plan, task, draft, client):
    page = f"/plans/{plan.pk}/tasks/{task.pk}/"
    text = client.get(f"/en{page}").content.decode()
    assert "<summary>102 agencies" in text and "and 99 more agencies</summary>" in text
    answer = client.post(page, fields_of(text) | {"due_on": "30/6/2026"})
    assert answer.status_code == 302
    assert now(task) == TaskDraft(**vars(draft) | {"due_on": date(2026, 6, 30)})


def test_few_names_are_typed_in_one_line(plan, client):
    text = client.get(f"/plans/{plan.pk}/tasks/").content.decode()
    assert re.search(r'<input[^>]* id="id_coordinating"[^>]* list="agencies"', text)


def test_names_that_are_typed_into_a_faulty_form_are_not_lost(plan, names, client):
    typed = {"title": "", "coordinating": "\n".join(names)}
    answer = client.post(f"/plans/{plan.pk}/tasks/", typed)
    assert answer.status_code == 422
    assert names[-1] in re.search(r'<textarea[^>]*name="coordinating"[^>]*>([^<]*)', answer.content.decode())[1]


def test_more_agencies_than_a_country_has_are_refused(plan, client):
    typed = {"title": "Việc", "coordinating": ";".join(f"Xã {n}" for n in range(MOST_AGENCIES + 1))}
    answer = client.post(f"/plans/{plan.pk}/tasks/", typed)
    assert answer.status_code == 422 and 'href="#id_coordinating"' in answer.content.decode()


def test_out_to_excel_and_in_again_it_is_unchanged(plan, task, client):
    book = opened(client.get(f"/plans/{plan.pk}/tasks/table.xlsx"))
    found = brought(client, f"/plans/{plan.pk}/tasks/bring/", book).context["preview"]
    assert [row.state for row in found.rows] == ["same"] and not found.faults


def test_of_a_long_list_a_preview_names_what_differs(plan, task, names, client):
    book = opened(client.get(f"/plans/{plan.pk}/tasks/table.xlsx"))
    book.active[f"{column(book, 'Cơ quan phối hợp')}2"] = "; ".join((*names[:-1], "Thanh tra tỉnh"))
    answer = brought(client, f"/en/plans/{plan.pk}/tasks/bring/", book)
    [change] = answer.context["preview"].rows[0].changes
    assert (change.before, change.after) == (
        f"102 agencies, here only: {names[-1]}", "102 agencies, here only: Thanh tra tỉnh",
    )  # fmt: skip


def test_a_colleagues_change_of_one_name_in_a_hundred_is_told(plan, task, draft, names, client, coordinator):
    page = f"/plans/{plan.pk}/tasks/{task.pk}/"
    mine = fields_of(client.get(page).content.decode()) | {"due_on": "30/6/2026"}
    change_task(task, TaskDraft(**vars(draft) | {"coordinating": names[:-1]}), by=coordinator)
    answer = client.post(page, mine)
    assert answer.status_code == 409
    told = {d.label: (d.theirs, d.yours) for d in answer.context["conflict"]}
    assert any(names[-1] in yours and names[0] not in yours for _theirs, yours in told.values())


def test_an_annex_and_a_sheet_of_tasks_hold_it(plan, draft, names, client):
    cells = {"title": draft.title, "components": "D2", "leads": "Sở Nội vụ", "coordinating": "; ".join(names)}
    row = [cells.get(name, "") for name in COLUMNS]
    book = load_workbook(io.BytesIO(annex_template(plan)))
    book["Nhiệm vụ"].append(row)
    assert read_annex(plan, packed(book)).tasks == (draft,)
    sheet = Workbook()
    sheet.active.append([vi for vi, _en in COLUMNS.values()])
    sheet.active.append(row)
    answer = client.post(f"/plans/{plan.pk}/tasks/upload/", {"file": SimpleUploadedFile("a.xlsx", packed(sheet))})
    client.post(f"/plans/{plan.pk}/tasks/confirm/", {"sealed": answer.context["sealed"]})
    assert now(Task.objects.get(plan=plan)) == draft


def test_a_list_that_no_cell_can_hold_stays_as_it_is(plan, province, client, coordinator):
    everyone = communes(province, 3_321)
    [task] = add_tasks(plan, [TaskDraft(title="Niêm yết", coordinating=everyone)], by=coordinator)
    book, url = opened(client.get(f"/plans/{plan.pk}/tasks/table.xlsx")), f"/plans/{plan.pk}/tasks/bring/"
    assert book.active[f"{column(book, 'Cơ quan phối hợp')}2"].value == KEPT[0]
    assert [row.state for row in brought(client, url, book).context["preview"].rows] == ["same"]
    book.active[f"{column(book, 'Thời hạn')}2"] = "30/6/2026"
    confirmed(client, url, brought(client, url, book))
    assert (now(task).coordinating, now(task).due_on) == (everyone, date(2026, 6, 30))


def test_a_new_row_cannot_keep_what_it_does_not_have(plan, task, client):
    book = opened(client.get(f"/plans/{plan.pk}/tasks/table.xlsx"))
    book.active["B3"], book.active["E3"] = "Việc mới", KEPT[1]
    answer = brought(client, f"/plans/{plan.pk}/tasks/bring/", book)
    assert answer.status_code == 422 and [fault.cell for fault in answer.context["preview"].faults] == ["E3"]


def test_saving_asks_as_much_for_a_thousand_communes_as_for_ten(plan, province, client, coordinator):
    everyone, asked = communes(province, 1_000), []
    for n in (10, 1_000):
        [task] = add_tasks(plan, [TaskDraft(title=f"Việc {n}", coordinating=everyone[:n])], by=coordinator)
        typed = {"title": "Việc", "coordinating": "; ".join(everyone[1:n]), "leads": "Sở Nội vụ"}
        with CaptureQueriesContext(connection) as kept:
            assert client.post(f"/plans/{plan.pk}/tasks/{task.pk}/", typed).status_code == 302
        asked.append(len(kept))
    assert asked[0] == asked[1]
