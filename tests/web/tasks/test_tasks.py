import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from people import signed_in
from quantri.errors import DataError
from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.plans.actions import make_plan
from quantri.web.tasks.actions import TaskDraft, add_tasks, change_task, draft_of
from quantri.web.tasks.due_days import DueDays
from quantri.web.tasks.models import Task
from quantri.web.tasks.sheet import read_tasks, template
from sent_workbooks import packed

CODES = frozenset({"PAPI", "D1", "D3", "D3.2"})
DAYS = DueDays(starts_on=date(2026, 1, 1), calendar=WorkingCalendar(years=frozenset({2026})))
HEADER = ["Nhiệm vụ", "Nội dung, thành phần", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn", "Sản phẩm"]


def sheet(*rows: list[object], header: list[str] | None = None) -> bytes:
    book = Workbook()
    book.active.append(header or HEADER)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_task_is_typed_with_its_bodies(plan, coordinator):
    typed = {
        "title": "Niêm yết thu, chi ngân sách", "components": "d2; D2.3", "leads": "Sở Tài chính",
        "coordinating": "UBND các xã; Sở Nội vụ; UBND các xã", "due_on": "30/6/2026", "deliverable": "Ảnh niêm yết",
    }  # fmt: skip
    signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/", typed)
    task = Task.objects.with_assignments().get(plan=plan)
    assert (task.components, task.due_on) == (["D2", "D2.3"], date(2026, 6, 30))
    assert [a.name_vi for a in task.leads] == ["Sở Tài chính"]
    assert sorted(a.name_vi for a in task.coordinating) == ["Sở Nội vụ", "UBND các xã"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("components", "D9"), ("due_on", "31/2/2026"), ("due_on", "2026"), ("leads", "x" * 201)],
)
def test_a_fault_is_named_and_nothing_typed_is_lost(plan, coordinator, field, value):
    typed = {"title": "Việc <b>quan trọng</b>", field: value}
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/", typed)
    assert answer.status_code == 422
    assert not Task.objects.filter(plan=plan).exists()
    page = answer.content.decode()
    assert f'href="#id_{field}"' in page
    assert field == "title" or "Việc &lt;b&gt;quan trọng&lt;/b&gt;" in page


def test_a_task_is_changed_and_taken_out(plan, coordinator):
    client = signed_in(coordinator)
    client.post(f"/plans/{plan.pk}/tasks/", {"title": "Việc cũ"})
    task = Task.objects.get(plan=plan)
    client.post(f"/plans/{plan.pk}/tasks/{task.pk}/", {"title": "Việc mới", "leads": "Sở Y tế"})
    task.refresh_from_db()
    assert (task.title, [a.name_vi for a in task.leads]) == ("Việc mới", ["Sở Y tế"])
    client.post(f"/plans/{plan.pk}/tasks/{task.pk}/remove/")
    assert not Task.objects.visible_to(coordinator).filter(plan=plan).exists()
    assert '<th scope="row">Việc mới' not in client.get(f"/plans/{plan.pk}/").content.decode()
    assert Task.objects.get(plan=plan).ended_at is not None  # ended, not deleted
    assert client.get(f"/plans/{plan.pk}/tasks/{task.pk}/").status_code == 404


def test_a_task_of_another_plan_is_not_reached_through_this_one(plan, historic_plan, coordinator):
    foreign = Task.objects.filter(plan=historic_plan).first()
    assert signed_in(coordinator).get(f"/plans/{plan.pk}/tasks/{foreign.pk}/").status_code == 404
    assert signed_in(coordinator).post(f"/plans/{historic_plan.pk}/tasks/{foreign.pk}/remove/").status_code == 409


def test_the_tasks_of_2019_are_copied_without_bodies_that_ended(plan, historic_plan, coordinator):
    signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/copy/", {"plan": historic_plan.pk})
    tasks = list(Task.objects.with_assignments().filter(plan=plan))
    assert len(tasks) == 12
    names = {a.name_vi for t in tasks for a in (*t.leads, *t.coordinating)}
    assert "Sở Nội vụ" in names and "UBND các huyện, thị xã, thành phố" not in names
    assert {t.due_on for t in tasks} == {None}


def test_milestones_are_copied_without_their_days(plan, province, old_an_giang, coordinator):
    earlier = make_plan(province, base_unit=old_an_giang, index="papi", base_year=2023, year=2025, by=coordinator)
    counted = ("Xã niêm yết: 102 (30/6/2025)", "Buổi tập huấn: 4", "Xã bỏ: 3")
    [task] = add_tasks(earlier, [TaskDraft(title="Niêm yết", milestones=counted)], by=coordinator)
    change_task(task, TaskDraft(title="Niêm yết", milestones=counted[:2]), by=coordinator)
    signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/copy/", {"plan": earlier.pk})
    assert draft_of(Task.objects.get(plan=plan)).milestones == ("Xã niêm yết: 102", "Buổi tập huấn: 4")


