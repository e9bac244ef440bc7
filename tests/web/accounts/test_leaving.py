"""People leave: the role, every session and the open work; agencies end: a person says who takes their work."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.agencies import add_agency
from quantri.web.accounts.members import close_account, dormant, end_membership
from quantri.web.accounts.mergers import Change, succeed
from quantri.web.accounts.models import Agency, Membership, Role, User, WorkTransfer
from quantri.web.accounts.open_work import approve, proposals, work_of_agencies, work_of_people
from quantri.web.core.models import AuditEntry
from quantri.web.inspections.models import Programme, TeamMember
from quantri.web.inspections.programmes import add_to_team
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.models import Assignment, Task


@pytest.fixture
def officer(agency) -> User:
    return make_user(agency, Role.OFFICER, "officer")


@pytest.fixture
def old(province, plan, coordinator) -> Agency:
    """An agency with two tasks."""
    add_tasks(plan, [TaskDraft(title=f"Nhiệm vụ {n}", leads=("UBND huyện",)) for n in (1, 2)], by=coordinator)
    return Agency.objects.get(name_vi="UBND huyện")


def signed_in_by_form(user: User) -> Client:
    client = Client()
    client.post("/account/login/", {"username": user.username, "password": "p" * 12})
    return client


def test_a_role_that_ends_shuts_every_session_at_once(officer, coordinator):
    here, there = signed_in_by_form(officer), signed_in_by_form(officer)
    end_membership(officer.memberships.get(), by=coordinator)
    assert [c.get("/agencies/").status_code for c in (here, there)] == [302, 302]
    assert signed_in(officer).get("/agencies/").status_code == 403
    assert AuditEntry.objects.get(action="member.left").details["role"] == "officer"


def test_the_next_click_of_who_lost_a_role_is_refused_and_the_form_is_not_carried_out(agency, coordinator):
    user = make_user(agency, Role.ADMINISTRATOR, "administrator")
    client = signed_in(user)
    assert client.get(f"/agencies/{agency.pk}/invite/").status_code == 200
    Membership.objects.filter(user=user).update(valid_from="2020-01-01", valid_to="2020-02-01")
    answer = client.post(f"/agencies/{agency.pk}/invite/", {"role": "officer", "full_name": "Người được mời"})
    assert answer.status_code == 403 and not agency.invitations.exists()
    assert "data-keep" in signed_in(coordinator).get(f"/agencies/{agency.pk}/invite/").content.decode()


def test_a_place_in_a_team_goes_to_a_colleague_or_ends(agency, plan, officer, coordinator):
    """Whoever inspects for the agency and leaves is followed by the colleague, who may sit in the team already."""
    taker = make_user(agency, Role.OFFICER, "taker")
    dates = {"starts_on": "2024-01-01", "ends_on": "2099-12-31", "answer_days": 5}
    first, second = (Programme.objects.create(plan=plan, title=title, **dates) for title in ("Quý I", "Quý II"))
    add_to_team(first, agency, officer, part="head", by=coordinator)
    add_to_team(second, agency, officer, part="member", by=coordinator)
    add_to_team(second, agency, taker, part="member", by=coordinator)
    end_membership(officer.memberships.get(), by=coordinator, to=taker)
    assert {(r.person_before, r.person_after, r.title) for r in WorkTransfer.objects.all()} == {
        (officer, taker, "Quý I"), (officer, taker, "Quý II"),
    }  # fmt: skip
    assert list(TeamMember.objects.standing().values_list("programme__title", "user", "part")) == [
        ("Quý II", taker.pk, "member"), ("Quý I", taker.pk, "head"),
    ]  # fmt: skip
    end_membership(taker.memberships.get(), by=coordinator)
    assert not TeamMember.objects.standing().exists()
    assert WorkTransfer.objects.first().person_after is None
    assert AuditEntry.objects.filter(action="work.handed_over").count() == 2


def test_work_goes_only_to_somebody_who_is_in_the_agency(officer, outsider, coordinator):
    with pytest.raises(RuleViolation):
        end_membership(officer.memberships.get(), by=coordinator, to=outsider)
    assert officer.memberships.get().valid_to is None


def test_nobody_ends_an_own_role_nor_one_elsewhere(officer, coordinator, outsider, leader):
    with pytest.raises(RuleViolation):
        end_membership(coordinator.memberships.get(), by=coordinator)
    for user in (outsider, leader, officer):
        with pytest.raises(PermissionDenied):
            end_membership(coordinator.memberships.get(), by=user)
    end_membership(officer.memberships.get(), by=coordinator)
    with pytest.raises(RuleViolation):
        end_membership(officer.memberships.get(), by=coordinator)


def test_a_role_is_ended_on_its_page(officer, coordinator, outsider, leader):
    address = f"/agencies/members/{officer.memberships.get().pk}/leave/"
    assert [signed_in(u).get(address).status_code for u in (outsider, leader, None)] == [404, 403, 302]
    client = signed_in(coordinator)
    assert "officer" in client.get(address).content.decode()
    assert client.post(address, {"to": "999"}).status_code == 422
    assert client.post(address, {"to": ""}).status_code == 302
    assert client.get(address).status_code == 404


def test_accounts_that_nobody_uses_are_listed_and_ended(officer, coordinator, leader, outsider):
    long_ago = timezone.now() - timedelta(days=91)
    User.objects.filter(pk=officer.pk).update(date_joined=long_ago)
    User.objects.filter(pk=outsider.pk).update(date_joined=long_ago)
    User.objects.filter(pk=leader.pk).update(date_joined=long_ago, last_login=timezone.now())
    assert list(dormant(coordinator, timezone.localdate())) == [officer]
    client = signed_in(coordinator)
    assert "officer" in client.get("/agencies/dormant/").content.decode()
    assert client.post(f"/agencies/dormant/{leader.pk}/end/").status_code == 404
    assert client.post(f"/agencies/dormant/{officer.pk}/end/").status_code == 302
    officer.refresh_from_db()
    assert not officer.is_active and not officer.current_memberships().exists()
    assert not dormant(coordinator, timezone.localdate()).exists()


def test_an_account_with_a_role_elsewhere_is_not_closed_from_here(officer, outsider, coordinator):
    elsewhere = outsider.memberships.get().agency
    Membership.objects.create(user=officer, agency=elsewhere, role=Role.OFFICER, valid_from="2020-01-01")
    with pytest.raises(PermissionDenied):
        close_account(officer, by=coordinator)
    assert officer.current_memberships().count() == 2


def test_open_work_of_an_agency_that_ends_is_proposed_to_its_only_successor(old, coordinator):
    [new] = succeed(Change(before=[old], new_names=["UBND xã mới"], on=timezone.localdate()), by=SYSTEM)
    assert [(p.piece.title, p.after) for p in proposals(old)] == [("Nhiệm vụ 1", new), ("Nhiệm vụ 2", new)]
    client = signed_in(coordinator)
    page = client.get(f"/agencies/{old.pk}/work/").content.decode()
    assert page.count(f'<option value="{new.pk}" selected>') == 2
    fields = [p.piece.field for p in proposals(old)]
    client.post(f"/agencies/{old.pk}/work/", {fields[0]: new.pk, fields[1]: ""})
    assert [p.piece.title for p in proposals(old)] == ["Nhiệm vụ 2"]
    assert Task.objects.get(title="Nhiệm vụ 1").leads == [new]
    assert (WorkTransfer.objects.get().approved_by, WorkTransfer.objects.get().after) == ("coordinator", new)
    assert AuditEntry.objects.get(action="work.transferred").details["transfers"][0]["after"] == "UBND xã mới"


def test_after_a_split_a_person_chooses_and_nothing_is_proposed(old, coordinator):
    succeed(Change(before=[old], new_names=["A", "B"], on=timezone.localdate()), by=SYSTEM)
    assert {p.after for p in proposals(old)} == {None}


def test_successors_of_successors_take_the_work(old):
    [middle] = succeed(Change(before=[old], new_names=["Giữa"], on=timezone.localdate()), by=SYSTEM)
    [last] = succeed(Change(before=[middle], new_names=["Cuối"], on=timezone.localdate()), by=SYSTEM)
    assert {p.after for p in proposals(old)} == {last}


def test_work_is_given_once_and_only_to_an_agency_of_the_province_that_goes_on(old, province, coordinator, outsider):
    new, gone = add_agency(province, "Mới", by=SYSTEM), add_agency(province, "Hết", by=SYSTEM, valid_to="2020-01-01")
    field = proposals(old)[0].piece.field
    for taker, fault in (
        (gone, RuleViolation),
        (old, RuleViolation),
        (outsider.memberships.get().agency, PermissionDenied),
    ):
        with pytest.raises(fault):
            approve(old, {field: taker}, by=coordinator)
    with pytest.raises(PermissionDenied):
        approve(old, {field: new}, by=outsider)
    approve(old, {field: new}, by=coordinator)
    with pytest.raises(RuleViolation):
        approve(old, {field: new}, by=coordinator)
    assert WorkTransfer.objects.count() == 1


def test_a_taker_who_is_in_the_task_already_is_not_in_it_twice(old, coordinator):
    task = Task.objects.get(title="Nhiệm vụ 1")
    taker = Agency.objects.get(pk=coordinator.memberships.get().agency_id)
    Assignment.objects.create(task=task, agency=taker, part=Assignment.Part.COORDINATING)
    approve(old, {p.piece.field: taker for p in proposals(old)}, by=coordinator)
    assert [(a.agency, a.part) for a in task.assignments.filter(valid_to=None)] == [(taker, "lead")]


def test_each_kind_of_work_has_a_name_of_its_own():
    assert set(work_of_agencies()) == {"tasks", "owners", "opinions", "findings", "scores", "clocks"}
    assert {work.name for work in work_of_people()} == {"seats"}
