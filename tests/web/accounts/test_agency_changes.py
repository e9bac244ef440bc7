"""Agencies over time: names, superiors, ends, successors and heads."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from people import SYSTEM, make_user
from quantri.errors import RuleViolation
from quantri.web.accounts.agencies import Head, add_agency, appoint_head, end_agency, place_agency, rename_agency
from quantri.web.accounts.mergers import Change, succeed
from quantri.web.accounts.models import Agency, AgencySuccession, Headship, Membership, Role, Subordination
from quantri.web.core.models import AuditEntry

DAY = date(2026, 3, 1)


@pytest.fixture
def committee(province) -> Agency:
    return add_agency(province, "UBND tỉnh", by=SYSTEM, kind=Agency.Kind.PEOPLE_COMMITTEE)


@pytest.fixture
def commune(province, committee) -> Agency:
    return add_agency(province, "UBND xã Châu Phú", by=SYSTEM, parent=committee)


def make_agency(province, name: str, parent: Agency | None = None) -> Agency:
    return add_agency(province, name, by=SYSTEM, parent=parent)


def test_a_new_agency_bears_its_name_from_its_first_day(province):
    made = add_agency(province, "Sở Mới", by=SYSTEM, valid_from=DAY)
    assert [(n.name_vi, n.valid_from, n.valid_to) for n in made.names.all()] == [("Sở Mới", DAY, None)]


def test_a_name_that_was_borne_keeps_its_time(agency):
    rename_agency(agency, "Sở Nội vụ và Lao động", by=SYSTEM, on=DAY, legal_basis="12/NQ-HĐND")
    agency.refresh_from_db()
    assert agency.name_vi == "Sở Nội vụ và Lao động"
    assert agency.name_on(DAY - timedelta(days=1)) == "Sở Nội vụ"
    assert agency.name_on(DAY) == "Sở Nội vụ và Lao động"
    entry = AuditEntry.objects.get(action="agency.renamed")
    assert (entry.details["before"], entry.details["after"]) == ("Sở Nội vụ", "Sở Nội vụ và Lao động")


def test_a_rename_is_refused_before_its_day_or_onto_a_taken_name(agency, province):
    make_agency(province, "Sở Tài chính")
    with pytest.raises(RuleViolation):
        rename_agency(agency, "Sở Tài chính", by=SYSTEM, on=DAY)
    with pytest.raises(RuleViolation):
        rename_agency(agency, "Sở Khác", by=SYSTEM, on=timezone.localdate() + timedelta(days=1))
    rename_agency(agency, "Sở Khác", by=SYSTEM, on=DAY)
    with pytest.raises(RuleViolation):
        rename_agency(agency, "Sở Khác nữa", by=SYSTEM, on=DAY)


def test_a_membership_with_the_subtree_reaches_all_below_and_nothing_beside(province, committee, commune, agency):
    office = make_agency(province, "Văn phòng xã", commune)
    user = make_user(committee, Role.OFFICER, "above")
    assert set(user.agencies(Role.OFFICER)) == {committee}
    user.memberships.update(with_subtree=True)
    assert set(user.agencies(Role.OFFICER)) == {committee, commune, office}
    assert agency not in user.agencies(Role.OFFICER)
    assert not user.agencies(Role.LEADER).exists() and not user.agencies().exists()


def test_an_agency_takes_its_subtree_along_when_it_moves(province, committee, commune):
    office, other = make_agency(province, "Văn phòng xã", commune), make_agency(province, "Tỉnh ủy")
    place_agency(commune, other, by=SYSTEM)
    distances = Subordination.objects.filter(agency=office, valid_to=None).values_list("above__name_vi", "distance")
    assert dict(distances) == {"UBND xã Châu Phú": 1, "Tỉnh ủy": 2}
    ended = Subordination.objects.exclude(valid_to=None).values_list("agency__name_vi", "above__name_vi")
    assert set(ended) == {("UBND xã Châu Phú", "UBND tỉnh"), ("Văn phòng xã", "UBND tỉnh")}
    assert not make_user(committee, Role.OFFICER, "above").agencies(Role.OFFICER).filter(pk=office.pk).exists()


def test_the_parent_is_always_the_open_row_at_distance_one(province, committee, commune):
    place_agency(commune, None, by=SYSTEM)
    place_agency(commune, committee, by=SYSTEM)
    for agency in Agency.objects.exclude(parent=None):
        row = Subordination.objects.get(agency=agency, distance=1, valid_to=None)
        assert row.above_id == agency.parent_id


def test_an_agency_stands_neither_under_itself_nor_in_a_circle(province, committee, commune):
    with pytest.raises(RuleViolation):
        place_agency(committee, commune, by=SYSTEM)
    with pytest.raises(RuleViolation):
        place_agency(committee, committee, by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=committee.pk).update(parent=committee)


def test_memberships_and_the_head_end_with_the_agency(commune, province):
    office = make_agency(province, "Văn phòng xã", commune)
    user = make_user(commune, Role.OFFICER, "officer")
    user.memberships.update(valid_from=DAY)
    appoint_head(commune, Head(title="Chủ tịch"), by=SYSTEM, on=DAY)
    end_agency(commune, by=SYSTEM, on=timezone.localdate(), legal_basis="12/NQ-HĐND")
    assert not user.agencies(Role.OFFICER).exists()
    assert Headship.objects.get(agency=commune).valid_to == timezone.localdate()
    office.refresh_from_db()
    assert office.parent.name_vi == "UBND tỉnh"
    with pytest.raises(RuleViolation):
        end_agency(commune, by=SYSTEM, on=DAY)


def test_several_agencies_end_in_a_new_one_that_may_bear_the_name_of_one_of_them(province, committee):
    old = [make_agency(province, name, committee) for name in ("Sở Nội vụ A", "Sở Lao động")]
    office = make_agency(province, "Chi cục", old[1])
    [new] = succeed(Change(before=old, new_names=["Sở Nội vụ A"], on=DAY, legal_basis="10/NQ"), by=SYSTEM)
    assert {(s.before.name_vi, s.kind) for s in new.predecessors.all()} == {
        ("Sở Nội vụ A", "merger"), ("Sở Lao động", "merger"),
    }  # fmt: skip
    office.refresh_from_db()
    assert office.parent == new and new.parent == committee and new.pk not in {a.pk for a in old}
    assert all(Agency.objects.get(pk=a.pk).valid_to == DAY for a in old)
    assert AuditEntry.objects.filter(action="agency.succeeded").count() == 2


def test_one_agency_ends_in_one_or_in_several(province, committee, commune):
    [one] = succeed(Change(before=[commune], new_names=["UBND xã Châu Phú mới"], on=DAY), by=SYSTEM)
    two = succeed(Change(before=[one], after=[make_agency(province, "UBND xã B")], new_names=["C"], on=DAY), by=SYSTEM)
    kinds = AgencySuccession.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["replacement", "split", "split"] and len(two) == 2


@pytest.mark.parametrize("fault", ["nobody", "many to many", "itself", "elsewhere", "ended", "coming"])
def test_a_succession_that_cannot_be_is_refused(province, committee, commune, outsider, fault):
    other, elsewhere = make_agency(province, "Khác"), outsider.memberships.get().agency
    ended = end_agency(make_agency(province, "Cũ"), by=SYSTEM, on=DAY)
    change = {
        "nobody": Change(before=[commune], on=DAY),
        "many to many": Change(before=[commune, other], new_names=["A", "B"], on=DAY),
        "itself": Change(before=[commune], after=[commune], on=DAY),
        "elsewhere": Change(before=[commune], after=[elsewhere], on=DAY),
        "ended": Change(before=[commune], after=[ended], on=DAY),
        "coming": Change(before=[commune], after=[other], on=timezone.localdate() + timedelta(days=1)),
    }[fault]
    with pytest.raises(RuleViolation):
        succeed(change, by=SYSTEM)
    assert not AgencySuccession.objects.exists()


def test_a_head_answers_until_the_next_one_begins(commune):
    appoint_head(commune, Head(title="Chủ tịch UBND xã"), by=SYSTEM, on=date(2025, 7, 1))
    user = make_user(commune, Role.LEADER, "next")
    made = appoint_head(commune, Head(title="Chủ tịch UBND xã", user=user), by=SYSTEM, on=DAY)
    assert [h.valid_to for h in commune.headships.all()] == [None, DAY] and made.full_name == "next"
    assert commune.headships.on(DAY - timedelta(days=1)).get().user is None
    with pytest.raises(RuleViolation):
        appoint_head(commune, Head(title="Quyền Chủ tịch"), by=SYSTEM, on=date(2025, 8, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Headship.objects.create(agency=commune, title="Hai", valid_from=DAY)


def test_one_role_of_a_person_in_an_agency_is_open_once(coordinator, agency):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=coordinator, agency=agency, role=Role.COORDINATOR, valid_from=DAY)


def test_memberships_are_seen_by_their_person_and_by_those_who_keep_the_agency(
    agency, committee, coordinator, outsider
):
    officer = make_user(committee, Role.OFFICER, "officer")
    admin = make_user(committee, Role.ADMINISTRATOR, "admin")
    seen = {u.username: Membership.objects.visible_to(u).filter(user=officer).exists() for u in
            (officer, admin, coordinator, outsider, make_user(agency, Role.LEADER, "leader"))}  # fmt: skip
    assert seen == {"officer": True, "admin": True, "coordinator": True, "outsider": False, "leader": False}
    assert not Membership.objects.visible_to(make_user(agency, Role.ADMINISTRATOR, "a2")).filter(user=officer).exists()


def test_what_is_done_to_agencies_and_their_people_is_in_the_trail_of_the_province(agency, province, coordinator):
    rename_agency(agency, "Sở Khác", by=coordinator, on=DAY)
    told = AuditEntry.objects.filter(action__in=("agency.renamed", "member.added")).values_list("scope", flat=True)
    assert set(told) == {province.key}
