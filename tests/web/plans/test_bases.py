import io

import pytest
from django.utils import timezone, translation
from docx import Document
from openpyxl import load_workbook

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.places.models import Province
from quantri.web.plans.actions import set_target
from quantri.web.plans.bases import add_basis, end_basis, set_typed_target
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.lines import sheet_of
from quantri.web.reports.actions import freeze_draft
from quantri.web.reports.rendering.annex import render_annex
from quantri.web.reports.rendering.document import render_document

SOURCE = "Báo cáo PCI 2024, công bố tháng 5/2025"


@pytest.fixture(autouse=True)
def _english(_vietnamese):
    with translation.override("en"):
        yield


@pytest.fixture
def old_kien_giang(db) -> Province:
    return Province.objects.get(key="vn63-91")


@pytest.fixture
def second(plan, old_kien_giang, coordinator):
    """The other old province that the new one was made from."""
    return add_basis(plan, index="papi", base_unit=old_kien_giang, base_year=2024, by=coordinator)


@pytest.fixture
def pci(plan, old_an_giang, coordinator):
    return add_basis(plan, index="PCI", base_unit=old_an_giang, base_year=2024, by=coordinator)


def test_two_old_provinces_have_targets_and_bases_of_their_own(plan, second, coordinator):
    set_target(plan, "D1", priority="improve", spec="4.5", by=coordinator)
    set_target(plan, "D1", priority="raise", spec="+0.1", basis=second, by=coordinator)
    own, other = sheet_of(plan), sheet_of(plan, second)
    assert [(s.lines[0].spec.text, s.lines[0].base == own.lines[0].base) for s in (own, other)] == [
        ("4.5", True), ("+0.1", False),
    ]  # fmt: skip
    send_for_opinions(
        plan, [coordinator.memberships.get().agency], asked_on=timezone.localdate(), answer_by=None, by=coordinator
    )
    issue_plan(plan, number="15/KH-UBND", issued_on=timezone.localdate(), by=coordinator)
    bases = {t.basis_id: t.base_value for t in plan.targets.filter(code="D1")}
    assert bases == {None: own.lines[0].base, second.pk: other.lines[0].base}


def test_the_plans_own_base_and_one_twice_are_refused(plan, second, old_an_giang, old_kien_giang, coordinator):
    for unit, year in ((old_an_giang, 2024), (old_kien_giang, 2023), (old_kien_giang, 2026)):
        with pytest.raises(RuleViolation):
            add_basis(plan, index="papi", base_unit=unit, base_year=year, by=coordinator)


@pytest.mark.parametrize(
    ("spec", "base", "source"),
    [("group:high", 66.2, SOURCE), ("+0.5", None, ""), ("keep", None, ""), ("68", 66.2, "")],
)
def test_a_typed_target_that_nobody_can_judge_is_refused(pci, coordinator, spec, base, source):
    with pytest.raises(RuleViolation):
        set_typed_target(pci, "PCI", name="PCI", spec=spec, base_value=base, base_source=source, by=coordinator)
    assert not pci.targets.exists()


def test_a_target_of_another_index_is_typed_on_its_page_and_stands_in_the_documents(plan, pci, coordinator):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/bases/{pci.pk}/"
    typed = {"code": "pci", "name": "Năng lực cạnh tranh", "base_value": "66.2", "base_source": SOURCE, "spec": "+0.5"}
    assert client.post(f"/en{page}", typed).status_code == 302
    target = pci.targets.get()
    assert (target.code, target.spec, target.base_value, target.base_year) == ("PCI", "+0.5", 66.2, 2024)
    assert "66.2" in client.get(f"/en{page}").content.decode()
    assert "at least 0.5" in client.get(f"/en/plans/{plan.pk}/").content.decode()
    content = freeze_draft(plan, by=coordinator).content
    book = load_workbook(io.BytesIO(render_annex(content)))
    assert [c.value for c in book["Mục tiêu khác"][5]][:4] == ["PCI", "An Giang", "2024", "PCI"]
    text = "\n".join(p.text for p in Document(io.BytesIO(render_document(content))).paragraphs)
    assert "PCI, năm gốc 2024, An Giang: PCI tăng ít nhất 0,50 điểm" in text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "<b>"}, "code"), ({"code": ""}, "code"), ({"base_value": "x"}, "base_value"),
        ({"base_value": "-1"}, "base_value"), ({"base_value": "1e400"}, "base_value"),
        ({"base_value": "nan"}, "base_value"),
        ({"spec": "=1+1"}, "spec"), ({"name": "x" * 201}, "name"),
    ],
)  # fmt: skip
def test_a_fault_in_a_typed_target_links_to_its_field(plan, pci, coordinator, changed, field):
    typed = {"code": "PCI", "name": "PCI", "base_value": "66.2", "base_source": SOURCE, "spec": "68"} | changed
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/bases/{pci.pk}/", typed)
    assert answer.status_code == 422 and f'href="#id_{field}"' in answer.content.decode()
    assert not pci.targets.exists()


def test_the_targets_of_another_province_are_saved_on_their_own_tab(plan, second, coordinator):
    client, tab = signed_in(coordinator), f"/plans/{plan.pk}/targets/?basis={second.pk}"
    assert client.post(tab, {"spec-D1": "4.7", "priority-D1": "improve"}).url == tab
    assert plan.targets.get(code="D1", basis=second).spec == "4.7"
    assert plan.targets.get(code="D1", basis=None).spec == ""
    typed = {"spec-D2": "5.5", "priority-D2": "raise"}
    line = client.post(f"/plans/{plan.pk}/targets/D2/?basis={second.pk}", typed, headers={"HX-Request": "true"})
    assert f"?basis={second.pk}" in line.content.decode()
    assert plan.targets.get(code="D2", basis=second).spec == "5.5"
    for wrong in ("0", "x", "999999", str(second.pk) + "'"):
        assert client.get(f"/plans/{plan.pk}/targets/?basis={wrong}").status_code == 404


def test_a_base_is_added_and_taken_out_on_the_page(plan, old_kien_giang, coordinator, leader, outsider):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/bases/"
    typed = {"index": "papi", "base_unit": old_kien_giang.pk, "base_year": "2024"}
    assert client.post(page, typed).status_code == 302
    basis = plan.bases.get()
    assert client.post(page, typed).status_code == 409
    assert client.post(page, typed | {"base_year": "1999"}).status_code == 422
    assert client.post(page, typed | {"index": "=cmd"}).status_code == 422
    assert signed_in(outsider).post(f"{page}{basis.pk}/end/").status_code == 404
    assert signed_in(leader).post(f"{page}{basis.pk}/end/").status_code == 403
    client.post(f"{page}{basis.pk}/end/")
    assert not plan.bases.filter(ended_at=None).exists() and plan.bases.count() == 1


def test_a_base_that_was_taken_out_may_come_back(plan, second, old_kien_giang, coordinator):
    end_basis(second, by=coordinator)
    assert add_basis(plan, index="papi", base_unit=old_kien_giang, base_year=2023, by=coordinator).ended_at is None
