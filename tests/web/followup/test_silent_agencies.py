"""Agencies that do not report are shown with all their periods, and are urged for reports alone."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document

from people import SYSTEM, signed_in
from quantri.web.accounts.agencies import add_agency
from quantri.web.accounts.models import Agency, Membership, Role
from quantri.web.deadlines.clocks import Event, start_clock
from quantri.web.deadlines.models import LegalRule
from quantri.web.tasks import asking, reporting
from quantri.web.tasks.models import Assignment, Extension, Handover, Progress, ReportingPeriod, Task
from quantri.web.tasks.periods import lock_period

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def over(period, lead, part) -> ReportingPeriod:
    """A quarter that is over and still open; nobody reported, and nothing is late."""
    type(period.plan).objects.filter(pk=period.plan_id).update(issued_on=TODAY - 400 * DAY)
    ReportingPeriod.objects.exclude(pk=period.pk).delete()
    Assignment.objects.update(valid_from=None)
    return ReportingPeriod.objects.get(pk=period.pk)


def another(period, number: int, *, cut_off_on, **changes) -> ReportingPeriod:
    """A period before another one."""
    words = {"kind": "quarter", "year": period.year, "name_vi": f"Quý thử {number}", "name_en": f"Quarter {number}"}
    days = {"starts_on": cut_off_on - 90 * DAY, "ends_on": cut_off_on - 3 * DAY, "cut_off_on": cut_off_on}
    return ReportingPeriod.objects.create(**{"plan": period.plan, "number": number, **words, **days, **changes})


def silent(user, query: str = ""):
    risks = signed_in(user).get(f"/follow/{query}").context["risks"]
    return next((risk for risk in risks if risk.code == "silent"), None)


def owed(user, query: str = "") -> dict[str, set[str]]:
    found = silent(user, query)
    return {row.name: {each.period.name_vi for each in row.silences} for row in found.rows} if found else {}


def test_silence_is_told_of_all_periods_under_way_and_of_those_locked_not_long_ago(over, coordinator):
    locked = another(over, 8, cut_off_on=TODAY - 4 * DAY)
    lock_period(locked, by=coordinator)
    both = {over.name_vi, locked.name_vi}
    assert owed(coordinator) == {"Thanh tra tỉnh": both, "Sở Y tế": both}
    assert silent(coordinator).count == 2
    page = signed_in(coordinator).get("/follow/").content.decode()
    assert f"/work/periods/{locked.pk}/" in page and "đã khóa" in page


def test_silence_is_told_of_all_plans(over, lead, coordinator):
    plan = over.plan
    plan.pk, plan.number = None, "16/KH-UBND"
    plan.save()
    task = Task.objects.create(plan=plan, title="Việc của kế hoạch khác", due_on=TODAY + 90 * DAY)
    Assignment.objects.create(task=task, agency=lead.agency, part="lead")
    other = another(over, 7, cut_off_on=TODAY + 3 * DAY, plan=plan)
    assert owed(coordinator) == {"Thanh tra tỉnh": {over.name_vi, other.name_vi}, "Sở Y tế": {over.name_vi}}


def test_who_reports_is_silent_no_more_and_a_draft_or_a_returned_report_is_no_report(over, lead, part, coordinator):
    report = Progress.objects.create(assignment=lead, period=over, state="draft")
    for state, n in (("draft", 2), ("returned", 2), ("submitted", 1), ("accepted", 1)):
        Progress.objects.filter(pk=report.pk).update(state=state)
        assert silent(coordinator).count == n, state


@pytest.mark.parametrize(
    ("days", "is_locked", "is_told"), [(10, True, True), (60, True, False), (60, False, True)]
)  # fmt: skip
def test_a_silence_of_long_ago_leaves_the_page_once_its_period_is_locked(over, coordinator, days, is_locked, is_told):
    cut_off_on = TODAY - days * DAY
    ReportingPeriod.objects.update(
        starts_on=cut_off_on - 90 * DAY, ends_on=cut_off_on, cut_off_on=cut_off_on,
        locked_at=timezone.now() if is_locked else None,
    )  # fmt: skip
    assert (silent(coordinator) is not None) is is_told


def test_a_period_that_is_not_over_or_ended_before_the_plan_was_issued_tells_no_silence(over, coordinator):
    ReportingPeriod.objects.update(ends_on=TODAY + DAY)
    assert silent(coordinator) is None
    ReportingPeriod.objects.update(ends_on=TODAY - DAY)
    assert silent(coordinator).count == 2
    type(over.plan).objects.update(issued_on=TODAY)
    assert silent(coordinator) is None


def test_many_silent_agencies_are_counted_in_full_and_cost_no_more_questions(
    over, lead, coordinator, django_assert_max_num_queries
):  # fmt: skip
    for n in range(3):
        another(over, 20 + n, cut_off_on=TODAY + n * DAY)
    made = [Agency(province=lead.agency.province, name_vi=f"UBND xã thử {n}") for n in range(40)]
    agencies = Agency.objects.bulk_create(made)
    Assignment.objects.bulk_create(Assignment(task=lead.task, agency=a, part="coordinating") for a in agencies)
    client = signed_in(coordinator)
    with django_assert_max_num_queries(20):
        found = next(risk for risk in client.get("/follow/").context["risks"] if risk.code == "silent")
    assert found.count == 42 and len(found.rows) == 8 and all(len(row.silences) == 4 for row in found.rows)
    with django_assert_max_num_queries(20):
        client.get(f"/follow/agencies/{agencies[0].pk}/")


def test_another_province_learns_nothing_of_silence(over, outsider):
    assert silent(outsider) is None


# ---- urging


def words_of(answer) -> str:
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells]).lower()


def test_an_agency_that_owes_a_report_alone_is_urged_in_words_and_by_letter(over, lead, coordinator):
    client = signed_in(coordinator)
    page = client.get(f"/follow/agencies/{lead.agency_id}/")
    assert over.name_vi in page.context["text"] and "/work/" in page.context["text"]
    assert f"/plans/letters/{lead.agency_id}/cong-van.docx" in page.content.decode()
    assert f"/work/periods/{over.pk}/" in page.content.decode()
    letter = words_of(client.get(f"/plans/letters/{lead.agency_id}/cong-van.docx"))
    assert "danh mục báo cáo còn thiếu" in letter and over.name_vi in letter and "15/kh-ubnd" in letter
    assert "quá hạn" not in letter and "giải trình" not in letter


def test_who_has_reported_is_not_urged(over, lead, coordinator):
    Progress.objects.create(assignment=lead, period=over, state="submitted", text="Đã làm")
    client = signed_in(coordinator)
    assert not client.get(f"/follow/agencies/{lead.agency_id}/").context["text"]
    assert client.get(f"/plans/letters/{lead.agency_id}/cong-van.docx").status_code == 404


def test_of_a_locked_period_the_reason_is_asked_for_and_no_report(over, lead, coordinator):
    lock_period(over, by=coordinator)
    client = signed_in(coordinator)
    text = client.get(f"/follow/agencies/{lead.agency_id}/").context["text"]
    assert "Đề nghị báo cáo:" not in text and "đã khóa" in text
    letter = words_of(client.get(f"/plans/letters/{lead.agency_id}/cong-van.docx"))
    assert "giải trình" in letter and "không phát sinh" not in letter


def test_a_letter_names_late_parts_and_missing_reports_apart(over, lead, coordinator):
    Assignment.objects.filter(pk=lead.pk).update(due_on=TODAY - DAY)
    letter = words_of(signed_in(coordinator).get(f"/plans/letters/{lead.agency_id}/cong-van.docx"))
    for told in ("danh mục phần việc quá hạn", "danh mục báo cáo còn thiếu", "1 phần việc quá hạn", "1 báo cáo"):
        assert told in letter, told


# ---- filters


@pytest.fixture
def everything(over, lead, part, officer, coordinator):
    """Something in every list that is made of parts, reports and requests."""
    officers = {"lead": officer, "coordinating": part.agency.memberships.get().user}
    task = lead.task
    more = [Assignment(task=Task.objects.create(plan=task.plan, title="x", components=["D5"], due_on=day), part="lead",
                       agency=lead.agency) for day in (None, TODAY - DAY, TODAY)]  # fmt: skip
    Assignment.objects.bulk_create(more)
    for each, decide in ((lead, False), (part, True)):
        sent = reporting.submit(each, over, reporting.Reported(text="x"), seen=0, by=officers[each.part])
        if decide:
            reporting.give_back(sent, reason="Thiếu", seen=reporting.mark_of(sent), by=coordinator)
    asking.ask_extension(lead, until=TODAY + 60 * DAY, reason="x", by=officer)
    asking.ask_handover(part, after=None, reason="x", by=officers["coordinating"])
    Agency.objects.filter(pk__in=(lead.agency_id, part.agency_id)).update(kind=Agency.Kind.DEPARTMENT)
    Agency.objects.filter(pk=part.agency_id).update(valid_to=TODAY)
    part.agency.memberships.all().delete()
    return over


def test_each_filter_acts_on_every_list(everything, coordinator):
    client = signed_in(coordinator)

    def codes(query: str) -> set[str]:
        return {risk.code for risk in client.get(f"/follow/?{query}").context["risks"]}

    lists = {
        "overdue", "due-soon", "undated", "ended", "nobody", "waiting", "returned", "extension", "handover", "silent"
    }  # fmt: skip
    fitting = ("", f"plan={everything.plan_id}", "component=D5", "kind=department")
    assert {query: codes(query) for query in fitting} == dict.fromkeys(fitting, lists)
    others = ("plan=999999", "component=D1", "kind=company")
    assert {query: codes(query) for query in others} == {query: set() for query in others}


def test_a_page_with_every_list_asks_twenty_questions_at_most(everything, coordinator, django_assert_max_num_queries):
    client = signed_in(coordinator)
    with django_assert_max_num_queries(20):
        assert len(client.get("/follow/").context["risks"]) == 10


def test_a_page_with_every_list_and_clocks_asks_no_more_while_the_calendar_is_missing(
    everything, lead, coordinator, leader, calendar_is_missing, django_assert_max_num_queries
):  # fmt: skip
    rule = LegalRule.objects.get(rule="info.online_complex")
    for days, matter in ((0, "Vừa nhận"), (120, "Nhận đã lâu")):
        event = Event(matter=matter, moment=timezone.now() - days * DAY, agency=lead.agency)
        start_clock(rule, event, by=coordinator)
    team = add_agency(lead.agency.province, "Ban chỉ đạo", by=SYSTEM)
    Membership.objects.create(user=coordinator, agency=team, role=Role.LEADER, with_subtree=True, valid_from=TODAY)
    for user in (coordinator, leader):
        client = signed_in(user)
        for address in ("/follow/", "/lead/", f"/follow/agencies/{lead.agency_id}/"):
            with django_assert_max_num_queries(20):
                page = client.get(address)
            assert ("calendar-note" in page.content.decode()) is (user is coordinator)
    assert "clocks-overdue" in {risk.code for risk in signed_in(coordinator).get("/follow/").context["risks"]}


def test_requests_of_both_kinds_are_counted_in_full_and_the_first_of_each_lead_to_their_answer(over, lead, coordinator):
    names = [f"Cơ quan hỏi số {n:02}" for n in range(12)]
    agencies = Agency.objects.bulk_create(
        [Agency(province=lead.agency.province, name_vi=name, name_en=f"Asking {name[-2:]}") for name in names]
    )
    parts = Assignment.objects.bulk_create(Assignment(task=lead.task, agency=a, part="coordinating") for a in agencies)
    more = Extension.objects.bulk_create(
        Extension(assignment=part, asked_until=TODAY + 60 * DAY, reason=f"Lý do {part.agency}") for part in parts
    )
    [gone] = Handover.objects.bulk_create([Handover(assignment=parts[0], reason="Không thuộc chức năng")])
    answer = signed_in(coordinator).get("/follow/")
    found = {risk.code: risk for risk in answer.context["risks"]}
    assert (found["extension"].count, len(found["extension"].rows), found["handover"].count) == (12, 8, 1)
    page = answer.content.decode()
    for asked in more[:8]:
        assert (
            f'/work/requests/extension/{asked.pk}/">{asked.assignment.agency.name_vi}</a>' in page
            and asked.reason in page
        )
    assert more[8].reason not in page and f"/work/requests/handover/{gone.pk}/" in page
    english = signed_in(coordinator).get("/en/follow/").content.decode()
    assert ">Asking 00</a>" in english


def test_returned_reports_are_listed_however_many_wait(over, lead, coordinator):
    agencies = Agency.objects.bulk_create(
        [Agency(province=lead.agency.province, name_vi=f"UBND xã thử {n}") for n in range(70)]
    )
    parts = Assignment.objects.bulk_create(Assignment(task=lead.task, agency=a, part="coordinating") for a in agencies)
    states = ["submitted"] * 69 + ["returned"]
    Progress.objects.bulk_create(
        Progress(assignment=part, period=over, state=state, submitted_at=timezone.now())
        for part, state in zip(parts, states, strict=True)
    )
    risks = {risk.code: risk for risk in signed_in(coordinator).get("/follow/").context["risks"]}
    assert [(risks[code].count, len(risks[code].rows)) for code in ("waiting", "returned")] == [(69, 8), (1, 1)]
