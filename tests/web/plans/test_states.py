from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from people import SYSTEM
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.core.models import AuditEntry
from quantri.web.indices.archive import archive
from quantri.web.plans.actions import make_plan, set_owners, set_target
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.plans.consulting import answer_opinion, give_opinion, send_for_opinions
from quantri.web.plans.decisions import publish_plan
from quantri.web.plans.issuing import close_plan, issue_of, issue_plan
from quantri.web.plans.models import Opinion, Plan
from quantri.web.plans.revising import start_revision

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _english(_vietnamese):
    with translation.override("en"):
        yield


def test_a_plan_is_issued_only_after_it_was_sent_for_opinions(plan, coordinator):
    with pytest.raises(RuleViolation, match="opinions before"):
        issue_plan(plan, number="15/KH-UBND", issued_on=TODAY(), by=coordinator)


def test_sending_a_draft_asks_each_agency_once_and_is_written_into_the_trail(plan, agency, officer, coordinator):
    asked = officer.memberships.get().agency
    send_for_opinions(plan, [agency, asked, agency], asked_on=TODAY(), answer_by=None, by=coordinator)
    plan.refresh_from_db()
    assert (plan.state, plan.opinions.count()) == ("consulted", 2)
    entry = AuditEntry.objects.get(action="plan.consulted")
    assert (entry.details["before"], entry.details["after"]) == ({"state": "draft"}, {"state": "consulted"})
    with pytest.raises(RuleViolation, match="not asked before"):
        send_for_opinions(plan, [asked], asked_on=TODAY(), answer_by=None, by=coordinator)


@pytest.mark.parametrize(("asked", "answer"), [(1, None), (0, 0), (0, -1)])
def test_a_draft_is_not_sent_on_a_day_to_come_nor_answered_before_it_is_sent(plan, agency, coordinator, asked, answer):
    day = TODAY() + timedelta(days=asked)
    until = None if answer is None else TODAY() + timedelta(days=answer)
    with pytest.raises(RuleViolation):
        send_for_opinions(plan, [agency], asked_on=day, answer_by=until, by=coordinator)
    assert not plan.opinions.exists()


def test_others_neither_send_nor_issue_nor_answer(consulted_plan, agency, leader, outsider, officer):
    opinion = consulted_plan.opinions.get()
    for someone in (leader, outsider, officer):
        with pytest.raises(PermissionDenied):
            send_for_opinions(consulted_plan, [agency], asked_on=TODAY(), answer_by=None, by=someone)
        with pytest.raises(PermissionDenied):
            issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY(), by=someone)
        with pytest.raises(PermissionDenied):
            answer_opinion(opinion, verdict="accepted", answer="", by=someone)


def test_the_asked_agency_sees_the_draft_and_gives_its_opinion_and_others_do_not(consulted_plan, officer, outsider):
    opinion = consulted_plan.opinions.get()
    assert Plan.objects.visible_to(officer).filter(pk=consulted_plan.pk).exists()
    assert not Plan.objects.visible_to(outsider).filter(pk=consulted_plan.pk).exists()
    opinion = give_opinion(opinion, text="Đề nghị thêm thời hạn", given_on=TODAY(), by=officer)
    assert (opinion.recorded_by, AuditEntry.objects.get(action="opinion.given").details["before"]) == (
        str(officer), ["", None],
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        give_opinion(opinion, text="Khác", given_on=TODAY(), by=outsider)


def test_an_agency_that_was_not_asked_does_not_see_the_draft(plan, officer):
    assert not Plan.objects.visible_to(officer).filter(pk=plan.pk).exists()


def test_an_opinion_stands_between_sending_and_today(consulted_plan, officer):
    opinion = consulted_plan.opinions.get()
    for days in (-10, 1):
        with pytest.raises(RuleViolation, match="between"):
            give_opinion(opinion, text="x", given_on=TODAY() + timedelta(days=days), by=officer)


def test_two_who_type_one_opinion_do_not_overwrite_each_other(consulted_plan, officer, coordinator):
    opinion = consulted_plan.opinions.get()
    seen = mark_of(["", None])
    give_opinion(opinion, text="Của cơ quan", given_on=TODAY(), by=officer, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        give_opinion(opinion, text="Theo công văn", given_on=TODAY(), by=coordinator, seen=seen)


def test_every_opinion_is_answered_before_issue_and_not_changed_after_its_answer(consulted_plan, officer, coordinator):
    opinion = give_opinion(consulted_plan.opinions.get(), text="Ý kiến", given_on=TODAY(), by=officer)
    with pytest.raises(RuleViolation, match="Thanh tra tỉnh"):
        issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY(), by=coordinator)
    with pytest.raises(RuleViolation, match="Explain"):
        answer_opinion(opinion, verdict="explained", answer="", by=coordinator)
    answer_opinion(opinion, verdict="partly", answer="Đã bổ sung một phần", by=coordinator)
    with pytest.raises(RuleViolation, match="answered already"):
        give_opinion(opinion, text="Khác", given_on=TODAY(), by=officer)
    assert issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY(), by=coordinator).is_in_force