def test_measures_for_the_priorities_are_taken_over_with_their_source(plan, coordinator):
    client = signed_in(coordinator)
    page = client.get(f"/plans/{plan.pk}/tasks/").content.decode()
    assert 'name="measure" value="Tây Ninh-2025' in page
    key = page.split('name="measure" value="')[1].split('"')[0]
    client.post(f"/plans/{plan.pk}/tasks/adopt/", {"measure": [key, "forged"]})
    assert Task.objects.get(plan=plan).source == " ".join(key.split("-")[:2])


def test_a_spreadsheet_is_shown_first_and_kept_when_confirmed(plan, coordinator):
    client = signed_in(coordinator)
    content = sheet(
        ["Rà soát thủ tục", "D1;D3", "Sở Nội vụ", "UBND xã; UBND phường", date(2026, 9, 30), "Báo cáo"],
        [None] * 6,
        ["@SUM là văn bản", "", "", "", "15/10/2026", ""],
    )
    answer = client.post(f"/plans/{plan.pk}/tasks/upload/", {"file": io.BytesIO(content)})
    assert answer.status_code == 200 and not Task.objects.filter(plan=plan).exists()
    sealed = answer.context["sealed"]
    client.post(f"/plans/{plan.pk}/tasks/confirm/", {"sealed": sealed})
    found = {t.title: t for t in Task.objects.filter(plan=plan)}
    assert found["Rà soát thủ tục"].due_on == date(2026, 9, 30)
    assert found["@SUM là văn bản"].due_on == date(2026, 10, 15)


def test_a_preview_of_someone_else_or_changed_is_refused(plan, coordinator):
    client = signed_in(coordinator)
    for sealed in ("", "x", "e30:1aaaaa:zzzz"):
        answer = client.post(f"/plans/{plan.pk}/tasks/confirm/", {"sealed": sealed}, follow=True)
        assert "quá cũ hoặc bị thay đổi" in answer.content.decode()
    assert not Task.objects.filter(plan=plan).exists()


def test_faults_stand_beside_their_row_and_nothing_is_kept(plan, coordinator):
    content = sheet(["Đúng", "", "", "", "", ""], ["", "D1", "Sở", "", "", ""], ["Sai", "D77", "", "", "hôm nào", ""])
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/tasks/upload/", {"file": io.BytesIO(content)})
    page = answer.content.decode()
    assert answer.status_code == 422 and "D77" in page and "sealed" not in page
    assert [r.line for r in answer.context["rows"] if r.faults] == [3, 4]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return out.getvalue()


def with_macros() -> bytes:
    out = io.BytesIO(sheet(["x"]))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"macro")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 broken", "Nhiệm vụ;Chủ trì".encode(), bomb(), with_macros(), sheet(header=["A", "B"]), sheet()],
    ids=["empty", "broken", "csv", "bomb", "macros", "no header", "no tasks"],
)
def test_hostile_and_broken_files_get_one_sentence(content):
    with pytest.raises(DataError):
        read_tasks(content, CODES, DAYS)


def test_a_formula_is_refused_with_its_cell_and_the_way_to_mend_it(plan, coordinator):
    content = sheet(["Đúng"], ["Rà soát", "", "", "", "=DATE(2026,6,30)", ""])
    client = signed_in(coordinator)
    answer = client.post(f"/en/plans/{plan.pk}/tasks/upload/", {"file": io.BytesIO(content)})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'name="sealed"' not in page
    assert "E3: This cell holds a formula. Paste its value instead." in page


def test_a_formula_above_the_tasks_is_refused_too():
    book = load_workbook(io.BytesIO(sheet(["Rà soát"])))
    book.active.insert_rows(1)
    book.active["A1"] = "=TODAY()"
    with pytest.raises(DataError, match="A1: "):
        read_tasks(packed(book), CODES, DAYS)


def test_a_hidden_sheet_is_refused_by_its_name():
    book = load_workbook(io.BytesIO(sheet(["Rà soát"])))
    book.create_sheet("Nháp").sheet_state = "hidden"
    with pytest.raises(DataError, match="Nháp"):
        read_tasks(packed(book), CODES, DAYS)


def test_too_many_rows_are_refused():
    with pytest.raises(DataError, match="500"):
        read_tasks(sheet(*(["Việc"] for _ in range(600))), CODES, DAYS)


def test_the_template_is_read_back():
    book = load_workbook(io.BytesIO(template()))
    book.active.append(["Việc", "D1", "Sở Nội vụ", "", "1/3/2026", "Báo cáo"])
    out = io.BytesIO()
    book.save(out)
    assert read_tasks(out.getvalue(), CODES, DAYS)[0].draft.due_on == date(2026, 3, 1)
