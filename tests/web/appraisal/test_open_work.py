"""A running self-score goes to the agency that follows, when a person approves it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role, User
from quantri.web.accounts.open_work import approve, proposals
from quantri.web.appraisal import actions, exercises
from quantri.web.appraisal.actions import Given
from quantri.web.appraisal.exercises import ExerciseDraft
from quantri.web.appraisal.models import Appeal, Exercise
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.core.models import AuditEntry, Message

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def before(province):
    return ensure_agency(province, "UBND xã A", by=SYSTEM)


@pytest.fixture
def sister(province):
    return ensure_agency(province, "UBND xã B", by=SYSTEM)


@pytest.fixture
def exercise(province, before, sister, coordinator) -> Exercise:
    draft = ExerciseDraft(
        year=2026, title="Xếp loại năm 2026", sheet_text=example_sheet(), scored_from=TODAY - timedelta(days=9),
        scored_until=TODAY, appealed_until=TODAY,
    )  # fmt: skip
    return exercises.open_exercise(province, draft, [before, sister], by=coordinator)


@pytest.fixture
def entry(exercise, before):
    return exercise.entries.get(agency=before)


def piece(agency):
    [found] = [p.piece for p in proposals(agency) if p.piece.holder == "scores"]
    return found


def typed(entry, words="Báo cáo 12/BC-UBND"):
    return {c.code: Given(points=c.points, words=words) for c in entry.exercise.sheet.criteria}


def test_who_follows_goes_on_with_the_points_that_are_there(entry, before, province, coordinator):
    after = ensure_agency(province, "UBND xã mới", by=SYSTEM)
    old, new = make_user(before, Role.OFFICER, "old"), make_user(after, Role.OFFICER, "new")
    actions.save_self_scores(entry, typed(entry), by=old)
    assert (piece(before).title, piece(before).note) == ("Xếp loại năm 2026", "chưa nộp")
    approve(before, {piece(before).field: after}, by=coordinator)
    entry.refresh_from_db()
    actions.hand_in(entry, typed(entry), by=new)
    assert (entry.agency, entry.lines.count() > 0) == (after, True)
    assert AuditEntry.objects.get(action="selfscore.passed_on").details["before"] == "UBND xã A"


def test_who_is_scored_already_is_scored_once_and_reads_what_was_there(
    entry, exercise, before, sister, coordinator, leader
):
    old, new = make_user(before, Role.OFFICER, "old"), make_user(sister, Role.OFFICER, "new")
    actions.hand_in(entry, typed(entry, "Báo cáo của xã A"), by=old)
    Appeal.objects.create(entry=entry, reason="Chưa đúng", made_by="x")
    approve(before, {piece(before).field: sister}, by=coordinator)
    with pytest.raises(RuleViolation):
        actions.give_back(entry, reason="Thiếu", by=coordinator)
    page = signed_in(new).get(f"/classes/entries/{entry.pk}/").content.decode()
    assert "Báo cáo của xã A" in page
    Exercise.objects.filter(pk=exercise.pk).update(scored_until=YESTERDAY, appealed_until=YESTERDAY)
    exercises.confirm(exercise, reason="Quyết định", by=leader)
    entry.refresh_from_db()
    assert entry.result is None and exercise.entries.get(agency=sister).result
    table = signed_in(coordinator).get(f"/classes/{exercise.pk}/").content.decode()
    assert "UBND xã B" in table and "UBND xã A" not in table


def told(user) -> list[Message]:
    """Return what a person was told of a self-score, the notice and the letter."""
    found = Message.objects.filter(recipient_key=str(user.pk), key__contains="selfscore-passed-on")
    return sorted(found, key=lambda each: each.channel)


def test_who_takes_over_is_told_once_in_the_site_and_by_letter_with_the_day(entry, before, province, coordinator):
    after = ensure_agency(province, "UBND xã mới", by=SYSTEM)
    new, old = make_user(after, Role.OFFICER, "new"), make_user(before, Role.OFFICER, "old")
    User.objects.filter(pk=new.pk).update(email="xa@example.vn")
    approve(before, {piece(before).field: after}, by=coordinator)
    letter, notice = told(new)
    assert (letter.channel, letter.address, notice.channel) == ("email", "xa@example.vn", "notice")
    for each in (letter, notice):
        assert "UBND xã A" in each.body and "Xếp loại năm 2026" in each.body and date_format(TODAY) in each.body
        assert each.link == f"/classes/entries/{entry.pk}/"
    assert signed_in(new).get(notice.link).status_code == 200
    assert told(old) == told(coordinator) == []


def test_who_is_scored_already_is_told_where_the_other_score_went(entry, before, sister, coordinator):
    old, new = make_user(before, Role.OFFICER, "old"), make_user(sister, Role.LEADER, "new")
    actions.hand_in(entry, typed(entry), by=old)
    approve(before, {piece(before).field: sister}, by=coordinator)
    [notice] = told(new)
    assert "UBND xã A" in notice.body and date_format(TODAY) in notice.body  # the own one is still to be handed in


def test_a_score_that_is_handed_in_names_no_day(entry, before, province, coordinator):
    after = ensure_agency(province, "UBND xã mới", by=SYSTEM)
    new = make_user(after, Role.LEADER, "new")
    actions.hand_in(entry, typed(entry), by=make_user(before, Role.OFFICER, "old"))
    approve(before, {piece(before).field: after}, by=coordinator)
    assert date_format(TODAY) not in told(new)[0].body


def test_confirmed_classes_are_no_open_work(exercise, before, leader):
    Exercise.objects.filter(pk=exercise.pk).update(scored_until=YESTERDAY, appealed_until=YESTERDAY)
    exercises.confirm(exercise, reason="Quyết định", by=leader)
    assert not [p for p in proposals(before) if p.piece.holder == "scores"]
