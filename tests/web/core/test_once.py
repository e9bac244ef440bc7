import io
import re

import pytest
from openpyxl import Workbook

from people import signed_in
from quantri.web.core.models import AuditEntry, SentForm
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Task


def key_on(page: str, marker: str = "") -> str:
    """Key of the form that follows a marker on a page."""
    return re.search(r'name="form_key" value="([0-9a-f-]{36})"', page[page.index(marker) :])[1]


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


def test_a_plan_that_is_begun_by_a_double_press_is_one_plan(client, old_an_giang):
    key = key_on(client.get("/plans/new/").content.decode())
    typed = {"base_unit": old_an_giang.pk, "base_year": 2024, "year": 2026, "form_key": key}
    first, second = (client.post("/plans/new/", typed) for _ in range(2))
    plan = Plan.objects.get(year=2026)
    assert first["Location"] == second["Location"] == f"/plans/{plan.pk}/targets/"
    assert AuditEntry.objects.filter(action="plan.made", subject_key=str(plan.pk)).count() == 1


def test_a_task_sent_twice_is_one_task_and_the_same_words_on_a_new_form_are_another(client, plan):
    page = f"/plans/{plan.pk}/tasks/"
    typed = {"title": "Niêm yết thủ tục", "form_key": key_on(client.get(page).content.decode())}
    assert [client.post(page, typed)["Location"] for _ in range(2)] == [page, page]
    assert Task.objects.filter(plan=plan).count() == 1
    client.post(page, typed | {"form_key": key_on(client.get(page).content.decode())})
    assert Task.objects.filter(plan=plan).count() == 2


def test_going_back_and_typing_another_task_is_not_taken_for_a_double_press(client, plan):
    page = f"/plans/{plan.pk}/tasks/"
    key = key_on(client.get(page).content.decode())
    for title in ("Việc thứ nhất", "Việc thứ hai"):
        client.post(page, {"title": title, "form_key": key})
    assert Task.objects.filter(plan=plan).count() == 2


@pytest.mark.parametrize("what", ["copy", "adopt", "confirm"])
def test_many_tasks_that_come_at_once_share_one_key(client, plan, historic_plan, what):
    page = client.get(f"/plans/{plan.pk}/tasks/").content.decode()
    if what == "copy":
        typed = {"plan": historic_plan.pk}
    elif what == "adopt":
        typed = {"measure": re.findall(r'name="measure" value="([^"]+)"', page)[:2]}
    else:
        book = Workbook()
        for row in (["Nhiệm vụ"], ["Việc 1"], ["Việc 2"]):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        shown = client.post(f"/plans/{plan.pk}/tasks/upload/", {"file": io.BytesIO(out.getvalue())})
        page, typed = shown.content.decode(), {"sealed": shown.context["sealed"]}
    address = f"/plans/{plan.pk}/tasks/{what}/"
    typed["form_key"] = key_on(page, f'action="{address}"')
    assert client.post(address, typed)["Location"] == f"/plans/{plan.pk}/tasks/"
    made = Task.objects.filter(plan=plan).count()
    assert client.post(address, typed)["Location"] == f"/plans/{plan.pk}/tasks/"
    assert Task.objects.filter(plan=plan).count() == made >= 2


def test_a_form_that_was_refused_can_be_sent_again_with_its_key(client, plan):
    page = f"/plans/{plan.pk}/tasks/"
    assert client.post(page, {"title": "", "form_key": "k"}).status_code == 422
    assert not SentForm.objects.exists()
    assert client.post(page, {"title": "Việc", "form_key": "k"}).status_code == 302


def test_what_fails_half_way_leaves_its_key_free(client, plan, leader):
    page = f"/plans/{plan.pk}/tasks/"
    decision = f"/plans/{plan.pk}/decision/"
    signed_in(leader).post(decision, {"kind": "publish", "reason": "Công khai"})
    assert client.post(page, {"title": "Việc", "form_key": "k"}).status_code == 409
    signed_in(leader).post(decision, {"kind": "withdraw", "reason": "Thu hồi"})
    assert client.post(page, {"title": "Việc", "form_key": "k"}).status_code == 302
    assert Task.objects.filter(plan=plan).count() == 1


def test_the_key_of_one_person_says_nothing_to_another(client, old_an_giang, outsider):
    typed = {"base_unit": old_an_giang.pk, "base_year": 2024, "year": 2026, "form_key": "k"}
    client.post("/plans/new/", typed)
    assert signed_in(outsider).post("/plans/new/", typed).status_code == 422  # their own form, judged on its own