def test_an_opinion_that_was_not_given_is_not_answered(consulted_plan, coordinator):
    with pytest.raises(RuleViolation, match="no opinion yet"):
        answer_opinion(consulted_plan.opinions.get(), verdict="accepted", answer="", by=coordinator)


def test_issue_keeps_number_and_day_and_the_base_of_each_target(consulted_plan, coordinator):
    set_target(consulted_plan, "D1", priority="improve", spec="+0.20", by=coordinator)
    plan = issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY(), by=coordinator)
    assert (plan.state, plan.number, plan.issued_on, plan.number_year) == (
        "issued", "15/KH-UBND", TODAY(), TODAY().year,
    )  # fmt: skip
    target = plan.targets.get(code="D1")
    base = archive("papi").edition(2024).score("vn63-89", "D1")
    assert (target.base_year, target.base_value) == (2024, base)
    assert target.base_rank and target.base_source.startswith("PAPI 2024 (")
    assert AuditEntry.objects.get(action="plan.issued").details["after"] == ["15/KH-UBND", TODAY().isoformat()]


@pytest.mark.parametrize("days", [1, -10])
def test_a_plan_is_not_issued_on_a_day_to_come_nor_before_it_was_sent(consulted_plan, coordinator, days):
    with pytest.raises(RuleViolation):
        issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY() + timedelta(days=days), by=coordinator)
    consulted_plan.refresh_from_db()
    assert (consulted_plan.state, consulted_plan.number) == ("consulted", "")


def test_an_issued_plan_is_not_edited_issued_again_or_withdrawn(issued_plan, agency, coordinator):
    for act in (
        lambda: set_target(issued_plan, "D1", priority="", spec="5", by=coordinator),
        lambda: set_owners(issued_plan, "D1", [agency], new_name="", by=coordinator),
        lambda: send_for_opinions(issued_plan, [agency], asked_on=TODAY(), answer_by=None, by=coordinator),
        lambda: issue_plan(issued_plan, number="16/KH-UBND", issued_on=TODAY(), by=coordinator),
    ):
        with pytest.raises(RuleViolation):
            act()


def test_a_number_is_given_once_a_year(issued_plan, province, old_an_giang, agency, coordinator):
    other = make_plan(province, base_unit=old_an_giang, index="papi", base_year=2024, year=2027, by=coordinator)
    send_for_opinions(other, [agency], asked_on=TODAY(), answer_by=None, by=coordinator)
    with pytest.raises(RuleViolation, match="15/KH-UBND"):
        issue_plan(other, number="15/KH-UBND", issued_on=TODAY(), by=coordinator)
    assert issue_plan(other, number="16/KH-UBND", issued_on=TODAY(), by=coordinator).is_in_force


def test_who_issues_second_is_told_and_changes_nothing(consulted_plan, coordinator):
    seen = mark_of(issue_of(consulted_plan))
    issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY(), by=coordinator, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        issue_plan(consulted_plan, number="16/KH-UBND", issued_on=TODAY(), by=coordinator, seen=seen)
    consulted_plan.refresh_from_db()
    assert consulted_plan.number == "15/KH-UBND"
    assert AuditEntry.objects.filter(action="plan.issued").count() == 1


def test_the_database_holds_that_a_plan_is_issued_with_its_number(plan):
    late = {"superseded_at": timezone.now()}
    for wrong in ({"state": "issued"}, {"state": "closed"}, {"number": "15/KH-UBND"}, late):
        with pytest.raises(IntegrityError), transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(**wrong)


