"""A year of classing: opened, self-scored, appraised, appealed, confirmed, published; and who sees what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from classing import REASON, TODAY, appraised, draft, full, move_on
from people import SYSTEM, signed_in
from quantri.errors import DefinitionError, RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency
from quantri.web.appraisal import actions, exercises
from quantri.web.appraisal.actions import Given
from quantri.web.appraisal.content import content_of
from quantri.web.appraisal.models import Entry, Exercise
from quantri.web.core.models import AuditEntry


def test_an_exercise_opens_for_all_its_agencies_with_one_line_in_the_trail(exercise, commune, sister):
    told = AuditEntry.objects.get(action="exercise.opened")
    assert told.details["agencies"] == [commune.name_vi, sister.name_vi]
    assert exercise.entries.count() == 2


def test_only_a_coordinator_of_the_province_opens_one(province, commune, outsider, officer):
    for user in (outsider, officer):
        with pytest.raises(PermissionDenied):
            exercises.open_exercise(province, draft(), [commune], by=user)


def test_a_faulty_sheet_opens_nothing(province, commune, coordinator):
    with pytest.raises(DefinitionError):
        exercises.open_exercise(province, draft(sheet_text="[sheet]"), [commune], by=coordinator)
    assert not Exercise.objects.exists()


def test_points_are_kept_partly_and_handed_in_once(entry, officer):
    actions.save_self_scores(entry, {"1": Given(points=Decimal("4.5"))}, by=officer)
    assert entry.lines.get(code="1").self_points == Decimal("4.5")
    actions.hand_in(entry, full(entry), by=officer)
    with pytest.raises(RuleViolation):
        actions.hand_in(entry, full(entry), by=officer)


def test_handing_in_needs_every_criterion_and_evidence_for_points(entry, officer):
    for given in ({}, full(entry, words="")):
        with pytest.raises(RuleViolation):
            actions.hand_in(entry, given, by=officer)
    entry.refresh_from_db()
    assert not entry.is_handed_in


def test_a_sister_agency_cannot_score_for_another(entry, colleague):
    with pytest.raises(PermissionDenied):
        actions.save_self_scores(entry, full(entry), by=colleague)


def test_after_the_last_day_only_an_extension_helps(exercise, entry, officer, coordinator):
    move_on(exercise)
    with pytest.raises(RuleViolation):
        actions.hand_in(entry, full(entry), by=officer)
    actions.extend(entry, until=TODAY + timedelta(days=2), reason="Mưa lũ", by=coordinator)
    assert actions.hand_in(entry, full(entry), by=officer).is_handed_in


def test_a_difference_without_an_explanation_is_refused(handed_in, coordinator):
    with pytest.raises(RuleViolation):
        actions.appraise(
            handed_in, full(handed_in, words="", c1="8"), facts=[], seen=actions.mark(handed_in), by=coordinator
        )
    assert appraised(handed_in, coordinator, c1="8").is_appraised


def test_the_second_of_two_appraisers_is_told_and_overwrites_nothing(handed_in, coordinator):
    seen = actions.mark(handed_in)
    appraised(handed_in, coordinator, c1="8")
    with pytest.raises(actions.PointsChangedMeanwhile):
        actions.appraise(handed_in, full(handed_in, c1="2"), facts=[], seen=seen, by=coordinator)
    assert handed_in.lines.get(code="1").points == 8


def test_an_appeal_is_made_in_its_time_and_answered_once(handed_in, officer, coordinator):
    appraised(handed_in, coordinator)
    made = actions.appeal(handed_in, reason="Đề nghị xem lại tiêu chí 1", by=officer)
    with pytest.raises(RuleViolation):
        actions.appeal(handed_in, reason="Lần hai", by=officer)
    actions.answer_appeal(made, answer="Giữ nguyên", by=coordinator)
    with pytest.raises(RuleViolation):
        actions.answer_appeal(made, answer="Khác", by=coordinator)


def test_what_is_given_back_can_be_handed_in_again(handed_in, officer, coordinator):
    actions.give_back(handed_in, reason="Thiếu minh chứng", by=coordinator)
    assert actions.hand_in(handed_in, full(handed_in), by=officer).returned_reason == ""


def test_the_leader_confirms_only_when_nothing_waits(exercise, handed_in, leader, coordinator):
    with pytest.raises(RuleViolation):  # still to be appraised
        exercises.confirm(exercise, reason=REASON, by=leader)
    appraised(handed_in, coordinator)
    with pytest.raises(RuleViolation):  # agencies may still hand in
        exercises.confirm(exercise, reason=REASON, by=leader)
    move_on(exercise, are_appeals_over=False)
    with pytest.raises(RuleViolation):  # agencies may still appeal
        exercises.confirm(exercise, reason=REASON, by=leader)
    move_on(exercise)
    exercises.confirm(exercise, reason=REASON, by=leader)
    classes = {e.agency.name_vi: e.result["class"] for e in exercise.entries.select_related("agency")}
    assert classes == {"UBND xã A": "excellent", "UBND xã B": "not_completed"}


def test_a_confirmed_exercise_changes_no_more(exercise, handed_in, leader, coordinator):
    appraised(handed_in, coordinator)
    move_on(exercise)
    exercises.confirm(exercise, reason=REASON, by=leader)
    with pytest.raises(RuleViolation):
        appraised(handed_in, coordinator, c1="1")
    with pytest.raises(RuleViolation):
        exercises.confirm(exercise, reason=REASON, by=leader)


@pytest.fixture
def confirmed(exercise, handed_in, leader, coordinator) -> Exercise:
    appraised(handed_in, coordinator)
    move_on(exercise)
    exercises.confirm(exercise, reason=REASON, by=leader)
    return exercise


def test_classes_are_public_only_by_decision(confirmed, leader, client):
    address = f"/classes/{confirmed.pk}/"
    assert client.get(address).status_code == 404
    exercises.publish(confirmed, reason=REASON, by=leader)
    assert "UBND xã A" in client.get(address).content.decode()
    exercises.withdraw(confirmed, reason="Đính chính", by=leader)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("tail", ["", "score/", "appraise/", "return/", "extend/", "appeal/"])
def test_an_agency_does_not_see_another_ones_points(entry, colleague, outsider, tail):
    for user in (colleague, outsider):
        assert signed_in(user).get(f"/classes/entries/{entry.pk}/{tail}").status_code in (403, 404)


def test_an_officer_sees_the_exercise_with_the_own_agency_alone(exercise, officer):
    page = signed_in(officer).get(f"/classes/{exercise.pk}/").content.decode()
    assert "UBND xã A" in page and "UBND xã B" not in page


def posted(entry, **changes):
    lines = list(entry.exercise.sheet.lines)
    points = {f"points-{n}": "" for n in range(len(lines))} | {f"words-{n}": "BC 1" for n in range(len(lines))}
    return points | {f"points-{lines.index(code[1:])}": value for code, value in changes.items()}


def test_points_are_typed_with_a_vietnamese_comma_and_come_back(entry, officer):
    address = f"/classes/entries/{entry.pk}/score/"
    client = signed_in(officer)
    assert client.post(address, posted(entry, c1="4,5") | {"save": "1"}).status_code == 302
    assert entry.lines.get(code="1").self_points == Decimal("4.5")
    assert 'value="4,5' in client.get(address).content.decode()


@pytest.mark.parametrize("typed", ["10,01", "-1", "NaN", "1e400", "mười", "4,555"])
def test_points_that_cannot_be_are_refused_and_stay_in_the_form(entry, officer, typed):
    answer = signed_in(officer).post(f"/classes/entries/{entry.pk}/score/", posted(entry, c1=typed))
    assert answer.status_code == 422 and typed in answer.content.decode()
    assert not entry.lines.exists()


def test_what_was_typed_comes_back_when_the_rule_refuses(entry, officer):
    answer = signed_in(officer).post(f"/classes/entries/{entry.pk}/score/", posted(entry, c1="7") | {"hand_in": "1"})
    assert answer.status_code == 409 and 'value="7' in answer.content.decode()


def test_the_journey_goes_through_the_pages(exercise, entry, officer, coordinator, leader):
    codes = {f"c{c.code}": str(c.points) for c in exercise.sheet.criteria}
    assert signed_in(officer).post(
        f"/classes/entries/{entry.pk}/score/", posted(entry, **codes) | {"hand_in": "1"}
    ).status_code == 302  # fmt: skip
    steering = signed_in(coordinator)
    page = steering.get(f"/classes/entries/{entry.pk}/appraise/")
    given = posted(entry, **codes | {"c1": "8"}) | {"seen": page.context["seen"], "facts": "leader_disciplined"}
    assert steering.post(f"/classes/entries/{entry.pk}/appraise/", given).status_code == 302
    assert signed_in(officer).post(f"/classes/entries/{entry.pk}/appeal/", {"text": "Xem lại"}).status_code == 302
    made = entry.appeals.get()
    assert steering.post(f"/classes/appeals/{made.pk}/answer/", {"text": "Giữ nguyên"}).status_code == 302
    move_on(exercise)
    leading = signed_in(leader)
    for kind in ("confirm", "publish"):
        sent = {"kind": kind, "text": REASON}
        assert leading.post(f"/classes/{exercise.pk}/decide/", sent).status_code == 302
    page = signed_in(None).get(f"/classes/entries/{entry.pk}/").content.decode()
    assert "Hoàn thành tốt" in page  # 98 points, lowered by one


def test_the_table_asks_the_same_questions_for_three_and_for_sixty_agencies(
    province, coordinator, django_assert_max_num_queries
):
    agencies = [ensure_agency(province, f"UBND xã {n}", by=SYSTEM) for n in range(60)]
    made = exercises.open_exercise(province, draft(), agencies, by=coordinator)
    client = signed_in(coordinator)
    with django_assert_max_num_queries(20):
        assert client.get(f"/classes/{made.pk}/").status_code == 200
    assert client.get(f"/classes/{made.pk}/?page=2&sort=points").status_code == 200
    assert client.get(f"/classes/{made.pk}/table.xlsx").status_code == 200


def test_a_new_exercise_is_typed_and_its_faults_are_told(province, commune, coordinator):
    client = signed_in(coordinator)
    dates = {"scored_from": "1/12/2026", "scored_until": "15/12/2026", "appealed_until": "31/12/2026"}
    typed = {"title": "Xếp loại", "year": "2026", "agencies": [commune.pk]} | dates
    refused = client.post("/classes/new/", typed | {"scored_until": "30/11/2026"})
    assert refused.status_code == 422 and "Xếp loại" in refused.content.decode()
    assert client.post("/classes/new/", typed).status_code == 302
    assert Exercise.objects.get().scored_until.isoformat() == "2026-12-15"


def test_all_communes_are_classed_in_one_touch_with_others_beside(province, agency, coordinator):
    communes = [
        ensure_agency(province, f"UBND xã {n}", by=SYSTEM, kind=Agency.Kind.PEOPLE_COMMITTEE) for n in range(3)
    ]  # fmt: skip
    client = signed_in(coordinator)
    page = client.get("/classes/new/").content.decode()
    assert "Xã, phường, đặc khu (3)" in page
    typed = {"title": "Xếp loại", "year": "2026", "groups": ["people_committee"], "agencies": [agency.pk],
             "scored_from": "1/12/2026", "scored_until": "15/12/2026", "appealed_until": "31/12/2026"}  # fmt: skip
    assert client.post("/classes/new/", typed).status_code == 302
    assert {e.agency for e in Exercise.objects.get().entries.all()} == {agency, *communes}


@pytest.mark.parametrize("chosen", [{}, {"groups": ["x"]}, {"agencies": ["9" * 30]}, {"agencies": ["một"]}])
def test_an_exercise_for_nobody_or_for_what_is_no_agency_is_refused(province, coordinator, chosen):
    typed = {"title": "Xếp loại", "year": "2026", "scored_from": "1/12/2026", "scored_until": "15/12/2026",
             "appealed_until": "31/12/2026"}  # fmt: skip
    assert signed_in(coordinator).post("/classes/new/", typed | chosen).status_code == 422
    assert not Exercise.objects.exists()


def test_a_role_that_ended_while_its_holder_typed_is_refused_at_the_next_click(entry, officer):
    client = signed_in(officer)
    assert client.get(f"/classes/entries/{entry.pk}/score/").status_code == 200
    officer.memberships.update(valid_to=TODAY)
    answer = client.post(f"/classes/entries/{entry.pk}/score/", posted(entry, c1="7"))
    assert answer.status_code in (403, 404)
    assert not entry.lines.exists()


def test_a_confirmed_exercise_becomes_content_for_its_table_and_decision(confirmed, exercise):
    content = content_of(Exercise.objects.get(pk=confirmed.pk))
    assert [(r["agency"], r["points"], r["class"]) for r in content["rows"]] == [
        ("UBND xã A", "100.00", "Hoàn thành xuất sắc"), ("UBND xã B", "0", "Không hoàn thành"),
    ]  # fmt: skip
    assert content["counts"]["Hoàn thành xuất sắc"] == 1 and content["is_demonstration"]


def test_classes_that_are_not_confirmed_become_no_document(exercise):
    with pytest.raises(ValueError, match="only confirmed"):
        content_of(exercise)


def test_classes_are_confirmed_only_after_the_longest_extension_of_who_has_not_handed_in(
    exercise, entry, leader, coordinator
):
    move_on(exercise)
    actions.extend(entry, until=TODAY, reason="Mưa lũ", by=coordinator)
    with pytest.raises(RuleViolation):
        exercises.confirm(exercise, reason=REASON, by=leader)
    Entry.objects.filter(pk=entry.pk).update(extended_until=TODAY - timedelta(days=1))
    assert exercises.confirm(exercise, reason=REASON, by=leader)
