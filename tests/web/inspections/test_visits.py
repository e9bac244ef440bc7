"""Visits: planned, announced or a surprise, prepared, checked by several inspectors, called off."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from people import make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.changes import changes_of
from quantri.web.core.models import AuditEntry, Message
from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.deadlines.days_off import warning_of
from quantri.web.inspections.checklist import add_question, change_question, end_question, take_from_plan
from quantri.web.inspections.models import Check, Programme, Question, TeamMember, Visit
from quantri.web.inspections.programmes import (
    ProgrammeDraft,
    add_to_team,
    change_programme,
    make_programme,
    take_from_team,
)
from quantri.web.inspections.visits import (
    Seen,
    VisitDraft,
    announce,
    cancel,
    mark_of_check,
    move_visit,
    plan_visit,
    record_checks,
    report_beforehand,
)
from quantri.web.plans.changes import ChangedMeanwhile, mark_of

TODAY = timezone.localdate()
EMPTY = mark_of(["", ""])


def test_a_programme_is_for_a_plan_in_force_and_of_its_coordinator(plan, issued, draft, coordinator, officer, outsider):
    for stranger in (officer, outsider):
        with pytest.raises(PermissionDenied):
            make_programme(issued, draft, by=stranger)
    issued.superseded_at = timezone.now()
    issued.save()
    with pytest.raises(RuleViolation):
        make_programme(issued, draft, by=coordinator)


def test_what_a_programme_said_before_is_told(programme, draft, coordinator):
    later = ProgrammeDraft(**vars(draft) | {"answer_days": 10})
    change_programme(programme, later, by=coordinator)
    details = AuditEntry.objects.get(action="programme.changed").details
    assert (details["before"]["answer_days"], details["after"]["answer_days"]) == (5, 10)


def test_a_team_has_one_head_and_nobody_twice(programme, agency, colleague, coordinator):
    other = colleague.memberships.get().agency
    for agency_, part in ((other, "head"), (agency, "member")):
        with pytest.raises(RuleViolation):
            add_to_team(programme, agency_, None, part=part, by=coordinator)
    with pytest.raises(RuleViolation):
        add_to_team(programme, other, coordinator, part="member", by=coordinator)
    add_to_team(programme, other, colleague, part="deputy", by=coordinator)
    assert Programme.objects.inspected_by(colleague).get() == programme


def test_who_leaves_the_team_sees_no_more(programme, visit, colleague, coordinator):
    member = add_to_team(programme, colleague.memberships.get().agency, colleague, part="member", by=coordinator)
    assert Visit.objects.visible_to(colleague).count() == 1
    take_from_team(member, by=coordinator)
    assert Visit.objects.visible_to(colleague).count() == 0
    assert TeamMember.objects.get(pk=member.pk).valid_to == TODAY


def test_a_named_member_who_left_the_agency_inspects_no_more(programme, colleague, coordinator):
    add_to_team(programme, colleague.memberships.get().agency, colleague, part="member", by=coordinator)
    colleague.memberships.update(valid_from="2020-01-01", valid_to="2021-01-01")
    assert Programme.objects.inspected_by(colleague).count() == 0


def test_the_front_as_deputy_inspects_with_its_overseers(programme, overseer, coordinator):
    assert Programme.objects.visible_to(overseer).count() == 0
    add_to_team(programme, overseer.memberships.get().agency, None, part="deputy", by=coordinator)
    assert Programme.objects.inspected_by(overseer).count() == 1


def test_the_checklist_comes_from_components_and_tasks_once(programme, inspector, coordinator):
    made = take_from_plan(programme, by=inspector)
    assert "Niêm yết thủ tục hành chính" in " ".join(q.text for q in made)
    assert [q.component for q in made if q.task_id] == ["D5"]
    end_question(made[0], by=inspector)
    assert take_from_plan(programme, by=inspector) == []


def test_a_changed_question_stands_in_its_place_and_the_old_answer_stays(held, question, inspector):
    record_checks(held, {question.pk: Seen(outcome="met", note="", mark=EMPTY)}, held_on=TODAY, by=inspector)
    changed = change_question(question, component="D5", text="Niêm yết ở đâu?", by=inspector)
    assert list(held.programme.questions.standing()) == [changed]
    assert changed.position == question.position
    assert held.checks.get().question.text == "Thủ tục có được niêm yết không?"
    with pytest.raises(RuleViolation):
        change_question(question, component="", text="Khác", by=inspector)


def test_a_visit_says_why_that_place(programme, place):
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(programme=programme, agency=place, visit_on=TODAY)


def test_one_visit_of_a_choice_stands(visit, choice, place, inspector):
    with pytest.raises(RuleViolation):
        plan_visit(choice, place, VisitDraft(visit_on=TODAY), by=inspector)
    cancel(visit, reason="Bão", by=inspector)
    assert plan_visit(choice, place, VisitDraft(visit_on=TODAY), by=inspector).pk != visit.pk


def test_an_announced_visit_is_seen_by_its_agency_and_told_once(visit, inspected, inspector):
    assert Visit.objects.visible_to(inspected).count() == 0
    announce(visit, by=inspector)
    announce(visit, by=inspector)
    assert Visit.objects.visible_to(inspected).get() == visit
    assert Message.objects.filter(recipient_key=str(inspected.pk), channel="notice").count() == 1


def test_a_surprise_is_not_announced_and_leaves_no_trace_for_others(choice, place, inspector, inspected, question):
    surprise = plan_visit(choice, place, VisitDraft(visit_on=TODAY, is_surprise=True), by=inspector)
    with pytest.raises(RuleViolation):
        announce(surprise, by=inspector)
    head = make_user(place, Role.LEADER, "head of the place")
    record_checks(surprise, {question.pk: Seen(outcome="met", note="", mark=EMPTY)}, held_on=TODAY, by=inspector)
    told = AuditEntry.objects.visible_to(head).filter(subject__startswith="inspections.")
    assert not any(place.name_vi in f"{entry.subject_name} {entry.details}" for entry in told)
    for person in (inspected, head):
        assert not Visit.objects.visible_to(person).exists()
        assert signed_in(person).get(f"/inspections/visits/{surprise.pk}/").status_code == 404
        assert signed_in(person).get(f"/inspections/{surprise.programme_id}/").status_code == 404


def test_a_day_off_or_unknown_is_warned_of(visit, inspector):
    calendar = WorkingCalendar(years=frozenset({2026}))
    assert warning_of(date(2026, 8, 1), calendar) and warning_of(date(2031, 8, 1), calendar)
    assert warning_of(date(2026, 8, 3), calendar) == ""
    move_visit(visit, VisitDraft(visit_on=date(2099, 8, 1)), by=inspector)
    assert 'role="status"' in signed_in(inspector).get(f"/inspections/visits/{visit.pk}/").content.decode()


def test_the_day_of_a_visit_is_no_time_limit(visit, inspector):
    Visit.objects.filter(pk=visit.pk).update(visit_on=TODAY)
    page = signed_in(inspector).get(f"/en/inspections/visits/{visit.pk}/").content.decode()
    assert "it is today" in page and "due today" not in page


def test_a_visit_does_not_lie_before_its_programme(choice, place, inspector):
    with pytest.raises(RuleViolation):
        plan_visit(choice, place, VisitDraft(visit_on=date(2020, 1, 1)), by=inspector)


def test_the_agency_reports_before_the_visit_and_not_after(visit, inspected, inspector, colleague):
    with pytest.raises(RuleViolation):
        report_beforehand(visit, text="Đã niêm yết", by=inspected)  # not announced yet
    announce(visit, by=inspector)
    with pytest.raises(PermissionDenied):
        report_beforehand(visit, text="Đã niêm yết", by=colleague)
    report_beforehand(visit, text="Đã niêm yết", by=inspected)
    page = signed_in(inspector).get(f"/inspections/visits/{visit.pk}/").content.decode()
    assert "Đã niêm yết" in page
    record_checks(visit, {}, held_on=TODAY, by=inspector)
    with pytest.raises(RuleViolation):
        report_beforehand(visit, text="Khác", by=inspected)


def test_a_visit_is_opened_by_the_rights_of_its_own_programme(visit, choice, communes, inspector):
    """A visit whose number is that of no programme, so that one cannot be taken for the other."""
    other = Agency.objects.get(pk=choice.candidates[1]["key"])
    second = plan_visit(choice, other, VisitDraft(visit_on=TODAY, outline="Danh mục hồ sơ"), by=inspector)
    assert not Programme.objects.filter(pk=second.pk).exists()
    assert "Danh mục hồ sơ" in signed_in(inspector).get(f"/inspections/visits/{second.pk}/").content.decode()


def test_two_inspectors_share_a_checklist(visit, question, inspector, coordinator):
    other = add_question(visit.programme, component="", text="Có người trực không?", by=inspector)
    first = {question.pk: Seen(outcome="met", note="", mark=EMPTY), other.pk: Seen(outcome="", note="", mark=EMPTY)}
    second = {question.pk: Seen(outcome="", note="", mark=EMPTY), other.pk: Seen(outcome="partly", note="", mark=EMPTY)}
    record_checks(visit, first, held_on=TODAY, by=inspector)
    record_checks(visit, second, held_on=TODAY, by=coordinator)
    assert dict(visit.checks.values_list("question", "outcome")) == {question.pk: "met", other.pk: "partly"}


def test_two_inspectors_at_one_question_are_shown_each_others_words(visit, question, inspector, coordinator):
    record_checks(visit, {question.pk: Seen(outcome="met", note="", mark=EMPTY)}, held_on=TODAY, by=coordinator)
    late = {question.pk: Seen(outcome="not_met", note="Bảng trống", mark=EMPTY)}
    with pytest.raises(ChangedMeanwhile):
        record_checks(visit, late, held_on=TODAY, by=inspector)
    client, address = signed_in(inspector), f"/inspections/visits/{visit.pk}/check/"
    typed = {"held_on": f"{TODAY:%d/%m/%Y}", f"outcome-{question.pk}": "not_met", f"note-{question.pk}": "Bảng trống",
             f"mark-{question.pk}": EMPTY}  # fmt: skip
    refused = client.post(address, typed)
    page = refused.content.decode()
    assert refused.status_code == 409 and "Bảng trống" in page
    assert mark_of_check(Check.objects.get()) in page
    assert client.post(address, typed | {f"mark-{question.pk}": mark_of_check(Check.objects.get())}).status_code == 302
    assert Check.objects.get().outcome == "not_met"
    details = AuditEntry.objects.filter(action="check.recorded").order_by("number").last().details
    assert (details["before"]["outcome"], details["after"]["outcome"]) == ("met", "not_met")


def test_a_visit_does_not_take_place_tomorrow(visit, inspector):
    with pytest.raises(RuleViolation):
        record_checks(visit, {}, held_on=TODAY + timedelta(days=1), by=inspector)


def test_what_took_place_is_neither_moved_nor_called_off(held, inspector):
    for act in (lambda: move_visit(held, VisitDraft(visit_on=TODAY), by=inspector),
                lambda: cancel(held, reason="Bão", by=inspector)):  # fmt: skip
        with pytest.raises(RuleViolation):
            act()


def test_a_visit_that_is_called_off_stays_with_its_reason_and_is_told(visit, inspected, inspector):
    announce(visit, by=inspector)
    cancel(visit, reason="Bão số 5", by=inspector)
    assert "Bão số 5" in signed_in(inspected).get(f"/inspections/visits/{visit.pk}/").content.decode()
    assert Message.objects.filter(recipient_key=str(inspected.pk)).count() == 2
    with pytest.raises(RuleViolation):
        announce(visit, by=inspector)


def test_who_only_sees_a_visit_does_not_write_to_it(visit, inspected, inspector):
    announce(visit, by=inspector)
    client = signed_in(inspected)
    for tail in ("check/", "send/", "cancel/", "change/", "announce/", "findings/new/"):
        assert client.post(f"/inspections/visits/{visit.pk}/{tail}", {"text": "x"}).status_code == 403
    for act in (announce, lambda v, by: record_checks(v, {}, held_on=TODAY, by=by)):
        with pytest.raises(PermissionDenied):
            act(visit, by=inspected)


@pytest.mark.parametrize("wrong", [
    {"visit_on": ""}, {"visit_on": "31/2/2026"}, {"visit_on": "=1+1"}, {"visit_on": "\x00"},
    {"is_surprise": "on", "outline": "x"}, {"outline_by": "1/1/2098"}, {"outline": "x" * 4001},
])  # fmt: skip
def test_a_wrong_visit_is_refused_and_what_was_typed_stays(choice, place, inspector, wrong):
    typed = {"visit_on": f"{TODAY:%d/%m/%Y}", "outline": "Tình hình <script>"} | wrong
    answer = signed_in(inspector).post(f"/inspections/choices/{choice.pk}/visits/{place.pk}/", typed)
    assert answer.status_code == 422
    assert Visit.objects.count() == 0
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_the_whole_way_is_walked_on_pages(issued, agency, communes, coordinator):
    client = signed_in(coordinator)
    new = {"plan": issued.pk, "title": "Kiểm tra", "starts_on": f"{TODAY:%d/%m/%Y}", "ends_on": "31/12/2098",
           "answer_days": "5", "decision_number": "12/QĐ-SNV", "decided_on": "2/1/2026"}  # fmt: skip
    page = client.post("/inspections/new/", new)["Location"]
    programme = Programme.objects.get()
    base = f"/inspections/{programme.pk}/"
    assert page == base and client.get(base).status_code == 200
    for tail, typed in (
        ("team/", {"agency": agency.pk, "part": "head"}), ("questions/from-plan/", {}),
        ("questions/", {"text": "Có niêm yết không?", "component": "d5"}), ("change/", new | {"title": "Kiểm tra 2"}),
    ):  # fmt: skip
        assert client.post(base + tail, typed).status_code == 302, tail
        assert client.get(base + tail).status_code in (200, 405)
    question = Question.objects.get(text="Có niêm yết không?")
    assert client.get(f"/inspections/questions/{question.pk}/").status_code == 200
    assert client.post(f"/inspections/questions/{question.pk}/", {"text": "Khác", "component": "D5"}).status_code == 302
    assert client.post(f"/inspections/questions/{Question.objects.get(text='Khác').pk}/end/").status_code == 302
    assert client.post(f"/inspections/team/{TeamMember.objects.get().pk}/end/").status_code == 302
    assert client.get(base + "team/").status_code == 200
    assert client.get(base + "visits.xlsx").status_code == 200
    assert "Kiểm tra 2" in client.get("/inspections/").content.decode()


@pytest.mark.parametrize("wrong", [
    {"answer_days": "0"}, {"answer_days": "251"}, {"ends_on": "1/1/2020"}, {"decision_number": "1/QĐ"}, {"title": ""},
    {"decided_on": "1/1/2026"}, {"plan": "999999"}, {"starts_on": "nay"}, {"decision_issuer": "Sở Nội vụ"},
    {"decision_subject": "kiểm tra"}, {"decision_issuer": "x" * 201},
])  # fmt: skip
def test_a_wrong_programme_is_refused_with_words(issued, coordinator, wrong):
    right = {"plan": issued.pk, "title": "K", "starts_on": "1/1/2026", "ends_on": "1/2/2026", "answer_days": "5"}
    answer = signed_in(coordinator).post("/inspections/new/", right | wrong)
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert Programme.objects.count() == 0


DECISION = {"decision_number": "12/QĐ-SNV", "decided_on": "2/1/2026", "decision_issuer": "Sở Nội vụ",
            "decision_subject": "về việc kiểm tra <b>"}  # fmt: skip


def test_who_issued_the_decision_and_on_what_is_kept_shown_and_noted(issued, coordinator):
    client = signed_in(coordinator)
    new = {"plan": issued.pk, "title": "K", "starts_on": "1/1/2026", "ends_on": "1/2/2026", "answer_days": "5"}
    shown = client.get(client.post("/inspections/new/", new | DECISION)["Location"]).content.decode()
    assert "Quyết định số 12/QĐ-SNV ngày 2/1/2026 của Sở Nội vụ" in shown and "về việc kiểm tra &lt;b&gt;" in shown
    noted = [(c.field, c.after) for c in changes_of(AuditEntry.objects.get(action="programme.made"))]
    assert ("cơ quan ban hành quyết định", "Sở Nội vụ") in noted
    change = client.get(f"/inspections/{Programme.objects.get().pk}/change/").content.decode()
    assert 'value="Sở Nội vụ"' in change


def test_the_form_offers_the_committee_and_the_own_agency_as_issuers(issued, programme, agency, coordinator):
    for address in ("/inspections/new/", f"/inspections/{programme.pk}/change/"):
        shown = signed_in(coordinator).get(f"/en{address}").content.decode()
        offered = re.findall('value="([^"]+)"', shown.split('<datalist id="issuers">')[1].split("</datalist>")[0])
        assert offered == ["Ủy ban nhân dân tỉnh An Giang", agency.name_vi]
        assert 'list="issuers"' in shown and 'name="decision_issuer" value=' not in shown  # offered, not filled in


@pytest.mark.parametrize("field", ["decision_issuer", "decision_subject"])
def test_the_database_keeps_no_issuer_and_no_subject_without_a_decision(programme, field):
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(**{field: "Sở Nội vụ"})
    Programme.objects.update(decision_number="9/QĐ", decided_on=TODAY)  # as rows were before it was asked
    assert Programme.objects.get().decision_issuer == ""


def test_a_question_of_an_unknown_component_is_refused(programme, inspector):
    for component in ("D99", "'; --"):
        typed = {"text": "Câu hỏi", "component": component}
        assert signed_in(inspector).post(f"/inspections/{programme.pk}/questions/", typed).status_code == 422


def test_a_stranger_s_account_is_not_told_from_none(programme, agency, coordinator, outsider):
    said = [
        signed_in(coordinator).post(f"/inspections/{programme.pk}/team/", {"agency": agency.pk, "part": "member",
        "username": name}).content.decode().count("field-error")
        for name in ("outsider", "nobody-at-all", "\x00")
    ]  # fmt: skip
    assert said[0] == said[1] >= 1
