"""Components and asked opinions go to the agency that follows, when a person approves it."""

import pytest
from django.utils import timezone

from people import make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role
from quantri.web.accounts.open_work import approve, proposals
from quantri.web.core.models import AuditEntry, Message
from quantri.web.plans.actions import hand_over, set_owners
from quantri.web.plans.consulting import give_opinion, send_for_opinions
from quantri.web.plans.models import Opinion, Plan


@pytest.fixture
def before(plan, province, coordinator):
    made = ensure_agency(province, "Sở Giao thông vận tải", by=coordinator)
    set_owners(plan, "D5", [made], by=coordinator)
    return made


@pytest.fixture
def after(province, coordinator):
    return ensure_agency(province, "Sở Xây dựng", by=coordinator)


def test_what_an_agency_answers_for_is_listed_and_goes_to_who_follows(plan, before, after, coordinator):
    [found] = [p.piece for p in proposals(before) if p.piece.holder == "owners"]
    assert found.title.startswith("D5")
    [transfer] = approve(before, {found.field: after}, by=coordinator)
    assert (transfer.holder, transfer.after) == ("owners", after)
    assert [(o.agency, o.part) for o in plan.owners.standing().filter(code="D5")] == [(after, "lead")]
    assert plan.owners.get(agency=before).valid_to is not None
    assert AuditEntry.objects.filter(action="owner.added", details__after="lead").exists()


def owners(plan) -> list[tuple[str, str]]:
    return [(o.agency.name_vi, o.part) for o in plan.owners.standing().filter(code="D5")]


def test_who_coordinates_and_takes_a_component_over_leads_it_and_owns_it_once(plan, before, after, coordinator):
    set_owners(plan, "D5", [before], coordinating=[after], by=coordinator)
    [found] = [p.piece for p in proposals(before) if p.piece.holder == "owners"]
    approve(before, {found.field: after}, by=coordinator)
    assert owners(plan) == [("Sở Xây dựng", "lead")]
    assert plan.owners.get(agency=after, part="coordinating").valid_to == timezone.localdate()


def test_a_lead_that_takes_a_coordinating_place_over_leads_on(plan, before, after, coordinator):
    set_owners(plan, "D5", [after], coordinating=[before], by=coordinator)
    [found] = [p.piece for p in proposals(before) if p.piece.holder == "owners"]
    approve(before, {found.field: after}, by=coordinator)
    assert owners(plan) == [("Sở Xây dựng", "lead")]


def test_on_the_page_of_owners_too_who_coordinates_leads_in_the_place_of_one_that_ended(
    plan, before, after, coordinator
):  # fmt: skip
    set_owners(plan, "D5", [before], coordinating=[after], by=coordinator)
    before.valid_to = timezone.localdate()
    before.save()
    hand_over(plan.owners.standing().get(code="D5", part="lead"), after, by=coordinator)
    assert owners(plan) == [("Sở Xây dựng", "lead")]


def test_what_was_withdrawn_keeps_its_owners(plan, before):
    Plan.objects.filter(pk=plan.pk).update(ended_at=timezone.now())
    assert [p for p in proposals(before) if p.piece.holder == "owners"] == []


# ---- opinions


@pytest.fixture
def asked(consulted_plan):
    """An opinion that was asked and is not given."""
    return consulted_plan.opinions.get()


def opinion_piece(agency):
    [found] = [p.piece for p in proposals(agency) if p.piece.holder == "opinions"]
    return found.field


def test_an_opinion_that_was_asked_is_asked_of_who_follows(asked, after, coordinator):
    taker = make_user(after, Role.OFFICER, "taker")
    approve(asked.agency, {opinion_piece(asked.agency): after}, by=coordinator)
    assert list(Opinion.objects.asked_of(taker)) == [asked]
    give_opinion(asked, text="Nhất trí", given_on=timezone.localdate(), by=taker)
    assert AuditEntry.objects.get(action="opinion.passed_on").details["after"] == "Sở Xây dựng"
    assert Message.objects.filter(recipient_key=str(taker.pk), key__startswith="notice:opinion-asked:").count() == 1


def test_who_was_asked_too_gives_one_opinion_for_both(asked, after, officer, coordinator):
    today = timezone.localdate()
    send_for_opinions(asked.plan, [after], asked_on=today, answer_by=None, by=coordinator)
    approve(asked.agency, {opinion_piece(asked.agency): after}, by=coordinator)
    asked.refresh_from_db()
    assert asked.followed_by == asked.plan.opinions.get(agency=after)
    assert not Opinion.objects.asked_of(officer).exists()
    with pytest.raises(RuleViolation):
        give_opinion(asked, text="Nhất trí", given_on=today, by=coordinator)
    page = signed_in(coordinator).get(f"/plans/{asked.plan_id}/state/").content.decode()
    assert "Sở Xây dựng góp ý thay" in page


def test_an_opinion_that_was_given_is_no_open_work(asked, officer):
    give_opinion(asked, text="Nhất trí", given_on=timezone.localdate(), by=officer)
    assert not [p for p in proposals(asked.agency) if p.piece.holder == "opinions"]