def test_a_revision_starts_as_a_copy_and_replaces_the_plan_when_it_is_issued(consulted_plan, agency, coordinator):
    set_target(consulted_plan, "D1", priority="improve", spec="5", by=coordinator)
    set_owners(consulted_plan, "D1", [agency], new_name="", by=coordinator)
    plan = issue_plan(consulted_plan, number="15/KH-UBND", issued_on=TODAY(), by=coordinator)
    revision = start_revision(plan, by=coordinator)
    assert revision.is_open and plan.is_in_force
    assert (revision.targets.get(code="D1").spec, revision.targets.get(code="D1").base_value) == ("5", None)
    assert [o.agency for o in revision.owners.all()] == [agency]
    with pytest.raises(RuleViolation, match="made already"):
        start_revision(plan, by=coordinator)
    set_target(revision, "D1", priority="improve", spec="4.9", by=coordinator)
    send_for_opinions(revision, [agency], asked_on=TODAY(), answer_by=None, by=coordinator)
    issue_plan(revision, number="99/KH-UBND", issued_on=TODAY(), by=coordinator)
    plan.refresh_from_db()
    assert plan.superseded_at and not plan.is_in_force and plan.state == "issued"
    old = plan.targets.get(code="D1")
    assert (old.spec, old.superseded_by.spec) == ("5", "4.9")
    assert list(Plan.objects.in_force().filter(province=plan.province, year=2026)) == [revision]
    with pytest.raises(RuleViolation, match="in force"):
        start_revision(plan, by=coordinator)


def test_a_plan_is_closed_by_coordinator_or_leader_and_says_by_whom(issued_plan, leader, outsider, officer):
    for someone in (outsider, officer):
        with pytest.raises(PermissionDenied):
            close_plan(issued_plan, reason="Hết năm", by=someone)
    plan = close_plan(issued_plan, reason="Hết năm", by=leader)
    assert (plan.state, plan.closed_by) == ("closed", str(leader)) and plan.closed_at
    with pytest.raises(RuleViolation):
        close_plan(issued_plan, reason="Lần nữa", by=leader)


def test_a_plan_with_a_revision_in_the_making_is_not_closed(issued_plan, coordinator):
    start_revision(issued_plan, by=coordinator)
    with pytest.raises(RuleViolation, match="revision"):
        close_plan(issued_plan, reason="Hết năm", by=coordinator)


def test_an_issued_plan_is_read_by_everyone_who_works_in_the_province_and_published_by_decision(
    issued_plan, officer, outsider, leader
):
    assert Plan.objects.visible_to(officer).filter(pk=issued_plan.pk).exists()
    assert not Plan.objects.visible_to(outsider).filter(pk=issued_plan.pk).exists()
    publish_plan(issued_plan, reason="Công khai", by=leader)
    assert Plan.objects.visible_to(outsider).filter(pk=issued_plan.pk).exists()


def test_history_is_issued_and_nobody_issues_revises_or_closes_it(historic_plan, province, coordinator, leader):
    assert (historic_plan.state, historic_plan.number_year) == ("issued", 2019)
    for act in (
        lambda: start_revision(historic_plan, by=coordinator),
        lambda: close_plan(historic_plan, reason="x", by=leader),
        lambda: issue_plan(historic_plan, number="1/KH-UBND", issued_on=TODAY(), by=coordinator),
    ):
        with pytest.raises(RuleViolation):
            act()


def test_an_owner_that_is_taken_out_is_ended_and_stays(plan, province, agency, coordinator):
    company = ensure_agency(province, "Công ty Điện lực An Giang", by=SYSTEM)
    set_owners(plan, "D6", [agency], coordinating=[company], new_name="", by=coordinator)
    assert {(o.agency, o.part) for o in plan.owners.standing()} == {(agency, "lead"), (company, "coordinating")}
    set_owners(plan, "D6", [company], new_name="", by=coordinator)
    assert {(o.agency, o.part) for o in plan.owners.standing()} == {(company, "lead")}
    assert plan.owners.count() == 3 and plan.owners.exclude(valid_to=None).count() == 2
    assert Opinion.objects.count() == 0
