"""Two coordinators at the targets of one plan."""

import re

import pytest

from people import SYSTEM, make_user, signed_in
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry
from quantri.web.indices.actions import publish_release
from quantri.web.indices.models import Release
from quantri.web.plans.actions import set_target
from quantri.web.plans.changes import ChangedMeanwhile

FIELD = re.compile(r'<input[^>]*? name="((?:was-)?(?:spec|priority)-[^"]+)"[^>]*? value="([^"]*)"')


@pytest.fixture
def colleague(agency):
    return make_user(agency, Role.COORDINATOR, "colleague")


def form_on(page: str) -> dict[str, str]:
    """All fields of the form as a browser without scripts would send them."""
    chosen = dict.fromkeys(re.findall(r'<select[^>]* name="([^"]+)"', page), "")
    for name, body in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen[name] = next(iter(re.findall(r'value="([^"]*)" selected', body)), "")
    return dict(FIELD.findall(page)) | chosen


def test_the_whole_form_leaves_what_a_colleague_changed_and_i_did_not(plan, coordinator, colleague):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/targets/"
    typed = form_on(client.get(page).content.decode())
    set_target(plan, "D2", priority="raise", spec="5.5", by=colleague)
    assert client.post(page, typed | {"spec-D1": "4,5"}).status_code == 302
    assert {t.code: (t.priority, t.spec) for t in plan.targets.filter(code__in=["D1", "D2"])} == {
        "D1": ("improve", "4.5"), "D2": ("raise", "5.5"),
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="target.set", actor_key=str(coordinator.pk)).count() == 1


def test_both_changed_one_row_and_both_values_are_shown_before_one_stays(plan, coordinator, colleague):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/targets/"
    typed = form_on(client.get(page).content.decode()) | {"spec-D1": "4,5", "spec-D3": "4,9"}
    set_target(plan, "D1", priority="raise", spec="4.75", by=colleague)
    answer = client.post(page, typed)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert plan.targets.get(code="D1").spec == "4.75"
    assert plan.targets.get(code="D3").spec == "4.9"  # the rest is saved
    row = shown[shown.index('<tr id="line-d1"') : shown.index('<tr id="line-d2"')]
    assert "nâng cao, 4,75" in row and "ưu tiên cải thiện, 4,5" in row  # theirs, mine
    again = form_on(shown)
    assert (again["spec-D1"], again["priority-D1"], again["was-spec-D1"]) == ("4,5", "improve", "4.75")
    assert client.post(page, again).status_code == 302
    assert plan.targets.get(code="D1").spec == "4.5"


def test_a_single_row_answers_409_with_both_values(plan, coordinator, colleague):
    set_target(plan, "D1", priority="improve", spec="4.75", by=colleague)
    typed = {"was-spec-D1": "", "was-priority-D1": "improve", "priority-D1": "improve", "spec-D1": "4,5"}
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/targets/D1/", typed, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "4,75" in answer.content.decode() and 'value="4,5"' in answer.content.decode()
    assert plan.targets.get(code="D1").spec == "4.75"


def test_a_fault_in_between_does_not_hide_a_colleagues_change(plan, coordinator, colleague):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/targets/"
    typed = form_on(client.get(page).content.decode())
    set_target(plan, "D1", priority="improve", spec="4.75", by=colleague)
    refused = client.post(page, typed | {"spec-D1": "99"})
    assert refused.status_code == 422
    assert client.post(page, form_on(refused.content.decode()) | {"spec-D1": "4,5"}).status_code == 409


def test_a_priority_that_was_typed_beside_a_fault_is_not_lost(plan, coordinator):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/targets/"
    typed = form_on(client.get(page).content.decode()) | {"spec-D1": "99", "priority-D1": "hold"}
    assert form_on(client.post(page, typed).content.decode())["priority-D1"] == "hold"


def test_the_same_form_sent_twice_changes_nothing_the_second_time(plan, coordinator):
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/targets/"
    typed = form_on(client.get(page).content.decode()) | {"spec-D1": "4,5"}
    assert [client.post(page, typed).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="target.set").count() == 1


def test_the_action_itself_refuses_what_was_not_seen(plan, coordinator, colleague):
    set_target(plan, "D1", priority="improve", spec="4.75", by=colleague)
    with pytest.raises(ChangedMeanwhile) as refused:
        set_target(plan, "D1", priority="improve", spec="4.5", by=coordinator, seen=("improve", ""))
    assert refused.value.theirs == ("improve", "4.75")


def test_a_forged_old_value_only_brings_the_question(plan, coordinator):
    typed = {"was-spec-D1": "<nonsense>", "was-priority-D1": "x", "priority-D1": "improve", "spec-D1": "4,5"}
    assert signed_in(coordinator).post(f"/plans/{plan.pk}/targets/", typed).status_code == 409


def test_a_target_that_a_correction_made_impossible_does_not_hold_up_the_rest(plan, coordinator):
    set_target(plan, "D3", priority="improve", spec="rank:+3", by=coordinator)
    release = Release.objects.current().get(year=2024)
    raised = re.sub(r"(?m)^vn63-89,D3,[^,]*", "vn63-89,D3,9.9", release.results)
    publish_release(
        index="papi", year=2024, definition=release.definition, results=raised, source="correction", by=SYSTEM
    )
    client, page = signed_in(coordinator), f"/plans/{plan.pk}/targets/"
    typed = form_on(client.get(page).content.decode()) | {"spec-D1": "4,5"}
    assert client.post(page, typed).status_code == 302
    assert plan.targets.get(code="D3").spec == "rank:+3"
