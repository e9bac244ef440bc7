"""More time, hand-over, refusal; one task for many; one-use links; and what is on time."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from people import SYSTEM, signed_in
from picked import carried, ticked
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Membership, Role, Subordination
from quantri.web.core.changes import notes_of
from quantri.web.core.models import AuditEntry
from quantri.web.plans.models import Plan
from quantri.web.tasks import asking, bulk, links, reporting
from quantri.web.tasks.bulk import PartDraft
from quantri.web.tasks.models import Assignment, OneUseLink
from quantri.web.tasks.periods import lock_period
from quantri.web.tasks.rates import Piece, on_time
from quantri.web.tasks.reporting import NOTHING, Reported

TODAY = timezone.localdate()


def test_more_time_is_asked_granted_and_told(lead, officer, coordinator):
    asked = asking.ask_extension(lead, until=lead.last_day + timedelta(days=10), reason="Thiếu vốn", by=officer)
    with pytest.raises(RuleViolation):
        asking.ask_extension(lead, until=lead.last_day + timedelta(days=20), reason="Lần hai", by=officer)
    granted = asking.grant_extension(asked, answer="Đồng ý", by=coordinator)
    lead.refresh_from_db()
    assert (lead.due_on, granted.due_before) == (asked.asked_until, lead.task.due_on)
    with pytest.raises(RuleViolation):
        asking.refuse_extension(asked, answer="Không", by=coordinator)


def test_an_earlier_day_is_no_extension(lead, officer):
    with pytest.raises(RuleViolation):
        asking.ask_extension(lead, until=lead.last_day, reason="x", by=officer)


def test_a_refused_extension_leaves_the_day(lead, officer, coordinator):
    before = lead.last_day
    asked = asking.ask_extension(lead, until=before + timedelta(days=10), reason="x", by=officer)
    asking.refuse_extension(asked, answer="Không đủ lý do", by=coordinator)
    lead.refresh_from_db()
    assert lead.last_day == before


def test_a_part_goes_to_another_agency_with_its_day(lead, officer, coordinator, province):
    other = ensure_agency(province, "Sở Tư pháp", by=SYSTEM)
    asked = asking.ask_handover(lead, after=other, reason="Đúng chức năng", by=officer)
    asking.accept_handover(asked, answer="Đồng ý", by=coordinator)
    lead.refresh_from_db()
    assert lead.valid_to == TODAY
    assert lead.task.assignments.get(valid_to=None, agency=other).part == "lead"


def test_a_refusal_that_is_not_accepted_is_escalated(lead, officer, coordinator):
    asked = asking.ask_handover(lead, after=None, reason="Không thuộc chức năng", by=officer)
    assert asking.refuse_handover(asked, answer="Vẫn phải làm", by=coordinator).is_escalated
    lead.refresh_from_db()
    assert lead.valid_to is None


def test_a_part_does_not_leave_the_province(lead, officer, outsider):
    elsewhere = outsider.memberships.get().agency
    with pytest.raises(RuleViolation):
        asking.ask_handover(lead, after=elsewhere, reason="x", by=officer)


def test_requests_are_made_by_the_agency_and_answered_by_the_coordinator(lead, colleague, officer):
    with pytest.raises(PermissionDenied):
        asking.ask_extension(lead, until=lead.last_day + timedelta(days=1), reason="x", by=colleague)
    asked = asking.ask_extension(lead, until=lead.last_day + timedelta(days=1), reason="x", by=officer)
    with pytest.raises(PermissionDenied):
        asking.grant_extension(asked, answer="x", by=officer)


def test_requests_go_through_their_pages(lead, officer, coordinator):
    own, steering = signed_in(officer), signed_in(coordinator)
    day = (lead.last_day + timedelta(days=9)).strftime("%d/%m/%Y")
    assert own.post(f"/work/parts/{lead.pk}/extension/", {"until": day, "text": "Thiếu vốn"}).status_code == 302
    assert own.post(f"/work/parts/{lead.pk}/extension/", {"until": "x", "text": "Thiếu vốn"}).status_code == 422
    asked = lead.extensions.get()
    where = f"/work/requests/extension/{asked.pk}/"
    assert own.get(where).status_code == 403
    assert steering.post(where, {"grant": "1", "text": "Đồng ý"}).status_code == 302
    assert own.post(f"/work/parts/{lead.pk}/handover/", {"after": "", "text": "Từ chối"}).status_code == 302
    asked = lead.handovers.get()
    assert steering.post(f"/work/requests/handover/{asked.pk}/", {"refuse": "1", "text": "Không"}).status_code == 302
    page = own.get(f"/work/parts/{lead.pk}/").content.decode()
    assert "Thiếu vốn" in page and "Từ chối" in page


# ---- one task for many


def test_one_task_goes_to_102_communes_with_one_line_in_the_trail(task, communes, coordinator):
    draft = PartDraft(part="coordinating", wording="Niêm yết tại trụ sở", due_on=TODAY + timedelta(days=20))
    assert bulk.give_to_all(task, communes, draft, by=coordinator) == 102
    assert bulk.give_to_all(task, communes, draft, by=coordinator) == 0
    told = AuditEntry.objects.filter(action="part.given_to_all").order_by("pk").first()
    assert len(told.details["agencies"]) == 102
    assert dict(notes_of(told))["các cơ quan"].startswith("UBND xã 0; UBND xã 1; ")
    assert task.assignments.filter(wording="Niêm yết tại trụ sở").count() == 102


def test_a_task_is_not_given_for_a_day_that_has_passed(task, communes, coordinator):
    with pytest.raises(RuleViolation):
        bulk.give_to_all(task, communes, PartDraft(due_on=TODAY - timedelta(days=1)), by=coordinator)


def test_communes_are_compared_in_one_table_with_the_same_questions(
    task, communes, coordinator, django_assert_max_num_queries
):
    client = signed_in(coordinator)
    typed = {"agencies": [a.pk for a in communes], "part": "coordinating", "wording": "", "deliverable": ""}
    assert client.post(f"/work/tasks/{task.pk}/give/", typed).status_code == 302
    with django_assert_max_num_queries(20):
        page = client.get(f"/work/tasks/{task.pk}/?sort=state")
    assert page.context["n"] == 104 and len(page.context["page"].object_list) == 50
    assert client.get(f"/work/tasks/{task.pk}/table.xlsx").status_code == 200


def test_agencies_to_choose_from_are_cut_into_pages_that_hold_those_of_a_province(
    task, communes, province, coordinator, django_assert_max_num_queries
):
    Agency.objects.bulk_create([Agency(province=province, name_vi=f"Xã thêm {n:03}") for n in range(550)])
    client, where = signed_in(coordinator), f"/work/tasks/{task.pk}/give/"
    with django_assert_max_num_queries(20):
        page = client.get(where)
    assert page.content.count(b'name="agencies"') == 500 >= len(communes)
    last = Agency.objects.get(name_vi="Xã thêm 549")
    assert f'value="{last.pk}"' not in page.content.decode()
    assert f'name="agencies" value="{last.pk}"' in client.get(f"{where}?page=2").content.decode()
    client.post(f"{where}?page=2", {"agencies": [last.pk], "part": "coordinating"})
    assert task.assignments.filter(agency=last).exists()


TYPED = {"part": "coordinating", "wording": "Niêm yết tại trụ sở", "due_on": "", "deliverable": "Ảnh chụp"}


def test_all_communes_are_chosen_in_one_touch_and_the_province_itself_is_not_one_of_them(
    task, communes, committee, coordinator
):
    client, where = signed_in(coordinator), f"/en/work/tasks/{task.pk}/give/"
    page = client.post(where, TYPED | {"all": "people_committee"}).content.decode()
    assert ticked(page) == {str(a.pk) for a in communes} and "102 chosen." in page
    assert "Niêm yết tại trụ sở" in page and "Ảnh chụp" in page and "This field" not in page
    page = client.post(where, TYPED | {"agencies": ticked(page), "all": "province_committee"}).content.decode()
    assert ticked(page) == {str(a.pk) for a in [*communes, committee]}
    assert ticked(client.post(where, TYPED | {"agencies": ticked(page), "none": "1"}).content.decode()) == set()
    assert not task.assignments.filter(agency__in=communes).exists()


def test_ticks_stay_while_one_searches_without_marks_and_are_counted(task, communes, province, coordinator):
    far = Agency.objects.create(province=province, name_vi="UBND đặc khu Thổ Châu", kind="people_committee")
    client, where = signed_in(coordinator), f"/en/work/tasks/{task.pk}/give/"
    first = TYPED | {"agencies": [a.pk for a in communes[:12]], "q": "tho chau", "find": "1"}
    page = client.post(where, first).content.decode()
    assert page.count('name="agencies"') == 1 and f'value="{far.pk}"' in page
    assert "12 chosen, of which 12 are not in this list." in page and len(carried(page).split()) == 12
    more = TYPED | {"agencies": [far.pk], "carried": carried(page), "q": "UBND xã 1", "find": "1"}
    page = client.post(where, more).content.decode()
    assert "13 chosen, of which 10 are not in this list." in page and len(ticked(page)) == 3  # 1, 10 and 11
    back = client.post(where, TYPED | {"agencies": ticked(page), "carried": carried(page), "find": "1"})
    assert ticked(back.content.decode()) == {str(a.pk) for a in [*communes[:12], far]}
    without = TYPED | {"agencies": list(ticked(page))[:1], "carried": carried(page), "find": "1"}
    assert len(ticked(client.post(where, without).content.decode())) == 11  # what is unticked goes


def test_all_that_a_search_finds_is_chosen_with_what_was_chosen_before(task, communes, coordinator):
    client, where = signed_in(coordinator), f"/en/work/tasks/{task.pk}/give/"
    asked = TYPED | {"carried": str(communes[50].pk), "q": "ubnd xa 9", "all": "found"}
    page = client.post(where, asked).content.decode()
    assert "12 chosen, of which 1 are not in this list." in page  # 9, 90 to 99, and 50


def test_ticks_stay_from_page_to_page_and_the_task_goes_to_all_of_them(task, communes, province, coordinator):
    Agency.objects.bulk_create([Agency(province=province, name_vi=f"Xã thêm {n:03}") for n in range(550)])
    client, where = signed_in(coordinator), f"/work/tasks/{task.pk}/give/"
    last = Agency.objects.get(name_vi="Xã thêm 549")
    second = client.post(where, TYPED | {"agencies": [communes[0].pk, communes[1].pk], "page": "2"}).content.decode()
    assert f'name="agencies" value="{last.pk}"' in second and len(carried(second).split()) == 2
    sent = TYPED | {"agencies": [last.pk], "carried": carried(second)}
    review = client.post(where, sent | {"check": "1"}).content.decode()
    assert not task.assignments.filter(agency=last).exists() and "Niêm yết tại trụ sở" in review
    for agency in (communes[0], communes[1], last):
        assert agency.name_vi in review
    assert client.post(where, TYPED | {"carried": carried(review)}).status_code == 302
    got = task.assignments.filter(wording="Niêm yết tại trụ sở", deliverable="Ảnh chụp")
    assert set(got.values_list("agency", flat=True)) == {communes[0].pk, communes[1].pk, last.pk}


def test_before_it_is_given_the_page_says_who_receives_it_and_who_is_skipped(task, lead, communes, coordinator):
    client, where = signed_in(coordinator), f"/en/work/tasks/{task.pk}/give/"
    chosen = TYPED | {"agencies": [lead.agency_id, communes[0].pk]}
    page = client.post(where, chosen | {"check": "1"}).content.decode()
    assert "1 agency receives the task" in page and "1 agency has a part already" in page
    again = client.post(where, TYPED | {"carried": carried(page), "back": "1"}).content.decode()
    assert ticked(again) == {str(lead.agency_id), str(communes[0].pk)} and "Ảnh chụp" in again
    wrong = client.post(where, chosen | {"due_on": "soon", "check": "1"})
    assert wrong.status_code == 422 and len(ticked(wrong.content.decode())) == 2


def test_what_is_carried_along_is_no_way_to_other_agencies_and_has_no_bound_to_break(
    task, communes, coordinator, outsider, django_assert_max_num_queries
):
    client, where = signed_in(coordinator), f"/work/tasks/{task.pk}/give/"
    elsewhere = outsider.memberships.get().agency
    for keys in (str(elsewhere.pk), "x -1 1.5 ٣ 9" + "9" * 30, " ".join(map(str, range(10**8, 10**8 + 5000)))):
        assert client.post(where, TYPED | {"carried": keys}).status_code == 422
        with django_assert_max_num_queries(20):
            page = client.post(where, TYPED | {"carried": f"{keys} {communes[3].pk}", "find": "1", "form_key": "k"})
        assert ticked(page.content.decode()) == {str(communes[3].pk)}
    many = {"agencies": [elsewhere.pk] * 2500, "find": "1"}
    assert client.post(where, TYPED | many).status_code == 400  # no form has so many fields
    for name in ("page", "all", "q"):
        assert client.post(where, TYPED | {name: "9" * 5000, "find": "1"}).status_code == 200
    assert not Assignment.objects.filter(agency=elsewhere).exists()


def test_choosing_asks_the_same_questions_for_many_agencies(task, province, coordinator):
    client, where, counts = signed_in(coordinator), f"/work/tasks/{task.pk}/give/", []
    for n in (3, 300):
        made = Agency.objects.bulk_create(
            [Agency(province=province, name_vi=f"Xã {n}.{k}", kind="people_committee") for k in range(n)]
        )
        sent = TYPED | {"agencies": [a.pk for a in made], "form_key": "k"}
        for step in ({"find": "1"}, {"check": "1"}):
            with CaptureQueriesContext(connection) as asked:
                assert client.post(where, sent | step).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:] and max(counts) <= 20


def test_giving_to_nobody_or_to_another_province_is_refused(task, coordinator, outsider):
    client = signed_in(coordinator)
    elsewhere = outsider.memberships.get().agency
    for chosen in ([], [elsewhere.pk], ["x"]):
        sent = client.post(f"/work/tasks/{task.pk}/give/", {"agencies": chosen, "part": "lead"})
        assert sent.status_code == 422


# ---- one-use links


@pytest.fixture
def link(lead, period, coordinator):
    return links.make_links(period, [lead], by=coordinator)[0]


def test_a_link_opens_one_report_once(link, lead, client):
    where = f"/r/{link.token}/"
    assert lead.task.title in client.get(where).content.decode()
    assert client.get(where).status_code == 200  # looking does not use it up
    sent = client.post(where, {"kind": "worked", "text": "Gửi qua đường dẫn", "seen": "0"})
    assert sent.status_code == 200
    assert "đường dẫn" in str(lead.reports.get().submitted_by) or "link" in lead.reports.get().submitted_by
    assert client.get(where).status_code == 410
    assert client.post(where, {"kind": "nothing", "seen": "1"}).status_code == 410


def test_the_trail_names_the_parts_for_which_links_were_made(lead, link):
    told = AuditEntry.objects.get(action="links.made")
    assert dict(notes_of(told)) == {"phần việc": str(lead)}


def test_a_refused_report_does_not_use_the_link_up(link, client, photo):
    where = f"/r/{link.token}/"
    assert client.post(where, {"kind": "worked", "text": "", "seen": "0"}).status_code == 409
    assert client.post(where, {"kind": "worked", "text": "Có ảnh", "seen": "0", "files": [photo]}).status_code == 200
    assert OneUseLink.objects.get().used_at


def test_a_link_that_is_wrong_late_or_replaced_says_so(link, lead, period, coordinator, client):
    assert client.get("/r/khong-co/").status_code == 410
    again = links.make_links(period, [lead], by=coordinator)[0]
    assert client.get(f"/r/{link.token}/").status_code == 410
    OneUseLink.objects.filter(digest=links.digest(again.token)).update(expires_at=timezone.now() - timedelta(hours=1))
    assert client.get(f"/r/{again.token}/").status_code == 410


def test_a_link_keeps_its_text_when_the_period_was_locked(link, period, coordinator, client):
    lock_period(period, by=coordinator)
    answer = client.post(f"/r/{link.token}/", {"kind": "worked", "text": "Đã gõ", "seen": "0"})
    assert answer.status_code == 409 and "Đã gõ" in answer.content.decode()


def test_the_token_itself_is_kept_nowhere(link):
    assert not OneUseLink.objects.filter(digest=link.token).exists()
    assert link.token not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_link_page_stays_out_of_caches_and_referrers(link, client):
    answer = client.get(f"/r/{link.token}/")
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "same-origin")


def test_links_are_made_by_the_coordinator_and_shown_once(lead, period, coordinator, officer):
    client, where = signed_in(coordinator), f"/work/periods/{period.pk}/links/"
    made = client.post(where, {"part": [lead.pk], "form_key": "k"}).content.decode()
    assert "/r/" in made and "<svg" in made
    assert OneUseLink.objects.count() == 1  # what is shown is kept
    assert "/r/" not in client.get(where).content.decode()
    assert signed_in(officer).post(where, {"part": [lead.pk]}).status_code == 403


def test_a_slip_says_what_it_is_for_what_to_do_and_who_sends_it(lead, part, period, coordinator):
    where = f"/en/work/periods/{period.pk}/links/"
    page = signed_in(coordinator).post(where, {"part": [lead.pk, part.pk]}).content.decode()
    slips = re.findall(r'<section class="tile link-slip">(.*?)</section>', page, re.S)
    assert [re.findall(r"<h\d>(.*?)</h\d>", slip) for slip in slips] == [["Sở Y tế"], ["Thanh tra tỉnh"]]
    last = date_format(period.cut_off_on)
    said = (lead.task.title, period.plan.name, "15/KH-UBND", period.name_en, f"by <strong>{last}</strong>", "/r/",
            "no account is needed", "It works once, until", "Sent by: Sở Nội vụ.")  # fmt: skip
    assert [words for slip in slips for words in said if words not in slip] == []


def test_a_slip_names_the_agency_of_the_coordinator_in_this_province_and_no_agency_below_it(
    lead, period, province, coordinator, outsider
):
    below = ensure_agency(province, "Trung tâm hành chính công", by=SYSTEM)
    Subordination.objects.create(agency=below, above=coordinator.memberships.get().agency, distance=1)
    coordinator.memberships.update(with_subtree=True)
    Membership.objects.create(
        user=coordinator, agency=outsider.memberships.get().agency, role=Role.COORDINATOR, valid_from=TODAY
    )  # fmt: skip
    assert [a.name_vi for a in links.senders(period, coordinator)] == ["Sở Nội vụ"]


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_each_slip_of_a_demonstration_says_so_for_they_are_cut_apart(lead, part, period, coordinator, is_demonstration):
    Plan.objects.update(is_demonstration=is_demonstration)
    page = signed_in(coordinator).post(f"/work/periods/{period.pk}/links/", {"part": [lead.pk, part.pk]})
    slips = page.content.decode().split("link-slip")
    assert [slip.count('class="demo-mark"') for slip in slips] == [0, is_demonstration, is_demonstration]


def test_what_is_not_for_those_who_receive_a_slip_is_not_printed(lead, period, coordinator):
    page = signed_in(coordinator).post(f"/en/work/periods/{period.pk}/links/", {"part": [lead.pk]}).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    shown = re.findall(r'<(?:ol|h1|p)(?: class="([^"]*)")?[^>]*>', main.partition("<section")[0])
    assert len(shown) == 3 and all("no-print" in names.split() for names in shown)


def test_links_for_nothing_are_refused_and_leave_no_line_in_the_trail(link, lead, period, coordinator):
    before = AuditEntry.objects.count()
    answer = signed_in(coordinator).post(f"/en/work/periods/{period.pk}/links/", {})
    assert answer.status_code == 409 and "Choose at least one part that waits for a report." in answer.content.decode()
    with pytest.raises(RuleViolation):
        links.make_links(period, [], by=coordinator)
    assert AuditEntry.objects.count() == before and OneUseLink.objects.get().withdrawn_at is None


def test_parts_that_wait_are_cut_into_pages_and_the_last_of_them_gets_its_link(
    task, period, communes, coordinator, django_assert_max_num_queries
):
    bulk.give_to_all(task, communes, PartDraft(part="coordinating"), by=coordinator)
    client, where = signed_in(coordinator), f"/work/periods/{period.pk}/links/"
    with django_assert_max_num_queries(20):
        first = client.get(where).content.decode()
    pages = [first, *(client.get(f"{where}?page={n}").content.decode() for n in (2, 3))]
    offered = [int(key) for page in pages for key in re.findall(r'name="part" value="(\d+)"', page)]
    assert [page.count('name="part"') for page in pages] == [50, 50, len(offered) - 100]
    assert sorted(offered) == sorted(period.owed().values_list("pk", flat=True))
    made = client.post(f"{where}?page=3", {"part": [offered[-1], "x"]}).content.decode()
    assert "/r/" in made and OneUseLink.objects.get().assignment_id == offered[-1]


def test_ticks_of_links_stay_from_page_to_page_and_a_group_is_taken_in_one_touch(
    task, period, communes, coordinator, django_assert_max_num_queries
):
    bulk.give_to_all(task, communes, PartDraft(part="coordinating"), by=coordinator)
    client, where = signed_in(coordinator), f"/en/work/periods/{period.pk}/links/"
    with django_assert_max_num_queries(20):
        page = client.post(where, {"all": "people_committee"}).content.decode()
    assert "102 chosen, of which" in page and not OneUseLink.objects.exists()
    second = client.post(where, {"part": ticked(page), "carried": carried(page), "page": "2"}).content.decode()
    assert "102 chosen, of which" in second and ticked(second).isdisjoint(ticked(page))
    found = client.post(where, {"part": ticked(second), "carried": carried(second), "q": "xa 101", "find": "1"})
    only = found.content.decode()
    assert len(ticked(only)) == 1 and "102 chosen, of which 101 are not in this list." in only
    made = client.post(where, {"carried": carried(only)}).content.decode()
    assert OneUseLink.objects.count() == 101 and made.count("/r/") == 101


def test_links_are_made_for_a_bounded_number_and_for_parts_of_the_period_alone(
    task, period, communes, coordinator, monkeypatch
):
    bulk.give_to_all(task, communes, PartDraft(part="coordinating"), by=coordinator)
    client, where = signed_in(coordinator), f"/work/periods/{period.pk}/links/"
    hostile = "x -1 ٣ " + " ".join(map(str, range(10**8, 10**8 + 5000)))
    client.post(where, {"part": ["x", "9" * 30], "carried": hostile})
    assert not OneUseLink.objects.exists()
    monkeypatch.setattr(links, "MOST", 101)
    every = " ".join(str(pk) for pk in period.owed().filter(agency__in=communes).values_list("pk", flat=True))
    answer = client.post(where, {"carried": every})
    assert answer.status_code == 409 and "101" in answer.content.decode() and not OneUseLink.objects.exists()


def test_a_part_that_was_reported_gets_no_link(lead, period, officer, coordinator):
    client, where = signed_in(coordinator), f"/work/periods/{period.pk}/links/"
    assert f'name="part" value="{lead.pk}"' in client.get(where).content.decode()
    reporting.submit(lead, period, Reported(kind="worked", text="Đã làm"), seen=0, by=officer)
    assert f'name="part" value="{lead.pk}"' not in client.get(where).content.decode()
    client.post(where, {"part": [lead.pk]})
    assert not OneUseLink.objects.exists()


# ---- on time


def test_what_is_overdue_and_open_counts_against_the_rate(lead, period, officer, coordinator):
    day = date(2026, 3, 2)
    pieces = [Piece(due=day, closed_on=day)] * 3 + [
        Piece(due=day, closed_on=date(2026, 3, 3)),
        Piece(due=day, closed_on=None),
    ]
    found = on_time([*pieces, Piece(due=None, closed_on=None)], date(2026, 3, 4))
    assert (found.on_time, found.closed, found.overdue_open, found.without_date, found.share) == (3, 4, 1, 1, 0.6)
    assert on_time([], day).share is None


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(days, st.none() | days)), days)
def test_the_rate_lies_between_nothing_and_all(pairs, today):
    found = on_time([Piece(due=due, closed_on=closed) for due, closed in pairs], today)
    assert found.share is None or 0 <= found.share <= 1


def test_parts_that_are_overdue_are_told_by_their_own_day_first(lead, part, officer):
    Assignment.objects.filter(pk=part.pk).update(due_on=TODAY - timedelta(days=1))
    found = Assignment.objects.overdue(TODAY)
    assert [a.pk for a in found] == [part.pk]


def test_a_report_after_the_part_was_closed_belongs_to_no_later_period(lead, period, officer, coordinator):
    report = reporting.submit(lead, period, reporting.Reported(kind="completed", text="Xong"), seen=0, by=officer)
    reporting.accept(report, seen=report.mark, by=coordinator)
    later = lead.task.plan.periods.last()
    later.starts_on, later.ends_on, later.cut_off_on = (TODAY + timedelta(days=n) for n in (10, 20, 30))
    later.save()
    assert not later.owed().filter(pk=lead.pk).exists()
    with pytest.raises(RuleViolation):
        reporting.submit(lead, later, NOTHING, seen=0, by=officer)
