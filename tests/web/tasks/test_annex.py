import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import Workbook, load_workbook

from people import signed_in
from quantri.web.plans.actions import set_owners, set_target
from quantri.web.tasks.annex import annex_template, read_annex


@pytest.fixture(autouse=True)
def _english(_vietnamese):
    with translation.override("en"):
        yield


def annex_of(plan, **changes: object) -> bytes:
    """The template with cells changed: sheet and cell joined by two underscores."""
    names = {"targets": "Chỉ tiêu", "owners": "Cơ quan", "tasks": "Nhiệm vụ"}
    book = load_workbook(io.BytesIO(annex_template(plan)))
    for place, value in changes.items():
        sheet, cell = place.split("__")
        book[names[sheet]][cell] = value
    return packed(book)


def packed(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(client, plan, content: bytes):
    return client.post(f"/en/plans/{plan.pk}/annex/", {"file": SimpleUploadedFile("a.xlsx", content)})


def rows_of(plan, sheet: str) -> dict[str, int]:
    book = load_workbook(io.BytesIO(annex_template(plan)))
    return {row[0].value: row[0].row for row in book[sheet].iter_rows(min_row=2)}


def test_the_template_holds_what_the_plan_holds_and_read_back_changes_nothing(plan, agency, coordinator):
    set_target(plan, "D1", priority="improve", spec="+0.20", by=coordinator)
    set_owners(plan, "D1", [agency], by=coordinator)
    found = read_annex(plan, annex_template(plan))
    assert (found.targets, found.tasks, found.faults) == ((), (), ())
    assert found.owners[0].leads == ("Sở Nội vụ",)


def test_an_annex_is_previewed_and_then_kept_whole(plan, coordinator):
    d2 = rows_of(plan, "Chỉ tiêu")["D2"]
    content = annex_of(plan, **{
        f"targets__C{d2}": "5,5", "owners__B2": "Sở Nội vụ; Công ty Điện lực", "owners__C2": "Thanh tra tỉnh",
        "tasks__A2": "Niêm yết công khai", "tasks__B2": "D2", "tasks__C2": "Sở Nội vụ", "tasks__E2": "30/6/2026",
    })  # fmt: skip
    client = signed_in(coordinator)
    text = sent(client, plan, content).content.decode()
    assert "5.5" in text and "Niêm yết công khai" in text and not plan.tasks.exists()
    sealed = re.search(r'name="sealed" value="([^"]+)"', text)[1]
    assert client.post(f"/plans/{plan.pk}/annex/confirm/", {"sealed": sealed}).url == f"/plans/{plan.pk}/targets/"
    assert plan.targets.get(code="D2").spec == "5.5"
    assert {(o.agency.name_vi, o.part) for o in plan.owners.standing().filter(code="D1")} == {
        ("Sở Nội vụ", "lead"), ("Công ty Điện lực", "lead"), ("Thanh tra tỉnh", "coordinating"),
    }  # fmt: skip
    assert plan.tasks.get().title == "Niêm yết công khai"


def test_what_was_changed_since_the_preview_is_not_overwritten(plan, coordinator):
    d2 = rows_of(plan, "Chỉ tiêu")["D2"]
    client = signed_in(coordinator)
    text = sent(client, plan, annex_of(plan, **{f"targets__C{d2}": "5,5", "tasks__A2": "Việc"})).content.decode()
    set_target(plan, "D2", priority="improve", spec="6", by=coordinator)
    sealed = re.search(r'name="sealed" value="([^"]+)"', text)[1]
    client.post(f"/plans/{plan.pk}/annex/confirm/", {"sealed": sealed})
    assert plan.targets.get(code="D2").spec == "6" and not plan.tasks.exists()


def test_a_preview_of_another_plan_or_made_up_is_refused(plan, issued_plan, coordinator):
    for sealed in ("", "x", "eyJ0YXJnZXRzIjpbXX0:x:y"):
        answer = signed_in(coordinator).post(f"/plans/{plan.pk}/annex/confirm/", {"sealed": sealed})
        assert answer.url == f"/plans/{plan.pk}/annex/"


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("targets__C2", "99", "C2"), ("targets__B2", "rất tốt", "B2"), ("targets__A2", "D99", "A2"),
        ("targets__A4", "D1", "D1 stands in more than one row"), ("targets__C2", "=1+1", "formula"),
        ("owners__B2", "x" * 201, "B2"), ("owners__A3", "D1", "A3"), ("tasks__E2", "31/2/2026", "E2"),
        ("tasks__B2", "D77", "B2"), ("tasks__C2", "Sở", "A2"), ("targets__A1", "Khác", "A1"),
    ],
)  # fmt: skip
def test_each_fault_is_named_by_its_cell_and_nothing_is_kept(plan, coordinator, place, value, said):
    answer = sent(signed_in(coordinator), plan, annex_of(plan, **{place: value}))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert 'name="sealed"' not in answer.content.decode()


def test_files_that_are_no_annex_are_refused_with_a_sentence(plan, coordinator):
    other, hidden, long = Workbook(), load_workbook(io.BytesIO(annex_template(plan))), Workbook(write_only=True)
    hidden["Cơ quan"].sheet_state = "veryHidden"
    sheet = long.create_sheet("Chỉ tiêu")
    for _ in range(2000):
        sheet.append(["D1", "", "keep"])
    client = signed_in(coordinator)
    for content, said in (
        (packed(other), "none of the sheets"), (packed(hidden), "hidden"), (packed(long), "more than 500 rows"),
        (b"not a workbook", "cannot|can be opened"), (b"x" * 2_000_001, "larger than 2 MB"),
    ):  # fmt: skip
        answer = sent(client, plan, content)
        assert answer.status_code == 422 and re.search(said, answer.content.decode())


def test_an_issued_plan_takes_no_annex(issued_plan, coordinator):
    client = signed_in(coordinator)
    text = client.get(f"/en/plans/{issued_plan.pk}/annex/").content.decode()
    assert 'type="file"' not in text
