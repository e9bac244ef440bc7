import pytest
from django.core.exceptions import PermissionDenied

from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.plans import actions, decisions
from quantri.web.plans.models import PublicationDecision
from quantri.web.plans.outlooks import check_spec, outlook_of


def test_a_new_plan_takes_the_proposed_priorities_over(plan):
    assert {t.code: t.priority for t in plan.targets.all()} == {
        "D1": "improve", "D2": "improve", "D3": "improve", "D4": "hold",
        "D5": "improve", "D6": "improve", "D7": "hold", "D8": "improve",
    }  # fmt: skip
    assert plan.title.endswith("tỉnh An Giang năm 2026")
    assert plan.is_demonstration


def test_only_a_coordinator_of_the_province_makes_its_plan(province, old_an_giang, outsider, leader):
    for someone in (outsider, leader):
        with pytest.raises(PermissionDenied):
            actions.make_plan(province, base_unit=old_an_giang, index="papi", base_year=2024, year=2026, by=someone)


def test_a_target_is_set_once_and_written_into_the_trail(plan, coordinator):
    actions.set_target(plan, "D1", priority="improve", spec="4,50", by=coordinator)
    actions.set_target(plan, "D1", priority="improve", spec="4.50", by=coordinator)
    assert plan.targets.get(code="D1").spec == "4.50"
    entries = AuditEntry.objects.filter(action="target.set")
    assert entries.count() == 1
    assert (entries[0].actor_key, entries[0].details["after"]) == (str(coordinator.pk), ["improve", "4.50"])


def test_others_set_no_target(plan, outsider, leader):
    for someone in (outsider, leader):
        with pytest.raises(PermissionDenied):
            actions.set_target(plan, "D1", priority="improve", spec="4.5", by=someone)


def test_a_public_plan_is_not_changed_until_it_is_withdrawn(plan, coordinator, leader):
    decisions.publish_plan(plan, reason="Công khai để dân biết", by=leader)
    with pytest.raises(RuleViolation):
        actions.set_target(plan, "D1", priority="", spec="4.5", by=coordinator)
    with pytest.raises(RuleViolation):
        decisions.publish_plan(plan, reason="Lần nữa", by=leader)
    decisions.withdraw_plan(plan, reason="Sửa chỉ tiêu", by=leader)
    assert actions.set_target(plan, "D1", priority="", spec="4.5", by=coordinator).spec == "4.5"
    assert [d.kind for d in plan.decisions.all()] == ["publish", "withdraw"]


def test_only_a_leader_of_the_province_decides(plan, coordinator, outsider):
    for someone in (coordinator, outsider):
        with pytest.raises(PermissionDenied):
            decisions.publish_plan(plan, reason="Công khai", by=someone)
    assert not PublicationDecision.objects.filter(plan=plan).exists()


def test_history_is_not_changed_by_anyone(historic_plan, coordinator):
    with pytest.raises(RuleViolation, match="lịch sử"):
        actions.set_target(historic_plan, "D1", priority="", spec="9", by=coordinator)


def test_owners_are_added_and_removed_with_their_trail(plan, agency, coordinator):
    actions.set_owners(plan, "D1", [agency], new_name="Công ty Điện lực An Giang", by=coordinator)
    assert {o.agency.name_vi for o in plan.owners.all()} == {"Sở Nội vụ", "Công ty Điện lực An Giang"}
    actions.set_owners(plan, "D1", [agency], new_name="", by=coordinator)
    assert [o.agency for o in plan.owners.standing()] == [agency]
    assert AuditEntry.objects.filter(action="owner.removed").count() == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4,5", "4.5"), ("+0,20", "+0.20"), ("giữ", "keep"), ("cao hơn", "better"), ("tăng 3 bậc", "rank:+3"),
        ("tăng 5 bậc mỗi năm", "rank:+5/year"), ("2 places a year", "rank:+2/year"),
        ("Nhóm trung bình cao", "group:mid_high"), ("nhom trung binh cao", "group:mid_high"), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_targets_are_understood_in_the_words_of_an_office(plan, typed, kept):
    assert check_spec(plan, "D1", typed) == kept


@pytest.mark.parametrize(
    "typed", ["11", "0.5", "+9", "-1", "rank:+60", "group:highest", "<script>", "5.4.3", "١", "9" * 40]
)
def test_a_target_that_cannot_be_is_refused_in_vietnamese(plan, typed):
    with pytest.raises(RuleViolation) as refused:
        check_spec(plan, "D1", typed)
    assert "D1" in str(refused.value) or "Không hiểu" in str(refused.value)


def test_the_outlook_of_2019_says_why_there_is_no_chance(historic_plan):
    found = outlook_of(historic_plan)
    assert [found[c].chance is None for c in ("D1", "D2", "D3", "D4", "D5", "D6")] == [
        False, True, True, False, False, False,
    ]  # fmt: skip
    assert "không so sánh được" in found["D2"].note_vi
    assert "nếu bộ chỉ số giữ nguyên" in found["D1"].note_vi
    assert found["D5"].note is None
