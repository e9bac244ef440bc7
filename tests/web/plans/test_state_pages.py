import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from people import SYSTEM, make_user, signed_in
from picked import carried, ticked
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry
from quantri.web.plans.actions import set_owners
from quantri.web.plans.consulting import give_opinion, send_for_opinions
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.models import Plan
from quantri.web.plans.revising import start_revision
from quantri.web.tasks.actions import TaskDraft, add_tasks


@pytest.fixture(autouse=True)
def _english(_vietnamese):
    with translation.override("en"):
        yield


def day(distance: int = 0) -> str:
    found = timezone.localdate() + timedelta(days=distance)
    return f"{found.day}/{found.month}/{found.year}"


def test_a_draft_is_sent_opinions_come_are_answered_and_the_plan_is_issued(plan, officer, coordinator):
    client, asked = signed_in(coordinator), officer.memberships.get().agency
    page = f"/plans/{plan.pk}/state/"
    assert client.post(f"/plans/{plan.pk}/consultation/", {"agencies": [asked.pk], "asked_on": day(-3)}).url == page
    opinion = plan.opinions.get()
    mine = f"/plans/{plan.pk}/opinions/{opinion.pk}/"
    theirs = signed_in(officer)
    assert mine in theirs.get(f"/en/plans/{plan.pk}/").content.decode().replace("/en/", "/")
    assert theirs.post(mine, {"text": "Đề nghị ghi rõ thời hạn", "given_on": day()}).status_code == 302
    assert "Đề nghị ghi rõ thời hạn" in client.get(page).content.decode()
    refused = client.post(f"/en/plans/{plan.pk}/issue/", {"number": "15", "issued_on": day()})
    assert refused.status_code == 409 and "Thanh tra tỉnh" in refused.content.decode()
    assert 'value="15"' in refused.content.decode()
    answer = {"verdict": "accepted", "answer": "Đã ghi"}
    assert client.post(f"{mine}answer/", answer).url == page
    assert client.post(f"/plans/{plan.pk}/issue/", {"number": "15", "issued_on": day()}).url == page
    plan.refresh_from_db()
    assert (plan.state, plan.number) == ("issued", "15/KH-UBND")
    text = client.get(f"/en{page}").content.decode()
    assert "In force as number 15/KH-UBND" in text and "Begin a revision" in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": "15/KH-UBND", "issued_on": ""}, "issued_on"),
        ({"number": "", "issued_on": "2/3/2026"}, "number"),
        ({"number": "15/QĐ", "issued_on": "2/3/2026"}, "number"),
        ({"number": "<b>", "issued_on": "2/3/2026"}, "number"),
        ({"number": "15", "issued_on": "31/2/2026"}, "issued_on"),
        ({"number": "15", "issued_on": day(2)}, "issued_on"),
    ],
)
def test_a_number_that_no_records_office_gives_is_refused_and_stays_typed(consulted_plan, coordinator, typed, field):
    answer = signed_in(coordinator).post(f"/plans/{consulted_plan.pk}/issue/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422 and f'href="#id_{field}"' in text
    assert all(f'value="{value}"' in text for value in typed.values() if value and "<" not in value)
    consulted_plan.refresh_from_db()
    assert (consulted_plan.number, consulted_plan.issued_on) == ("", None)


def test_sending_to_nobody_or_to_another_provinces_agency_is_refused(plan, outsider, coordinator):
    client = signed_in(coordinator)
    for agencies in ([], [outsider.memberships.get().agency.pk], ["x"]):
        typed = {"agencies": agencies, "asked_on": day(-1), "answer_by": "x"}
        answer = client.post(f"/plans/{plan.pk}/consultation/", typed)
        assert answer.status_code == 422 and 'href="#send"' in answer.content.decode()
    assert client.post(f"/plans/{plan.pk}/consultation/", {"agencies": [], "asked_on": day(-1)}).status_code == 422


def test_whom_a_draft_is_sent_to_is_taken_by_kind_found_by_name_and_stays_ticked(
    plan, communes, committee, coordinator, django_assert_max_num_queries
):
    client, page = signed_in(coordinator), f"/en/plans/{plan.pk}/state/"
    days = {"asked_on": day(-3), "answer_by": day(9)}
    assert f'formaction="{page}#send"' in client.get(page).content.decode()
    with django_assert_max_num_queries(20):
        first = client.post(page, days | {"all": "people_committee"}).content.decode()
    assert "102 chosen, of which" in first and all(f'value="{typed}"' in first for typed in days.values())
    assert str(committee.pk) not in ticked(first) | set(carried(first).split())
    second = client.post(page, {"agencies": ticked(first), "carried": carried(first), "page": "2"}).content.decode()
    assert "102 chosen, of which" in second and ticked(second).isdisjoint(ticked(first))
    search = {"agencies": ticked(second), "carried": carried(second), "q": "xa 101", "find": "1"}
    found = client.post(page, search).content.decode()
    assert len(ticked(found)) == 1 and "102 chosen, of which 101 are not in this list." in found
    assert not plan.opinions.exists()
    client.post(f"/plans/{plan.pk}/consultation/", days | {"carried": carried(found)})
    assert plan.opinions.count() == 101


def test_nothing_is_judged_or_written_while_somebody_still_chooses(plan, communes, coordinator):
    before = AuditEntry.objects.count()
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/state/", {"asked_on": "x", "q": "xã", "find": "1"})
    assert answer.status_code == 200 and 'role="alert"' not in answer.content.decode()
    assert 'value="x"' in answer.content.decode()
    plan.refresh_from_db()
    assert (plan.state, AuditEntry.objects.count()) == ("draft", before)


def test_a_refused_sending_keeps_whom_one_chose_on_every_page(plan, communes, coordinator):
    chosen = " ".join(str(each.pk) for each in communes)
    typed = {"carried": chosen, "asked_on": day(2), "answer_by": ""}
    for asked_on, status in ((day(2), 409), ("x", 422)):
        answer = signed_in(coordinator).post(f"/en/plans/{plan.pk}/consultation/", typed | {"asked_on": asked_on})
        assert answer.status_code == status and "102 chosen, of which" in answer.content.decode()
    assert not plan.opinions.exists()


def test_who_was_asked_is_not_offered_again(consulted_plan, agency, officer, coordinator):
    page = signed_in(coordinator).get(f"/en/plans/{consulted_plan.pk}/state/").content.decode()
    offered = set(re.findall(r'name="agencies" value="(\d+)"', page))
    assert str(agency.pk) in offered and str(officer.memberships.get().agency_id) not in offered


def test_the_notice_on_an_issued_plan_leads_to_where_its_revision_begins(issued_plan, coordinator):
    client, page = signed_in(coordinator), f"/en/plans/{issued_plan.pk}/state/"
    for address in (page, f"/en/plans/{issued_plan.pk}/owners/"):
        assert f'<a href="{page}#revision">Revise this plan</a>' in client.get(address).content.decode()
    assert "Begin a revision" in client.get(page).content.decode().partition('id="revision"')[2]
    revision = start_revision(issued_plan, by=coordinator)
    assert f"/plans/{revision.pk}/targets/" in client.get(page).content.decode().partition('id="revision"')[2]


def test_an_opinion_is_for_its_agency_and_the_coordinator(consulted_plan, leader, outsider, province):
    address = f"/plans/{consulted_plan.pk}/opinions/{consulted_plan.opinions.get().pk}/"
    sister = make_user(ensure_agency(province, "Sở Tài chính", by=SYSTEM), Role.OFFICER, "sister")
    front = make_user(consulted_plan.opinions.get().agency, Role.OVERSEER, "overseer")
    statuses = {
        name: signed_in(user).get(address).status_code
        for name, user in {"leader": leader, "outsider": outsider, "sister": sister, "overseer": front}.items()
    }
    assert statuses == {"leader": 403, "outsider": 404, "sister": 404, "overseer": 403}
    assert signed_in(None).get(address).status_code == 302
    assert signed_in(sister).get(f"/plans/{consulted_plan.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("tail", "method"),
    [("state/", "get"), ("consultation/", "post"), ("revise/", "post"), ("close/", "get"), ("bases/", "get"),
     ("next-year/", "get"), ("annex/", "get"), ("annex/phu-luc-ke-hoach.xlsx", "get"), ("annex/confirm/", "post")],
)  # fmt: skip
def test_the_steps_of_a_plan_are_for_its_coordinator(issued_plan, coordinator, leader, officer, outsider, tail, method):
    address = f"/plans/{issued_plan.pk}/{tail}"
    for someone, expected in ((outsider, {404}), (officer, {403}), (None, {302}), (coordinator, {200, 302, 409, 422})):
        assert getattr(signed_in(someone), method)(address).status_code in expected, someone
    assert getattr(signed_in(leader), method)(address).status_code in ({200} if tail == "close/" else {403})
    wrong = {"get": "put", "post": "get"}[method]
    assert getattr(signed_in(coordinator), wrong)(address).status_code == 405


def test_a_revision_takes_the_open_tasks_over_when_it_is_issued(issued_plan, plan, agency, coordinator):
    Plan.objects.filter(pk=issued_plan.pk).update(state="consulted", number="", issued_on=None, number_year=None)
    (task,) = add_tasks(issued_plan, [TaskDraft(title="Niêm yết công khai", leads=("Sở Nội vụ",))], by=coordinator)
    issue_plan(issued_plan, number="15/KH-UBND", issued_on=timezone.localdate(), by=coordinator)
    client = signed_in(coordinator)
    client.post(f"/plans/{issued_plan.pk}/revise/")
    revision = Plan.objects.get(revises=issued_plan)
    add_tasks(revision, [TaskDraft(title="Việc mới")], by=coordinator)
    send_for_opinions(revision, [agency], asked_on=timezone.localdate(), answer_by=None, by=coordinator)
    client.post(f"/plans/{revision.pk}/issue/", {"number": "77", "issued_on": day()})
    task.refresh_from_db()
    assert (task.plan, task.number) == (revision, "2")
    move = task.moves.get()
    assert (move.before, move.after, move.number_before) == (issued_plan, revision, "1")
    assert not issued_plan.tasks.current().exists()
    assert "A revision has replaced this plan" in client.get(f"/en/plans/{issued_plan.pk}/state/").content.decode()


def test_closing_asks_for_a_reason_and_offers_the_next_year(issued_plan, coordinator):
    client = signed_in(coordinator)
    assert client.post(f"/plans/{issued_plan.pk}/close/", {"reason": ""}).status_code == 422
    assert client.post(f"/plans/{issued_plan.pk}/close/", {"reason": "Hết năm"}).status_code == 302
    text = client.get(f"/en/plans/{issued_plan.pk}/").content.decode()
    assert f"/plans/{issued_plan.pk}/next-year/" in text and "closed" in text


def test_an_owner_that_was_abolished_is_shown_and_another_takes_over(plan, province, agency, coordinator, officer):
    ended = ensure_agency(province, "UBND huyện cũ", by=SYSTEM)
    set_owners(plan, "D1", [ended], by=coordinator)
    ended.valid_to = timezone.localdate()
    ended.save()
    asked = officer.memberships.get().agency
    send_for_opinions(plan, [asked], asked_on=timezone.localdate(), answer_by=None, by=coordinator)
    issue_plan(plan, number="15/KH-UBND", issued_on=timezone.localdate(), by=coordinator)
    client, owner = signed_in(coordinator), plan.owners.standing().get()
    text = client.get(f"/en/plans/{plan.pk}/owners/").content.decode()
    assert "abolished on" in text and "Who takes over from UBND huyện cũ?" in text
    assert client.post(f"/plans/{plan.pk}/owners/{owner.pk}/hand-over/", {"agency": "x"}).status_code == 302
    assert plan.owners.standing().get() == owner
    client.post(f"/plans/{plan.pk}/owners/{owner.pk}/hand-over/", {"agency": agency.pk})
    assert [o.agency for o in plan.owners.standing()] == [agency]
    owner.refresh_from_db()
    assert owner.valid_to == timezone.localdate()
    assert signed_in(officer).post(f"/plans/{plan.pk}/owners/{owner.pk}/hand-over/").status_code == 403


def test_the_pages_of_a_plan_ask_the_database_little(
    plan, province, coordinator, officer, django_assert_max_num_queries
):
    agencies = [ensure_agency(province, f"Sở số {n}", by=SYSTEM) for n in range(30)]
    send_for_opinions(plan, agencies, asked_on=timezone.localdate(), answer_by=None, by=coordinator)
    for opinion in plan.opinions.all():
        give_opinion(opinion, text="x", given_on=timezone.localdate(), by=coordinator)
    set_owners(plan, "D1", agencies, by=coordinator)
    client = signed_in(coordinator)
    for tail in ("state/", "owners/", "bases/", "targets/", ""):
        with django_assert_max_num_queries(20):
            assert client.get(f"/plans/{plan.pk}/{tail}").status_code == 200


def test_a_revision_in_the_making_is_found_from_the_plan(issued_plan, coordinator):
    revision = start_revision(issued_plan, by=coordinator)
    text = signed_in(coordinator).get(f"/en/plans/{issued_plan.pk}/state/").content.decode()
    assert f"/plans/{revision.pk}/targets/" in text and "Begin a revision" not in text


def test_opinions_and_answers_go_out_as_a_spreadsheet_without_formulas(consulted_plan, officer, coordinator, outsider):
    give_opinion(consulted_plan.opinions.get(), text="=1+1", given_on=timezone.localdate(), by=officer)
    address = f"/en/plans/{consulted_plan.pk}/opinions.xlsx"
    sheet = load_workbook(io.BytesIO(signed_in(coordinator).get(address).content)).active
    assert [cell.value for cell in sheet[2]][0::3] == ["Thanh tra tỉnh", "'=1+1"]
    assert signed_in(outsider).get(address).status_code == 404
    assert signed_in(officer).get(address).status_code == 403


def test_a_part_of_a_content_has_owners_of_its_own(plan, agency, coordinator):
    client, page = signed_in(coordinator), f"/en/plans/{plan.pk}/owners/"
    text = client.get(f"{page}?change=D6.1").content.decode()
    assert 'id="D6.1"' in text and '<input type="hidden" name="code" value="D6.1">' in text
    client.post(page, {"code": "D6.1", "agencies": [agency.pk]})
    assert [(o.code, o.agency) for o in plan.owners.standing()] == [("D6.1", agency)]
    assert "checked" in client.get(f"{page}?change=D6.1").content.decode()
    assert client.get(f"{page}?change=<script>").status_code == 200
